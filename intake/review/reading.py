"""Reading the review workbook back: rows may have been added, deleted or put in another order, columns moved, words retyped.

Rows find each other by the item's 标识. Rows of an item that was deleted go with it, because the hidden sheet still knows it; an unknown 标识 is a mistake.
"""

import re
from pathlib import Path
from typing import get_args

from openpyxl.worksheet.worksheet import Worksheet

from intake.books import opened
from intake.draft import DraftPlan, PlanDraft, Source, SourceKind
from intake.review.cells import Mistakes, RawCell, text_of, value_of
from intake.review.columns import FIRST_LEADS, ITEMS, MARKS, PLAN, PLAN_FIELDS, SCHEMA_MARK, SHEET_COLUMNS, SOURCE_ROWS, Column
from intake.review.first import PLAN_KEY, first_reading
from intake.review.joining import Row, joined_items, kept_findings
from intake.safety import SafeFile, load
from rules.errors import DubanError
from rules.texts import _

MAX_ROWS = 20_000
BLANK_ROWS_AT_END = 200
UNTOUCHED = {"sha256": re.compile(r"[0-9a-f]{64}"), "kind": re.compile("|".join(get_args(SourceKind)))}


def read(path: Path) -> DraftPlan:
    """Return the draft in the workbook at `path`; see `workbook.read_workbook`."""
    file = load(path)
    if file.kind != "xlsx":
        raise _foreign(file.name)
    return draft_in(file)


def draft_in(file: SafeFile) -> DraftPlan:
    """Return the draft in a workbook that passed the door."""
    return readings_in(file)[0]


def readings_in(file: SafeFile) -> tuple[DraftPlan, DraftPlan | None]:
    """Return the draft as people left it, and as the document was first read where the workbook knows that."""
    grids = _grids(file)
    marks = [["" if cell.value is None else str(cell.value) for cell in row] for row in grids.get(MARKS, []) if row]
    if not marks or marks[0][0] != SCHEMA_MARK or ITEMS not in grids or PLAN not in grids:
        raise _foreign(file.name)
    mistakes = Mistakes()
    plan, source, first_leads = _plan(grids[PLAN], mistakes)
    rows = {name: _rows(name, columns, grids.get(name), mistakes) for name, columns in SHEET_COLUMNS.items()}
    items = joined_items(rows, {mark[0] for mark in marks[1:]}, mistakes, first_leads=first_leads)
    findings = kept_findings(rows, {item.id for item in items})
    mistakes.refuse_any()
    draft = DraftPlan(source=Source.model_validate(source), plan=PlanDraft.model_validate(plan), items=items, findings=tuple(findings))
    first = {PLAN_KEY: "".join(marks[0][1:]), **{mark[0]: "".join(mark[1:]) for mark in marks[1:]}}
    return draft, first_reading(draft.source, first)


def _foreign(name: str) -> DubanError:
    text = _("“{name}”不是 duban 的审核工作簿；请用 duban plan draft --format xlsx 生成，或检查“标识”页是否被删")
    return DubanError("not-a-review-workbook", text.format(name=name))


def _grids(file: SafeFile) -> dict[str, list[list[RawCell]]]:
    with opened(file) as book:
        return {sheet.title: _grid(sheet) for sheet in book.worksheets}


def _grid(sheet: Worksheet) -> list[list[RawCell]]:
    """Return the rows down to the last that is filled; a long run of blank rows ends the sheet."""
    if hasattr(sheet, "reset_dimensions"):
        # a wrong stated size would cut rows off
        sheet.reset_dimensions()
    grid: list[list[RawCell]] = []
    filled = 0
    for row in sheet.iter_rows():
        cells = [
            RawCell(cell.value, getattr(cell, "data_type", "") == "f", "%" in (getattr(cell, "number_format", "") or "")) for cell in row
        ]
        grid.append(cells)
        if any(cell.value is not None for cell in cells):
            filled = len(grid)
        if len(grid) - filled > BLANK_ROWS_AT_END or len(grid) > MAX_ROWS:
            break
    return grid[:filled]


def _plan(grid: list[list[RawCell]], mistakes: Mistakes) -> tuple[dict[str, object], dict[str, object], bool]:
    cells = {text_of(row[0].value): (number, row[1] if len(row) > 1 else RawCell(None)) for number, row in enumerate(grid, start=1) if row}
    plan = _facts(PLAN_FIELDS, cells, mistakes)
    source = _facts(SOURCE_ROWS, cells, mistakes)
    number, cell = cells.get(FIRST_LEADS, (len(grid) + 1, RawCell("否")))
    answer = text_of(cell.value) if cell.value is not None else "否"
    if answer not in ("是", "否"):
        mistakes.add(PLAN, number, FIRST_LEADS, _("请填“是”或“否”"))
    return plan, source, answer == "是"


def _facts(columns: tuple[Column, ...], cells: dict[str, tuple[int, RawCell]], mistakes: Mistakes) -> dict[str, object]:
    found: dict[str, object] = {}
    for column in columns:
        number, cell = cells.get(column.head, (len(cells) + 1, RawCell(None)))
        found[column.field] = value_of(column, cell, (PLAN, number), mistakes)
        if (
            found[column.field] is not None
            and column.field in UNTOUCHED
            and not UNTOUCHED[column.field].fullmatch(str(found[column.field]))
        ):
            mistakes.add(PLAN, number, column.head, _("被改动过；请从原审核工作簿复制回来"))
    return found


def _rows(name: str, columns: tuple[Column, ...], grid: list[list[RawCell]] | None, mistakes: Mistakes) -> list[Row]:
    """Return the filled rows of a sheet by field; columns are found by their heads, wherever they stand."""
    if grid is None or not grid:
        mistakes.add(name, 1, "—", _("整页不见了；请从原审核工作簿复制回来"))
        return []
    places = {text_of(cell.value): at for at, cell in enumerate(grid[0]) if cell.value is not None}
    read_columns = [column for column in columns if column.kind != "shown"]
    for column in read_columns:
        if column.head not in places and not column.may_miss:
            mistakes.add(name, 1, column.head, _("没有这一栏；请恢复表头"))
    present = [column for column in read_columns if column.head in places]
    rows: list[Row] = []
    for number, cells in enumerate(grid[1:], start=2):
        raw = {column.field: cells[places[column.head]] if places[column.head] < len(cells) else RawCell(None) for column in present}
        if all(cell.value is None or not str(cell.value).strip() for cell in raw.values()):
            continue
        values = {column.field: value_of(column, raw[column.field], (name, number), mistakes) for column in present}
        rows.append(Row(name, number, values))
    return rows
