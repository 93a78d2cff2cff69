"""Tables of a PDF page without ruled lines: a line of head words, and below it texts that leave the same strips free from top to bottom.

Only a head that names its columns begins such a table; what crosses a free strip ends it, or is a section row where the columns go on below.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from intake.document import EMPTY, Cell
from intake.outline import marker_of
from intake.readers.pdf_gap_heads import GAPS, Layout, Strip, head_at, text_of
from intake.readers.pdf_grid import PADDING, Ruled, cell_text, room_after
from intake.readers.pdf_lines import is_page_number, line_of, runs_of, strips_of
from intake.readers.pdf_page import Glyph

Lines = list[tuple[Strip, bool]]
SECTION_LEVELS = (1, 2, 3)
SET_OFF = 2.2
PLAIN = 1.15
NUMBER = re.compile(r"\d{1,3}[.．、]?|[一二三四五六七八九十]{1,3}、?|[（(][\d一二三四五六七八九十]{1,3}[）)]")


def gap_tables(glyphs: list[Glyph], going_on: Ruled | None = None) -> tuple[list[Ruled], list[Glyph]]:
    """Return the tables that gaps tell among `glyphs`, and the characters outside them. `going_on` is the table at the foot of the page before."""
    strips = strips_of(glyphs)
    tables: list[Ruled] = []
    rest: list[Glyph] = []
    at = 0
    layout = _carried_on(strips, going_on)
    while at < len(strips):
        head, below = (layout, at) if layout and not rest and not tables else head_at(strips, at)
        narrowed, lines, end = _body(strips, below, head) if head else (None, [], at)
        layout = None
        if narrowed is None or not lines:
            rest.extend(strips[at])
            at += 1
            continue
        tables.append(_table(narrowed, lines, going_on))
        at = end
    return tables, rest


def _carried_on(strips: list[Strip], before: Ruled | None) -> Layout | None:
    """Return the columns of a table by gaps that ended the page before, if the first lines keep to them."""
    if before is None or not before.by_gaps or not strips:
        return None
    free = [[(x - 0.5, x + 0.5)] for x in before.columns[1:-1]]
    first = [strip for strip in strips[:3] if not is_page_number(line_of(strip).text)]
    if any(head_at(strips, at)[0] for at in range(min(3, len(strips)))):
        return None
    fits = [not any(glyph.left < x < glyph.right for glyph in strip for x in before.columns) for strip in first]
    filled = [len({sum(x < glyph.left for x in before.columns) for glyph in strip}) for strip in first]
    return Layout(free, before.columns[0], before.columns[-1]) if first and all(fits) and max(filled) >= 2 else None


def _body(strips: list[Strip], below: int, head: Layout) -> tuple[Layout, Lines, int]:
    """Return the lines of the table with its final columns, and where it ends. A line that crosses the columns is a section row if the next one keeps to them."""
    layout, at = head, below
    lines: Lines = []
    pitch = 0.0
    while at < len(strips):
        strip = strips[at]
        gap = strip[0].base - strips[at - 1][0].base if lines else 0.0
        is_alone = len(runs_of(strip, GAPS[0])) == 1
        if (is_page_number(line_of(strip).text) and at >= len(strips) - 2) or (
            is_alone and pitch and gap > SET_OFF * pitch and _ends(strips, at)
        ):
            break
        is_section = is_alone and _is_section(strip)
        narrower = None if is_section else layout.after(strip)
        if narrower is None and not is_section and not (is_alone and lines and _goes_on(strips, at, layout)):
            break
        lines.append((strip, narrower is None))
        layout, at = narrower or layout, at + 1
        pitch = max(pitch, gap) if pitch == 0.0 or gap <= SET_OFF * pitch else pitch
    return layout, lines, at


def _is_section(strip: Strip) -> bool:
    text = text_of(strip)
    return marker_of(text)[0] in SECTION_LEVELS and not NUMBER.fullmatch(text)


def _ends(strips: list[Strip], at: int) -> bool:
    return at + 1 >= len(strips) or len(runs_of(strips[at + 1], GAPS[0])) == 1


def _goes_on(strips: list[Strip], at: int, layout: Layout) -> bool:
    following = strips[at + 1] if at + 1 < len(strips) else []
    return bool(following) and len(runs_of(following, GAPS[0])) > 1 and layout.after(following) is not None


def _table(layout: Layout, lines: Lines, going_on: Ruled | None) -> Ruled:
    edges = [layout.left, *layout.places, layout.right]
    parts = [_by_column([strip], edges) for strip, crossing in lines if not crossing]
    widths = [max((part[at][-1].right - part[at][0].left for part in parts if part[at]), default=0.0) for at in range(len(edges) - 1)]
    heads = [tuple(row) for row in layout.heads]
    goes_on = (
        going_on is not None and going_on.by_gaps and len(going_on.columns) == len(edges) and (not heads or _same_heads(heads, going_on))
    )
    columns = going_on.columns if going_on and goes_on else tuple(edges)
    rows = [_cells(group, edges, widths) for group in _grouped(lines, edges, is_carried=goes_on)]
    last = _by_column([strip for strip, _crossing in lines[-1:]], edges)
    rooms = tuple(room_after(column, right - left) for column, (left, right) in zip(last, pairwise(edges), strict=True))
    return Ruled(lines[0][0][0].top, lines[-1][0][0].bottom, columns, (*heads, *rows), rooms, by_gaps=True)


def _same_heads(heads: list[tuple[Cell, ...]], other: Ruled) -> bool:
    return [cell.text for cell in heads[0]] == [cell.text for cell in other.rows[0]]


def _grouped(lines: Lines, edges: list[float], *, is_carried: bool) -> Iterator[Lines]:
    """Yield the lines of each row."""
    starts = sorted(
        {
            0,
            *_starts(lines, edges, is_carried=is_carried),
            *(at + step for at, (_strip, crossing) in enumerate(lines) if crossing for step in (0, 1)),
        }
    )
    for first, end in pairwise([*(at for at in starts if at < len(lines)), len(lines)]):
        yield lines[first:end]


def _starts(lines: Lines, edges: list[float], *, is_carried: bool) -> list[int]:
    """Return where rows begin: with a number each, at the widest gap between two numbers or at the number itself; without numbers, behind gaps."""
    bases = [strip[0].base for strip, _crossing in lines]
    gaps = [0.0, *(below - above for above, below in pairwise(bases))]
    firsts = [text_of(_by_column([strip], edges)[0]) for strip, _crossing in lines]
    numbered = [at for at, text in enumerate(firsts) if NUMBER.fullmatch(text)]
    if numbered and len(numbered) * 2 > sum(map(bool, firsts)):
        is_at_top = is_carried or numbered[0] == 0
        numbered = [0, *numbered] if is_carried and numbered[0] else numbered
        return [_start_between(gaps, one, two, is_at_top=is_at_top) for one, two in pairwise(numbered)]
    usual = median(gaps[1:]) if len(gaps) > 1 else 0.0
    wide = [at for at, gap in enumerate(gaps) if usual and gap > PLAIN * min(gaps[1:])]
    return wide or [at for at, text in enumerate(firsts) if text]


def _start_between(gaps: list[float], one: int, two: int, *, is_at_top: bool) -> int:
    between = range(one + 1, two + 1)
    widest = max(between, key=lambda at: gaps[at])
    if gaps[widest] > PLAIN * min(gaps[at] for at in between):
        return widest
    return two if is_at_top else (one + two + 1) // 2


def _cells(group: Lines, edges: list[float], widths: list[float]) -> tuple[Cell, ...]:
    if group[0][1]:
        section = Cell(line_of(group[0][0]).text)
        return tuple(section for _column in widths)
    columns = _by_column([strip for strip, _crossing in group], edges)
    return tuple(Cell(cell_text(column, width + PADDING)) if column else EMPTY for column, width in zip(columns, widths, strict=True))


def _by_column(strips: list[Strip], edges: list[float]) -> list[Strip]:
    found: list[Strip] = [[] for _column in edges[1:]]
    for strip in strips:
        for glyph in strip:
            found[sum(edge < (glyph.left + glyph.right) / 2 for edge in edges[1:-1])].append(glyph)
    return found
