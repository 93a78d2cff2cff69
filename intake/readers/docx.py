"""Word documents, read from their XML: python-docx repeats a merged cell at every place without saying so, hence `w:tc` is walked here.

`gridSpan` and `vMerge` become one cell object over the places it covers. Tracked changes count as accepted, hidden text is left out, text boxes
follow the paragraph they hang on, and automatic numbers are put in, because a 序号 column is often numbered automatically.
"""

import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from intake.document import EMPTY, Block, Cell, Content, Paragraph, Table, rectangular
from intake.headings import role_of
from intake.limits import MOST_COLUMNS
from intake.readers.docx_numbering import Numbering, attribute, child, local_name
from intake.readers.stacked import with_stacked_tables
from intake.safety import SafeFile
from rules.errors import DubanError
from rules.texts import _

GONE = {"del", "moveFrom", "Fallback", "instrText", "delText", "txbxContent", "pPr", "rPr"}
NO_BOX = {"Fallback", "del", "moveFrom", "pPr"}
HEAD_ROWS = 4
MAX_COLUMNS = MOST_COLUMNS + 1  # one more than is read, so that the limit can be told
WRAPPERS = {"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml"}
BREAKS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}


def read_docx(file: SafeFile) -> Content:
    """Return paragraphs and tables of the document's body in order; refuse XML that does not parse with file-damaged."""
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        names = set(archive.namelist())
        document = _parse(archive.read("word/document.xml"), file.name)
        optional = [_parse(archive.read(name), file.name) if name in names else None for name in ("word/numbering.xml", "word/styles.xml")]
    body = next((element for element in document if local_name(element) == "body"), None)
    if body is None:
        raise _damaged(file.name)
    return Content(tuple(with_stacked_tables(_blocks(body, Numbering(*optional)))))


def _parse(data: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _damaged(name) from error


def _damaged(name: str) -> DubanError:
    return DubanError("file-damaged", _("“{name}”的内容已损坏；请用 Word 或 WPS 打开修复后另存为 docx 再读").format(name=name))


def _blocks(parent: etree._Element, numbering: Numbering) -> list[Block]:
    """Return the blocks under `parent`; a paragraph whose end a tracked change took away goes on in the next one."""
    blocks: list[Block] = []
    apart = False
    begun = ""
    for element in _inside(parent):
        if local_name(element) == "tbl":
            blocks.extend(_table_blocks(element, numbering))
            continue
        text = begun + _paragraph_text(element, numbering, goes_on=bool(begun))
        begun = text if _end_is_deleted(element) else ""
        if begun:
            continue
        if text:
            blocks.append(Paragraph(text, None, apart))
        apart = not text
        for box in _boxes(element):
            blocks.extend(_blocks(box, numbering))
    return [*blocks, Paragraph(begun)] if begun else blocks


def _inside(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs and tables right under `parent`, those within wrappers too."""
    for element in parent:
        kind = local_name(element)
        if kind in ("p", "tbl"):
            yield element
        elif kind in WRAPPERS:
            yield from _inside(element)


def _end_is_deleted(paragraph: etree._Element) -> bool:
    return child(child(child(paragraph, "pPr"), "rPr"), "del") is not None


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the text boxes anchored in a paragraph; Word keeps each a second time, as a fallback for old programs."""
    for part in element:
        kind = local_name(part)
        if kind == "txbxContent":
            yield part
        elif kind not in NO_BOX:
            yield from _boxes(part)


def _paragraph_text(paragraph: etree._Element, numbering: Numbering, *, goes_on: bool = False) -> str:
    text = "".join(_runs(paragraph)).strip(" \t\u3000\n\xa0")
    return text if goes_on else numbering.label_of(paragraph) + text


def _runs(element: etree._Element) -> list[str]:
    parts: list[str] = []
    for part in element:
        kind = local_name(part)
        if kind in GONE or (kind == "r" and _is_hidden(part)):
            continue
        if kind == "t":
            parts.append(part.text or "")
        elif kind in BREAKS:
            parts.append(BREAKS[kind])
        else:
            parts.extend(_runs(part))
    return parts


def _is_hidden(run: etree._Element) -> bool:
    vanish = child(child(run, "rPr"), "vanish")
    return vanish is not None and attribute(vanish, "val") not in ("0", "false")


def _table_blocks(table: etree._Element, numbering: Numbering) -> list[Block]:
    """Return the table; one that only frames other things, being one column wide or holding tables without a head of its own, as what it holds."""
    rows = [_members(row, "tc") for row in _rows(table)]
    if all(len(row) <= 1 for row in rows) or (any(_holds_table(tc) for row in rows for tc in row) and not _has_head(rows)):
        return [block for row in rows for tc in row for block in _blocks(tc, numbering)]
    grid = _table(table, numbering)
    return [grid] if grid.rows else []


def _rows(table: etree._Element) -> list[etree._Element]:
    """Return the rows that no tracked change took away."""
    return [row for row in _members(table, "tr") if child(child(row, "trPr"), "del") is None]


def _holds_table(cell: etree._Element) -> bool:
    return any(local_name(element) == "tbl" for element in _inside(cell))


def _has_head(rows: list[list[etree._Element]]) -> bool:
    """Return whether one of the first rows names what its columns hold."""
    heads = [{role_of("".join(_runs(tc))) for tc in row if not _holds_table(tc)} - {None} for row in rows[:HEAD_ROWS]]
    return any(len(roles) >= 2 for roles in heads)


def _table(table: etree._Element, numbering: Numbering) -> Table:
    """Return the grid; a cell that continues a vertical merge is the cell above it."""
    grid: list[list[Cell]] = []
    for row in _rows(table):
        properties = child(row, "trPr")
        cells: list[Cell] = [EMPTY] * _span(child(properties, "gridBefore"))
        for tc in _members(row, "tc")[:MAX_COLUMNS]:
            settings = child(tc, "tcPr")
            above = grid[-1][len(cells)] if grid and len(cells) < len(grid[-1]) else None
            merge = child(settings, "vMerge")
            is_continued = merge is not None and attribute(merge, "val") != "restart" and above is not None
            cell = above if is_continued and above is not None else Cell(_cell_text(tc, numbering))
            cells.extend([cell] * max(_span(child(settings, "gridSpan")), 1))
        if cells:
            grid.append(cells[:MAX_COLUMNS])
    return Table(rectangular(grid))


def _members(parent: etree._Element, kind: str) -> list[etree._Element]:
    found: list[etree._Element] = []
    for element in parent:
        if local_name(element) == kind:
            found.append(element)
        elif local_name(element) in WRAPPERS:
            found.extend(_members(element, kind))
    return found


def _span(element: etree._Element | None) -> int:
    text = attribute(element, "val") if element is not None else None
    return min(int(text), 100) if text and text.isdigit() else 0


def _cell_text(cell: etree._Element, numbering: Numbering) -> str:
    texts = [block.text if isinstance(block, Paragraph) else _flat(block) for block in _blocks(cell, numbering)]
    return "\n".join(text for text in texts if text)


def _flat(block: Block) -> str:
    """Return the words of a table inside a cell, a merged cell once."""
    cells = {id(cell): cell.text for row in block.rows for cell in row} if isinstance(block, Table) else {}
    return "\n".join(text for text in cells.values() if text)
