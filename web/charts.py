"""Line charts of per cents over days, measured out for inline SVG: what is drawn where. Colours and strokes are classes of the page's style."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from rules.texts import _

Point = tuple[date, float]

WIDTH, HEIGHT = 720, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 12, 30
_MOST_TICKS = 4


@dataclass(frozen=True)
class Series:
    """One line: its name, its style, and its points in the order of days."""

    name: str
    tone: str
    points: Sequence[Point]


@dataclass(frozen=True)
class DrawnLine:
    """A line measured out: the points of its polyline and a dot for each of them."""

    name: str
    tone: str
    points: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: its place, its label, and from which side of the place the label is written (`start`, `middle`, `end`)."""

    at: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True)
class LineChart:
    """A chart ready to be drawn. `now` is where the day it is seen on lies, None outside of it; it must be shown with a table that says the same."""

    label: str
    lines: tuple[DrawnLine, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    now: float | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


def line_chart(label: str, series: Iterable[Series], day: date) -> LineChart | None:
    """Return the chart of these lines, from the first day of any to the last; None where there are not two days to draw between."""
    lines = [one for one in series if one.points]
    days = sorted({on for one in lines for on, _value in one.points})
    if len(days) < 2:
        return None
    first, last = days[0], days[-1]
    top = max(100.0, *(value for one in lines for _on, value in one.points))
    top = min(200.0, 20 * -(-top // 20))
    drawn = tuple(_drawn(one, first, last, top) for one in lines)
    now = _x(day, first, last) if first <= day <= last else None
    step = 25 if top <= 100 else 50
    up = tuple(Tick(_y(value, top), _("{value}%").format(value=value)) for value in range(0, int(top) + 1, step))
    return LineChart(label, drawn, tuple(_ticks(first, last)), up, now)


def _drawn(series: Series, first: date, last: date, top: float) -> DrawnLine:
    dots = tuple((_x(on, first, last), _y(value, top)) for on, value in series.points)
    return DrawnLine(series.name, series.tone, " ".join(f"{x:g},{y:g}" for x, y in dots), dots)


def _x(day: date, first: date, last: date) -> float:
    return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * (day - first).days / (last - first).days, 1)


def _y(value: float, top: float) -> float:
    return round(HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * min(max(value, 0.0), top) / top, 1)


def _ticks(first: date, last: date) -> Iterable[Tick]:
    """Give marks at first days of quarters, as many as have room, and none where both ends say enough."""
    quarters = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in (1, 4, 7, 10)
        if first <= date(year, month, 1) <= last
    ]
    step = max(1, -(-len(quarters) // _MOST_TICKS))
    for on in quarters[::step]:
        place = _x(on, first, last)
        anchor = "start" if place < _LEFT + 20 else "end" if place > WIDTH - _RIGHT - 20 else "middle"
        yield Tick(place, _("{year}年{month}月").format(year=on.year, month=on.month), anchor)
