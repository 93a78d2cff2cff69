"""The pieces charts are drawn from: SVG as text, in units of which a drawing is `WIDTH` wide, with words as real text.

A drawing is meant to be shown about 120 mm wide: its letters are then 五号, and on a phone still ten pixels high. Every ground has strokes of its own, so that a black
and white print tells the parts apart.
"""

from dataclasses import dataclass
from html import escape
from zlib import crc32

from reports.layout import may_break, width_in_characters
from reports.readable import fit_text

WIDTH = 400.0
LETTER = 13.0
SMALL = 12.0
INK = "#1c1c1c"
PALE = "#5a5a5a"
EDGE = "#333333"

# Ground and strokes of each pattern, in a tile of 8 × 8; a bulletin's seven buckets take the first seven in their order.
_TILES = (
    ("#1d5c3b", ""),
    ("#4f9d6f", '<path d="M-2 10 10 -2M-2 2 2 -2M6 10 10 6" stroke="#ffffff" stroke-width="1.5"/>'),
    ("#cfe6d8", ""),
    ("#f0c95a", '<path d="M4 0V8" stroke="#5c4300" stroke-width="1.5"/>'),
    ("#a3211d", '<path d="M0 0 8 8M8 0 0 8" stroke="#ffffff" stroke-width="1"/>'),
    ("#ffffff", '<circle cx="4" cy="4" r="1.4" fill="#444444"/>'),
    ("#c4c4c4", '<path d="M0 4H8" stroke="#444444" stroke-width="1"/>'),
    ("#2f4d7a", '<path d="M-2 -2 10 10M-2 6 2 10M6 -2 10 2" stroke="#ffffff" stroke-width="1.5"/>'),
    ("#ffffff", '<path d="M0 4H8M4 0V8" stroke="#444444" stroke-width="1"/>'),
    ("#6b6b6b", ""),
)
SOLID, HATCHED = 0, 3


@dataclass(frozen=True)
class Patterns:
    """The patterns of one drawing; a page may hold many drawings, so the names of each are its own."""

    mark: str

    @classmethod
    def of(cls, words: str) -> "Patterns":
        """Return patterns whose names come from what the drawing says: the same drawing has the same names."""
        return cls(f"p{crc32(words.encode()):08x}")

    def fill(self, number: int) -> str:
        """Return the fill of the pattern of that number; beyond the last they come round again."""
        ground, strokes = _TILES[number % len(_TILES)]
        return f"url(#{self.mark}-{number % len(_TILES)})" if strokes else ground

    def definitions(self) -> str:
        """Return the definitions the fills refer to."""
        tiles = (
            f'<pattern id="{self.mark}-{number}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<rect width="8" height="8" fill="{ground}"/>{strokes}</pattern>'
            for number, (ground, strokes) in enumerate(_TILES)
            if strokes
        )
        return f"<defs>{''.join(tiles)}</defs>"


def drawing(words: str, height: float, parts: list[str]) -> str:
    """Return the whole SVG; `words` say to those who cannot see it what it shows."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height:.0f}" width="{WIDTH:.0f}" height="{height:.0f}" '
        f'role="img" aria-label="{escape(fit_text(words))}" font-family="sans-serif" font-size="{LETTER:g}" fill="{INK}">{"".join(parts)}</svg>'
    )


def text(x: float, y: float, words: str, *, anchor: str = "start", size: float = LETTER, colour: str = INK) -> str:
    """Return words upon the line `y`; `anchor` is SVG's word: start, middle, end."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}" fill="{colour}">{escape(fit_text(words))}</text>'


def text_lines(x: float, y: float, lines: list[str], *, size: float = LETTER) -> str:
    """Return lines of one text below each other, the first upon the line `y`."""
    spans = (f'<tspan x="{x:.1f}" y="{y + number * (size + 3):.1f}">{escape(words)}</tspan>' for number, words in enumerate(lines))
    return f'<text font-size="{size:g}" fill="{INK}">{"".join(spans)}</text>'


def framed(x: float, y: float, words: str) -> str:
    """Return small words in the middle of `x`, on a white ground, to be read upon a pattern."""
    width = text_width(words, SMALL) + 6
    ground = rect(x - width / 2, y - SMALL, width, SMALL + 4, "#ffffff")
    return ground + text(x, y, words, anchor="middle", size=SMALL)


def rect(x: float, y: float, width: float, height: float, fill: str, stroke: str = "none") -> str:
    """Return a rectangle with its upper left corner at `x`, `y`."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" stroke="{stroke}"/>'


def line(x: float, y: float, to_x: float, to_y: float, stroke: str = EDGE, extra: str = "") -> str:
    """Return a straight line; `extra` are further attributes."""
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{stroke}" {extra}/>'


def text_width(words: str, size: float = LETTER) -> float:
    """Return about how wide the words are; a Latin letter is reckoned a little over half a character."""
    return sum(size if width_in_characters(letter) == 1 else size * 0.58 for letter in words)


def clipped(words: str, width: float, size: float = LETTER) -> str:
    """Return the words cut to that width, with … where something is left out."""
    words = fit_text(words)
    if not _is_wider(words, width, size):
        return words
    return words[: _fitting(words, width - size, size)] + "…"


def wrapped(words: str, width: float, most: int, size: float = LETTER) -> list[str]:
    """Return the words on as few lines as they need, `most` at most; what is longer still is cut with …"""
    rest = fit_text(words)
    lines: list[str] = []
    while len(lines) < most - 1 and _is_wider(rest, width, size):
        end = full = max(_fitting(rest, width, size), 1)
        while end > 1 and not may_break(rest, end):
            end -= 1
        # A run without any place to break, such as a long figure, is broken where the line is full.
        end = end if end > 1 else full
        lines.append(rest[:end])
        rest = rest[end:]
    return [*lines, clipped(rest, width, size)]


def _is_wider(words: str, width: float, size: float) -> bool:
    return _fitting(words, width, size) < len(words)


def _fitting(words: str, width: float, size: float) -> int:
    """Return how many letters from the beginning go into the width."""
    used = 0.0
    for count, letter in enumerate(words):
        used += text_width(letter, size)
        if used > width:
            return count
    return len(words)


def legend(entries: list[tuple[str, str]], top: float) -> tuple[str, float]:
    """Lay out swatches (drawn at 0, 0 in a square of 14) with their words, line by line; return them and the height they took."""
    parts, x, y = [], 0.0, top
    for swatch, words in entries:
        shown = clipped(words, WIDTH - 20)
        width = 20 + text_width(shown) + 16
        if x and x + width - 16 > WIDTH:
            x, y = 0.0, y + 20
        parts.append(f'<g transform="translate({x:.1f} {y:.1f})">{swatch}{text(20, 12, shown)}</g>')
        x += width
    return "".join(parts), y + 20 - top if entries else 0.0
