"""How a workbook's cells look and how they are written: real numbers and days with the format of their kind, and texts that never become formulas.

Percentages are fractions with a percent format. A figure keeps its words by its number format (≥1.3%), so that it can be summed and still reads as in print.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.paper import RowStyle
from reports.words import Cell, Figure, Kind, number_words
from rules.texts import _
from rules.words import light_word

# Excel's number for the sheet of paper.
A4 = 9
LINE_PT = 15.0
# No row is made higher than so many lines; the rest is read by making it so by hand.
MOST_LINES = 25
LONGEST_CELL = 32_767
# Excel counts days from 1900 on; an earlier one is written as text.
FIRST_YEAR = 1900
# Every wording of figures is a format of its own; a workbook holds a limited number of them.
_MOST_WORDINGS = 120
_PLAIN: Mapping[str, Any] = {"border": 1, "border_color": "#9A9A9A", "valign": "vcenter", "font_size": 10.5, "font_name": "宋体"}
_STYLES: Mapping[RowStyle, Mapping[str, Any]] = {
    "plain": {},
    "group": {"bold": True, "bg_color": "#F4F4F4"},
    "detail": {"indent": 1, "font_color": "#444444"},
    "total": {"bold": True, "top": 2},
}
# Numbers of these kinds are written as they are.
_PLAIN_NUMBERS: tuple[Kind, ...] = ("count", "change", "quantity", "gap")
_LIGHTS = {"red": ("#A3211D", "#FFFFFF"), "yellow": ("#FFE9A8", "#4A3200"), "green": ("#FFFFFF", "#1D5C3B"), "grey": ("#F0F0F0", "#444444")}


def number_formats() -> dict[Kind, str]:
    """Return the number format of each kind of cell."""
    return {
        "text": "@",
        "light": "@",
        "count": "0",
        "change": '+0;-0;"—"',
        "quantity": "General",
        "percent": "0.0%",
        "gap": _('"落后"0.0;"超前"0.0;"持平"'),
        "date": "yyyy-mm-dd",
    }


@dataclass
class Styles:
    """The formats of one workbook, each made once when it is first needed."""

    book: Workbook
    title: Format
    heading: Format
    note: Format
    head: Format
    formats: dict[Kind, str]
    made: dict[tuple[RowStyle, str, str], Format] = field(default_factory=dict)

    def of(self, style: RowStyle, kind: Kind, wording: str = "") -> Format:
        """Return the format of a cell; `wording` is a number format in place of its kind's, or the colour of a light."""
        found = self.made.get((style, kind, wording))
        if found is None:
            found = self.made[(style, kind, wording)] = self.book.add_format(self._looks(style, kind, wording))
        return found

    def _looks(self, style: RowStyle, kind: Kind, wording: str) -> dict[str, Any]:
        looks: dict[str, Any] = {**_PLAIN, "num_format": self.formats[kind], "align": "left" if kind == "text" else "center"}
        if kind == "text":
            looks["text_wrap"] = True
        if kind == "light" and wording:
            looks["bg_color"], looks["font_color"] = _LIGHTS[wording]
        elif wording:
            looks["num_format"] = wording
        return {**looks, **_STYLES[style]}


def styles_of(book: Workbook) -> Styles:
    """Return the workbook's formats."""
    return Styles(
        book,
        title=book.add_format({"bold": True, "font_size": 16, "font_name": "宋体", "text_wrap": True, "valign": "vcenter"}),
        heading=book.add_format({"bold": True, "font_size": 12, "font_name": "黑体", "text_wrap": True}),
        note=book.add_format({"font_size": 11, "font_name": "宋体", "text_wrap": True, "valign": "top"}),
        head=book.add_format({**_PLAIN, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#ECECE8"}),
        formats=number_formats(),
    )


Write = Callable[[int, int, Cell], object]


def writer_of(sheet: Worksheet, kind: Kind, look: tuple[Styles, RowStyle]) -> Write:
    """Return how cells of a column are written: what its kind usually holds at once, the rest (nothing, figures, words among numbers) cell by cell."""
    styles, style = look
    usual = styles.of(style, kind)

    def write_text(row: int, at: int, cell: Cell) -> None:
        if cell and isinstance(cell, str):
            sheet.write_string(row, at, fitting(cell), usual)
        else:
            write_cell(sheet, (row, at), cell, kind, look)

    def write_number(row: int, at: int, cell: Cell) -> None:
        if isinstance(cell, int | float):
            sheet.write_number(row, at, cell, usual)
        else:
            write_cell(sheet, (row, at), cell, kind, look)

    def write_other(row: int, at: int, cell: Cell) -> None:
        write_cell(sheet, (row, at), cell, kind, look)

    return write_text if kind == "text" else write_number if kind in _PLAIN_NUMBERS else write_other


def write_cell(sheet: Worksheet, place: tuple[int, int], cell: Cell, kind: Kind, look: tuple[Styles, RowStyle]) -> None:
    """Write one cell at row and column; nothing leaves it blank, with its frame."""
    styles, style = look
    if isinstance(cell, Figure):
        _write_figure(sheet, place, cell, kind, look)
    elif cell is None or cell == "":
        sheet.write_blank(*place, None, styles.of(style, kind))
    elif isinstance(cell, str):
        light = cell if kind == "light" and cell in _LIGHTS else ""
        sheet.write_string(*place, fitting(light_word(cell) if kind == "light" else cell), styles.of(style, kind, light))
    elif isinstance(cell, date):
        _write_day(sheet, place, cell, styles.of(style, kind))
    else:
        sheet.write_number(*place, _number(cell, kind), styles.of(style, kind))


def fitting(text: str) -> str:
    """Return the text cut to what a cell can hold."""
    kept = cut(text, LONGEST_CELL) if len(text) * 2 > LONGEST_CELL else text
    return text if kept == text else f"{cut(text, LONGEST_CELL - 1)}…"


def cut(text: str, units: int) -> str:
    """Return as much of the text as goes into that many of Excel's characters; a rare one counts as two."""
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")


def lines_of(text: str, width: float) -> int:
    """Return how many lines the text takes in a column of that many of Excel's characters; a full character takes two."""
    return sum(ceil(max(len(line.encode("gbk", "replace")), 1) / max(width, 1.0)) for line in text.split("\n"))


def _write_figure(sheet: Worksheet, place: tuple[int, int], figure: Figure, kind: Kind, look: tuple[Styles, RowStyle]) -> None:
    styles, style = look
    if figure.value is None:
        write_cell(sheet, place, figure.words, "text", look)
        return
    wording = _wording(figure.value, figure.words) if kind in ("quantity", "count") and len(styles.made) < _MOST_WORDINGS else ""
    sheet.write_number(*place, _number(figure.value, kind), styles.of(style, kind, wording))


def _wording(value: float, words: str) -> str:
    """Return a number format that shows the value as the words do; nothing where they say the number otherwise."""
    before, number, after = words.partition(number_words(value))
    if not number or '"' in words:
        return ""
    return f"{_quoted(before)}General{_quoted(after)}"


def _quoted(words: str) -> str:
    return f'"{words}"' if words else ""


def _write_day(sheet: Worksheet, place: tuple[int, int], day: date, look: Format) -> None:
    if day.year < FIRST_YEAR:
        sheet.write_string(*place, day.isoformat(), look)
    else:
        sheet.write_datetime(*place, day, look)


def _number(value: float, kind: Kind) -> float:
    return round(value / 100, 6) if kind == "percent" else value
