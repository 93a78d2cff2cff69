"""Checks of figures: do the years add up to the whole, does the prose say what the table says, is the unit of measure one, is a number possible."""

from collections import Counter
from collections.abc import Iterator
from math import isclose

from intake.checking.naming import figure, item_name
from intake.checking.series import Series, is_rate, kind_of_unit, plain_value, possible_totals, series_of, whole, without_areas
from intake.checking.wording import WordingIndex
from intake.draft import DraftPlan, Finding, ItemDraft, TargetDraft
from intake.phrases import likeness
from rules.texts import _

GREATEST = 1e13
SAME_MEASURE = 0.6
CLEARLY_BETTER = 0.15
TITLE_WEIGHT = 0.8
SHORT_TITLE = 4
WHOLE = 100


def years_do_not_sum(draft: DraftPlan) -> Iterator[Finding]:
    """Yearly figures against the figure of the whole: 33+34+30=97 is not 100; 每年500 wants 500 in every year."""
    for item in draft.items:
        for series in series_of(item):
            total = plain_value(series.total) if series.total else None
            if series.total is None or total is None or is_rate(series.total) or any(is_rate(target) for _label, target in series.years):
                continue
            if min(series.values) < 0 or series.reaches_whole or series.is_told_once:
                continue
            if series.is_yearly:
                yield from _uneven_years(series, total)
            elif series.is_counted_up:
                yield from _last_year(series, total)
            else:
                yield from _sum(series, total)


def _sum(series: Series, total: float) -> Iterator[Finding]:
    reached = sum(series.values)
    if isclose(reached, total, rel_tol=1e-9) or (series.total and series.total.comparator in ("ge", "gt") and reached > total):
        return
    message = _("{item}：{measure}分年{parts}={sum}，与合计{total}相差{difference}；请核对原文后改正年度数或合计数")
    yield _error(
        series,
        message.format(
            item=item_name(series.item),
            measure=series.measure,
            parts="+".join(figure(value) for value in series.values),
            sum=figure(reached),
            total=figure(total),
            difference=figure(abs(total - reached)),
        ),
    )


def _uneven_years(series: Series, yearly: float) -> Iterator[Finding]:
    wrong = [(label, value) for (label, target) in series.years if (value := plain_value(target)) is not None and value != yearly]
    if not wrong:
        return
    message = _("{item}：{measure}应为每年{yearly}，{years}，相差{difference}；请核对原文后改正")
    years = "、".join(_("{label}却是{value}").format(label=label, value=figure(value)) for label, value in wrong)
    difference = _("、").join(figure(abs(value - yearly)) for _label, value in wrong)
    text = message.format(item=item_name(series.item), measure=series.measure, yearly=figure(yearly), years=years, difference=difference)
    yield _error(series, text)


def _last_year(series: Series, total: float) -> Iterator[Finding]:
    last = series.values[-1]
    if isclose(last, total, rel_tol=1e-9):
        return
    message = _("{item}：{measure}逐年累计到{last}，与合计{total}相差{difference}；请核对原文后改正")
    difference = figure(abs(total - last))
    text = message.format(
        item=item_name(series.item), measure=series.measure, last=figure(last), total=figure(total), difference=difference
    )
    yield _error(series, text)


def _error(series: Series, message: str) -> Finding:
    return Finding(code="years-do-not-sum", severity="error", message=message, item=series.item.id)


def absurd_numbers(draft: DraftPlan) -> Iterator[Finding]:
    """Figures that cannot be meant: below zero, beyond ten million million, a range upside down; a share over 100 is queried."""
    for item in draft.items:
        for target in [*item.targets, *(target for task in item.tasks for target in task.targets)]:
            values = [value for value in (target.value, target.low, target.high, target.baseline) if value is not None]
            is_upside_down = target.low is not None and target.high is not None and target.low > target.high
            if is_upside_down or any(value < 0 or value > GREATEST for value in values):
                message = _("{item}：“{text}”的数字不合常理（负数、过大或区间颠倒）；请核对原文后改正")
                yield Finding(
                    code="absurd-number", severity="error", message=message.format(item=item_name(item), text=target.text), item=item.id
                )
            elif kind_of_unit(target.unit_of_measure) == "%" and target.basis == "level" and any(value > WHOLE for value in values):
                message = _("{item}：“{text}”超过百分之百；请核对")
                yield Finding(
                    code="absurd-number", severity="warning", message=message.format(item=item_name(item), text=target.text), item=item.id
                )


def units_of_measure_differ(draft: DraftPlan) -> Iterator[Finding]:
    """One measure counted in two ways (人 and 人次) between the years, or between years and whole."""
    for item in draft.items:
        for series in series_of(item):
            yield from _within(series)


def _within(series: Series) -> Iterator[Finding]:
    usual = _usual_unit(series)
    for label, target in series.years:
        if kind_of_unit(target.unit_of_measure) != kind_of_unit(usual):
            message = _("{item}：{measure}在{label}以“{unit}”计，其他年度以“{usual}”计；请统一计量单位")
            text = message.format(
                item=item_name(series.item), measure=series.measure, label=label, unit=target.unit_of_measure, usual=usual
            )
            yield Finding(code="unit-of-measure-differs", severity="warning", message=text, item=series.item.id)
    if series.total is not None and kind_of_unit(series.total.unit_of_measure) != kind_of_unit(usual):
        yield _unit_differs(series.item, series.measure, series.total.unit_of_measure, usual, _("年度进度"))


def _unit_differs(item: ItemDraft, measure: str, unit: str | None, other: str | None, where: str) -> Finding:
    message = _("{item}：{measure}以“{unit}”计，{where}以“{other}”计；人与人次等不能相加，请统一计量单位")
    text = message.format(item=item_name(item), measure=measure, unit=unit or _("（未写）"), where=where, other=other or _("（未写）"))
    return Finding(code="unit-of-measure-differs", severity="warning", message=text, item=item.id)


def _usual_unit(series: Series) -> str | None:
    return Counter(target.unit_of_measure for _label, target in series.years).most_common(1)[0][0]


def body_differs(draft: DraftPlan) -> Iterator[Finding]:
    """A total in the prose against the table: counted in the same unit of measure, and right if it is the whole or the sum of the series it names, or of all
    series of that row together.
    """
    for body, target, matched in _compared(draft):
        usual = _usual_unit(matched[0])
        if kind_of_unit(usual) != kind_of_unit(target.unit_of_measure):
            yield _unit_differs(body, target.measure or target.text, target.unit_of_measure, usual, _("表中"))
        value = plain_value(target)
        right = {total for series in matched for total in possible_totals(series)}
        right |= {sum(whole(series) for series in matched), sum(sum(series.values) for series in matched)}
        if value is None or value < 0 or any(isclose(value, total, rel_tol=1e-9) for total in right):
            continue
        row = matched[0].item
        message = _("{body}写{text}，{row}却是{figures}；请核对以哪处为准")
        figures = _("、").join(f"{series.measure}{figure(whole(series))}" for series in matched)
        text = message.format(body=item_name(body), text=f"“{target.text}”", row=item_name(row), figures=figures)
        yield Finding(code="body-differs-from-table", severity="warning", message=text, item=body.id)


def _compared(draft: DraftPlan) -> Iterator[tuple[ItemDraft, TargetDraft, list[Series]]]:
    """Yield each total of the prose with the series of the one table row that counts the same; several where the prose does not tell them apart."""
    totals = list(_totals(draft))
    table = [
        series
        for item in (draft.items if totals else ())
        if item.tasks
        for series in series_of(item)
        if not any(is_rate(target) for _label, target in series.years)
    ]
    if not table:
        return
    series_by = _Index(table)
    for body, target in totals:
        if matched := _same_measure(target, series_by):
            yield body, target, matched


def _totals(draft: DraftPlan) -> Iterator[tuple[ItemDraft, TargetDraft]]:
    """Yield the figures of the prose that are counted up over the whole plan."""
    for body in draft.items:
        if body.tasks or body.source.table is not None:
            continue
        for target in body.targets:
            if plain_value(target) is None or is_rate(target) or target.basis != "cumulative" or target.scope or not target.measure:
                continue
            yield body, target


class _Index:
    """The series of all tables, found by the wording of their measures and of their rows' titles."""

    def __init__(self, table: list[Series]) -> None:
        self.rows: dict[str, list[Series]] = {}
        self.by_measure: dict[str, list[Series]] = {}
        self.by_title: dict[str, list[Series]] = {}
        for series in table:
            self.rows.setdefault(series.item.id, []).append(series)
            self.by_measure.setdefault(without_areas(series.measure), []).append(series)
            if len(series.item.title) > SHORT_TITLE:
                self.by_title.setdefault(series.item.title, []).append(series)
        self.order = {id(series): at for at, series in enumerate(table)}
        self.measures, self.titles = WordingIndex(self.by_measure), WordingIndex(self.by_title)

    def best(self, target: TargetDraft) -> tuple[float, Series] | None:
        """Return the series most surely of the same measure, and how sure; of several the last."""
        scored = [
            (score, self.by_measure[words][-1])
            for words, score in self.measures.alike(without_areas(target.measure or ""), SAME_MEASURE).items()
        ]
        least = SAME_MEASURE / TITLE_WEIGHT
        scored += [(score * TITLE_WEIGHT, self.by_title[words][-1]) for words, score in self.titles.alike(target.text, least).items()]
        return max(scored, key=lambda pair: (pair[0], self.order[id(pair[1])]), default=None)


def _same_measure(target: TargetDraft, series_by: _Index) -> list[Series]:
    found = series_by.best(target)
    if found is None:
        return []
    best, row = found[0], series_by.rows[found[1].item.id]
    scored = sorted(((_sameness(target, series), at) for at, series in enumerate(row)), reverse=True)
    return [row[at] for score, at in scored if best - score <= CLEARLY_BETTER]


def _sameness(target: TargetDraft, series: Series) -> float:
    by_measure = likeness(without_areas(target.measure or ""), without_areas(series.measure))
    by_title = likeness(target.text, series.item.title) if len(series.item.title) > SHORT_TITLE else 0.0
    return max(by_measure, TITLE_WEIGHT * by_title)
