"""The bulletin's tables that fit a sheet: what lags, who is to do what by when, items and units, and the tables behind its charts.

The body shows the worst; whatever is cut stands in an annex, and the table says so.
"""

from collections.abc import Iterator
from datetime import date

from reports.bulletin import BUCKETS, Bulletin, ItemLine, LaggingTask, TargetLine
from reports.grids import curve_grid, lights_grid, overall_grid
from reports.paper import Chart, Column, Row, Table
from reports.sentences import standing
from reports.words import Cell, Figure, quantity_words
from rules.texts import _
from rules.words import bucket_word, day_words

LAGGING_SHOWN = 10
DEMANDS_SHOWN = 15
# More rows than this are no reading on paper; the workbook has them all.
ROWS_PRINTED = 300
BARS_SHOWN = 12
UNITS_SHOWN = 12


def lagging_table(bulletin: Bulletin, most: int = LAGGING_SHOWN) -> Table:
    """Return the lagging tasks with target, actual and pace, below each what its unit says of it; the worst come first."""
    columns = (
        Column(_("任务"), "text", 47),
        Column(_("牵头单位"), "text", 27),
        Column(_("灯色"), "light", 12),
        Column(_("目标"), "quantity", 18),
        Column(_("实际"), "quantity", 18),
        Column(_("应达进度"), "percent", 16),
        Column(_("与序时差距（百分点）"), "gap", 18),
    )
    shown = bulletin.lagging[:most]
    rows = tuple(row for task in shown for row in (Row(_lagging_cells(task)), Row((_lagging_words(task),), "detail")))
    return Table(_cut(_("滞后任务"), len(shown), len(bulletin.lagging)), columns, rows)


def _cut(title: str, shown: int, total: int) -> str:
    if shown >= total:
        return title
    text = (
        _("{title}（列前{shown}项，共{total}项，其余见附件）")
        if shown < ROWS_PRINTED
        else _("{title}（列前{shown}项，共{total}项，其余见附表工作簿）")
    )
    return text.format(title=title, shown=shown, total=total)


def _lagging_cells(task: LaggingTask) -> tuple[Cell, ...]:
    if task.target is None and task.wanted is None:
        return (task.task, task.unit, task.light, Figure(None, _("未设量化目标")), None, task.pace, task.gap_pp)
    wanted = Figure(task.target, task.wanted or quantity_words(task.target, task.unit_of_measure))
    return (task.task, task.unit, task.light, wanted, _reached(task.actual, task.reached, task.unit_of_measure), task.pace, task.gap_pp)


def _reached(actual: float | None, reached: str | None, unit_of_measure: str | None) -> Figure:
    return Figure(actual, reached or (_("未填报") if actual is None else quantity_words(actual, unit_of_measure)))


def _lagging_words(task: LaggingTask) -> str:
    due = [_("期限{day}").format(day=day_words(task.due_on))]
    if task.due_on != task.original_due_on:
        due.append(_("原定{day}").format(day=day_words(task.original_due_on)))
    if task.notices:
        due.append(_("已提醒{count}次").format(count=task.notices))
    facts = (
        (_("判定依据"), _("；").join(task.rules)),
        (_("原因"), task.cause or _("责任单位未说明")),
        (_("下一步"), task.next_step or _("责任单位未填报")),
    )
    said = (_("{label}：{words}").format(label=label, words=_bare(words)) for label, words in facts if words)
    return _("；").join([_("，").join(due), *said])


def _bare(words: str) -> str:
    return words.strip().rstrip("。；")


def demands_table(bulletin: Bulletin, most: int = DEMANDS_SHOWN) -> Table:
    """Return what is demanded of whom by which day: limits of notices, tasks that fall due, in the order of their days."""
    columns = (Column(_("时限"), "date", 26), Column(_("责任单位"), "text", 40), Column(_("要求"), "text", 90))
    demands = sorted(_demands(bulletin), key=lambda demand: demand[:2])
    rows = tuple(Row(demand) for demand in demands[:most])
    return Table(_cut(_("下期办理事项"), len(rows), len(demands)), columns, rows)


def _demands(bulletin: Bulletin) -> Iterator[tuple[date, str, str]]:
    for one in bulletin.details.open_notices if bulletin.details else ():
        if one.limit_on:
            yield one.limit_on, one.unit, _("按{doc_no}要求办理“{task}”").format(doc_no=one.doc_no, task=one.task)
    for task in bulletin.next:
        yield task.due_on, task.unit, _("办结“{task}”").format(task=task.task)


def units_table(bulletin: Bulletin) -> Table:
    """Return every unit with its tasks by role and bucket and its reports, the headings grouped."""
    buckets = tuple(Column(bucket_word(bucket), "count", 16) for bucket in BUCKETS)
    columns = (
        Column(_("责任单位"), "text", 43),
        Column(_("牵头"), "count", 14),
        Column(_("配合"), "count", 14),
        *buckets,
        Column(_("应报"), "count", 14),
        Column(_("按时"), "count", 14),
        Column(_("未报"), "count", 14),
    )
    rows = tuple(
        Row(
            (
                *(unit.name, unit.lead_tasks, unit.support_tasks),
                *(getattr(unit.counts, bucket) for bucket in BUCKETS),
                *(unit.reports_due, unit.reports_on_time, unit.reports_missing),
            )
        )
        for unit in bulletin.units
    )
    over = (("", 1), (_("任务（项）"), 2), (_("牵头任务的情况（项）"), len(BUCKETS)), (_("进展报告（份）"), 3))
    return Table("", columns, rows, over)


def items_table(bulletin: Bulletin) -> Table:
    """Return every item with the standing of its tasks, below it its targets against the pace."""
    columns = (
        Column(_("指标"), "text", 88),
        Column(_("目标"), "quantity", 32),
        Column(_("实际"), "quantity", 32),
        Column(_("应达进度"), "percent", 30),
        Column(_("与序时差距（百分点）"), "gap", 43),
    )
    shown = bulletin.items[:ROWS_PRINTED]
    title = _cut(_("事项和指标进展情况"), len(shown), len(bulletin.items))
    return Table(title, columns, tuple(row for item in shown for row in _item_rows(item)))


def _item_rows(item: ItemLine) -> Iterator[Row]:
    title = _("{number} {title}").format(number=item.number or "", title=item.title).strip()
    yield Row((_("{title}（{standing}）").format(title=title, standing=standing(item.counts)),), "group")
    if not item.targets:
        yield Row((_("未设量化目标"), None, None, None, None))
    for target in item.targets:
        wanted = Figure(target.target, target.wanted or quantity_words(target.target, target.unit_of_measure))
        reached = _reached(target.actual, target.reached, target.unit_of_measure)
        yield Row((target.measure, wanted, reached, target.pace, target.gap_pp))


def shares_chart(bulletin: Bulletin) -> Chart:
    """Return the buckets as one bar; a bucket without tasks has no part in it."""
    whole = overall_grid(bulletin)
    rows = tuple(row for row in whole.rows if row.style == "plain" and row.cells[1])
    title = _("各类任务数和占比")
    return Chart(title, "shares", Table(title, whole.columns[:3], tuple(Row(row.cells[:3]) for row in rows)))


def bars_chart(bulletin: Bulletin) -> Chart | None:
    """Return what each item reached against what it should have, by its target that is furthest behind; the items furthest behind come first."""
    worst = [(item, target) for item in bulletin.items if (target := _furthest_behind(item))]
    if not worst:
        return None
    worst.sort(key=lambda pair: -(pair[1].gap_pp or 0.0))
    columns = (Column(_("事项（指标）"), "text", 80), Column(_("完成率"), "percent", 38), Column(_("应达进度"), "percent", 38))
    rows = tuple(Row((_bar_name(item, target), _done_percent(target), target.pace)) for item, target in worst[:BARS_SHOWN])
    text = _("各事项完成率与应达进度") if len(worst) <= BARS_SHOWN else _("完成率与应达进度（差距最大的{count}个事项）")
    title = text.format(count=BARS_SHOWN)
    return Chart(title, "bars", Table(title, columns, rows))


def _furthest_behind(item: ItemLine) -> TargetLine | None:
    told = [target for target in item.targets if target.gap_pp is not None]
    return max(told, key=lambda target: target.gap_pp or 0.0, default=None)


def _done_percent(target: TargetLine) -> float:
    # The gap is the pace less the per cent reached: both are the view's own figures.
    return round(target.pace - (target.gap_pp or 0.0), 1)


def _bar_name(item: ItemLine, target: TargetLine) -> str:
    return _("{item}（{measure}）").format(item=item.title, measure=target.measure)


def lights_chart(bulletin: Bulletin) -> Chart | None:
    """Return the lagging tasks by unit at the end of the last quarters, as a grid: those who lag most now."""
    whole = lights_grid(bulletin)
    if not whole.rows:
        return None
    text = _("近{quarters}个季度末各单位亮红灯、黄灯的牵头任务数")
    if len(whole.rows) > UNITS_SHOWN:
        text = _("近{quarters}个季度末亮红灯、黄灯的牵头任务数（最多的{count}个单位）")
    title = text.format(quarters=len(whole.columns) - 1, count=UNITS_SHOWN)
    return Chart(title, "grid", Table(title, whole.columns, whole.rows[:UNITS_SHOWN]))


def curve_chart(bulletin: Bulletin) -> Chart | None:
    """Return the tasks planned and done over the quarters."""
    whole = curve_grid(bulletin)
    if len(whole.rows) < 2:
        return None
    title = _("任务累计完成情况（项）")
    return Chart(title, "curve", Table(title, whole.columns, whole.rows))
