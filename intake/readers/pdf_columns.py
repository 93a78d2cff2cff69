"""Pages set in two columns: a strip down the middle stays free beside most lines, and the left column is read before the right one.

The right column's lines are moved over the left one's, so that both look like narrow pages and a sentence goes on from one to the other.
"""

from collections.abc import Iterator
from dataclasses import replace

from intake.readers.pdf_lines import Line, line_of, lines_of, runs_of, strips_of
from intake.readers.pdf_page import Glyph
from intake.readers.pdf_prose import Placed

GAP = 0.9
FEWEST = 8
MOST_CROSSING = 0.3
LEAST_SIDE = 0.25
SHORTEST_SIDE = 8.0
MIDDLE = (0.35, 0.65)
STEP = 2.0
SET_OFF = 2.5


def placed_lines(glyphs: list[Glyph], number: int, width: float) -> Iterator[Placed]:
    """Yield the lines of page `number` in the order of reading."""
    strips = strips_of(glyphs)
    middle = _gutter(strips, width)
    zone: list[Glyph] = []
    for at, strip in enumerate(strips):
        if middle is None or _crosses(strip, middle) or _is_set_off(strips, at):
            yield from _side_by_side(zone, middle or 0.0, number, width)
            yield Placed(line_of(strip), number, width)
            zone = []
        else:
            zone.extend(strip)
    yield from _side_by_side(zone, middle or 0.0, number, width)


def _gutter(strips: list[list[Glyph]], width: float) -> float | None:
    """Return the x between two columns: the place in the middle of the page that the fewest lines cross; None where many do or one side is all but empty."""
    if len(strips) < FEWEST:
        return None
    spans = [[(run[0].left, run[-1].right) for run in runs_of(strip, GAP)] for strip in strips]
    low, high = width * MIDDLE[0], width * MIDDLE[1]
    if sum(any(left < low and high < right for left, right in parts) for parts in spans) > MOST_CROSSING * len(strips):
        return None
    places = [width * MIDDLE[0] + STEP * step for step in range(int(width * (MIDDLE[1] - MIDDLE[0]) / STEP))]
    crossed = [sum(any(left < x < right for left, right in parts) for parts in spans) for x in places]
    fewest = min(crossed)
    best = [x for x, count in zip(places, crossed, strict=True) if count == fewest]
    middle = best[len(best) // 2]
    inside = [strip for strip in strips if not _crosses(strip, middle)]
    sides = [[sum((glyph.left < middle) is is_left for glyph in strip) for strip in inside] for is_left in (True, False)]
    filled = [[count for count in side if count] for side in sides]
    is_even = all(sum(side) >= LEAST_SIDE * sum(map(len, inside)) for side in filled)
    is_prose = all(len(side) >= FEWEST and sum(side) / len(side) >= SHORTEST_SIDE for side in filled)
    return middle if fewest <= MOST_CROSSING * len(strips) and is_even and is_prose else None


def _crosses(strip: list[Glyph], middle: float) -> bool:
    return any(run[0].left < middle < run[-1].right for run in runs_of(strip, GAP))


def _is_set_off(strips: list[list[Glyph]], at: int) -> bool:
    """Return whether a line is the page's first or last and far from the next: a running head, an address, a page number."""
    beside = {0: 1, len(strips) - 1: len(strips) - 2}.get(at)
    return beside is not None and abs(strips[beside][0].base - strips[at][0].base) > SET_OFF * strips[at][0].height


def _side_by_side(zone: list[Glyph], middle: float, number: int, width: float) -> Iterator[Placed]:
    if not zone:
        return
    left = lines_of([glyph for glyph in zone if glyph.left < middle])
    right = lines_of([glyph for glyph in zone if glyph.left >= middle])
    shift = min(line.left for line in right) - min(line.left for line in left) if left and right else 0.0
    for line in (*left, *(_moved(line, shift) for line in right)):
        yield Placed(line, number, width / 2)


def _moved(line: Line, shift: float) -> Line:
    return replace(line, left=line.left - shift, right=line.right - shift)
