"""The bulletin's tables as columns and rows, made once for every face: the same numbers in the same order everywhere.

A cell holds the view's own value; a face writes it as it is (Excel) or through `words.cell_words` (Word, HTML).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from reports.bulletin import BUCKETS, Bulletin, Counts, ItemLine, LaggingTask, TargetLine
from reports.words import Cell, Kind, percent_words, quantity_words
from rules.texts import _
from rules.words import bucket_word, light_word


@dataclass(frozen=True)
class Column:
    """A column: its heading, what it holds and its width in millimetres on a landscape sheet."""

    heading: str
    kind: Kind
    width: int


@dataclass(frozen=True)
class Grid:
    """A table with its title; every row has one cell for each column."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class ItemGroup:
    """An item's heading row and the rows of its targets, under the columns of `target_columns`."""

    item: ItemLine
    rows: tuple[tuple[Cell, ...], ...]


def overall_grid(bulletin: Bulletin) -> Grid:
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
    rows.append((_("合计"), bulletin.totals.tasks, whole, bulletin.change.tasks))
    return Grid(_("总览"), columns, tuple(rows))


def units_grid(bulletin: Bulletin) -> Grid:
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
    rows: tuple[tuple[Cell, ...], ...] = tuple(
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
    return Grid(_("单位"), columns, rows)


def target_columns() -> tuple[Column, ...]:
    """Return the columns of a target's row below its item."""
    return (
        Column(_("指标"), "text", 88),
        Column(_("目标"), "text", 32),
        Column(_("实际"), "text", 32),
        Column(_("应达进度"), "percent", 30),
        Column(_("与序时差距（百分点）"), "gap", 43),
    )


def item_groups(bulletin: Bulletin) -> tuple[ItemGroup, ...]:
    """Return every item with its targets against the pace."""
    return tuple(ItemGroup(item, tuple(_target_cells(target) for target in item.targets)) for item in bulletin.items)


def items_grid(bulletin: Bulletin) -> Grid:
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
    return Grid(_("事项"), columns, tuple(row for item in bulletin.items for row in _item_rows(item)))


def lagging_grid(bulletin: Bulletin) -> Grid:
    """Return every lagging task with all that is known of it."""
    columns = (
        Column(_("序号"), "count", 8),
        Column(_("任务"), "text", 36),
        Column(_("事项"), "text", 30),
        Column(_("牵头单位"), "text", 24),
        Column(_("灯色"), "text", 10),
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
    rows = tuple(_lagging_cells(number, task) for number, task in enumerate(bulletin.lagging, start=1))
    return Grid(_("滞后任务"), columns, rows)


def next_grid(bulletin: Bulletin) -> Grid:
    """Return the tasks that fall due in the next period."""
    columns = (
        Column(_("序号"), "count", 14),
        Column(_("任务"), "text", 83),
        Column(_("事项"), "text", 60),
        Column(_("牵头单位"), "text", 42),
        Column(_("期限"), "date", 26),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (number, task.task, task.item, task.unit, task.due_on) for number, task in enumerate(bulletin.next, start=1)
    )
    return Grid(_("下期任务"), columns, rows)


def lagging_facts(task: LaggingTask) -> tuple[tuple[str, str], ...]:
    """Return what is to be read about a lagging task below its numbers, as pairs of label and text; what a unit did not say is named so."""
    return (
        (_("判定依据"), _("；").join(task.rules) or _("未列明")),
        (_("原因"), task.cause or _("责任单位未说明")),
        (_("下一步"), task.next_step or _("责任单位未填报")),
    )


def reminded_words(task: LaggingTask) -> str:
    """Return how often the unit was reminded of the task."""
    return _("已提醒{count}次").format(count=task.notices)


def lagging_progress(task: LaggingTask) -> tuple[tuple[str, str], ...]:
    """Return measure, target, actual and required progress of a lagging task as pairs of label and text; a task that is not counted says so."""
    if task.target is None:
        return ((_("目标"), _("未设量化目标")),)
    return (
        *(((_("指标"), task.measure),) if task.measure else ()),
        (_("目标"), task.wanted or quantity_words(task.target, task.unit_of_measure)),
        (_("实际"), task.reached or _actual_words(task.actual, task.unit_of_measure)),
        (_("应达"), percent_words(task.pace)),
    )


def item_beside(task: LaggingTask) -> tuple[str, ...]:
    """Return the title of the task's item, nothing where the task's own name says it already."""
    return () if task.item in task.task else (task.item,)


def due_words(task: LaggingTask) -> tuple[str, ...]:
    """Return the due day, the original one where it was moved, and the days overdue (calendar days) where there are any."""
    lines = [task.due_on.isoformat()]
    if task.due_on != task.original_due_on:
        lines.append(_("原定{day}").format(day=task.original_due_on.isoformat()))
    if task.days_overdue > 0:
        lines.append(_("逾期{days}天").format(days=task.days_overdue))
    return tuple(lines)


def _bucket_columns(width: int) -> Iterable[Column]:
    return (Column(bucket_word(bucket), "count", width) for bucket in BUCKETS)


def _bucket_cells(counts: Counts) -> Iterable[Cell]:
    return (getattr(counts, bucket) for bucket in BUCKETS)


def _actual_words(actual: float | None, unit_of_measure: str | None) -> str:
    return _("未填报") if actual is None else quantity_words(actual, unit_of_measure)


def _target_cells(target: TargetLine) -> tuple[Cell, ...]:
    return (
        target.measure,
        target.wanted or quantity_words(target.target, target.unit_of_measure),
        target.reached or _actual_words(target.actual, target.unit_of_measure),
        target.pace,
        target.gap_pp,
    )


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
        light_word(task.light),
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
