"""Characters of a page put together to lines: what stands at one height, from left to right, with the spaces that were printed."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from intake.readers.pdf_page import Glyph

SAME_LINE = 0.35
WORD_GAP = 0.15
WIDE_GAP = 0.9


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line; `height` is the size of most of its characters."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    height: float
    base: float


def lines_of(glyphs: list[Glyph]) -> list[Line]:
    """Return the lines that `glyphs` stand on, from top to bottom."""
    rows: list[list[Glyph]] = []
    base = height = 0.0
    for glyph in sorted(glyphs, key=lambda one: one.base):
        if rows and glyph.base - base <= SAME_LINE * max(height, glyph.height):
            rows[-1].append(glyph)
            height = max(height, glyph.height)
        else:
            rows.append([glyph])
            base, height = glyph.base, glyph.height
    return [_line(sorted(row, key=lambda one: one.left)) for row in rows]


def _line(row: list[Glyph]) -> Line:
    parts = [row[0].text]
    right = row[0].right
    for before, glyph in pairwise(row):
        gap = glyph.left - before.right
        is_between_words = before.text.isascii() and glyph.text.isascii() and gap > before.height * WORD_GAP
        if is_between_words or gap > before.height * WIDE_GAP:
            parts.append(" ")
        parts.append(glyph.text)
        right = max(right, glyph.right)
    return Line(
        text="".join(parts),
        left=row[0].left,
        right=right,
        top=min(glyph.top for glyph in row),
        bottom=max(glyph.bottom for glyph in row),
        height=median_low([round(glyph.height, 1) for glyph in row]),
        base=median_low([glyph.base for glyph in row]),
    )


def glued(first: str, second: str) -> str:
    """Return two parts of one sentence that a line's end tore apart; only between Latin words did the line's end stand for a space."""
    is_between_words = first[-1:].isascii() and first[-1:].isalpha() and second[:1].isascii() and second[:1].isalpha()
    return f"{first} {second}" if is_between_words else first + second
