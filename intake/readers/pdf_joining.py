"""Tables that a page's end cut: the part on the next page goes on with the part before, without the head repeated there.

A row cut in two shows by cells left empty, its number above all; a cell merged over rows of both pages stands, filled, on the first only.
"""

from intake.document import Cell
from intake.phrases import squeeze
from intake.readers.pdf_grid import Ruled
from intake.readers.pdf_lines import first_word, glued

Row = tuple[Cell, ...]
ENDS = ("。", "；", ";")
SLACK = 0.3


def joined(before: Ruled, after: Ruled) -> Ruled:
    """Return the two parts as one table."""
    rows = [list(row) for row in before.rows]
    rest = list(after.rows[_repeated_heads(before.rows, after.rows) :])
    if rest and (_is_cut(before.rows, rest[0]) or _is_torn(before, rest[0])):
        _go_on(rows, rest.pop(0))
    elif rest:
        rest = _merged_on(before.rows, rest)
    return Ruled(before.top, after.bottom, before.columns, (*(tuple(row) for row in rows), *rest), after.rooms, after.by_gaps)


def _repeated_heads(before: tuple[Row, ...], after: tuple[Row, ...]) -> int:
    count = 0
    while count < min(len(before), len(after)) and _words(before[count]) == _words(after[count]) and any(_words(after[count])):
        count += 1
    return count


def _words(row: Row) -> list[str]:
    return [squeeze(cell.text) for cell in row]


def _is_cut(before: tuple[Row, ...], first: Row) -> bool:
    """Return whether `first` is the rest of the last row: it has no number where that has one, and fills only some of that row's cells. Cells that were merged
    with those above already tell nothing: they may serve a new row.
    """
    last, above = before[-1], before[-2] if len(before) > 1 else ()
    filled = [at for at, cell in enumerate(first) if cell.text]
    left_empty = [at for at, cell in enumerate(first) if not cell.text and last[at].text and not (above and last[at] is above[at])]
    return bool(filled) and 0 in left_empty and len({id(last[at]) for at in left_empty}) > 1 and all(last[at].text for at in filled)


def _is_torn(before: Ruled, first: Row) -> bool:
    """Return whether `first`, without a number, goes on with the last row because each text in it begins where one broke off at a line's end."""
    last, above = before.rows[-1], before.rows[-2] if len(before.rows) > 1 else ()
    filled = [at for at, cell in enumerate(first) if cell.text]
    is_numberless = bool(last[0].text) and not first[0].text and not (above and last[0] is above[0])
    return (
        is_numberless
        and bool(filled)
        and bool(before.rooms)
        and all(before.rooms[at] < SLACK + first_word(first[at].text) for at in filled)
    )


def _go_on(rows: list[list[Cell]], rest: Row) -> None:
    """Put the rest of a row into the last one, and into every place its merged cells cover."""
    longer = {
        id(cell): Cell(cell.text + "\n" + more.text if cell.text.endswith(ENDS) else glued(cell.text, more.text))
        for cell, more in zip(rows[-1], rest, strict=True)
        if more.text
    }
    for row in rows:
        row[:] = [longer.get(id(cell), cell) for cell in row]


def _merged_on(before: tuple[Row, ...], rest: list[Row]) -> list[Row]:
    """Return the rows with the empty cells of the first as the merged cells above that they go on."""
    last, first = before[-1], rest[0]
    above = before[-2] if len(before) > 1 else last
    goes_on = {
        id(cell): last[at]
        for at, cell in enumerate(first)
        if not cell.text and last[at].text and (at == 0 or last[at] is above[at] or _covers_rows(rest, at))
    }
    return [tuple(goes_on.get(id(cell), cell) for cell in row) for row in rest]


def _covers_rows(rest: list[Row], at: int) -> bool:
    return len(rest) > 1 and rest[0][at] is rest[1][at]
