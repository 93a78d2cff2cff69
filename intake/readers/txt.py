"""Plain text and Markdown: paragraphs by line, and tables in the four shapes that copying from a page or a word processor leaves.

The shapes: cells on tab-led lines of their own with a blank line between rows; cells on bare lines under a run of head words; rows with tabs between
the cells; Markdown rows with pipes.
"""

import re
from collections.abc import Callable, Iterator

from intake.document import Block, Cell, Content, Paragraph, Table, rectangular
from intake.encoding import decode
from intake.readers.stacked import head_run_at, stacked_table
from intake.readers.unnumbered import Line
from intake.safety import SafeFile

PIPES = re.compile(r"\s*\|.*\|\s*$")
RULE = re.compile(r"[\s:|+-]+")
LINE_MARKS = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+)", re.MULTILINE)

Shape = Callable[[list[Line], int], tuple[Table | None, int]]


def read_txt(file: SafeFile) -> Content:
    """Return the blocks of a text file; lines count from 1 as an editor shows them."""
    text = decode(file.data, file.name)
    return Content(tuple(read_markdown(text) if file.kind == "md" else blocks_of(text)))


def blocks_of(text: str, first_line: int = 1) -> list[Block]:
    """Return the paragraphs and tables of plain text; `first_line` is the number of its first line in the file."""
    lines = [Line(number, line) for number, line in enumerate(text.split("\n"), start=first_line)]
    blocks: list[Block] = []
    at, apart = 0, False
    seen: dict[Shape, int] = {}
    while at < len(lines):
        is_empty = lines[at].is_blank and "\t" not in lines[at].text
        table, after = (None, at) if is_empty else _table_at(lines, at, seen)
        if table:
            blocks.append(table)
            at, apart = after, True
            continue
        text = lines[at].text.strip("\ufeff \t\u3000\xa0\f\v")
        if text:
            blocks.append(Paragraph(text, lines[at].number, apart))
        apart = not text
        at += 1
    return blocks


def read_markdown(text: str) -> list[Block]:
    """Return the blocks of Markdown without its marks; an HTML table in it is read as one."""
    blocks: list[Block] = []
    line = 1
    for part in _parts(text):
        if part[:6].lower() == "<table":
            blocks.extend(_html_table(part))
        else:
            blocks.extend(blocks_of(LINE_MARKS.sub("", part).replace("**", ""), line))
        line += part.count("\n")
    return blocks


def _parts(text: str) -> Iterator[str]:
    """Yield the text between HTML tables, and the tables; one that never ends is text."""
    lowered = text.lower()
    at = 0
    while (start := lowered.find("<table", at)) >= 0 and (end := lowered.find("</table>", start)) >= 0:
        yield text[at:start]
        yield text[start : end + len("</table>")]
        at = end + len("</table>")
    yield text[at:]


def _html_table(markup: str) -> list[Block]:
    from lxml import etree  # only a Markdown file with HTML in it needs it

    from intake.readers.html_table import table_of

    root = etree.fromstring(markup, etree.HTMLParser(no_network=True, remove_comments=True))
    table = table_of(next(root.iter("table")))
    return [table] if table.rows else []


def _table_at(lines: list[Line], at: int, seen: dict[Shape, int]) -> tuple[Table | None, int]:
    """Return the table that begins at line `at` and the line behind it. `seen` keeps up to where each shape was looked for in vain: no part of such
    a run is a table either, and a long run is read once.
    """
    for shape in (_piped, _tab_separated, _tab_led, head_run_at):
        if at < seen.get(shape, 0):
            continue
        table, after = shape(lines, at)
        if table:
            return table, after
        seen[shape] = after
    return None, at


def _piped(lines: list[Line], at: int) -> tuple[Table | None, int]:
    end = at
    while end < len(lines) and PIPES.match(lines[end].text):
        end += 1
    rows = [_cells(line, line.text.strip()[1:-1].split("|")) for line in lines[at:end] if not RULE.fullmatch(line.text)]
    return (Table(rectangular(rows)), end) if len(rows) >= 2 else (None, end)


def _tab_separated(lines: list[Line], at: int) -> tuple[Table | None, int]:
    end = at
    while end < len(lines) and (lines[end].text.strip("\t").count("\t") >= 2 or _fills_one_cell(lines[at], lines[end])):
        end += 1
    rows = [_cells(line, line.text.split("\t")) for line in lines[at:end]]
    return (Table(rectangular(rows)), end) if len(rows) >= 2 else (None, end)


def _fills_one_cell(first: Line, line: Line) -> bool:
    """Return whether a line below the first of a table has the same cells, all but one of them empty: a section, or a row below merged cells."""
    return line is not first and not line.is_blank and line.text.count("\t") == first.text.count("\t") > 1


def _cells(line: Line, texts: list[str]) -> list[Cell]:
    return [Cell(text.strip(), line.number) for text in texts]


def _tab_led(lines: list[Line], at: int) -> tuple[Table | None, int]:
    if not lines[at].is_led:
        return None, at
    groups: list[list[Cell]] = []
    end = at
    while (start := _next_led(lines, end)) is not None:
        group, end = _group(lines, start)
        groups.append(group)
    return (stacked_table(groups), end) if len(groups) >= 2 and max(map(len, groups)) >= 3 else (None, end)


def _next_led(lines: list[Line], at: int) -> int | None:
    """Return the first line behind blank ones if it is a cell."""
    while at < len(lines) and lines[at].is_blank and not lines[at].is_led:
        at += 1
    return at if at < len(lines) and lines[at].is_led else None


def _group(lines: list[Line], at: int) -> tuple[list[Cell], int]:
    """Return the cells of one row; a line without a tab between tab-led lines goes on with the cell above it."""
    cells: list[Cell] = []
    while at < len(lines):
        line = lines[at]
        if line.is_led:
            cells.append(Cell(line.text.strip(), line.number))
        elif not line.is_blank and cells and at + 1 < len(lines) and lines[at + 1].is_led:
            cells[-1] = Cell(cells[-1].text + line.text.strip(), cells[-1].line)
        else:
            break
        at += 1
    return cells, at
