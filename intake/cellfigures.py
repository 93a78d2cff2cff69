"""Bare figures in cells: what they count is said by the row's title and the heads, in the unit of measure of a column, a head or the whole table.

A figure of a year's own belongs to that year's task (`schedule`); the figures here are those of the whole item.
"""

import re
from datetime import date
from functools import lru_cache

from intake.columns import Column, is_measure, unit_among
from intake.draft import Comparator, TargetDraft
from intake.periods import Period
from intake.phrases import tidy
from intake.tables import HeadedTable, Row

FIGURE = re.compile(
    r"^(?P<sign>>=|＞＝|<=|＜＝|≥|≧|≤|≦|>|<|＞|＜|不少于|不低于|不超过|不高于|超过|大于|小于|达到|约)?\s*[\[【〔]?(?P<low>[-－]?\d[\d,]*(?:\.\d+)?)"
    r"(?:\s*[-—–~～至]\s*(?P<high>\d[\d,]*(?:\.\d+)?))?\s*[\]】〕]?(?P<unit>[^\d\s.以左]{1,6}?)??\s*(?P<suffix>(?:及)?以上|左右|以内|以下)?$"
)
SIGNS: dict[str, Comparator] = {
    ">=": "ge", "＞＝": "ge", "<=": "le", "＜＝": "le", "≥": "ge", "≧": "ge", "不少于": "ge", "不低于": "ge", "≤": "le", "≦": "le", "不超过": "le", "不高于": "le",
    ">": "gt", "＞": "gt", "超过": "gt", "大于": "gt", "<": "lt", "＜": "lt", "小于": "lt", "约": "about",
}  # fmt: skip
SUFFIXES: dict[str, Comparator] = {"以上": "ge", "及以上": "ge", "左右": "about", "以内": "le", "以下": "le"}
WORDED = re.compile(r"^[一-龥]{2}")
UNIT_IN_TITLE = re.compile(r"[（(](?P<unit>[^（）()]{1,6})[）)]$")


def is_figure(text: str) -> bool:
    """Return whether a cell holds one figure, with or without sign and unit of measure, and nothing else."""
    match = FIGURE.match(text)
    return match is not None and (not match["unit"] or is_measure(match["unit"]))


def is_number(text: str) -> bool:
    """Return whether a cell holds a figure without any words beside it but its unit of measure."""
    return is_figure(text) and not WORDED.search(text)


def figure_of(headed: HeadedTable, row: Row, column: Column, title: str, year: int | None) -> TargetDraft | None:
    """Return the target that a bare figure in `column` sets, None where the cell holds something else."""
    text = tidy(row.cells[column.at].text)
    match = FIGURE.match(text)
    if match is None or not is_figure(text):
        return None
    named = UNIT_IN_TITLE.search(title)
    title_unit = named["unit"] if named and is_measure(named["unit"]) else ""
    unit = match["unit"] or column.unit or headed.text(row, "measure") or title_unit or unit_among(headed.unit, column)
    low, high = _value(match["low"]), _value(match["high"])
    baseline = _baseline(headed, row)
    return TargetDraft(
        text=text,
        measure=column.measure or (UNIT_IN_TITLE.sub("", title) if title_unit else title) or None,
        unit_of_measure=unit or None,
        comparator="range" if high is not None else SIGNS.get(match["sign"] or "") or SUFFIXES.get(match["suffix"] or "", "eq"),
        value=None if high is not None else low,
        low=low if high is not None else None,
        high=high,
        year=year,
        scope=column.scope,
        basis="level" if unit in ("%", "‰") or baseline is not None else None,
        baseline=None if column.measure else baseline,
    )


def whole_figures(headed: HeadedTable, row: Row, title: str, not_before: int | None) -> tuple[tuple[TargetDraft, ...], date | None]:
    """Return the figures of the item as a whole and, where one year's column holds the only one, that year's end: totals, an indicator's value at the
    end of the plan, its yearly growth, the money of one year.
    """
    found = [figure_of(headed, row, column, title, None) for column in headed.columns if column.role in ("figure", "content")]
    ends_on = None
    for column in lone_columns(headed, row, not_before):
        ends_on = column.period.ends_on if column.period and column.role is None else ends_on
        found.append(figure_of(headed, row, column, title, column.period.ends_on.year if column.period else None))
    found += [_growth(headed, row, column, title) for column in headed.columns if column.role == "growth"]
    return tuple(one for one in found if one), ends_on


def figures_in_words(headed: HeadedTable, row: Row) -> str:
    """Return the row's figures as a sentence (人工造林4.5万亩，封山育林2万亩), for a table that says what is to be done in its heads alone."""
    said = [(column, tidy(row.cells[column.at].text)) for column in headed.columns if column.role == "figure" and column.measure]
    return "，".join(f"{column.measure}{text}{column.unit or unit_among(headed.unit, column)}" for column, text in said if text)


def lone_columns(headed: HeadedTable, row: Row, not_before: int | None) -> list[Column]:
    """Return the columns of periods that make no task of their own in this row: the only one, with a bare figure; the money of an only year."""
    past = past_columns(headed, not_before)
    ahead = [column for column in headed.periods if column not in past]
    plain = [column for column in ahead if column.role is None]
    money = [column for column in ahead if column.role == "amount"]
    lone = plain if len(plain) == 1 and is_figure(tidy(row.cells[plain[0].at].text)) else []
    is_beside = bool(plain) and {_days(one) for one in money} <= {_days(one) for one in plain} and not lone
    return [*lone, *(money if len({_days(one) for one in money}) == 1 and not is_beside else [])]


@lru_cache(maxsize=2)
def past_columns(headed: HeadedTable, not_before: int | None) -> list[Column]:
    """Return the columns of periods that tell where things stand: of years before the document's own, or the first beside a column of growth.
    Kept for the table that is read, since every row asks and the answer looks at all.
    """
    plain = [column for column in headed.periods if column.role is None]
    if len(plain) < 2:
        return []
    has_growth = any(column.role == "growth" for column in headed.columns)
    rows = headed.table.rows[headed.body :]
    return [
        column
        for at, column in enumerate(plain[:-1])
        if ((not_before is not None and column.period and column.period.ends_on.year < not_before) or (has_growth and at == 0))
        and all(
            is_figure(text)
            for row in rows
            if (text := tidy(row[column.at].text)) and text is not column.head and not text.startswith(("—", "-", "/"))
        )
    ]


def _days(column: Column) -> tuple[date | None, date]:
    period: Period | None = column.period
    assert period is not None
    return period.starts_on, period.ends_on


def _growth(headed: HeadedTable, row: Row, column: Column, title: str) -> TargetDraft | None:
    figure = figure_of(headed, row, column, title, None)
    if figure is None:
        return None
    unit = figure.unit_of_measure if figure.text.endswith(("%", "‰")) else column.unit or "%"
    words = re.sub(r"（.*|\(.*", "", column.head)
    return figure.model_copy(update={"measure": f"{title}{words}", "unit_of_measure": unit, "basis": "period", "baseline": None})


def _baseline(headed: HeadedTable, row: Row) -> float | None:
    match = FIGURE.match(headed.text(row, "baseline"))
    return _value(match["low"]) if match else None


def _value(digits: str | None) -> float | None:
    return float(digits.replace(",", "").replace("－", "-")) if digits else None
