"""From a cell to a value: what people type where a date, a number, a word of a list or a text belongs.

A mistake is not raised but noted, with sheet, row and column, so that all of them can be told at once.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime

from intake.review.columns import Column
from rules.errors import DubanError
from rules.texts import _

DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
SHOWN_MISTAKES = 30
GREATEST_COUNT = 10**7


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as the file holds it; `is_percent` says that it is shown as a share: 75% is kept as 0.75."""

    value: object
    is_formula: bool = False
    is_percent: bool = False


@dataclass(slots=True)
class Mistakes:
    """The mistakes of one workbook, in the order they were met."""

    found: list[str] = field(default_factory=list)

    def add(self, sheet: str, row: int, head: str, message: str) -> None:
        """Note a mistake at a row (from 1, as the program shows it) and column."""
        self.found.append(_("“{sheet}”页第{row}行“{head}”：{message}").format(sheet=sheet, row=row, head=head, message=message))

    def refuse_any(self) -> None:
        """Raise workbook-mistakes if there is one."""
        if not self.found:
            return
        shown = _("；").join(f"{number}) {text}" for number, text in enumerate(self.found[:SHOWN_MISTAKES], start=1))
        rest = len(self.found) - SHOWN_MISTAKES
        more = _("；另有{count}处").format(count=rest) if rest > 0 else ""
        message = _("审核工作簿有{count}处要改：{mistakes}{more}。改好保存后再读")
        raise DubanError("workbook-mistakes", message.format(count=len(self.found), mistakes=shown, more=more))


def value_of(column: Column, cell: RawCell, where: tuple[str, int], mistakes: Mistakes) -> object:
    """Return the value a cell of `column` holds, None for an empty one or one with a mistake, which is noted."""
    sheet, row = where
    if cell.is_formula:
        mistakes.add(sheet, row, column.head, _("是公式；请改成数值或文字"))
        return None
    if _is_empty(cell.value):
        if column.required:
            mistakes.add(sheet, row, column.head, _("没有填；请补上"))
        return None
    try:
        return _read(column, _as_shown(column, cell))
    except ValueError as error:
        mistakes.add(sheet, row, column.head, str(error))
        return None


def text_of(value: object) -> str:
    """Return a cell's value as text: a whole number without a decimal point, no control characters, no space at the ends."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime | date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return CONTROL.sub("", str(value)).replace("\r\n", "\n").replace("\r", "\n").strip()


def _as_shown(column: Column, cell: RawCell) -> object:
    """Return the value as a person typed it: 75, where Excel took 75% for a share; how sure the reader is, is kept as a share by the program itself."""
    if cell.is_percent and column.kind == "number" and column.field != "confidence" and isinstance(cell.value, float | int):
        return round(cell.value * 100, 9)
    return cell.value


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _read(column: Column, value: object) -> object:
    if column.choices:
        return _choice(column.choices, text_of(value))
    if column.kind == "date":
        return _date(value)
    if column.kind in ("number", "count"):
        return _number(value, whole=column.kind == "count")
    return text_of(value)


def _choice(choices: dict[object, str], text: str) -> object:
    for value, word in choices.items():
        if text == word:
            return value
    raise ValueError(_("“{text}”不在可选的词里；请选{words}").format(text=text[:20], words=_("、").join(choices.values())))


def _date(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = DATE.fullmatch(unicodedata.normalize("NFKC", text_of(value)))
    if match:
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
    raise ValueError(_("“{text}”不是日期；请写成 2013-12-31 的样子").format(text=text_of(value)[:20]))


def _number(value: object, *, whole: bool) -> float | int:
    text = unicodedata.normalize("NFKC", text_of(value)).replace(",", "")
    if isinstance(value, bool) or not re.fullmatch(r"[-+]?\d{1,16}(?:\.\d+)?(?:[eE][-+]?\d{1,2})?", text):
        raise ValueError(_("“{text}”不是数字；请只写数字").format(text=text_of(value)[:20]))
    number = float(value) if isinstance(value, float | int) else float(text)
    if number < 0:
        raise ValueError(_("{text}是负数；请填不小于 0 的数").format(text=text))
    if not whole:
        return number
    if not number.is_integer() or number > GREATEST_COUNT:
        raise ValueError(_("“{text}”不是整数；请填整数").format(text=text[:20]))
    return int(number)
