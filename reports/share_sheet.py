"""The sheet a task is shared out with, to be filled in and read back: 单位, a column for each measure, 期限, and a row that adds up.

Its headings and the word of its last row are those that `services.share_sheets` reads, so they are not translated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

UNIT, DUE, TOTAL = "单位", "期限", "合计"


@dataclass(frozen=True)
class SheetRow:
    """A lower unit's row: its figures in the order of the measures, and its day (both as written, empty where not yet)."""

    unit: str
    figures: tuple[str, ...]
    due_on: str


def share_sheet(measures: Sequence[str], rows: Sequence[SheetRow]) -> bytes:
    """Return the sheet as an .xlsx file; figures stand as numbers, so that the last row adds them up."""
    target = BytesIO()
    with Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 (the same sheet is the same bytes)
        head, sheet = book.add_format({"bold": True, "bottom": 1, "text_wrap": True}), book.add_worksheet()
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, len(measures) + 1, 16)
        sheet.freeze_panes(1, 1)
        for column, name in enumerate((UNIT, *measures, DUE)):
            sheet.write_string(0, column, name, head)
        for number, row in enumerate(rows, 1):
            sheet.write_string(number, 0, row.unit)
            for column, figure in enumerate(row.figures, 1):
                if figure.replace(".", "", 1).isdecimal():
                    sheet.write_number(number, column, float(figure))
                elif figure:
                    sheet.write_string(number, column, figure)
            sheet.write_string(number, len(measures) + 1, row.due_on)
        sheet.write_string(len(rows) + 1, 0, TOTAL, head)
        for column in range(1, len(measures) + 1):
            name = xl_col_to_name(column)
            sheet.write_formula(len(rows) + 1, column, f"=SUM({name}2:{name}{len(rows) + 1})", head)
    return target.getvalue()
