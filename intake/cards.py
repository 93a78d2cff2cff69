"""Tables rewritten before they are read: turned round, 同上 replaced by the cell above, cards and blocks as rows under one head.

On a card heads and what they say stand in turn, and it is one item; blocks are several in one table, each begun by a row over the whole width or by a
head that comes again (整改目标 | … over 责任单位 | …).
"""

import re
from collections import Counter
from dataclasses import replace

from intake.document import EMPTY, Cell, Table, rectangular
from intake.headings import HEAD_LENGTH, role_of
from intake.heads import CARRIES_WORK, WHO, is_turned, spans_all
from intake.leanings import leanings
from intake.phrases import squeeze

Pair = tuple[Cell, Cell]
TITLE_HEAD = Cell("事项名称")
FEWEST_KNOWN = 3
WIDEST_CARD = 12
NO_HEAD = re.compile(r"\d|[，。；、]|.{11}")
SAME_AS_ABOVE = re.compile(r"同上|同前|[〃″]|\"|''")


def unfolded(table: Table) -> Table | None:
    """Return a card (改革目标 | … | 完成时限 | …) with one head a row, blocks with one row each under a head; None for any other table."""
    if table.width % 2 or table.width > WIDEST_CARD or len(table.rows) < 2:
        return None
    rows = [row for row in table.rows if any(cell.text for cell in row)]
    return _card(table, [row for row in rows if not _is_whole(row)]) or _rows_of_blocks(table, rows)


def _card(table: Table, rows: list[tuple[Cell, ...]]) -> Table | None:
    if table.width < 4 or len(rows) < 2:
        return None
    pairs = [pair for row in rows for pair in _pairs(row)]
    if _most_common(pairs) > 1 or len(pairs) <= len(rows) or any(role_of(said.text) for _head, said in pairs):
        return None
    card = replace(table, rows=tuple(pairs))
    known = [head for head, _said in pairs if role_of(head.text)]
    if len(known) * 4 >= len(pairs) * 3 and is_turned(card):
        return card
    return card if _are_heads([head.text for head, _said in pairs]) else None


def _are_heads(texts: list[str]) -> bool:
    """Return whether short words stand where a card has its heads, half of which speak of what heads speak of."""
    heads = [squeeze(text) for text in texts]
    telling = [head for head in heads if role_of(head) or leanings(head)]
    return len(telling) >= FEWEST_KNOWN and len(telling) * 2 >= len(heads) and all(NO_HEAD.search(head) is None for head in heads)


def _rows_of_blocks(table: Table, rows: list[tuple[Cell, ...]]) -> Table | None:
    """Return one row a block under the heads of all blocks; None where the first cells are no heads that come again and again."""
    blocks = _blocks(rows)
    counts = Counter(squeeze(head.text) for block in blocks for head, _said in block if head is not TITLE_HEAD)
    heads = [head for head, count in counts.items() if count > 1 and len(head) <= HEAD_LENGTH and leanings(head)]
    known = {role for head in heads if (role := role_of(head))}
    if (
        len(known) < FEWEST_KNOWN
        or not known & WHO
        or not known & CARRIES_WORK
        or sum(counts[head] for head in heads) * 4 < counts.total() * 3
    ):
        return None
    titled = [block for block in blocks if block[0][0] is TITLE_HEAD]
    names = [*([squeeze(TITLE_HEAD.text)] if titled else []), *heads]
    said = [{squeeze(head.text): cell for head, cell in block} for block in blocks]
    lines = [[block.get(name, EMPTY) for name in names] for block in said if len(block.keys() & set(heads)) > 1]
    return replace(table, rows=rectangular([[Cell(name) for name in names], *lines]))


def _blocks(rows: list[tuple[Cell, ...]]) -> list[list[Pair]]:
    blocks: list[list[Pair]] = [[]]
    seen: set[str] = set()
    for row in rows:
        pairs = [(TITLE_HEAD, row[0])] if _is_whole(row) else _pairs(row)
        heads = {squeeze(head.text) for head, _said in pairs}
        if _is_whole(row) or not heads.isdisjoint(seen):
            blocks.append([])
            seen.clear()
        seen |= heads
        blocks[-1].extend(pairs)
    return [block for block in blocks if block]


def _pairs(row: tuple[Cell, ...]) -> list[Pair]:
    return [(row[at], row[at + 1]) for at in range(0, len(row), 2) if row[at] is not row[at + 1] and row[at].text]


def _is_whole(row: tuple[Cell, ...]) -> bool:
    """Return whether one cell is all that a row says; in two columns `spans_all` cannot tell it from a head without words."""
    return spans_all(row) or all(cell is row[0] for cell in row)


def _most_common(pairs: list[Pair]) -> int:
    return max(Counter(squeeze(head.text) for head, _said in pairs).values(), default=0)


def turned(table: Table) -> Table:
    """Return the table with its columns as rows."""
    return replace(table, rows=tuple(zip(*table.rows, strict=True)))


def written_out(table: Table) -> Table:
    """Return the table with the cell above in place of each that only points to it (同上)."""
    rows = list(table.rows)
    for at, row in enumerate(rows[1:], start=1):
        if any(SAME_AS_ABOVE.fullmatch(cell.text.strip()) for cell in row):
            rows[at] = tuple(
                above if SAME_AS_ABOVE.fullmatch(cell.text.strip()) else cell for cell, above in zip(row, rows[at - 1], strict=True)
            )
    return replace(table, rows=tuple(rows))
