"""What people write into a form's cells, read the way it was meant where there is one way to read it, else told in their words with sheet, row and cell.

Full-width digits, 1,200 and a unit behind the number (12个) are read, and said to have been; 约12 and 12万 are not, since nobody should have to guess.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.texts import _
from services.form_reading import RawAnswer

LONGEST_ANSWER = 2000
_NUMBER = re.compile(r"(-?)(\d{1,3}(?:,\d{3}){1,4}|\d{1,13})(\.\d{1,6})?")
_DAY = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?")
_SHORT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_YES = {"是", "√", "✓", "✔", "y", "yes", "1", "true", "签收", "已签收", "没有变化", "无变化"}
_NO = {"否", "×", "n", "no", "0", "false", "—", "-", "/"}
_PERCENT = ("%", "％")
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_050  # 1950 to 2099
_DAY_ZERO = date(1899, 12, 30)


class Mistake(Exception):
    """What is wrong with one cell, in words."""


@dataclass(frozen=True)
class Figure:
    """A number as read; `note` says how, where it was not written as a bare number."""

    value: float
    note: str | None = None


def words_of(raw: RawAnswer) -> str:
    """Return a cell's words; what begins like a formula is kept as it stands, as words."""
    _refuse_unworked(raw)
    if isinstance(raw.value, datetime):
        return raw.value.date().isoformat()
    text = _UNFIT.sub(" ", f"{raw.value:g}" if isinstance(raw.value, float) else str(raw.value)).strip()
    if len(text) > LONGEST_ANSWER:
        raise Mistake(_("有 {count} 个字，最多 {most} 个，请精简").format(count=len(text), most=LONGEST_ANSWER))
    return text


def number_of(raw: RawAnswer, unit_of_measure: str | None) -> Figure:
    """Return the number in a cell. A cell shown as a percentage holds a share: 0.85 shown as 85% is 85 where the target is in per cent, else a mistake."""
    _refuse_unworked(raw)
    value = raw.value
    if isinstance(value, bool | date | timedelta) or hasattr(value, "isoformat"):
        raise Mistake(_("应填数字，现在是“{value}”").format(value=_shown(value)))
    if isinstance(value, int | float):
        return _from_number(float(value), raw, unit_of_measure)
    return _from_words(str(value), unit_of_measure)


def _from_number(value: float, raw: RawAnswer, unit_of_measure: str | None) -> Figure:
    if value != value or value in (float("inf"), float("-inf")):
        raise Mistake(_("应填数字"))
    if not raw.shown_as.endswith("%"):
        return Figure(_not_negative(value, f"{value:g}"))
    if unit_of_measure not in _PERCENT:
        raise Mistake(_("填成了百分数（{value:g}%），这项要填数量").format(value=100 * value))
    return Figure(_not_negative(round(100 * value, 6), f"{100 * value:g}%"))


def _from_words(written: str, unit_of_measure: str | None) -> Figure:
    plain = "".join(unicodedata.normalize("NFKC", written).split())
    number = plain
    is_share = plain.endswith("%")
    if is_share and unit_of_measure not in _PERCENT:
        raise Mistake(_("填成了百分数（{value}），这项要填数量").format(value=written.strip()[:40]))
    unit = unicodedata.normalize("NFKC", unit_of_measure or "")
    if unit and plain.endswith(unit):
        number = plain.removesuffix(unit)
    found = _NUMBER.fullmatch(number)
    if found is None:
        raise Mistake(_("应填数字，现在是“{value}”；请只填一个数，不带单位和文字").format(value=written.strip()[:40]))
    value = _not_negative(float(number.replace(",", "")), written.strip()[:40])
    note = (
        None
        if written.strip() == number.replace(",", "")
        else _("“{written}”读作 {value:g}").format(written=written.strip()[:40], value=value)
    )
    return Figure(value, note)


def _not_negative(value: float, shown: str) -> float:
    if not 0 <= value < 1e13:
        raise Mistake(_("应填不小于 0 的数，现在是“{value}”").format(value=shown))
    return value


def day_of(raw: RawAnswer) -> date:
    """Return the day in a cell, written as a date or in words (2013年12月31日, 2013.12.31, 20131231)."""
    _refuse_unworked(raw)
    value = raw.value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and _FIRST_SERIAL <= value <= _LAST_SERIAL:
        return _DAY_ZERO + timedelta(days=int(value))
    written = unicodedata.normalize("NFKC", str(value)).strip()
    found = _DAY.fullmatch(written) or _SHORT_DAY.fullmatch(written)
    try:
        return date(*(int(part) for part in found.groups())) if found else date.fromisoformat(written)
    except ValueError:
        raise Mistake(_("看不懂日期“{value}”，请写成 2013-12-31").format(value=written[:40])) from None


def is_yes(raw: RawAnswer) -> bool:
    """Tell whether a cell says yes. Empty and no are no; anything else is a mistake."""
    written = words_of(raw).lower()
    if written in _YES:
        return True
    if written in _NO or not written:
        return False
    raise Mistake(_("请从下拉列表中选“是”，或留空；现在是“{value}”").format(value=written[:40]))


def choice_of(raw: RawAnswer, choices: Sequence[Sequence[str]]) -> int:
    """Return which of the choices a cell holds, counted from 0; each has its names, the first for people. 申请延期 is as good as 延期."""
    written = words_of(raw)
    fitting = [at for at, names in enumerate(choices) if written in names or written.removeprefix("申请") in names]
    if not fitting:
        text = _("现在是“{value}”，请从下拉列表中选：{choices}")
        raise Mistake(text.format(value=written[:40], choices=_("、").join(names[0] for names in choices)))
    return fitting[0]


def whole_of(raw: RawAnswer) -> int:
    """Return the whole number in a cell."""
    found = number_of(raw, _("天"))
    if found.value != int(found.value):
        raise Mistake(_("应填整数，现在是 {value:g}").format(value=found.value))
    return int(found.value)


def _refuse_unworked(raw: RawAnswer) -> None:
    if raw.is_unworked:
        raise Mistake(_("是公式，文件里没有算出的结果；请直接填写结果"))
    if isinstance(raw.value, str) and raw.value.startswith("#") and raw.value.rstrip("!?").isupper() and len(raw.value) < 10:
        raise Mistake(_("是出错的公式（{value}），请直接填写结果").format(value=raw.value))


def _shown(value: object) -> str:
    return str(value)[:40]
