"""Old Excel and WPS workbooks (.xls, .et), read without any office program: values as shown, merged cells, what is hidden."""

import io

import xlrd
from xlrd.sheet import Sheet

from intake.document import EMPTY, Cell, Content
from intake.readers.office import converted
from intake.readers.sheets import hidden_told, merge, refuse_endless, sheet_blocks, shown
from intake.readers.xlsx import read_xlsx
from intake.safety import SafeFile, locked
from rules.errors import DubanError


def read_xls(file: SafeFile) -> Content:
    """Return the tables and paragraphs of each visible sheet. A workbook that xlrd cannot read is handed to LibreOffice."""
    try:
        book = xlrd.open_workbook(file_contents=file.data, formatting_info=True, logfile=io.StringIO())
        sheets = [sheet for sheet in book.sheets() if not sheet.visibility]
        grids = [(sheet.name, _grid(book, sheet, file.name)) for sheet in sheets]
    except DubanError:
        raise
    except Exception as error:  # xlrd meets broken records with whatever Python raises on them
        if "encrypted" in str(error):
            raise locked(file.name) from error
        return read_xlsx(converted(file, "xlsx"))
    blocks = tuple(block for name, grid in grids for block in sheet_blocks(grid, name))
    rows = [(sheet.name, _hidden_rows(sheet)) for sheet in sheets]
    columns = [(sheet.name, _hidden_columns(sheet)) for sheet in sheets]
    return Content(blocks, hidden_told(rows, columns, [sheet.name for sheet in book.sheets() if sheet.visibility]))


def _grid(book: xlrd.book.Book, sheet: Sheet, name: str) -> list[list[Cell]]:
    refuse_endless(name, sheet.name, sheet.nrows, sheet.ncols)
    grid = [[_cell(book, sheet, row, column) for column in range(sheet.ncols)] for row in range(sheet.nrows)]
    for first_row, end_row, first_column, end_column in sheet.merged_cells:
        merge(grid, (first_row, end_row), (first_column, end_column))
    return grid


def _cell(book: xlrd.book.Book, sheet: Sheet, row: int, column: int) -> Cell:
    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
        return EMPTY
    if kind == xlrd.XL_CELL_DATE:
        value = xlrd.xldate_as_datetime(value, book.datemode)
    if kind == xlrd.XL_CELL_NUMBER and value == int(value):
        value = int(value) if "%" not in _format(book, sheet, row, column) else value
    text = shown(value, _format(book, sheet, row, column)).strip()
    return Cell(text, is_typed=kind == xlrd.XL_CELL_TEXT) if text else EMPTY


def _format(book: xlrd.book.Book, sheet: Sheet, row: int, column: int) -> str:
    style = book.xf_list[sheet.cell_xf_index(row, column)]
    found = book.format_map.get(style.format_key)
    return found.format_str if found else ""


def _hidden_rows(sheet: Sheet) -> list[int]:
    hidden = sorted(number for number, row in sheet.rowinfo_map.items() if row.hidden and number < sheet.nrows)
    return [number + 1 for number in hidden if any(sheet.cell_type(number, column) for column in range(sheet.ncols))]


def _hidden_columns(sheet: Sheet) -> list[str]:
    hidden = sorted(number for number, column in sheet.colinfo_map.items() if column.hidden and number < sheet.ncols)
    return [xlrd.formula.colname(number) for number in hidden if any(sheet.cell_type(row, number) for row in range(sheet.nrows))]
