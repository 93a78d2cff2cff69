"""Read a face's file back as text or tables, and hold it against its golden text.

`DUBAN_GOLDEN=write` writes the golden texts anew instead of comparing.
"""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import html
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

GOLDEN = Path(__file__).parent / "golden"
BLOCKS = {"p", "h1", "h2", "h3", "tr", "div", "title"}


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
            yield " | ".join(cell.text_content().strip() for cell in node)
        elif node.tag == "div":
            yield ": ".join(part.text_content().strip().replace("\n", " / ") for part in node)
        else:
            yield f"[{node.tag}] " + " ".join(text.strip() for text in node.itertext() if text.strip())
