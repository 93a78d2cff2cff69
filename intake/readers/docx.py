"""Word documents, read from their XML: python-docx repeats a merged cell at every place without saying so, hence `w:tc` is walked here.

`gridSpan` and `vMerge` become one cell object over the places it covers. Deleted text of tracked changes is left out, automatic numbers are put in, because a
序号 column is often numbered automatically.
"""

import io
import zipfile

from lxml import etree

from intake.document import EMPTY, Block, Cell, Paragraph, Table, rectangular
from intake.readers.docx_numbering import Numbering, attribute, child, local_name
from intake.safety import SafeFile
from rules.errors import DubanError
from rules.texts import _

GONE = {"del", "moveFrom", "Fallback", "instrText", "delText", "txbxContent", "pPr", "rPr"}
WRAPPERS = {"sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml"}
BREAKS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}


def read_docx(file: SafeFile) -> tuple[Block, ...]:
    """Return paragraphs and tables of the document's body in order; refuse XML that does not parse with file-damaged."""
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        names = set(archive.namelist())
        document = _parse(archive.read("word/document.xml"), file.name)
        optional = [_parse(archive.read(name), file.name) if name in names else None for name in ("word/numbering.xml", "word/styles.xml")]
    body = next((element for element in document if local_name(element) == "body"), None)
    if body is None:
        raise _damaged(file.name)
    return tuple(_blocks(body, Numbering(*optional)))


def _parse(data: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _damaged(name) from error


def _damaged(name: str) -> DubanError:
    return DubanError("file-damaged", _("“{name}”的内容已损坏；请用 Word 或 WPS 打开修复后另存为 docx 再读").format(name=name))


def _blocks(parent: etree._Element, numbering: Numbering) -> list[Block]:
    blocks: list[Block] = []
    apart = False
    for element in parent:
        kind = local_name(element)
        if kind == "p":
            text = _paragraph_text(element, numbering)
            if text:
                blocks.append(Paragraph(text, None, apart))
            apart = not text
        elif kind == "tbl":
            table = _table(element, numbering)
            if table.rows:
                blocks.append(table)
        elif kind in WRAPPERS:
            blocks.extend(_blocks(element, numbering))
    return blocks


def _paragraph_text(paragraph: etree._Element, numbering: Numbering) -> str:
    text = "".join(_runs(paragraph)).strip(" \t\u3000\n\xa0")
    return numbering.label_of(paragraph) + text


def _runs(element: etree._Element) -> list[str]:
    parts: list[str] = []
    for part in element:
        kind = local_name(part)
        if kind in GONE:
            continue
        if kind == "t":
            parts.append(part.text or "")
        elif kind in BREAKS:
            parts.append(BREAKS[kind])
        else:
            parts.extend(_runs(part))
    return parts


def _table(table: etree._Element, numbering: Numbering) -> Table:
    """Return the grid; a cell that continues a vertical merge is the cell above it."""
    grid: list[list[Cell]] = []
    for row in _members(table, "tr"):
        properties = child(row, "trPr")
        cells: list[Cell] = [EMPTY] * _span(child(properties, "gridBefore"))
        for tc in _members(row, "tc"):
            settings = child(tc, "tcPr")
            above = grid[-1][len(cells)] if grid and len(cells) < len(grid[-1]) else None
            merge = child(settings, "vMerge")
            is_continued = merge is not None and attribute(merge, "val") != "restart" and above is not None
            cell = above if is_continued and above is not None else Cell(_cell_text(tc, numbering))
            cells.extend([cell] * max(_span(child(settings, "gridSpan")), 1))
        if cells:
            grid.append(cells)
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
    return "\n".join(cell.text for row in block.rows for cell in row) if isinstance(block, Table) else ""
