"""Rows made whole where the format keeps no merging: .csv, .md and .txt show the cells below a merged one as empty.

There a row without any unit takes those of the row above, and a row without a number its time too. Whether an empty cell of a numbered row was merged
or truly empty nobody can see in such a file: such rows are told.
"""

from collections.abc import Iterator
from dataclasses import replace

from intake.checking.naming import item_name
from intake.columns import UNIT_ROLES
from intake.draft import Finding, ItemDraft
from intake.phrases import squeeze
from intake.tables import HeadedTable, Row, rows_of
from rules.texts import _


def whole_rows(headed: HeadedTable, *, merges_lost: bool) -> Iterator[Row]:
    """Yield the rows of a table, each with what a merged cell above it held where the format lost it."""
    before: Row | None = None
    for row in rows_of(headed):
        before = _inherited(headed, row, before) if merges_lost and before else row
        yield before


def units_from_above(headed: list[HeadedTable], items: tuple[ItemDraft, ...], *, merges_lost: bool) -> Iterator[Finding]:
    """Tell the numbered rows that took the units of the row above."""
    message = _("{item}的责任单位一栏是空的，暂按合并单元格沿用上一行的“{units}”；请核对原文")
    by_place = {(item.source.table, item.source.row): item for item in items}
    for table in headed:
        for row in whole_rows(table, merges_lost=merges_lost):
            item = by_place.get((table.number, row.place))
            if row.takes_units and item:
                text = message.format(item=item_name(item), units=_("、").join(unit.name for unit in item.units))
                yield Finding(code="units-from-above", severity="warning", message=text, item=item.id)


def _inherited(headed: HeadedTable, row: Row, before: Row) -> Row:
    """Return the row with what a merged cell above it held: its class, its duty, its units where it names none, its time too where it goes on with the
    item above.
    """
    row = _with_duty(headed, _in_class(headed, row, before), before)
    who = [column.at for column in headed.columns if column.role in UNIT_ROLES]
    if any(squeeze(row.cells[at].text) for at in who) or not any(headed.text(before, role) for role in ("lead", "responsible")):
        return row
    taken = set(who)
    if headed.column("number") and not headed.text(row, "number"):
        taken |= {column.at for column in headed.columns if column.role == "due" and not squeeze(row.cells[column.at].text)}
    cells = tuple(before.cells[at] if at in taken else cell for at, cell in enumerate(row.cells))
    return replace(row, cells=cells, takes_units=bool(headed.text(row, "number")))


def _with_duty(headed: HeadedTable, row: Row, before: Row) -> Row:
    """Return the row with the duty of the one above where it names nothing but who answers, by when or for which part of it."""
    says = {column.at for column in headed.columns if column.role in ("title", "content", "figure") or column.period}
    if any(squeeze(row.cells[at].text) for at in says) or not says or row.sections != before.sections:
        return row
    return replace(row, cells=tuple(before.cells[at] if at in says else cell for at, cell in enumerate(row.cells)))


def _in_class(headed: HeadedTable, row: Row, before: Row) -> Row:
    """Return the row with the class of the one above where it gives none and stands in the same section."""
    empty = {column.at for column in headed.columns if column.role == "class" and not squeeze(row.cells[column.at].text)}
    if not empty or row.sections != before.sections:
        return row
    return replace(row, cells=tuple(before.cells[at] if at in empty else cell for at, cell in enumerate(row.cells)))
