"""Characters of a page put together to lines: what stands at one height, from left to right, with the spaces that were printed."""

import re
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from statistics import median_low

from intake.readers.pdf_page import Glyph

SAME_LINE = 0.35
WORD_GAP = 0.15
WIDE_GAP = 0.9
PAGE_NUMBER = re.compile(r"[-—–－−·•\s]*\d{1,4}[-—–－−·•\s]*|第\s*\d+\s*页(?:[，,/\s]*共\s*\d+\s*页)?|\d{1,4}\s*/\s*\d{1,4}")
# What no program breaks: a Latin word or figure, or one character, with the brackets before it and the marks behind.
UNBROKEN = re.compile(r"[（(“《]*(?:[\x21-\x7e]+|.)[，。；：、）)”》]*(?:[\x21-\x7e]+)?")


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
    return [line_of(row) for row in strips_of(glyphs)]


def strips_of(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Return the characters of each line from left to right, the lines from top to bottom."""
    rows: list[list[Glyph]] = []
    base = height = 0.0
    for glyph in sorted(glyphs, key=attrgetter("base")):
        own = glyph.bottom - glyph.top
        if rows and glyph.base - base <= SAME_LINE * (own if own > height else height):
            rows[-1].append(glyph)
            height = own if own > height else height
        else:
            rows.append([glyph])
            base, height = glyph.base, own
    return [sorted(row, key=attrgetter("left")) for row in rows]


def line_of(row: list[Glyph]) -> Line:
    """Return the line that characters in order make."""
    first = row[0]
    parts = [first.text]
    for before, glyph in pairwise(row):
        gap = glyph.left - before.right
        if gap > 0:
            height = before.bottom - before.top
            if gap > height * WIDE_GAP or (gap > height * WORD_GAP and before.text.isascii() and glyph.text.isascii()):
                parts.append(" ")
        parts.append(glyph.text)
    return Line(
        text="".join(parts).strip(),
        left=first.left,
        right=max([glyph.right for glyph in row]),
        top=min([glyph.top for glyph in row]),
        bottom=max([glyph.bottom for glyph in row]),
        height=_usual([round(glyph.bottom - glyph.top, 1) for glyph in row]),
        base=_usual([glyph.base for glyph in row]),
    )


def _usual(values: list[float]) -> float:
    """Return the lower median; most lines are printed in one size and at one height."""
    return values[0] if values.count(values[0]) == len(values) else median_low(values)


def runs_of(strip: list[Glyph], gap: float) -> list[list[Glyph]]:
    """Return the parts of a line between gaps of at least `gap` character heights."""
    runs = [[strip[0]]]
    for before, glyph in pairwise(strip):
        between = glyph.left - before.right
        if between > 0 and between >= gap * (before.bottom - before.top):
            runs.append([])
        runs[-1].append(glyph)
    return runs


def is_page_number(text: str) -> bool:
    """Return whether a line holds nothing but the page's number."""
    return PAGE_NUMBER.fullmatch(text.strip()) is not None


def glued(first: str, second: str) -> str:
    """Return two parts of one sentence that a line's end tore apart; only between Latin words did the line's end stand for a space."""
    is_between_words = first[-1:].isascii() and first[-1:].isalpha() and second[:1].isascii() and second[:1].isalpha()
    return f"{first} {second}" if is_between_words else first + second


def first_word(text: str) -> float:
    """Return how wide the part at the head of `text` is that a line cannot be broken in, in characters."""
    word = UNBROKEN.match(text)
    return sum(0.5 if char.isascii() else 1.0 for char in word[0]) if word else 1.0
