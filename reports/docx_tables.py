"""The bulletin's tables for Word: which boxes a row has. The cells themselves come from `grids`, the drawing from `docx_parts`."""

from reports import grids
from reports.bulletin import BUCKETS, Bulletin, LaggingTask
from reports.docx_parts import GROUP_SHADE, HEAD_SHADE, Box, Line, Row, TableSpec
from reports.grids import Column, Grid
from reports.layout import LATIN_HEAD_PT, TABLE_PT
from reports.sentences import standing
from reports.words import Cell, cell_words, gap_words
from rules.texts import _
from rules.words import light_word

LIGHT_COLOURS = {"red": "C00000", "yellow": "8A5A00", "green": "1E6B34", "grey": "595959"}


def overall_table(bulletin: Bulletin) -> TableSpec:
    """Return the seven buckets, each with a bar as long as its share, and their total."""
    grid = grids.overall_grid(bulletin)
    bars = [getattr(bulletin.shares, bucket) for bucket in BUCKETS]
    rows = [_head([*(column.heading for column in grid.columns), _("图示")])]
    for cells, bar in zip(grid.rows[:-1], bars, strict=True):
        boxes = (*_boxes(grid.columns, cells), Box((Line("", bar=bar),)))
        rows.append(Row(boxes, keep=True))
    total = tuple(Box(tuple(Line(line.text, heavy=True) for line in box.lines), box.align) for box in _boxes(grid.columns, grid.rows[-1]))
    rows.append(Row((*total, Box((Line(""),)))))
    return TableSpec(grid.title, (34.0, 20.0, 20.0, 20.0, 62.0), rows)


def lagging_table(bulletin: Bulletin) -> TableSpec:
    """Return two rows a task: its numbers, and below them why, what the unit says and how often it was reminded."""
    headings = [_("序号"), _("任务和事项"), _("牵头单位"), _("目标和实际"), _("差距\n百分点"), _("灯色"), _("期限")]
    rows = [_head(headings)]
    for number, task in enumerate(bulletin.lagging, start=1):
        rows += _lagging_rows(number, task)
    return TableSpec(_("滞后任务"), (9.0, 32.0, 22.0, 30.0, 17.0, 15.0, 31.0), rows)


def units_table(bulletin: Bulletin) -> TableSpec:
    """Return the annex of the units."""
    return _plain(_("责任单位情况表"), grids.units_grid(bulletin))


def items_table(bulletin: Bulletin) -> TableSpec:
    """Return the annex of the items: a heading row for each, then a row for each of its targets."""
    columns = grids.target_columns()
    rows = [_head([column.heading for column in columns])]
    for group in grids.item_groups(bulletin):
        name = _("{number}　{title}").format(number=group.item.number, title=group.item.title) if group.item.number else group.item.title
        state = standing(group.item.counts)
        lines = (Line(name, heavy=True), Line(state if group.rows else _("{standing}（未设量化目标）").format(standing=state)))
        rows.append(Row((Box(lines, span=len(columns), shade=GROUP_SHADE),), keep=bool(group.rows)))
        rows += [Row(_boxes(columns, cells)) for cells in group.rows]
    return TableSpec(_("事项进展情况表"), tuple(float(column.width) for column in columns), rows)


def next_table(bulletin: Bulletin) -> TableSpec:
    """Return the annex of the next period's tasks."""
    return _plain(_("下期到期任务表"), grids.next_grid(bulletin))


def _plain(title: str, grid: Grid) -> TableSpec:
    rows = [_head([column.heading for column in grid.columns]), *(Row(_boxes(grid.columns, cells)) for cells in grid.rows)]
    return TableSpec(title, tuple(float(column.width) for column in grid.columns), rows)


def _head(headings: list[str]) -> Row:
    return Row(tuple(Box(tuple(map(_head_line, heading.split("\n"))), "center", shade=HEAD_SHADE) for heading in headings), is_head=True)


def _head_line(text: str) -> Line:
    # A Latin word cannot be broken anywhere, as Chinese can, so it is set smaller.
    return Line(text, heavy=True, size_pt=LATIN_HEAD_PT if text.isascii() else TABLE_PT)


def _boxes(columns: tuple[Column, ...], cells: tuple[Cell, ...]) -> tuple[Box, ...]:
    pairs = zip(columns, cells, strict=True)
    return tuple(Box((Line(cell_words(column.kind, cell)),), "left" if column.kind == "text" else "center") for column, cell in pairs)


def _lagging_rows(number: int, task: LaggingTask) -> list[Row]:
    light = Line(light_word(task.light), heavy=True, colour=LIGHT_COLOURS.get(task.light))
    due = (*grids.due_words(task), grids.reminded_words(task))
    numbers = (
        Box((Line(str(number)),), "center", merge="restart"),
        Box((Line(task.task, heavy=True), *(Line(text) for text in grids.item_beside(task)))),
        Box((Line(task.unit),)),
        Box(tuple(Line(_labelled(label, text)) for label, text in grids.lagging_progress(task))),
        Box((Line(gap_words(task.gap_pp)),), "center"),
        Box((light,), "center"),
        Box(tuple(Line(text) for text in due), "center"),
    )
    facts = tuple(Line(text, label=_labelled(label, "")) for label, text in grids.lagging_facts(task))
    return [Row(numbers, keep=True), Row((Box((Line(""),), merge="continue"), Box(facts, span=6, shade=GROUP_SHADE)))]


def _labelled(label: str, text: str) -> str:
    return _("{label}：{text}").format(label=label, text=text)
