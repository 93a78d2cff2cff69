"""The left pane of a draft: the document as it was read, block by block, with an anchor for every paragraph, table and row.

It follows from the bytes alone, so it is made once and kept in memory by their hash.
"""

from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache

from intake.document import Cell, Document, Paragraph, Table
from intake.draft import DraftPlan
from intake.origins import Origin, origins_of
from intake.outline import marker_of
from intake.phrases import squeeze
from intake.reading import document_of
from intake.safety import SafeFile
from services.store import Store

MOST_ROWS = 6000
MOST_DOCUMENTS = 12
LONGEST_HEADING = 60


@dataclass(frozen=True)
class CellView:
    """One cell, as wide and high as it was merged."""

    text: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True)
class RowView:
    """A row of a table: its anchor, its number in the document, its cells."""

    anchor: str
    number: int
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class BlockView:
    """A paragraph (`text`) or a table (`rows`). `kind` is title, heading, text or table; `line` the number of its first line where the file has lines."""

    anchor: str
    kind: str
    text: str = ""
    line: int | None = None
    level: int = 0
    sheet: str | None = None
    number: int | None = None
    rows: tuple[RowView, ...] = ()


@dataclass(frozen=True)
class DocumentPane:
    """The document, and the anchor of the place each item was read at. `is_cut` where the rest of a very long one is left out."""

    blocks: tuple[BlockView, ...]
    anchors: dict[str, str]
    is_cut: bool

    def anchor_of(self, item_id: str) -> str | None:
        """Return the place of an item; a part split off has that of its whole."""
        return self.anchors.get(item_id) or self.anchors.get(item_id.partition("_")[0])


_panes: LRUCache[tuple[str, int | None], DocumentPane] = LRUCache(MOST_DOCUMENTS)
_lock = Lock()


def document_pane(store: Store, as_read: DraftPlan, base_year: int | None) -> DocumentPane:
    """Return the pane of a draft's document, read again from the stored bytes where it is not in memory."""
    source = as_read.source
    key = (source.sha256, base_year)
    with _lock:
        pane = _panes.get(key)
    if pane is None:
        pane = pane_of(document_of(SafeFile(source.name, source.kind, store.read(source.sha256))), as_read)
        with _lock:
            _panes[key] = pane
    return pane


def pane_of(document: Document, as_read: DraftPlan) -> DocumentPane:
    """Return how a document that was read is shown beside its draft."""
    blocks: list[BlockView] = []
    row_count = table_count = 0
    for at, block in enumerate(document.blocks):
        if isinstance(block, Table):
            table_count += 1
            blocks.append(_table(block, at, table_count, MOST_ROWS - row_count))
            row_count += len(block.rows)
        elif block.text.strip():
            blocks.append(_paragraph(block, at, as_read))
            row_count += 1
        if row_count > MOST_ROWS:
            break
    shown = {anchor for block in blocks for anchor in (block.anchor, *(row.anchor for row in block.rows))}
    anchors = {item: _anchor(origin) for item, origin in origins_of(document, as_read.items).items()}
    return DocumentPane(tuple(blocks), {item: anchor for item, anchor in anchors.items() if anchor in shown}, row_count > MOST_ROWS)


def _anchor(origin: Origin) -> str:
    return f"b{origin.block}" if origin.row is None else f"b{origin.block}r{origin.row}"


def _paragraph(block: Paragraph, at: int, as_read: DraftPlan) -> BlockView:
    level = marker_of(block.text)[0] if len(block.text) <= LONGEST_HEADING else 0
    text = squeeze(block.text)
    is_title = bool(as_read.plan.title) and len(text) > 3 and text in squeeze(as_read.plan.title)
    kind = "title" if is_title else "heading" if level else "text"
    return BlockView(f"b{at}", kind, block.text.strip(), block.line, level)


def _table(table: Table, at: int, number: int, most: int) -> BlockView:
    rows = table.rows[: max(most, 0)]
    taken: set[tuple[int, int]] = set()
    views = tuple(RowView(f"b{at}r{place}", table.first_row + place, tuple(_cells(rows, place, taken))) for place in range(len(rows)))
    return BlockView(f"b{at}", "table", sheet=table.sheet, number=number, rows=views)


def _cells(rows: tuple[tuple[Cell, ...], ...], place: int, taken: set[tuple[int, int]]) -> list[CellView]:
    """Return the cells that begin in a row; one that is merged stands in the grid at every place it covers, as the same object."""
    found: list[CellView] = []
    row = rows[place]
    for column, cell in enumerate(row):
        if (place, column) in taken:
            continue
        across, down = _extent(rows, place, column, taken) if cell.text else (1, 1)
        taken.update((place + below, column + right) for below in range(down) for right in range(across))
        found.append(CellView(cell.text.strip(), across, down))
    return found


def _extent(rows: tuple[tuple[Cell, ...], ...], place: int, column: int, taken: set[tuple[int, int]]) -> tuple[int, int]:
    cell, row = rows[place][column], rows[place]
    across = 1
    while column + across < len(row) and row[column + across] is cell and (place, column + across) not in taken:
        across += 1
    down = 1
    while place + down < len(rows) and all(one is cell for one in rows[place + down][column : column + across]):
        down += 1
    return across, down
