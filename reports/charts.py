"""Charts as SVG that stands alone: for HTML inline, for PDF, and as a picture for Word.

A chart repeats numbers of the table behind it, which every face gives as well. It says them in words too, and no part is told by its colour alone. A chart with more rows
than a page can hold shows the first ones and says how many are left out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from reports.paper import Chart, ChartKind, Row, Table
from reports.readable import fit_text
from reports.svg import (
    EDGE,
    HATCHED,
    INK,
    LETTER,
    PALE,
    SMALL,
    SOLID,
    WIDTH,
    Patterns,
    clipped,
    drawing,
    framed,
    legend,
    line,
    rect,
    text,
    text_lines,
    text_width,
    wrapped,
)
from reports.words import NOTHING, Cell, Figure
from rules.texts import _

# Even across the whole type area a drawing stays lower than the page.
HIGHEST = 520.0
GRID_COLUMNS_SHOWN = 12
LABELS_SHOWN = 6
# A bar is drawn to this many per cent at most; its number is always told.
_BAR_LIMIT = 150.0
_GRID_LABEL = 136.0
# A grid of small counts is pale: one task is not as dark as it gets.
_DARK_FROM = 5.0
_GREYS = ("#ffffff", "#e4e9ef", "#b9c6d6", "#7f97b5", "#4a6891", "#1f3a63")
_LIGHTS = {"green": ("#d6ecdf", INK), "yellow": ("#ffe9a8", INK), "red": ("#a3211d", "#ffffff"), "grey": ("#e4e4e4", INK)}
_PLOT_LEFT, _PLOT_HEIGHT = 34.0, 90.0
_BAR_STEP = 33.0
_NAME_LINES = 4

Drawn = tuple[list[str], float]


@dataclass(frozen=True)
class Point:
    """A point of a curve: its place, its number in words, and whether it is the highest above its place."""

    x: float
    y: float
    words: str
    is_highest: bool


def chart_svg(chart: Chart) -> str:
    """Return the chart as an SVG document, not much more than half as high again as it is wide; a chart without rows says so."""
    rows = [row for row in chart.table.rows if row.style == "plain"]
    patterns = Patterns.of(repr(chart))
    if not rows:
        return drawing(chart.title, 30, [text(0, 19, _("没有数据"), colour=PALE)])
    parts, height = _KINDS[chart.kind](chart.table, rows, patterns)
    return drawing(_("{title}（数据见表）").format(title=chart.title), height, [patterns.definitions(), *parts])


def tells_all(chart: Chart) -> bool:
    """Tell whether every word and number of the table's rows stands in the drawing; if not, the table must stand beside it."""
    told = set(re.findall(r"<text[^>]*>(.*?)</text>", chart_svg(chart)))
    said = " ".join(re.sub(r"<[^>]+>", "", words) for words in told)
    return all(escape(fit_text(words)) in said for row in chart.table.rows for words in chart.table.words_of(row) if words != NOTHING)


def told_by(chart: Chart) -> str:
    """Return all that the chart says in one text, for those who cannot see it."""
    heads = tuple(column.heading for column in chart.table.columns)
    rows = (_("，").join(words) for words in (heads, *map(chart.table.words_of, chart.table.rows)))
    return _("{title}：{rows}").format(title=chart.title, rows=_("；").join(rows))


def number_of(cell: Cell) -> float | None:
    """Return the number a cell holds, if it holds one."""
    value = cell.value if isinstance(cell, Figure) else cell
    return float(value) if isinstance(value, int | float) else None


def _shares(table: Table, rows: list[Row], patterns: Patterns) -> Drawn:
    sizes = [max(number_of(row.cells[1]) or 0.0, 0.0) for row in rows]
    whole = sum(sizes) or 1.0
    parts, entries, labels, left = [], [], [], 0.0
    for number, (row, size) in enumerate(zip(rows, sizes, strict=True)):
        words = table.words_of(row)
        width = size / whole * WIDTH
        if width:
            parts.append(rect(left, 0, width, 38, patterns.fill(number), EDGE))
        if width > text_width(words[1], SMALL) + 10:
            labels.append(framed(left + width / 2, 24, words[1]))
        told = _("{name} {count}（{share}）") if len(words) > 2 else "{name} {count}"
        told = told.format(name=words[0], count=words[1], share=words[min(2, len(words) - 1)])
        entries.append((rect(0.5, 0.5, 13, 13, patterns.fill(number), EDGE), told))
        left += width
    keys, height = legend(entries, 48)
    return [*parts, *labels, keys], 48 + height


def _bars(table: Table, rows: list[Row], patterns: Patterns) -> Drawn:
    values = [(number_of(row.cells[1]), number_of(row.cells[2]) if len(row.cells) > 2 else None) for row in rows]
    full = min(max([100.0, *(value or 0.0 for pair in values for value in pair)]), _BAR_LIMIT)
    keys, height = legend(_bar_keys(table, values, patterns), 0)
    parts, top, shown = [keys], height + 6, 0
    for row, (value, pace) in zip(rows, values, strict=True):
        words = table.words_of(row)
        told = words[1] if pace is None else f"{words[1]} / {words[2]}"
        label = wrapped(words[0], WIDTH - text_width(told) - 10, _NAME_LINES)
        bottom = top + _BAR_STEP + (len(label) - 1) * (LETTER + 3)
        if bottom > HIGHEST:
            break
        parts += [text_lines(0, top + 12, label), text(WIDTH, top + 12, told, anchor="end")]
        fill = patterns.fill(HATCHED if pace is not None and (value or 0.0) < pace else SOLID)
        parts += _bar(bottom - 17, _scaled(value, full), fill, None if pace is None else _scaled(pace, full))
        top, shown = bottom, shown + 1
    return _with_rest(parts, top, len(rows) - shown)


def _bar(y: float, width: float, fill: str, pace: float | None) -> list[str]:
    parts = [rect(0.5, y - 0.5, WIDTH - 1, 11, "#ffffff", "#8a8a8a"), rect(0.5, y - 0.5, width, 11, fill, EDGE)]
    return parts if pace is None else [*parts, rect(min(pace, WIDTH - 3), y - 4, 3, 18, "#000000", "#ffffff")]


def _bar_keys(table: Table, values: list[tuple[float | None, float | None]], patterns: Patterns) -> list[tuple[str, str]]:
    keys = [(rect(0.5, 1.5, 13, 11, patterns.fill(SOLID), EDGE), table.columns[1].heading)]
    if all(pace is None for _value, pace in values):
        return keys
    pace_heading = table.columns[2].heading
    if any((value or 0.0) < pace for value, pace in values if pace is not None):
        keys.append((rect(0.5, 1.5, 13, 11, patterns.fill(HATCHED), EDGE), _("低于{pace}").format(pace=pace_heading)))
    return [*keys, (rect(5.5, -1, 3, 16, "#000000"), pace_heading)]


def _scaled(value: float | None, full: float) -> float:
    return min(max(value or 0.0, 0.0), full) / full * (WIDTH - 1)


def _grid(table: Table, rows: list[Row], patterns: Patterns) -> Drawn:
    del patterns
    names = [wrapped(table.words_of(row)[0], _GRID_LABEL - 6, 2, SMALL) for row in rows]
    step = 31 if any(len(name) > 1 for name in names) else 25
    shown = rows[: int((HIGHEST - 22) / step)]
    places = list(range(1, len(table.columns)))[-GRID_COLUMNS_SHOWN:]
    most = max([_DARK_FROM, *(number_of(row.cells[place]) or 0.0 for row in shown for place in places)])
    width = (WIDTH - _GRID_LABEL) / max(len(places), 1)
    parts = []
    for number, place in enumerate(places):
        heading = clipped(table.columns[place].heading, width - 2, SMALL)
        parts.append(text(_GRID_LABEL + (number + 0.5) * width, 14, heading, anchor="middle", size=SMALL))
    for at, row in enumerate(shown):
        top = 22 + at * step
        words = table.words_of(row)
        parts.append(text_lines(0, top + (step - 2) / 2 + (5 if len(names[at]) == 1 else -3), names[at], size=SMALL))
        for number, place in enumerate(places):
            ground, ink = _shade(row.cells[place], most)
            left = _GRID_LABEL + number * width
            parts.append(rect(left, top, width - 2, step - 2, ground, "#8a8a8a"))
            told = clipped(words[place], width - 2, SMALL)
            parts.append(text(left + width / 2 - 1, top + (step - 2) / 2 + 5, told, anchor="middle", size=SMALL, colour=ink))
    return _with_rest(parts, 22 + step * len(shown), len(rows) - len(shown))


def _shade(cell: Cell, most: float) -> tuple[str, str]:
    """Return ground and ink of a cell: darker for more, white for nothing; a light has its own."""
    if isinstance(cell, str):
        return _LIGHTS.get(cell, ("#ffffff", INK))
    value = number_of(cell)
    if not value or value <= 0 or most <= 0:
        return "#ffffff", PALE
    step = max(round(value / most * (len(_GREYS) - 1)), 1)
    return _GREYS[step], "#ffffff" if step > 3 else INK


def _curve(table: Table, rows: list[Row], patterns: Patterns) -> Drawn:
    del patterns
    series = [[number_of(row.cells[place]) for row in rows] for place in range(1, len(table.columns))]
    highest = max([value for values in series for value in values if value is not None] or [0.0])
    is_percent = table.columns[-1].kind == "percent"
    full = max(highest, 100.0 if is_percent else 1.0)
    keys, height = legend([(_key(number), column.heading) for number, column in enumerate(table.columns[1:])], 0)
    top = height + 14
    parts = [keys, *_axes(table, rows, (top, full, is_percent))]
    tops = [max([value for value in values if value is not None] or [0.0]) for values in zip(*series, strict=True)]
    for number, values in enumerate(series):
        points = [
            Point(
                _across(place, len(rows)),
                top + _PLOT_HEIGHT * (1 - max(value, 0.0) / full),
                table.words_of(row)[number + 1],
                value == tops[place],
            )
            for place, (row, value) in enumerate(zip(rows, values, strict=True))
            if value is not None
        ]
        parts += _series(number, points)
    return parts, top + _PLOT_HEIGHT + 40


def _axes(table: Table, rows: list[Row], frame: tuple[float, float, bool]) -> list[str]:
    top, full, is_percent = frame
    parts = []
    for share in (0.0, 0.5, 1.0):
        y = top + _PLOT_HEIGHT * (1 - share)
        parts.append(line(_PLOT_LEFT, y, WIDTH, y, "#c9c9c9"))
        parts.append(text(_PLOT_LEFT - 4, y + 4, f"{full * share:.0f}{'%' if is_percent else ''}", anchor="end", size=SMALL, colour=PALE))
    step = max(1, -(-len(rows) * 62 // int(WIDTH - _PLOT_LEFT)))
    for place in range(0, len(rows), step):
        words = clipped(table.words_of(rows[place])[0], 70, SMALL)
        parts.append(text(_across(place, len(rows)), top + _PLOT_HEIGHT + 34, words, anchor="middle", size=SMALL))
    return parts


def _across(place: int, count: int) -> float:
    room = WIDTH - _PLOT_LEFT
    return _PLOT_LEFT + room * (place + 0.5) / count


def _series(number: int, points: list[Point]) -> list[str]:
    """Draw a line with a mark and a number at its points; where they are many, a number at the last one only."""
    parts = [line(here.x, here.y, there.x, there.y, *_stroke(number)) for here, there in pairwise(points)]
    for place, point in enumerate(points):
        parts.append(f'<g transform="translate({point.x:.1f} {point.y:.1f})">{_mark(number)}</g>')
        if len(points) <= LABELS_SHOWN or place == len(points) - 1:
            y = point.y - 8 if point.is_highest else point.y + LETTER + 5
            parts.append(text(point.x, y, point.words, anchor="middle", size=SMALL))
    return parts


def _stroke(number: int) -> tuple[str, str]:
    colours = ("#5a5a5a", "#1d5c3b", "#a3211d", "#2f4d7a")
    return colours[number % len(colours)], 'stroke-width="2" stroke-dasharray="6 4"' if number == 0 else 'stroke-width="2.5"'


def _mark(number: int) -> str:
    colour = _stroke(number)[0]
    shapes = (
        f'<circle r="4" fill="#ffffff" stroke="{colour}" stroke-width="2"/>',
        f'<circle r="4.5" fill="{colour}"/>',
        f'<rect x="-4" y="-4" width="8" height="8" fill="{colour}"/>',
        f'<path d="M0 -5 5 4H-5Z" fill="{colour}"/>',
    )
    return shapes[number % len(shapes)]


def _key(number: int) -> str:
    return line(-2, 7, 16, 7, *_stroke(number)) + f'<g transform="translate(7 7)">{_mark(number)}</g>'


def _with_rest(parts: list[str], height: float, left_out: int) -> Drawn:
    if left_out <= 0:
        return parts, height
    return [*parts, text(0, height + 14, _("其余{count}行见表").format(count=left_out), colour=PALE)], height + 22


_KINDS: dict[ChartKind, Callable[[Table, list[Row], Patterns], Drawn]] = {"shares": _shares, "bars": _bars, "grid": _grid, "curve": _curve}
