"""Read a face's file back as text or tables, and hold it against its golden text.

`DUBAN_GOLDEN=write` writes the golden texts anew instead of comparing.
"""

import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import html
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

GOLDEN = Path(__file__).parent / "golden"
MD_BAR = re.compile(r"(?<!\\) \| ")
PAGE_NUMBER = re.compile(r"^\s*— \d+ —\s*$", re.MULTILINE)
MD_RULE = re.compile(r"\|( ---:? \|)+")
MD_MARK = re.compile(r"\\([!-/:-@\[-`{-~])")
BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "caption", "figcaption", "svg", "tr", "div", "title"}


def matches_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("DUBAN_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def docx_text(content: bytes) -> str:
    """Paragraphs as they are, a table row as its cells between bars; merged cells once."""
    lines = []
    for block in Document(BytesIO(content)).iter_inner_content():
        if isinstance(block, Paragraph):
            lines.append(f"[{block.style.name}] {block.text}")
        else:
            lines += [" | ".join(cells) for cells in docx_rows(block)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def docx_words(content: bytes) -> str:
    """Every word of the document's body, in tables and text boxes too, and what its pictures say to those who cannot see them."""
    body = Document(BytesIO(content)).element.body
    return " ".join([*(node.text or "" for node in body.iter(qn("w:t"))), *(node.get("descr", "") for node in body.iter(qn("wp:docPr")))])


def docx_rows(table: Table) -> list[list[str]]:
    """Every row's own cells; table.cell(i, j) would walk the whole table for each."""
    return [[" / ".join(Paragraph(p, table).text for p in cell.p_lst).strip() for cell in row.tc_lst] for row in table._tbl.tr_lst]


def docx_tables(content: bytes) -> list[list[list[str]]]:
    return [docx_rows(table) for table in Document(BytesIO(content)).tables]


def html_tree(content: str) -> html.HtmlElement:
    return html.document_fromstring(content)


def html_text(content: str) -> str:
    """What a reader sees, a line a block, cells between bars."""
    return "\n".join(_html_lines(html_tree(content))) + "\n"


def html_rows(content: str, table_class: str) -> list[list[str]]:
    rows = html_tree(content).xpath(f'//table[@class="{table_class}"]/tbody/tr')
    return [[cell.text_content().strip() for cell in row] for row in rows]


def xlsx_sheets(content: bytes) -> dict[str, Worksheet]:
    book = load_workbook(BytesIO(content))
    return {sheet.title: sheet for sheet in book.worksheets}


def xlsx_text(content: bytes) -> str:
    """Every filled cell with its format; a formula would show by its equals sign and type."""
    lines = []
    for name, sheet in xlsx_sheets(content).items():
        lines.append(f"# {name} print={sheet.print_title_rows} freeze={sheet.freeze_panes} filter={sheet.auto_filter.ref}")
        for row in sheet.iter_rows():
            lines += [f"{cell.coordinate} {cell.data_type} {cell.number_format} {cell.value!r}" for cell in row if cell.value is not None]
    return "\n".join(lines) + "\n"


def xlsx_table(sheet: Worksheet, head_row: int = 1) -> list[dict[str, object]]:
    """Rows below the head as dictionaries, up to the first empty one."""
    heads = [cell.value for cell in sheet[head_row] if cell.value is not None]
    rows = []
    for row in sheet.iter_rows(min_row=head_row + 1, max_col=len(heads), values_only=True):
        if all(value is None for value in row):
            break
        rows.append(dict(zip(heads, row, strict=True)))
    return rows


def _html_lines(tree: html.HtmlElement) -> Iterator[str]:
    for node in tree.iter(*BLOCKS):
        if node.tag == "tr":
            yield " | ".join(cell.text_content().strip().replace("\n", " / ") for cell in node)
        elif node.tag == "svg":
            yield f"[svg] {node.get('aria-label')}"
        elif node.tag != "div":
            yield f"[{node.tag}] " + " ".join(text.strip() for text in node.itertext() if text.strip())
        elif node.find("dt") is not None:
            yield ": ".join(part.text_content().strip() for part in node).strip()


def html_words(content: str) -> str:
    """Every word a reader sees in the page, drawings left out."""
    tree = html_tree(content)
    for hidden in tree.xpath("//script | //style | //svg | //title"):
        hidden.drop_tree()
    return " ".join(tree.itertext())


def pdf_text(content: bytes) -> str:
    """The words of all pages, without their numbers."""
    document = pypdfium2.PdfDocument(content)
    try:
        pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    finally:
        document.close()
    return PAGE_NUMBER.sub("", "\n".join(pages))


def md_rows(content: str) -> list[list[list[str]]]:
    """The rows of every table below its heads, as their words."""
    tables: list[list[list[str]]] = []
    lines = content.splitlines()
    for number, line in enumerate(lines):
        if MD_RULE.fullmatch(line):
            tables.append([])
        elif line.startswith("|") and not (number + 1 < len(lines) and MD_RULE.fullmatch(lines[number + 1])):
            tables[-1].append([md_unescaped(cell.strip("*") if cell.startswith("**") else cell) for cell in MD_BAR.split(line[2:-2])])
    return tables


def md_unescaped(text: str) -> str:
    """What a reader of the Markdown sees of a piece of text."""
    return MD_MARK.sub(r"\1", text.replace("<br>", "\n"))
