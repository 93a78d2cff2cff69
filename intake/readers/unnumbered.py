"""Tables copied one cell to a line without a 序号 column: known heads in a row, below them as many lines to a row.

Nothing marks where a row begins, so a row counts only where the cells under 责任单位, 牵头单位 and the like end as names of units do; the first that does not
ends the table.
"""

import re
from dataclasses import dataclass

from intake.document import Cell, Table, rectangular
from intake.headings import Role, role_of

WHO: frozenset[Role] = frozenset({"lead", "responsible", "support"})
WORK: frozenset[Role] = frozenset({"title", "content", "either"})
NAMES_UNITS = re.compile(
    r"[^。：]{0,200}?(?:[省市县区旗州盟镇乡局委办厅部院会府室科处股站所中心队司社村组校团行厂]|街道|单位|部门|企业|等|[）)]|^(?:无|/|—+|-))$"
)
MIN_HEADS = 3
MOST_HEADS = 12
MIN_ROWS = 2
LONGEST_TERM = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file, numbered from 1; a paragraph of a format without lines has no number."""

    number: int | None
    text: str

    @property
    def is_led(self) -> bool:
        """Return whether a tab stands before the text: a cell."""
        return self.text.startswith("\t") and "\t" not in self.text.strip("\t")

    @property
    def is_blank(self) -> bool:
        """Return whether nothing can be seen on the line."""
        return not self.text.strip()


def unnumbered_at(lines: list[Line], at: int) -> tuple[Table | None, int]:
    """Return the table whose heads begin at line `at`, and where it ends; without a table, the end is where to look next."""
    heads, end = _heads(lines, at)
    roles = [role_of(cell.text) for cell in heads]
    if len(heads) < MIN_HEADS or not WHO & set(roles) or not WORK & set(roles):
        return None, at + 1
    while True:
        rows, after = _rows(lines, end, roles)
        if len(rows) >= MIN_ROWS:
            return Table(rectangular([heads, *rows])), after
        if roles[-1] != "note":
            return None, at + 1
        roles = roles[:-1]  # 备注 that is empty in every row leaves no line


def _heads(lines: list[Line], at: int) -> tuple[list[Cell], int]:
    heads: list[Cell] = []
    while at < len(lines) and len(heads) < MOST_HEADS:
        text = lines[at].text.strip()
        if text and role_of(text) in (None, "number"):
            break
        if text:
            heads.append(Cell(text, lines[at].number))
        at += 1
    return heads, at


def _rows(lines: list[Line], at: int, roles: list[Role | None]) -> tuple[list[list[Cell]], int]:
    """Return the rows of as many lines as there are `roles`, up to the first that is none."""
    rows: list[list[Cell]] = []
    while True:
        cells, after = _next_cells(lines, at, len(roles))
        if len(cells) < len(roles) or not all(map(_fits, roles, cells)):
            return rows, at
        rows.append(cells)
        at = after


def _next_cells(lines: list[Line], at: int, count: int) -> tuple[list[Cell], int]:
    cells: list[Cell] = []
    while at < len(lines) and len(cells) < count:
        if not lines[at].is_blank:
            cells.append(Cell(lines[at].text.strip(), lines[at].number))
        at += 1
    return cells, at


def _fits(role: Role | None, cell: Cell) -> bool:
    if role in WHO:
        return NAMES_UNITS.fullmatch(cell.text) is not None
    if role == "due":
        return len(cell.text) <= LONGEST_TERM
    return not (role in WORK and role_of(cell.text))
