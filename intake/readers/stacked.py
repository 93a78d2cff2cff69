"""Tables whose cells were copied one to a line: the grid has to be guessed back from the number of lines in a row.

A head row with fewer cells than the data had a cell merged over several columns: the row below it, or the words of the heads, tell which.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import groupby, pairwise

from intake.celltimes import is_period
from intake.document import EMPTY, Block, Cell, Paragraph, Table, rectangular
from intake.headings import role_of
from intake.phrases import squeeze
from intake.readers.unnumbered import Line, unnumbered_at

NUMBER = re.compile(r"\d{1,3}[.、．]?$")
MIN_HEADS = 3
MOST_HEADS = 40
LONGEST_ROW = 120


def with_stacked_tables(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks with the tables that stand among them as bare paragraphs, a cell each, put together."""
    found: list[Block] = []
    for is_prose, group in groupby(blocks, key=lambda block: isinstance(block, Paragraph)):
        members = list(group)
        run = [block for block in members if isinstance(block, Paragraph)]
        found.extend(_tables_among(run) if is_prose and any(role_of(block.text) for block in run) else members)
    return found


def _tables_among(run: list[Paragraph]) -> list[Block]:
    lines = [Line(block.line, squeeze(block.text) if role_of(block.text) else block.text) for block in run]
    found: list[Block] = []
    at = 0
    while at < len(run):
        table, after = head_run_at(lines, at)
        found.append(table or run[at])
        at = after if table else at + 1
    return found


def stacked_table(groups: list[list[Cell]]) -> Table:
    """Return the grid of rows given as lists of cells of unequal length."""
    data = [len(group) for group in groups if group and NUMBER.match(group[0].text)] or [len(group) for group in groups]
    width = Counter(data).most_common(1)[0][0]
    rows: list[list[Cell]] = []
    for at, group in enumerate(groups):
        below = groups[at + 1] if at + 1 < len(groups) else []
        rows.append(_fitted(group, width, below if not rows else rows[0]))
    return Table(rectangular(rows))


def _fitted(group: list[Cell], width: int, other: list[Cell]) -> list[Cell]:
    if len(group) == width or not group:
        return group
    if len(group) > width:
        rest = "".join(cell.text for cell in group[width - 1 :])
        return [*group[: width - 1], Cell(rest, group[width - 1].line)]
    periods = [cell for cell in group if is_period(cell.text)]
    if periods and len(periods) == len([cell for cell in group if cell.text]):
        return _under_group(periods, width, other)
    if role_of(group[0].text):
        return _spread(group, width, other)
    return group


def _spread(heads: list[Cell], width: int, below: list[Cell]) -> list[Cell]:
    """Return a head row whose merged cell covers the columns that are missing."""
    filled = [at for at, cell in enumerate(below) if cell.text]
    merged = next((at for at, cell in enumerate(heads) if role_of(cell.text) == "group"), None)
    if merged is None:
        merged = filled[0] if len(below) == width and filled and filled[0] < len(heads) else len(heads) - 1
    return [*heads[:merged], *[heads[merged]] * (width - len(heads) + 1), *heads[merged + 1 :]]


def _under_group(periods: list[Cell], width: int, above: list[Cell]) -> list[Cell]:
    """Return the second head row of a table whose empty cells were lost: the periods go under the cell that is merged."""
    row = [EMPTY] * width
    start = next((at for at in range(len(above) - 1) if above[at] is above[at + 1]), None)
    if start is None:
        start = next((at for at, cell in enumerate(above) if role_of(cell.text) == "group"), 0)
    for offset, cell in enumerate(periods[: width - start]):
        row[start + offset] = cell
    return row


def head_run_at(lines: list[Line], at: int) -> tuple[Table | None, int]:
    """Return the table that starts at a run of head words on bare lines, and where it ends; its rows start at the numbers 1, 2, 3 …, or are told by who answers. Without a table, the end
    is where to look next.
    """
    role = role_of(lines[at].text)
    if role != "number":
        return unnumbered_at(lines, at) if role else (None, at + 1)
    heads, end = _heads(lines, at)
    if not MIN_HEADS <= len([cell for cell in heads if role_of(cell.text)]) <= MOST_HEADS:
        return None, end
    rows, end = _numbered_rows(lines, end)
    if not rows:
        return None, at + 1
    return stacked_table([*_head_rows(heads, rows), *rows]), end


def _heads(lines: list[Line], at: int) -> tuple[list[Cell], int]:
    heads: list[Cell] = []
    while at < len(lines) and len(heads) <= MOST_HEADS and not NUMBER.match(lines[at].text.strip()):
        text = lines[at].text.strip()
        if text and not role_of(text) and not is_period(text):
            break
        if text:
            heads.append(Cell(text, lines[at].number))
        at += 1
    return heads, at


def _head_rows(heads: list[Cell], rows: list[list[Cell]]) -> list[list[Cell]]:
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    periods = [cell for cell in heads if is_period(cell.text)]
    others = [cell for cell in heads if not is_period(cell.text)]
    if periods and len(others) - 1 + len(periods) == width:
        return [others, periods]
    return [heads]


def _numbered_rows(lines: list[Line], at: int) -> tuple[list[list[Cell]], int]:
    """Return the rows from line `at` on. The first row's size is told by the second number; the last row takes as many lines as the others have."""
    starts = _starts(lines, at)
    if not starts:
        return [], at
    rows = [_cells_between(lines, start, end) for start, end in pairwise(starts)]
    size = Counter(len(row) for row in rows).most_common(1)[0][0] if rows else None
    last, end = _last_row(lines, starts[-1], size)
    return [*rows, last], end


def _starts(lines: list[Line], at: int) -> list[int]:
    starts: list[int] = []
    wanted = 1
    for here in range(at, len(lines)):
        text = lines[here].text.strip()
        if here > (starts[-1] if starts else at) + LONGEST_ROW:
            break
        if NUMBER.match(text) and wanted <= int(re.sub(r"\D", "", text)) <= wanted + 1:
            starts.append(here)
            wanted = int(re.sub(r"\D", "", text)) + 1
    return starts


def _cells_between(lines: list[Line], start: int, end: int) -> list[Cell]:
    return [Cell(line.text.strip(), line.number) for line in lines[start:end] if not line.is_blank]


def _last_row(lines: list[Line], start: int, size: int | None) -> tuple[list[Cell], int]:
    cells: list[Cell] = []
    at = start
    while at < len(lines) and (size is None or len(cells) < size):
        if lines[at].is_blank and size is None and cells:
            break
        if not lines[at].is_blank:
            cells.append(Cell(lines[at].text.strip(), lines[at].number))
        at += 1
    return cells, at
