"""Excel workbooks as documents: every visible sheet is one table, its title rows still above the head.

Merged cells become one cell object over the places they cover, which is why openpyxl reads the whole sheet here and not row by row. Cells are read as they are
shown: a date as 2013年12月31日, 0.7 with a per cent format as 70%.
"""

import io
import warnings
from datetime import date, datetime

import openpyxl
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.worksheet import Worksheet

from intake.document import EMPTY, Block, Cell, Table
from intake.safety import SafeFile
from rules.errors import DubanError
from rules.texts import _

MAX_CELLS = 500_000


def read_xlsx(file: SafeFile) -> tuple[Block, ...]:
    """Return a table for each visible sheet that is not empty; refuse what does not parse with file-damaged."""
    with warnings.catch_warnings():
        # openpyxl warns of ornaments it does not keep (validation extensions, default styles); nothing here depends on them
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(file.data), data_only=True, keep_links=False)
            if not book.worksheets:
                raise ValueError("no sheets")
        except Exception as error:  # a broken part may raise nearly anything inside openpyxl
            text = _("“{name}”的内容已损坏；请用 Excel 或 WPS 打开修复后另存为 xlsx 再读")
            raise DubanError("file-damaged", text.format(name=file.name)) from error
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return tuple(table for sheet in sheets if (table := _table(sheet, file.name)) is not None)


def _table(sheet: Worksheet, name: str) -> Table | None:
    if sheet.max_row * sheet.max_column > MAX_CELLS:
        text = _("“{name}”的工作表“{sheet}”有{rows}行{columns}列，超出可读范围；请删去表格以外的空行空列后再读")
        raise DubanError("file-too-large", text.format(name=name, sheet=sheet.title, rows=sheet.max_row, columns=sheet.max_column))
    grid = [[_cell(cell) for cell in row] for row in sheet.iter_rows()]
    for merged in sheet.merged_cells.ranges:
        origin = grid[merged.min_row - 1][merged.min_col - 1] if merged.min_row <= len(grid) and merged.min_col <= len(grid[0]) else EMPTY
        for row in grid[merged.min_row - 1 : merged.max_row]:
            width = len(row[merged.min_col - 1 : merged.max_col])
            row[merged.min_col - 1 : merged.min_col - 1 + width] = [origin] * width
    filled = [at for at, row in enumerate(grid) if any(cell.text for cell in row)]
    if not filled:
        return None
    rows = tuple(tuple(row) for row in grid[filled[0] : filled[-1] + 1])
    return Table(rows, sheet=sheet.title, first_row=filled[0] + 1)


def _cell(cell: SheetCell | MergedCell) -> Cell:
    text = _shown(cell.value, getattr(cell, "number_format", "") or "").strip()
    return Cell(text) if text else EMPTY


def _shown(value: object, number_format: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float | int) and not isinstance(value, bool):
        if "%" in number_format:
            return f"{round(value * 100, 6):g}%"
        return f"{value:.12g}" if isinstance(value, float) else str(value)
    return str(value)
