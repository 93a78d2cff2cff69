"""Excel workbooks as documents: every visible sheet is a table with its title rows still above the head, or prose written across the sheet.

Merged cells become one cell object over the places they cover, which is why openpyxl reads the whole sheet here and not row by row. Cells are read as they are
shown: a date as 2013年12月31日, 0.7 with a per cent format as 70%.
"""

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from intake.books import opened
from intake.document import EMPTY, Block, Cell, Content
from intake.readers.sheets import hidden_told, merge, refuse_endless, sheet_blocks, shown
from intake.safety import SafeFile


def read_xlsx(file: SafeFile) -> Content:
    """Return the tables and paragraphs of each visible sheet; refuse what does not parse with file-damaged."""
    with opened(file, is_worked=True, read_only=False) as book:
        if not book.worksheets:
            raise ValueError("no sheets")
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
    blocks = tuple(block for sheet in sheets for block in _blocks(sheet, file.name))
    rows = [(sheet.title, _hidden_rows(sheet)) for sheet in sheets]
    columns = [(sheet.title, _hidden_columns(sheet)) for sheet in sheets]
    return Content(blocks, hidden_told(rows, columns, hidden))


def _hidden_rows(sheet: Worksheet) -> list[int]:
    hidden = sorted(number for number, row in sheet.row_dimensions.items() if row.hidden and number <= sheet.max_row)
    return [number for number in hidden if any(cell.value is not None for cell in sheet[number])]


def _hidden_columns(sheet: Worksheet) -> list[str]:
    spans = [(one.min or 1, min(one.max or 0, sheet.max_column)) for one in sheet.column_dimensions.values() if one.hidden]
    hidden = sorted({at for first, last in spans for at in range(first, last + 1)})
    return [get_column_letter(at) for at in hidden if any(sheet.cell(row, at).value is not None for row in range(1, sheet.max_row + 1))]


def _blocks(sheet: Worksheet, name: str) -> list[Block]:
    refuse_endless(name, sheet.title, sheet.max_row, sheet.max_column)
    grid = [[_cell(cell) for cell in row] for row in sheet.iter_rows()]
    for merged in sheet.merged_cells.ranges:
        merge(grid, (merged.min_row - 1, merged.max_row), (merged.min_col - 1, merged.max_col))
    return sheet_blocks(grid, sheet.title)


def _cell(cell: SheetCell | MergedCell) -> Cell:
    text = shown(cell.value, getattr(cell, "number_format", "") or "").strip()
    return Cell(text, is_typed=isinstance(cell.value, str)) if text else EMPTY
