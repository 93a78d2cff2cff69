"""Single words, days and numbers as a reader sees them, the same on every face.

A number is rounded here for showing only; faces that hold real numbers (Excel, JSON) take them from the view.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rules.texts import _
from rules.words import light_word


@dataclass(frozen=True)
class Figure:
    """A number with the words a reader sees for it (33个, ≥1.3%): faces that hold real numbers take the value, the others the words."""

    value: float | None
    words: str


Cell = str | int | float | date | Figure | None
Kind = Literal["text", "count", "change", "quantity", "percent", "gap", "date", "light"]

NOTHING = "—"
NAMES_SHOWN = 10


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
    """Return a table cell as text; nothing is a dash. A light is told by its word."""
    if isinstance(value, Figure):
        return value.words or NOTHING
    if value is None or value == "":
        return NOTHING
    return _SHOWN[kind](value)


def listed(names: Iterable[str]) -> str:
    """Join names into one list; beyond `NAMES_SHOWN` the list is cut and says so (the annex has all of them)."""
    every = list(names)
    shown = _("、").join(every[:NAMES_SHOWN])
    return _("{names}等").format(names=shown) if len(every) > NAMES_SHOWN else shown


def listed_units(names: Iterable[str]) -> str:
    """Join units into one list; where it is cut it says of how many, since those left out are meant as well."""
    every = list(names)
    if len(every) <= NAMES_SHOWN:
        return _("、").join(every)
    return _("{names}等{count}个单位").format(names=_("、").join(every[:NAMES_SHOWN]), count=len(every))


_SHOWN: dict[Kind, Callable[..., str]] = {
    "text": str,
    "count": str,
    "change": change_words,
    "quantity": number_words,
    "percent": percent_words,
    "gap": gap_words,
    "date": date.isoformat,
    "light": light_word,
}
