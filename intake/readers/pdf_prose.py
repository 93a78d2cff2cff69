"""Lines of a PDF file put together to paragraphs, as they were typed before the page broke them.

A line goes on with the one before if that one filled the column and it does not itself start further in; the column is measured page by page, since margins
change sides and pages turn.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from intake.document import Paragraph
from intake.outline import marker_of
from intake.readers.pdf_lines import Line, first_word, glued

NEAR = 3.0
INDENT = 1.0
ANNEX_MARK = re.compile(r"附\s*[件表]\s*[\d一二三四五六七八九十]*\s*[:：]?")
FAR_IN = 4.0
FULL = 1.6
NEARLY_FULL = 4.0
WIDE_PITCH = 1.6
WIDEST_PITCH = 2.8
ROOMY = 1.25
OFTEN = 6
OTHER_SIZE = 0.15
FEW_LINES = 6
# Of so few lines some short ones may end at one place, which tells nothing of how wide the column is.
FEW_FULL = 12
FULL_LINES = 3
BEYOND = 2
TERMINAL = ("。", "；", "：", "！", ":", ";")
CLOSED = (*TERMINAL, "）", ")")


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and the page it stands on: its number from 0 and its width."""

    line: Line
    page: int
    width: float


@dataclass(frozen=True, slots=True)
class Column:
    """Where the lines of a page begin and end, and how far they lie apart."""

    left: float
    right: float
    pitch: float


class Columns:
    """The text columns of all pages, measured once."""

    def __init__(self, lines: list[Placed]) -> None:
        by_page: dict[int, list[Placed]] = defaultdict(list)
        by_width: dict[int, list[Placed]] = defaultdict(list)
        for placed in lines:
            by_page[placed.page].append(placed)
            by_width[round(placed.width)].append(placed)
        self._height = median(placed.line.height for placed in lines)
        pitches = [pitch for inside in by_page.values() for pitch in _pitches([placed.line for placed in inside])]
        self.pitch = median(pitches) if pitches else 20.0
        gaps = [pitch for pitch in pitches if pitch > ROOMY * self.pitch]
        self.set_off = ROOMY * median(gaps) if gaps and len(gaps) * OFTEN >= len(pitches) else 0.0
        self._wide = {width: _measured(inside, self.pitch) for width, inside in by_width.items()}
        self._pages = {page: _measured(inside, self.pitch) for page, inside in by_page.items() if len(inside) >= FEW_LINES}

    def is_title(self, line: Line) -> bool:
        """Return whether the line is printed larger than most: titles are centred, so their lines fill no column."""
        return line.height > self._height * (1 + OTHER_SIZE)

    def of(self, placed: Placed) -> Column:
        """Return the column of the line's page; that of all pages of its width where the page alone does not tell."""
        wide = self._wide[round(placed.width)]
        page = self._pages.get(placed.page, wide)
        return page if abs(page.right - wide.right) <= 3 * placed.line.height else Column(page.left, wide.right, page.pitch)


def _pitches(lines: list[Line]) -> list[float]:
    return [below.base - line.base for line, below in pairwise(lines) if 0 < below.base - line.base < 4 * line.height]


def _measured(placed: list[Placed], pitch: float) -> Column:
    """Return the column of a page's lines; where no three of them end at one place, or others go on beyond it, it ends as far from the right edge as it begins from the left."""
    lines = [one.line for one in placed]
    enough = max(2, len(lines) * 0.08)
    lefts = Counter(round(line.left / NEAR) for line in lines)
    rights = Counter(round(line.right / (2 * NEAR)) for line in lines)
    left = min((at for at, count in lefts.items() if count + lefts[at + 1] >= enough), default=min(lefts))
    full = [at for at, count in rights.items() if count + rights[at - 1] >= FULL_LINES] if len(lines) > FEW_FULL else []
    widest = max(rights)
    is_filled = bool(full) and widest <= max(full) + BEYOND
    right = max(full) * 2 * NEAR if is_filled else max(widest * 2 * NEAR, placed[0].width - left * NEAR)
    return Column(left * NEAR, right, pitch)


def is_new(before: Placed, placed: Placed, columns: Columns) -> bool:
    """Return whether `placed` begins a paragraph of its own."""
    line, above = placed.line, before.line
    column, column_above = columns.of(placed), columns.of(before)
    if placed.width != before.width or ANNEX_MARK.fullmatch(line.text) or ANNEX_MARK.fullmatch(above.text):
        return True
    if columns.is_title(above) and columns.is_title(line) and not has_other_size(above, line):
        return is_apart(before, placed, columns)
    if has_other_size(above, line) or line.left > column.left + INDENT * line.height:
        return True
    if is_apart(before, placed, columns) or above.left > column_above.left + FAR_IN * above.height:
        return True
    if above.text.endswith(CLOSED) and marker_of(line.text)[0]:
        return True
    missing = column_above.right - above.right
    if missing <= FULL * above.height:
        return False
    return above.text.endswith(TERMINAL) or missing > max(NEARLY_FULL, FULL + first_word(line.text)) * above.height


def has_other_size(above: Line, line: Line) -> bool:
    """Return whether two lines are printed in different sizes."""
    return abs(line.height - above.height) > above.height * OTHER_SIZE


def is_apart(before: Placed, placed: Placed, columns: Columns) -> bool:
    """Return whether there is more room between two lines of a page than usual."""
    return before.page == placed.page and placed.line.base - before.line.base > min(
        WIDE_PITCH * max(columns.pitch, placed.line.height), WIDEST_PITCH * placed.line.height
    )


def is_set_apart(before: Placed, placed: Placed, columns: Columns) -> bool:
    """Return whether a paragraph stands further from the one before than paragraphs do, or is printed in another size."""
    is_far = is_apart(before, placed, columns) and placed.line.base - before.line.base > columns.set_off
    return is_far or has_other_size(before.line, placed.line)


def paragraphs_of(lines: list[Placed], columns: Columns) -> list[Paragraph]:
    """Return the paragraphs that a run of lines makes."""
    found: list[Paragraph] = []
    before: Placed | None = None
    for placed in lines:
        if before is None or is_new(before, placed, columns):
            is_set_off = before is None or is_set_apart(before, placed, columns)
            found.append(Paragraph(placed.line.text, None, is_set_off))
        else:
            found[-1] = Paragraph(glued(found[-1].text, placed.line.text), None, found[-1].apart)
        before = placed
    return found
