"""Ruled tables of a PDF page: straight lines that meet make a grid; places between which no line is drawn are one merged cell.

A table without lines is not looked for here but in `pdf_gaps`.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from intake.document import Cell
from intake.headings import role_of
from intake.readers.pdf_lines import first_word, glued, lines_of
from intake.readers.pdf_page import Glyph, Page, Rule

TOUCH = 3.0
MAX_RULES = 600
MAX_PLACES = 5000
PADDING = 10.8
SEPARATORS = "、，,；;。"
ENDS = ("。", "；", ";")
MIN_FILLED = 3
ONE_CELL_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table on a page: its places (`columns` are the x of its lines) and its grid of cells. `rooms` are for each column the characters that the
    last line of the last row has still room for: text may go on overleaf where its first word found none.
    """

    top: float
    bottom: float
    columns: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    rooms: tuple[float, ...] = ()
    by_gaps: bool = False


def ruled_tables(page: Page, going_on: Ruled | None = None) -> tuple[list[Ruled], list[Glyph]]:
    """Return the page's tables from top to bottom, and the characters outside them. `going_on` is the table at the foot of the page before: a grid with its
    columns is one however little stands in it.
    """
    across, down = _merged(page.across), _merged(page.down)
    if not across or not down or len(across) + len(down) > MAX_RULES:
        return [], page.glyphs
    rest = page.glyphs
    tables: list[Ruled] = []
    for rules in sorted(_components(across, down), key=_size):
        table, outside = _table(*rules, rest)
        if table and (_is_likely(table) or (going_on and is_alike(table, going_on))):
            tables.append(table)
            rest = outside
    return sorted(tables, key=lambda table: table.top), rest


def _merged(rules: list[Rule]) -> list[Rule]:
    """Return the rules with those that lie on each other, or go on one another, as one."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule.at - groups[-1][0].at <= TOUCH:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    found: list[Rule] = []
    for group in groups:
        at = sum(rule.at for rule in group) / len(group)
        parts: list[Rule] = []
        for rule in sorted(group, key=lambda one: one.start):
            if parts and rule.start <= parts[-1].end + TOUCH:
                parts[-1] = Rule(at, parts[-1].start, max(parts[-1].end, rule.end))
            else:
                parts.append(Rule(at, rule.start, rule.end))
        found.extend(parts)
    return found


def _components(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Return the groups of rules that hang together."""
    parent = list(range(len(across) + len(down)))
    for at, flat in enumerate(across):
        for beside, upright in enumerate(down, start=len(across)):
            if _meet(flat, upright):
                parent[_root(parent, at)] = _root(parent, beside)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for at in range(len(parent)):
        kind = 0 if at < len(across) else 1
        groups[_root(parent, at)][kind].append((across + down)[at] if kind == 0 else down[at - len(across)])
    return [group for group in groups.values() if group[0] and group[1]]


def _meet(flat: Rule, upright: Rule) -> bool:
    return flat.start - TOUCH <= upright.at <= flat.end + TOUCH and upright.start - TOUCH <= flat.at <= upright.end + TOUCH


def _root(parent: list[int], at: int) -> int:
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at


def _size(rules: tuple[list[Rule], list[Rule]]) -> float:
    across, down = rules
    return max(rule.end - rule.start for rule in across) * max(rule.end - rule.start for rule in down)


def _table(across: list[Rule], down: list[Rule], glyphs: list[Glyph]) -> tuple[Ruled | None, list[Glyph]]:
    rows = _with_ends({rule.at for rule in across}, down)
    columns = _with_ends({rule.at for rule in down}, across)
    if len(rows) < 2 or len(columns) < 3 or len(rows) * len(columns) > MAX_PLACES:
        return None, glyphs
    owners = _owners(rows, columns, across, down)
    held, outside = _sorted_in(glyphs, rows, columns, owners)
    if not held:
        return None, glyphs
    cells = {owner: Cell(cell_text(held.get(owner, []), _width(owner, owners, columns))) for owner in set(owners.values())}
    grid = tuple(tuple(cells[owners[(row, column)]] for column in range(len(columns) - 1)) for row in range(len(rows) - 1))
    last = [owners[(len(rows) - 2, column)] for column in range(len(columns) - 1)]
    rooms = tuple(room_after(held.get(owner, []), _width(owner, owners, columns)) for owner in last)
    return Ruled(rows[0], rows[-1], tuple(columns), grid, rooms), outside


def room_after(glyphs: list[Glyph], width: float) -> float:
    """Return how many characters the last line has still room for: up to the cell's own padding, or to the widest line of several."""
    lines = lines_of(glyphs)
    if not lines:
        return width
    last = lines[-1]
    inside = width - PADDING - (last.right - last.left)
    return min(inside, max(line.right for line in lines) - last.right if len(lines) > 1 else inside) / last.height


def _is_likely(table: Ruled) -> bool:
    """Return whether the grid is a table and not a frame around text: several cells filled, none with nearly all of the text."""
    sizes = [len(cell.text) for cell in {id(cell): cell for row in table.rows for cell in row}.values() if cell.text]
    is_long_enough = len(table.rows) > 1 or len({role_of(cell.text) for cell in table.rows[0]} - {None}) > 1
    return len(sizes) >= MIN_FILLED and is_long_enough and max(sizes) <= sum(sizes) * ONE_CELL_SHARE


def is_alike(table: Ruled, other: Ruled) -> bool:
    """Return whether two tables have the same columns, wherever on the page."""
    mine, others = ([right - left for left, right in pairwise(one.columns)] for one in (table, other))
    return len(mine) == len(others) and all(abs(one - two) <= 2 * TOUCH for one, two in zip(mine, others, strict=True))


def _with_ends(places: Iterable[float], crossing: list[Rule]) -> list[float]:
    """Return the places in order, with the ends of the crossing rules where a table has no outer line."""
    found = sorted(places)
    first, last = min(rule.start for rule in crossing), max(rule.end for rule in crossing)
    return [*([first] if first < found[0] - 2 * TOUCH else []), *found, *([last] if last > found[-1] + 2 * TOUCH else [])]


Place = tuple[int, int]


def _owners(rows: list[float], columns: list[float], across: list[Rule], down: list[Rule]) -> dict[Place, Place]:
    """Return for each place of the grid the first place of the cell that it belongs to."""
    owners: dict[Place, Place] = {}
    over_rows, beside_columns = _by_place(rows, across), _by_place(columns, down)
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            middle_x, middle_y = (columns[column] + columns[column + 1]) / 2, (rows[row] + rows[row + 1]) / 2
            owner = (row, column)
            if column and not _is_drawn(beside_columns[column], middle_y):
                owner = owners[(row, column - 1)]
            if row and not _is_drawn(over_rows[row], middle_x):
                owner = _one(owners, owners[(row - 1, column)], owner)
            owners[(row, column)] = owner
    return owners


def _one(owners: dict[Place, Place], above: Place, left: Place) -> Place:
    """Return the cell above, having given it the places of the cell to the left that turned out to be the same."""
    if left in owners and left != above:
        for place, owner in owners.items():
            if owner == left:
                owners[place] = above
    return above


def _by_place(places: list[float], rules: list[Rule]) -> list[list[Rule]]:
    return [[rule for rule in rules if abs(rule.at - place) <= TOUCH] for place in places]


def _is_drawn(rules: list[Rule], middle: float) -> bool:
    return any(rule.start - TOUCH <= middle <= rule.end + TOUCH for rule in rules)


def _sorted_in(
    glyphs: list[Glyph], rows: list[float], columns: list[float], owners: dict[Place, Place]
) -> tuple[dict[Place, list[Glyph]], list[Glyph]]:
    held: dict[Place, list[Glyph]] = defaultdict(list)
    outside: list[Glyph] = []
    for glyph in glyphs:
        row = bisect_right(rows, (glyph.top + glyph.bottom) / 2) - 1
        column = bisect_right(columns, (glyph.left + glyph.right) / 2) - 1
        owner = owners.get((row, column))
        (held[owner] if owner else outside).append(glyph)
    return held, outside


def _width(owner: Place, owners: dict[Place, Place], columns: list[float]) -> float:
    last = owner[1]
    while owners.get((owner[0], last + 1)) == owner:
        last += 1
    return columns[last + 1] - columns[owner[1]]


def cell_text(glyphs: list[Glyph], width: float) -> str:
    """Return the cell's text. A line's end is kept where it was meant: the line would have had room for the next one's first word, and no line of the cell
    is full, unless the cell is a bare list without any separator.
    """
    lines = lines_of(glyphs)
    rooms = [width - PADDING - (line.right - line.left) for line in lines]
    is_wrapped = any(room < 1.2 * line.height for room, line in zip(rooms, lines, strict=True))
    words = "".join(line.text for line in lines)
    may_be_list = not is_wrapped or not any(mark in words for mark in SEPARATORS)
    text = lines[0].text if lines else ""
    for room, before, line in zip(rooms, lines, lines[1:], strict=False):
        is_meant = may_be_list and room > (1 + first_word(line.text)) * before.height and _can_end(text, line.text)
        text = f"{text}\n{line.text}" if is_meant or text.endswith(ENDS) else glued(text, line.text)
    return text


def _can_end(text: str, following: str) -> bool:
    is_open = text.count("（") + text.count("(") > text.count("）") + text.count(")")
    return not (is_open or text.endswith(("、", "，", ",", "（", "—")) or following.startswith(("（", "(", "、", "，", "）")))
