"""The bulletin's tables with everything that is known, for annexes across the sheet and for the workbook, where people sort and sum.

A cell holds the view's own value; a face writes it as it is (Excel) or through `words.cell_words` (Word, PDF, HTML). The short tables of the body are in `bulletin_tables`.
"""

from collections.abc import Iterable

from reports.bulletin import BUCKETS, Bulletin, Counts, ItemLine, LaggingTask
from reports.bulletin_details import Trend
from reports.paper import Column, Row, Table
from reports.words import Cell
from rules.texts import _
from rules.words import bucket_word


def overall_grid(bulletin: Bulletin) -> Table:
    """Return the seven buckets with count, share and change, and their total as the last row."""
    columns = (
        Column(_("类别"), "text", 40),
        Column(_("任务数"), "count", 22),
        Column(_("占比"), "percent", 22),
        Column(_("较上期"), "change", 22),
    )
    rows: list[tuple[Cell, ...]] = [
        (bucket_word(bucket), getattr(bulletin.totals, bucket), getattr(bulletin.shares, bucket), getattr(bulletin.change, bucket))
        for bucket in BUCKETS
    ]
    whole = 100.0 if bulletin.totals.tasks else 0.0
    total = Row((_("合计"), bulletin.totals.tasks, whole, bulletin.change.tasks), "total")
    return Table(_("总览"), columns, (*_plain(rows), total))


def units_grid(bulletin: Bulletin) -> Table:
    """Return every unit with its tasks by role and bucket and its reports for the period."""
    columns = (
        Column(_("责任单位"), "text", 44),
        Column(_("牵头任务"), "count", 14),
        Column(_("配合任务"), "count", 14),
        *_bucket_columns(15),
        Column(_("应报进展"), "count", 16),
        Column(_("按时报送"), "count", 16),
        Column(_("未报"), "count", 16),
    )
    rows = _plain(
        (
            unit.name,
            unit.lead_tasks,
            unit.support_tasks,
            *_bucket_cells(unit.counts),
            unit.reports_due,
            unit.reports_on_time,
            unit.reports_missing,
        )
        for unit in bulletin.units
    )
    return Table(_("单位"), columns, rows)


def items_grid(bulletin: Bulletin) -> Table:
    """Return one row a target for sorting and filtering; an item's counts stand in its first row only, so that a sum counts them once."""
    columns = (
        Column(_("序号"), "text", 10),
        Column(_("事项"), "text", 44),
        Column(_("任务数"), "count", 12),
        *_bucket_columns(12),
        Column(_("指标"), "text", 40),
        Column(_("计量单位"), "text", 14),
        Column(_("目标"), "quantity", 14),
        Column(_("实际"), "quantity", 14),
        Column(_("应达进度"), "percent", 14),
        Column(_("与序时差距（百分点）"), "gap", 22),
    )
    return Table(_("事项"), columns, _plain(row for item in bulletin.items for row in _item_rows(item)))


def lagging_grid(bulletin: Bulletin) -> Table:
    """Return every lagging task with all that is known of it."""
    columns = (
        Column(_("序号"), "count", 8),
        Column(_("任务"), "text", 36),
        Column(_("事项"), "text", 30),
        Column(_("牵头单位"), "text", 24),
        Column(_("灯色"), "light", 10),
        Column(_("期限"), "date", 18),
        Column(_("原定期限"), "date", 18),
        Column(_("逾期天数"), "count", 12),
        Column(_("指标"), "text", 24),
        Column(_("计量单位"), "text", 12),
        Column(_("目标"), "quantity", 12),
        Column(_("实际"), "quantity", 12),
        Column(_("应达进度"), "percent", 14),
        Column(_("与序时差距（百分点）"), "gap", 22),
        Column(_("判定依据"), "text", 36),
        Column(_("原因"), "text", 36),
        Column(_("下一步"), "text", 36),
        Column(_("已提醒次数"), "count", 12),
    )
    rows = _plain(_lagging_cells(number, task) for number, task in enumerate(bulletin.lagging, start=1))
    return Table(_("滞后任务"), columns, rows)


def next_grid(bulletin: Bulletin) -> Table:
    """Return the tasks that fall due in the next period."""
    columns = (
        Column(_("序号"), "count", 14),
        Column(_("任务"), "text", 83),
        Column(_("事项"), "text", 60),
        Column(_("牵头单位"), "text", 42),
        Column(_("期限"), "date", 26),
    )
    rows = _plain((number, task.task, task.item, task.unit, task.due_on) for number, task in enumerate(bulletin.next, start=1))
    return Table(_("下期任务"), columns, rows)


def tasks_grid(bulletin: Bulletin) -> Table:
    """Return every task in force with its bucket and light."""
    columns = (
        Column(_("编号"), "count", 12),
        Column(_("任务"), "text", 70),
        Column(_("事项"), "text", 46),
        Column(_("牵头单位"), "text", 34),
        Column(_("期限"), "date", 24),
        Column(_("类别"), "text", 25),
        Column(_("灯色"), "light", 14),
    )
    tasks = bulletin.details.tasks if bulletin.details else ()
    rows = ((one.id, one.task, one.item, one.unit, one.due_on, bucket_word(one.bucket), one.light) for one in tasks)
    return Table(_("全部任务"), columns, _plain(rows))


def lights_grid(bulletin: Bulletin) -> Table:
    """Return the lagging tasks of every unit at the end of the last quarters."""
    trend = bulletin.details.trend if bulletin.details else Trend()
    columns = (Column(_("责任单位"), "text", 60), *(Column(quarter, "count", 24) for quarter in trend.quarters))
    return Table(_("单位亮灯"), columns, _plain((unit.unit, *unit.lagging) for unit in trend.units))


def curve_grid(bulletin: Bulletin) -> Table:
    """Return the tasks to be done and done by the end of each quarter."""
    columns = (Column(_("季度"), "text", 52), Column(_("计划完成"), "count", 52), Column(_("实际完成"), "count", 52))
    curve = bulletin.details.trend.curve if bulletin.details else ()
    return Table(_("完成曲线"), columns, _plain((point.quarter, point.planned, point.done) for point in curve))


def _plain(rows: Iterable[tuple[Cell, ...]]) -> tuple[Row, ...]:
    return tuple(Row(cells) for cells in rows)


def _bucket_columns(width: int) -> Iterable[Column]:
    return (Column(bucket_word(bucket), "count", width) for bucket in BUCKETS)


def _bucket_cells(counts: Counts) -> Iterable[Cell]:
    return (getattr(counts, bucket) for bucket in BUCKETS)


def _item_rows(item: ItemLine) -> Iterable[tuple[Cell, ...]]:
    counts: tuple[Cell, ...] = (item.counts.tasks, *_bucket_cells(item.counts))
    no_counts: tuple[Cell, ...] = (None,) * len(counts)
    if not item.targets:
        yield (item.number, item.title, *counts, None, None, None, None, None, None)
    for index, target in enumerate(item.targets):
        head = (item.number, item.title, *(no_counts if index else counts))
        yield (*head, target.measure, target.unit_of_measure, target.target, target.actual, target.pace, target.gap_pp)


def _lagging_cells(number: int, task: LaggingTask) -> tuple[Cell, ...]:
    return (
        number,
        task.task,
        task.item,
        task.unit,
        task.light,
        task.due_on,
        task.original_due_on,
        task.days_overdue,
        task.measure,
        task.unit_of_measure,
        task.target,
        task.actual,
        task.pace,
        task.gap_pp,
        _("；").join(task.rules),
        task.cause,
        task.next_step,
        task.notices,
    )
