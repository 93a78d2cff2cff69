"""Tables of web pages as grids: rowspan and colspan become one cell object over the places they cover."""

from lxml import etree

from intake.document import MAX_PLACES, Cell, Table, rectangular
from intake.headings import role_of
from intake.limits import MOST_COLUMNS
from intake.phrases import tidy_apart

MAX_SPAN = 100
MAX_COLUMNS = MOST_COLUMNS + 1  # one more than is read, so that the limit can be told
BREAKING = {"p", "div", "li", "br", "tr", "h1", "h2", "h3", "h4"}
HEAD_ROWS = 4


def table_of(table: etree._Element) -> Table:
    """Return the grid of an HTML table; a span that reaches beyond the last row, and a row wider than any table, are cut."""
    rows = _rows(table)
    grid: list[list[Cell]] = [[] for _row in rows]
    taken: dict[tuple[int, int], Cell] = {}
    for at, row in enumerate(rows):
        for element in _cells(row):
            column = _next_free(taken, at, len(grid[at]), grid[at])
            cell = Cell(cell_text(element))
            across, down = _span(element, "colspan"), _span(element, "rowspan") or len(rows)
            if column + across > MAX_COLUMNS or len(taken) + across * min(down, len(rows)) > MAX_PLACES:
                break
            for below in range(at, min(at + down, len(rows))):
                taken.update({(below, column + offset): cell for offset in range(max(across, 1))})
            _next_free(taken, at, column, grid[at])
        _next_free(taken, at, len(grid[at]), grid[at])
    return Table(rectangular([row for row in grid if row]))


def _next_free(taken: dict[tuple[int, int], Cell], row: int, column: int, cells: list[Cell]) -> int:
    """Return the next column of `row` that no span covers, having written the covered ones into `cells`."""
    while (row, column) in taken:
        cells.append(taken[(row, column)])
        column += 1
    return column


def is_for_layout(table: etree._Element) -> bool:
    """Return whether the table only puts parts of a page beside each other: one row, one column, or tables inside without a head of its own."""
    widths = [len(_cells(row)) for row in _rows(table)]
    if len(widths) < 2 or max(widths, default=0) < 2:
        return True
    has_inner = any(True for _inner in table.iterdescendants("table"))
    return has_inner and not _has_head(table)


def _has_head(table: etree._Element) -> bool:
    rows = [
        [role_of(cell_text(cell)) for cell in _cells(row) if not any(True for _in in cell.iter("table"))]
        for row in _rows(table)[:HEAD_ROWS]
    ]
    return any(len(set(roles) - {None}) >= 2 for roles in rows)


def _rows(table: etree._Element) -> list[etree._Element]:
    """Return the table's own rows, those of tables inside left out."""
    found = [row for part in table if part.tag in ("thead", "tbody", "tfoot") for row in part if row.tag == "tr"]
    return [row for row in table if row.tag == "tr"] + found


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _span(cell: etree._Element, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return min(int(text), MAX_SPAN if name == "colspan" else 10_000) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def cell_text(cell: etree._Element) -> str:
    """Return the cell's text, paragraphs and line breaks as line ends, other white space as a browser shows it."""
    lines: list[list[str]] = [[]]
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        is_break = element.tag in BREAKING
        if is_break:
            lines.append([])
        if event == "start":
            lines[-1].append(element.text or "")
        elif element is not cell:
            lines[-1].append(element.tail or "")
    texts = (tidy_apart("".join(line)) for line in lines)
    return "\n".join(text for text in texts if text)
