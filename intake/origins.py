"""Where in the document each item was read: the block, and in a table the row, so that a person can hold the two side by side.

Tables tell by their number and row, texts with lines by the line. Prose without lines is found by its words, in the order of reading.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intake.document import Document, Paragraph, Table
from intake.draft import ItemDraft
from intake.phrases import squeeze
from intake.tables import parts_of

LOOKED_FOR = 16
FEWEST = 4


@dataclass(frozen=True)
class Origin:
    """A place in a document: the block's position in it, and the row's in the block where it is a table; both from 0."""

    block: int
    row: int | None = None


def origins_of(document: Document, items: Sequence[ItemDraft]) -> dict[str, Origin]:
    """Return where each item was read, by its id; items that people added, or whose place is not found, are left out."""
    places = _Places(document)
    found: dict[str, Origin] = {}
    for item in items:
        origin = places.of(item)
        if origin is not None:
            found[item.id] = origin
    return found


class _Places:
    """The blocks of one document, to be asked item by item in the order of reading."""

    def __init__(self, document: Document) -> None:
        self._parts = dict(enumerate(_parts(document), start=1))
        self._tables = {at: block for at, block in enumerate(document.blocks) if isinstance(block, Table)}
        lines = [(block.line, at) for at, block in enumerate(document.blocks) if isinstance(block, Paragraph) and block.line is not None]
        self._lines = sorted(lines)
        self._texts = [(at, squeeze(block.text)) for at, block in enumerate(document.blocks) if isinstance(block, Paragraph) and block.text]
        self._next = 0

    def of(self, item: ItemDraft) -> Origin | None:
        source = item.source
        if source.table in self._parts:
            return self._in_table(source.table, source.row)
        if source.first_line is not None and self._lines:
            at = bisect_right(self._lines, (source.first_line, len(self._lines) * 1_000_000)) - 1
            return Origin(self._lines[max(at, 0)][1])
        if item.id.startswith("n"):
            return None
        return self._by_words(item)

    def _in_table(self, number: int, row: int | None) -> Origin:
        at, _first = self._parts[number]
        block = self._tables[at]
        place = None if row is None else row - block.first_row
        return Origin(at, place if place is not None and 0 <= place < len(block.rows) else None)

    def _by_words(self, item: ItemDraft) -> Origin | None:
        """Return the first text from where the last item stood on that has the item's first words, else the first before it."""
        words = squeeze(item.text or item.title)[:LOOKED_FOR]
        if len(words) < FEWEST:
            return None
        order = [*range(self._next, len(self._texts)), *range(self._next)]
        for place in order:
            at, text = self._texts[place]
            if words in text:
                self._next = place
                return Origin(at)
        return None


def _parts(document: Document) -> Iterator[tuple[int, int]]:
    """Yield, for each table as reading numbers them, its block and first row: a grid that holds several heads counts as several."""
    for at, block in enumerate(document.blocks):
        if isinstance(block, Table):
            yield from ((at, part.first_row) for part in parts_of(block))
