"""How a value gets into a cell of the review workbook: by its type, in one look, never as a formula.

What looks like a formula stays words, and keeps staying so when somebody edits the cell (quote prefix).
"""

from datetime import date
from math import ceil
from typing import Any

from intake.review.columns import YES_NO
from rules.errors import DubanError
from rules.texts import _

FONT = "微软雅黑"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "|", "%")
FIRST_EXCEL_DAY = date(1904, 1, 1)
LONGEST_CELL = 32_000
LINE_POINTS, TALLEST_ROW = 15.0, 400.0
MAX_NARROW = 0x2E7F


class Pen:
    """The workbook's formats, made once each, and the one way a value gets into a cell."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def style(self, **options: object) -> Any:
        """Return a format: wrapped, top-aligned, thin grey borders, plus `options`."""
        settings = {
            "font_name": FONT,
            "font_size": 10,
            "text_wrap": True,
            "valign": "top",
            "border": 1,
            "border_color": "#BFBFBF",
            **options,
        }
        key = tuple(sorted(settings.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(settings)
        return self._formats[key]

    def put(self, sheet: Any, row: int, at: int, value: object, **options: object) -> None:
        """Write a value by its type; a text that starts like a formula gets the quote prefix."""
        if value is None or value == "":
            sheet.write_blank(row, at, None, self.style(**options))
        elif isinstance(value, bool):
            sheet.write_string(row, at, YES_NO[value], self.style(**options))
        elif isinstance(value, date) and value >= FIRST_EXCEL_DAY:
            sheet.write_datetime(row, at, value, self.style(**{"num_format": "yyyy-mm-dd", "align": "center", **options}))
        elif isinstance(value, int | float):
            sheet.write_number(row, at, value, self.style(**options))
        else:
            text = str(value)
            if len(text) > LONGEST_CELL:
                message = _("有一段文字长{length}字，超过表格一格能放的{limit}字；请先在草案 JSON 中拆分")
                raise DubanError("text-too-long", message.format(length=len(text), limit=LONGEST_CELL))
            quoted = {"quote_prefix": True} if text.startswith(FORMULA_STARTS) else {}
            sheet.write_string(row, at, text, self.style(**quoted, **options))


def row_height(cells: list[tuple[object, float]]) -> float:
    """Return the height in points that shows every cell's text whole, as far as a row may be high; not every program fits rows by itself."""
    lines = max((_line_count(str(value), width) for value, width in cells if value is not None), default=1)
    return min(lines * LINE_POINTS + 4, TALLEST_ROW)


def _line_count(text: str, width: float) -> int:
    """Return how many lines `text` takes in a column `width` characters wide; a Chinese character is two wide."""
    room = max(width - 0.5, 2)
    return sum(max(ceil(sum(2 if ord(char) > MAX_NARROW else 1 for char in line) / room), 1) for line in text.split("\n"))
