"""From the words over a table to its columns: what each holds, for which time, in which unit of measure.

A head of several rows is read from below: the lowest row that names a time gives the column's period, the rows above it what is counted there
(年度投资（万元） over 2022年).
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from intake.amounts import COUNTERS
from intake.celltimes import head_period, short_year_of
from intake.days import year_end, year_start
from intake.headings import Role, role_of
from intake.periods import Period
from intake.phrases import readable, squeeze

MEASURE_WORD = re.compile(
    rf"(?:[百千万亿]{{0,2}}(?:{COUNTERS}|岁|年|天|日|小时|分钟|分|度|册|吨标准煤|毫克|微克|立方)|[百千万亿]{{1,2}}|指数|位次)(?:[/每](?:[一-龥]|\d){{1,5}})?"
)
IN_BRACKETS = re.compile(r"（(?:单位|计量单位)?：?(?P<unit>[^（）：]{1,8})）")
TABLE_UNIT = re.compile(r"(?:金额)?单位：(?P<unit>[^，。；：（）、]{1,6}(?:、[^，。；：（）、]{1,6}){0,3})）?$")
TIME_HEAD = re.compile(r"^(?:年度|年份|季度|阶段)$")
OVERALL = re.compile(r"^(?:总|项目总|计划总|概算|估算)")
REGION = re.compile(r"[省市县区州盟旗乡镇村]$|街道$|新区$|园区$")
Span = tuple[date | None, date]
UNIT_ROLES: tuple[Role, ...] = ("lead", "responsible", "support")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: a role, or a period of the schedule. `short_year` marks a head such as 13年, read in the century of the base year;
    `unit` is the unit of measure its head names, `measure` what its figures count where the head says so. Of a column of marks `acting` is the unit; of one with a region's share of the
    figures `scope` is the region. A title that
    `says_work` (主要任务) may set figures, one that only names (项目名称) does not. `is_guess` says that its cells told the role, not its head.
    """

    at: int
    head: str
    role: Role | None
    period: Period | None = None
    short_year: bool = False
    unit: str | None = None
    measure: str | None = None
    acting: str | None = None
    scope: str | None = None
    says_work: bool = False
    is_guess: bool = False


def column_of(at: int, texts: list[str], base_year: int | None) -> Column:
    """Return the column under the head cells `texts`, uppermost first."""
    column = Column(at, " ".join(texts), _role(texts), unit=_unit(texts))
    if column.role == "amount":
        column = replace(column, measure=_measure(texts))
    for text in reversed(texts):
        base_year = _year_over(text, texts) or base_year
        if short := short_year_of(text):
            year = (base_year or 2000) // 100 * 100 + short
            period = Period(year_start(year), year_end(year), 0, len(text), text, is_span=True)
            return replace(column, role=None, period=period, short_year=True)
        if role_of(text) not in ("amount", "baseline") and (said := head_period(text, base_year)):
            return replace(column, role="amount" if column.role == "amount" else None, period=said)
    return _yearly_amount(column, texts, base_year)


def _year_over(text: str, texts: list[str]) -> int | None:
    """Return the year that a head above `text` is, as 2016年 stands over 上半年; the other head's own words are none."""
    above = (head_period(other) for other in texts if other != text)
    return next(
        (period.ends_on.year for period in above if period and period.starts_on and period.starts_on.year == period.ends_on.year), None
    )


def _role(texts: list[str]) -> Role | None:
    found = [role for text in reversed(texts) if (role := role_of(text))]
    acting = next((role for role in found if role in UNIT_ROLES), None)
    if "amount" in found:
        return "amount"
    return acting if acting and found[0] == "measure" else found[0] if found else None


def _unit(texts: list[str]) -> str | None:
    for text in reversed(texts):
        for match in IN_BRACKETS.finditer(readable(squeeze(text))):
            if is_measure(match["unit"]):
                return match["unit"]
    return None


def _measure(texts: list[str]) -> str:
    words = next(text for text in texts if role_of(text) == "amount")
    return re.sub(r"（.*）|^\d{4}年度?", "", readable(squeeze(words)))


def _yearly_amount(column: Column, texts: list[str], base_year: int | None) -> Column:
    """Return a column of money with the year it is for; one of the project's whole cost has no year, and is no target."""
    if column.role != "amount":
        return column
    year = next((int(match[0]) for text in texts if (match := re.search(r"\d{4}(?=年)", text))), base_year)
    if OVERALL.match(column.measure or "") or year is None:
        return replace(column, role="note")
    return replace(column, period=Period(year_start(year), year_end(year), 0, 0, f"{year}年", is_span=True))


def is_measure(text: str) -> bool:
    """Return whether `text` is a unit of measure and nothing else."""
    return MEASURE_WORD.fullmatch(squeeze(text).replace("％", "%")) is not None


def unit_said(text: str) -> str | None:
    """Return the unit of measure that a line above a table gives for all its figures: 单位：万元, …分解表（套）."""
    bare = readable(squeeze(text))
    match = TABLE_UNIT.search(bare) or re.search(r"（(?P<unit>[^（）：]{1,4})）$", bare)
    units = [unit for unit in match["unit"].split("、") if is_measure(unit)] if match else []
    return "、".join(units) or None


def unit_among(said: str | None, column: Column) -> str:
    """Return of the units said for a whole table (套、亿元) the one of a column: money for money, else the first of the others."""
    units = (said or "").split("、")
    fitting = [unit for unit in units if unit.endswith("元") == (column.role == "amount")]
    return (fitting or units)[0]


def settled(columns: list[Column], texts_below: list[list[str]]) -> list[Column]:
    """Return the columns with words such as 主要任务 settled: the title where a column beside it is the content, else content. A column headed 单位
    holds units of measure or, where nobody else is named and its cells are none, who answers; `texts_below` are the cells under each column.
    """
    columns = [_measure_or_unit(column, columns, texts_below[column.at]) for column in columns]
    if not any(column.role in UNIT_ROLES or column.acting for column in columns):
        columns = [replace(column, role="responsible") if column.role == "owner" else column for column in columns]
    columns = _with_title(_in_figures([_alone(column, columns) for column in _with_times(columns, texts_below)], texts_below), texts_below)
    columns = [
        replace(column, role="figure", scope=squeeze(column.head)) if _is_share(column, texts_below) else column
        for column in _totals(columns)
    ]
    has = {column.role for column in columns}
    either = [at for at, column in enumerate(columns) if column.role == "either"]
    for at in either:
        is_first_of_several = at == either[0] and (len(either) > 1 or "content" in has) and "title" not in has
        columns[at] = replace(columns[at], role="title" if is_first_of_several else "content", says_work=True)
    return columns


def _measure_or_unit(column: Column, columns: list[Column], below: list[str]) -> Column:
    if column.role != "measure" or any(one.role in ("lead", "responsible") for one in columns):
        return column
    filled = [text for text in below if text]
    measures = sum(is_measure(text) for text in filled)
    return column if filled and measures * 2 > len(filled) else replace(column, role="responsible")


def _alone(column: Column, columns: list[Column]) -> Column:
    """Return a head such as 年度目标 that stands over no periods as what it then is: a term where it is 进度安排, else part of what is to be done."""
    if column.role != "group":
        return column
    is_term = "目标" not in column.head and "任务" not in column.head
    has_due = any(one.role == "due" for one in columns)
    return replace(
        column, role="due" if is_term and not has_due and any(one.role in ("content", "either") for one in columns) else "either"
    )


def _with_times(columns: list[Column], texts_below: list[list[str]]) -> list[Column]:
    """Return the columns with one under a head of work that holds nothing but years or quarters (2022年 under 分年度目标) as the rows' time."""
    if any(column.role == "due" for column in columns):
        return columns
    times = [
        column
        for column in columns
        if (column.role in ("group", "either", "content") or TIME_HEAD.search(column.head)) and _are_times(texts_below[column.at])
    ]
    return [replace(column, role="due") if times and column is times[0] else column for column in columns]


def _are_times(texts: list[str]) -> bool:
    filled = {text for text in texts if text}
    return len(filled) > 1 and all(re.search("[年月季]", text) and head_period(text, 2000) for text in filled)


def _in_figures(columns: list[Column], texts_below: list[list[str]]) -> list[Column]:
    """Return the columns of a table that says what is to be done in its heads alone with those heads as no words for work: figures stand below all."""
    work = [column for column in columns if column.role in ("title", "content", "either")]
    if not work or not all(_are_figures(texts_below[column.at]) for column in work):
        return columns
    return [replace(column, role=None) if column in work else column for column in columns]


def _are_figures(texts: list[str]) -> bool:
    filled = [text for text in texts if text]
    return bool(filled) and all(re.fullmatch(r"[\d,.]+%?", text) for text in filled)


def _with_title(columns: list[Column], texts_below: list[list[str]]) -> list[Column]:
    """Return the columns with what is to be done where no head is a word for work: of the columns under heads that mean nothing else the first is the
    title, the next the content; where they all hold figures, each is counted under its head.
    """
    if any(column.role in ("title", "content", "either") for column in columns):
        return columns
    unknown = [
        column.at for column in columns if not column.role and not column.period and not column.acting and any(texts_below[column.at])
    ]
    figures = [at for at in unknown if all(re.fullmatch(r"[\d,.]*%?", text) for text in texts_below[at])]
    roles: dict[int, Role] = {at: "content" if number else "title" for number, at in enumerate(at for at in unknown if at not in figures)}
    return [
        replace(column, role="figure", measure=_counted(column))
        if column.at in figures or (figures and column.role == "figure")
        else replace(column, role=roles.get(column.at, column.role))
        for column in columns
    ]


def _counted(column: Column) -> str:
    """Return the words of a head for what is counted under it, without the unit of measure."""
    head = readable(squeeze(column.head))
    return IN_BRACKETS.sub("", head) if column.unit else head


def _totals(columns: list[Column]) -> list[Column]:
    """Return the columns with those whose time holds two or more of the others (全年 beside quarters, 2011-2015年 beside years) as the whole."""
    counts = Counter(_span(column.period) for column in columns if column.period and column.role is None)
    wholes = {own for own in counts if sum(count for other, count in counts.items() if _holds(own, other)) >= 2}
    return [
        replace(column, role="figure", period=None) if column.role is None and column.period and _span(column.period) in wholes else column
        for column in columns
    ]


def _is_share(column: Column, texts_below: list[list[str]]) -> bool:
    if column.role or column.period or column.acting or not REGION.search(squeeze(column.head)):
        return False
    return _are_figures(texts_below[column.at])


def _span(period: Period) -> Span:
    return period.starts_on, period.ends_on


def _holds(whole: Span, part: Span) -> bool:
    """Return whether `part` lies in `whole` and is shorter."""
    if whole[0] is None or part[0] is None:
        return False
    return whole[0] <= part[0] and part[1] <= whole[1] and whole != part
