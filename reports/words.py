"""Single words, days and numbers as a reader sees them, the same on every face.

A number is rounded here for showing only; faces that hold real numbers (Excel, JSON) take them from the view.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal

from rules.texts import _

Cell = str | int | float | date | None
Kind = Literal["text", "count", "change", "quantity", "percent", "gap", "date"]

NOTHING = "—"
NAMES_SHOWN = 10


def bucket_word(bucket: str) -> str:
    """Return the word for one of `reports.bulletin.BUCKETS`."""
    return {
        "done": _("已完成"),
        "ahead": _("超序时进度"),
        "on_pace": _("达序时进度"),
        "behind": _("滞后序时进度"),
        "overdue": _("逾期未完成"),
        "not_started": _("未启动"),
        "suspended": _("暂缓"),
    }[bucket]


def light_word(light: str) -> str:
    """Return the colour with its word, so that a black and white print says as much; an unknown light is shown as it is stored."""
    return {"green": _("绿灯"), "yellow": _("黄灯"), "red": _("红灯"), "grey": _("灰灯")}.get(light, light)


def period_words(period: str) -> str:
    """Return `2013Q3`, `2013H1`, `2013` or `2013-09` in words; anything else as written."""
    found = re.fullmatch(r"(\d{4})(?:Q([1-4])|H([12])|-(\d{2}))?", period)
    if not found:
        return period
    year, quarter, half, month = found.groups()
    if quarter:
        return (_("{year}年第一季度"), _("{year}年第二季度"), _("{year}年第三季度"), _("{year}年第四季度"))[int(quarter) - 1].format(
            year=year
        )
    if half:
        return (_("{year}年上半年"), _("{year}年下半年"))[int(half) - 1].format(year=year)
    if month:
        return _("{year}年{month}月").format(year=year, month=int(month))
    return _("{year}年").format(year=year)


def day_words(day: date) -> str:
    """Return the day in Arabic figures without leading zeros (GB/T 9704-2012, 7.3.5)."""
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)


def number_words(value: float) -> str:
    """Return a quantity with at most four decimals and without idle zeros: 33, 1.45."""
    rounded = round(value, 4)
    return str(int(rounded)) if rounded == int(rounded) else f"{rounded:.4f}".rstrip("0")


def quantity_words(value: float | None, unit_of_measure: str | None) -> str:
    """Return a quantity with its unit of measure, or a dash where there is none."""
    if value is None:
        return NOTHING
    return _("{number}{unit}").format(number=number_words(value), unit=unit_of_measure or "").strip()


def percent_words(value: float | None) -> str:
    """Return a percentage with one decimal; `value` is in per cent."""
    return NOTHING if value is None else f"{value:.1f}%"


def change_words(change: int) -> str:
    """Return a change with its sign; a dash where nothing changed."""
    return f"{change:+d}".replace("-", "−") if change else NOTHING


def gap_words(gap_pp: float | None) -> str:
    """Return the distance to the pace in percentage points, with the word that says on which side; a positive gap is behind."""
    if gap_pp is None:
        return NOTHING
    points = f"{abs(gap_pp):.1f}"
    if points == "0.0":
        return _("持平")
    return (_("落后{points}") if gap_pp > 0 else _("超前{points}")).format(points=points)


def cell_words(kind: Kind, value: Cell) -> str:
    """Return a table cell as text; nothing is a dash."""
    if value is None or value == "":
        return NOTHING
    return _SHOWN[kind](value)


def listed(names: Iterable[str]) -> str:
    """Join names into one list; beyond `NAMES_SHOWN` the list is cut and says so (the annex has all of them)."""
    every = list(names)
    shown = _("、").join(every[:NAMES_SHOWN])
    return _("{names}等").format(names=shown) if len(every) > NAMES_SHOWN else shown


def quoted(title: str) -> str:
    """Return a document's title in book title marks; marks inside it become single ones (GB/T 15834-2011, 4.15)."""
    bare = title.strip()
    if bare.startswith("《") and bare.endswith("》") and bare.count("《") == 1:
        bare = bare[1:-1]
    return _("《{title}》").format(title=bare.replace("《", "〈").replace("》", "〉"))


_SHOWN: dict[Kind, Callable[..., str]] = {
    "text": str,
    "count": str,
    "change": change_words,
    "quantity": number_words,
    "percent": percent_words,
    "gap": gap_words,
    "date": date.isoformat,
}
