"""A form as a workbook: protected sheets in which only the answer cells are open, with drop-downs, checked entries and hints; no macros, no formulas.

Only plain features are used, so that WPS, Excel and LibreOffice show and guard the same. A text is always written as text, whatever it begins with.
"""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.form_guide import guide_lines, sheet_note
from reports.form_sheets import HEAD_ROW, MARKS, Cell, FormColumn, FormLine, FormSheet, FormView, Kind, Role, columns_of, sheet_title
from reports.layout import width_in_characters
from reports.readable import fit_text
from rules.texts import _
from rules.words import period_words

A4 = 9
FONT = "宋体"
LINE_PT, LEAST_PT, MOST_PT = 14.0, 24.0, 320.0
# A row in which words are written by hand on paper needs room.
WRITING_PT = 48.0
GUIDE_WIDTH = 110
# Full characters that fit one unit of a column's width.
FULL_PER_WIDTH = 0.44
LONGEST_ANSWER = 2000
LONGEST_CELL = 32_000
# Cells of these kinds are typed as text, so that what begins with an equals sign is no formula.
_WORDS = (Kind.TEXT, Kind.LONG)
_FORMULA_STARTS = ("=", "+", "-", "@")
_NUMBERS = {Kind.TEXT: "@", Kind.LONG: "@", Kind.NUMBER: "General", Kind.COUNT: "0", Kind.DATE: "yyyy-mm-dd", Kind.CHOICE: "@"}
# People may make columns and rows larger and mark words; nothing else of a sheet can be changed.
_ALLOWED = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "select_unlocked_cells": True}


class _Pen:
    """The workbook's formats, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def style(self, **look: object) -> Format:
        settings = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True, **look}
        key = tuple(sorted(settings.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(settings)
        return self._made[key]

    def cell(self, column: FormColumn, value: Cell) -> Format:
        look: dict[str, object] = {"border": 1, "border_color": "#808080", "num_format": _NUMBERS[column.kind]}
        look |= {"align": "left", "indent": 1} if column.kind in _WORDS else {"align": "center"}
        if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
            look["quote_prefix"] = True
        return self.style(**look, **({"locked": False, "bg_color": "#FFF9DB"} if column.is_open else {"bg_color": "#F2F2F2"}))


def form_xlsx(view: FormView) -> bytes:
    """Return the form as an .xlsx file."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    made_on = view.made_on
    created = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001 (Excel keeps no time zone here)
    book.set_properties({"title": form_title(view), "created": created})
    pen = _Pen(book)
    _add_guide(book, pen, view)
    for sheet in view.sheets:
        _add_sheet(book, pen, view, sheet)
    _add_marks(book, view)
    book.close()
    return target.getvalue()


def form_title(view: FormView) -> str:
    """Return what the form is called on its first sheet and in its properties."""
    return _("{unit} {period}任务填报表").format(unit=fit_text(view.unit), period=period_words(view.period))


def _add_guide(book: Workbook, pen: _Pen, view: FormView) -> None:
    sheet = book.add_worksheet(sheet_title(Role.GUIDE))
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, GUIDE_WIDTH)
    sheet.merge_range(0, 0, 0, 1, "", pen.style(bold=True, font_size=16, align="center"))
    sheet.write_string(0, 0, form_title(view), pen.style(bold=True, font_size=16, align="center"))
    sheet.set_row(0, 32)
    for row, (mark, text) in enumerate(guide_lines(view), 1):
        sheet.write_string(row, 0, mark, pen.style(font_size=11, align="center", valign="top"))
        sheet.write_string(row, 1, text, pen.style(font_size=11, valign="top"))
        sheet.set_row(row, ceil(width_in_characters(text) / (GUIDE_WIDTH * FULL_PER_WIDTH)) * 16.0 + 6)
    _set_page(sheet)
    sheet.protect("", _ALLOWED)


def _add_sheet(book: Workbook, pen: _Pen, view: FormView, wanted: FormSheet) -> None:
    columns = columns_of(wanted.role)
    sheet = book.add_worksheet(sheet_title(wanted.role))
    sheet.set_column(0, 0, 2, None, {"hidden": True})
    sheet.merge_range(0, 1, 0, len(columns), "", pen.style(bold=True, font_size=14, align="center"))
    title = f"{form_title(view)}　{sheet_title(wanted.role)}"
    sheet.write_string(0, 1, title, pen.style(bold=True, font_size=14, align="center"))
    sheet.set_row(0, 26)
    note = sheet_note(wanted.role, view)
    sheet.merge_range(1, 1, 1, len(columns), "", pen.style(font_color="#595959"))
    sheet.write_string(1, 1, note, pen.style(font_color="#595959"))
    sheet.set_row(1, _height([(note, sum(column.width for column in columns))]))
    for at, column in enumerate(columns, 1):
        sheet.set_column(at, at, column.width)
        fill = "#FFE699" if column.is_open else "#D9D9D9"
        sheet.write_string(HEAD_ROW - 1, at, column.head, pen.style(bold=True, align="center", border=1, bg_color=fill))
    sheet.set_row(HEAD_ROW - 1, 30)
    _write_lines(sheet, pen, columns, wanted.lines)
    sheet.freeze_panes(HEAD_ROW, 0)
    sheet.repeat_rows(0, HEAD_ROW - 1)
    _set_page(sheet)
    sheet.protect("", _ALLOWED)


def _write_lines(sheet: Worksheet, pen: _Pen, columns: Sequence[FormColumn], lines: Sequence[FormLine]) -> None:
    has_words = any(column.is_open and column.kind is Kind.LONG for column in columns)
    for number, line in enumerate(lines):
        row = HEAD_ROW + number
        sheet.write_string(row, 0, line.key)
        last = row + _rows_below(lines, number)
        height = _height([(line.cells.get(column.name), column.width) for column in columns], last - row + 1)
        sheet.set_row(row, max(height, WRITING_PT) if has_words and last == row and line.begins_task else height)
        for at, column in enumerate(columns, 1):
            if column.of_task and not line.begins_task:
                continue
            value = line.cells.get(column.name)
            is_open = column.is_open and column.name in line.cells
            shown = column if is_open or not column.is_open else _closed(column)
            if column.of_task and last > row:
                sheet.merge_range(row, at, last, at, "", pen.cell(shown, value))
            _write_cell(sheet, (row, at), value, pen.cell(shown, value))
            if is_open:
                _guard(sheet, (row, at), column, line)


def _rows_below(lines: Sequence[FormLine], number: int) -> int:
    """Return how many rows of the same task follow its first."""
    following = number + 1
    while following < len(lines) and not lines[following].begins_task:
        following += 1
    return following - number - 1 if lines[number].begins_task else 0


def _closed(column: FormColumn) -> FormColumn:
    return FormColumn(column.name, column.head, column.width, column.kind)


def _write_cell(sheet: Worksheet, place: tuple[int, int], value: Cell, style: Format) -> None:
    if value is None or value == "":
        sheet.write_blank(*place, None, style)
    elif isinstance(value, str):
        sheet.write_string(*place, fit_text(value)[:LONGEST_CELL], style)
    elif isinstance(value, date):
        sheet.write_datetime(*place, value, style)
    else:
        sheet.write_number(*place, value, style)


def _guard(sheet: Worksheet, place: tuple[int, int], column: FormColumn, line: FormLine) -> None:
    """Say what the cell wants when it is entered, and refuse what it cannot be."""
    rules: dict[Kind, dict[str, object]] = {
        Kind.NUMBER: {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": _("请只填不小于 0 的数字，不带单位和文字。")},
        Kind.COUNT: {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 3650, "error_message": _("请填整数天数。")},
        Kind.DATE: {
            "validate": "date",
            "criteria": ">=",
            "value": date(1949, 10, 1),
            "error_message": _("请填日期，如 2013-12-31。"),
        },
        Kind.CHOICE: {
            "validate": "list",
            "source": list(line.choices or column.choices) or [""],
            "error_message": _("请从下拉列表中选择，或留空。"),
        },
    }
    words = {"validate": "length", "criteria": "<=", "value": LONGEST_ANSWER}
    rule = rules.get(column.kind) or {**words, "error_message": _("最多 {most} 个字。").format(most=LONGEST_ANSWER)}
    titles = {"error_title": _("请检查"), "input_title": column.head[:32], "input_message": column.hint[:255], "ignore_blank": True}
    sheet.data_validation(*place, *place, {**rule, **titles})


def _add_marks(book: Workbook, view: FormView) -> None:
    sheet = book.add_worksheet(MARKS)
    for row, marks in enumerate(view.marks):
        for at, mark in enumerate(marks):
            sheet.write_string(row, at, mark)
    sheet.protect("")
    sheet.very_hidden()


def _height(cells: Sequence[tuple[Cell, float]], row_count: int = 1) -> float:
    """Return the height in points at which every text is seen whole; a text that stands over several rows shares itself out."""
    lines = max(ceil(width_in_characters(str(value)) / (width * FULL_PER_WIDTH)) for value, width in cells if value is not None)
    return min(max(lines * LINE_PT / row_count + 6, LEAST_PT), MOST_PT)


def _set_page(sheet: Worksheet) -> None:
    """Let the sheet print on A4 across, as wide as the page, its heads on every page."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(_("&C第 &P 页 / 共 &N 页"))
    sheet.hide_gridlines(2)
