"""What every reader hands on, whatever the format: paragraphs and table grids in the order of the document, each with the place it was read at.

A merged cell stands in a grid at every place it covers, as the same object: identity (`is`) tells a merged cell from two cells with the same words.
"""

from dataclasses import dataclass

from intake.draft import Finding, SourceKind
from rules.errors import DubanError
from rules.texts import _


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. `line` counts from 1 in formats that have lines; `apart` says that a blank line stands before it."""

    text: str
    line: int | None = None
    apart: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One cell, merged or not; compared by identity. `is_typed` says that a sheet keeps it as text, so that 2026.10 lost no nought."""

    text: str
    line: int | None = None
    is_typed: bool = False


EMPTY = Cell("")
MAX_PLACES = 2_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """A rectangular grid. `first_row` is the row number of the grid's first row in its sheet or table, from 1."""

    rows: tuple[tuple[Cell, ...], ...]
    sheet: str | None = None
    first_row: int = 1

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.rows[0]) if self.rows else 0


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader found: the blocks in order, and findings that only the file shows (rows hidden in it, pages that are pictures)."""

    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document read, not yet understood. `data` stays out: only its name and hash are kept."""

    name: str
    sha256: str
    kind: SourceKind
    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Return the text outside tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def tables(self) -> tuple[Table, ...]:
        """Return the tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


def rectangular(rows: list[list[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Return `rows` padded on the right with empty cells to one width; refuse, with file-too-large, a grid that padding would make endless."""
    width = max((len(row) for row in rows), default=0)
    if width * len(rows) > MAX_PLACES:
        text = _("有一张表{rows}行、最宽处{columns}列，超出可读范围；请删去表格以外的空行空列后再读")
        raise DubanError("file-too-large", text.format(rows=len(rows), columns=width))
    return tuple(tuple(row) + (EMPTY,) * (width - len(row)) for row in rows)
