"""Makes the shipped example as a notice in Word and in plain text and as a bare table in Excel.

Run from the repository's root: `python scripts/make_examples.py`. The files come out the same byte for byte, so that a change of the example shows as one.
"""

import io
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import docx
import xlsxwriter
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

sys.path.insert(0, str(Path(__file__).resolve().parent))
import example_content as content

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
NAME = "guangxi-2012-269"
STAMP = datetime(2012, 10, 31, 9, 0)  # noqa: DTZ001 - a fixed day for reproducible files
TITLE_FONT, TEXT_FONT, CHAPTER_FONT, SECTION_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
COLUMN_WIDTHS = (10, 32, 58, 26, 26, 26, 32, 48)
MERGED_DOWN = (0, 1, 2, 6, 7)
FIRST_YEAR_COLUMN = 3


def main() -> None:
    """Write the three files."""
    EXAMPLES.mkdir(exist_ok=True)
    (EXAMPLES / f"{NAME}.docx").write_bytes(notice())
    (EXAMPLES / f"{NAME}.xlsx").write_bytes(workbook())
    (EXAMPLES / f"{NAME}.txt").write_text(plain_text(), encoding="utf-8")


def notice() -> bytes:
    """Return the notice as .docx: text on upright pages, the table on broad ones."""
    paper = docx.Document()
    paper.core_properties.created = paper.core_properties.modified = STAMP
    paper.core_properties.author = "duban"
    paper.core_properties.title = content.PLAN_TITLE
    paper.styles["Normal"].paragraph_format.space_after = Pt(0)
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    _notice_text(paper)
    _annex(paper)
    return _restamped(paper)


def _notice_text(paper: Document) -> None:
    _write(paper, content.NOTICE_TITLE, TITLE_FONT, 22, WD_ALIGN_PARAGRAPH.CENTER)
    _write(paper, content.DOC_NO, TEXT_FONT, 16, WD_ALIGN_PARAGRAPH.CENTER, before=12)
    _write(paper, content.ADDRESSEES, TEXT_FONT, 16, before=16)
    _write(paper, content.COVER, TEXT_FONT, 16, indent=True)
    _write(paper, content.SIGNED, TEXT_FONT, 16, WD_ALIGN_PARAGRAPH.RIGHT, before=12)
    _write(paper, content.PLAN_TITLE, TITLE_FONT, 22, WD_ALIGN_PARAGRAPH.CENTER, before=24)
    fonts = {"chapter": CHAPTER_FONT, "section": SECTION_FONT}
    for style, text in content.BODY:
        _write(paper, text, fonts.get(style, TEXT_FONT), 16, indent=True, before=12 if style == "annex" else 0)


def _annex(paper: Document) -> None:
    broad = paper.add_section()
    broad.orientation = WD_ORIENT.LANDSCAPE
    broad.page_width, broad.page_height = Mm(297), Mm(210)
    broad.left_margin, broad.right_margin, broad.top_margin, broad.bottom_margin = Mm(19), Mm(19), Mm(25), Mm(20)
    _write(paper, "附件", CHAPTER_FONT, 16)
    _write(paper, content.TABLE_TITLE, TITLE_FONT, 18, WD_ALIGN_PARAGRAPH.CENTER, after=8)
    _table(paper)
    _write(paper, content.COPIES, TEXT_FONT, 12, before=14)
    _write(paper, f"{content.ISSUER}　　　　{content.ISSUED}", TEXT_FONT, 12)


def _table(paper: Document) -> None:
    table = paper.add_table(rows=2 + len(content.ROWS), cols=len(COLUMN_WIDTHS))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    rows = [list(row.cells) for row in table.rows]
    for column, width in zip(table.columns, COLUMN_WIDTHS, strict=True):
        column.width = Mm(width)
    for cell, width in ((cell, width) for cells in rows for cell, width in zip(cells, COLUMN_WIDTHS, strict=True)):
        cell.width = Mm(width)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for cells, texts in zip(rows[2:], content.ROWS, strict=True):
        for at, text in enumerate(texts):
            _fill(cells[at].paragraphs[0], text, TEXT_FONT, centred=at == 0)
    _head(table, rows)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _head(table: Table, rows: list[list[_Cell]]) -> None:
    """Fill the two head rows and merge them: down where a head spans both, across over the years; both repeat on every page."""
    for at, head in zip((*MERGED_DOWN[:3], FIRST_YEAR_COLUMN, *MERGED_DOWN[3:]), content.HEADS, strict=True):
        _fill(rows[0][at].paragraphs[0], head, CHAPTER_FONT, centred=True)
    for offset, year in enumerate(content.YEARS):
        _fill(rows[1][FIRST_YEAR_COLUMN + offset].paragraphs[0], year, CHAPTER_FONT, centred=True)
    for at in MERGED_DOWN:
        rows[0][at].merge(rows[1][at])
        _drop_empty_end(table, at)
    rows[0][FIRST_YEAR_COLUMN].merge(rows[0][FIRST_YEAR_COLUMN + 2])
    for row in table.rows[:2]:
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _drop_empty_end(table: Table, at: int) -> None:
    """Take away the empty paragraph that merging leaves under the head."""
    cell = table.cell(0, at)
    for paragraph in cell.paragraphs[1:]:
        if not paragraph.text:
            paragraph._p.getparent().remove(paragraph._p)


def _write(paper: Document, text: str, font: str, size: float, align: WD_ALIGN_PARAGRAPH | None = None, **room: float) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = align
    form = paragraph.paragraph_format
    form.line_spacing = Pt(28.95) if size >= 16 else Pt(20)
    form.space_before, form.space_after = Pt(room.get("before", 0)), Pt(room.get("after", 0))
    if room.get("indent"):
        form.first_line_indent = Pt(size * 2)
    _run(paragraph, text, font, size)


def _fill(paragraph: Paragraph, text: str, font: str, *, centred: bool) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else None
    _run(paragraph, text, font, 10.5)


def _run(paragraph: Paragraph, text: str, font: str, size: float) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    properties = run._r.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def _restamped(paper: Document) -> bytes:
    """Return the file with one fixed time on all its parts."""
    made, stamped = io.BytesIO(), io.BytesIO()
    paper.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(stamped, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, STAMP.timetuple()[:6]), source.read(name), zipfile.ZIP_DEFLATED)
    return stamped.getvalue()


def workbook() -> bytes:
    """Return the bare table as .xlsx: a title row, a head of two rows with merged cells."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        book.set_properties({"title": content.TABLE_TITLE, "author": "duban", "created": STAMP})
        sheet = book.add_worksheet("任务分解表")
        text = book.add_format({"text_wrap": True, "valign": "vcenter", "border": 1, "font_name": "宋体", "font_size": 11})
        head = book.add_format({"text_wrap": True, "valign": "vcenter", "align": "center", "border": 1, "bold": True, "font_name": "宋体"})
        title = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "font_size": 16, "font_name": "宋体"})
        sheet.merge_range(0, 0, 0, 7, content.TABLE_TITLE, title)
        for at, words in zip(
            MERGED_DOWN, (content.HEADS[0], content.HEADS[1], content.HEADS[2], content.HEADS[4], content.HEADS[5]), strict=True
        ):
            sheet.merge_range(1, at, 2, at, words, head)
        sheet.merge_range(1, FIRST_YEAR_COLUMN, 1, FIRST_YEAR_COLUMN + 2, content.HEADS[3], head)
        sheet.write_row(2, FIRST_YEAR_COLUMN, content.YEARS, head)
        for number, row in enumerate(content.ROWS, start=3):
            sheet.write_number(number, 0, int(row[0]), text)
            for at, words in enumerate(row[1:], start=1):
                sheet.write_string(number, at, words, text)
            sheet.set_row(number, 92)
        for at, width in enumerate(COLUMN_WIDTHS):
            sheet.set_column(at, at, width * 0.55)
        sheet.set_row(0, 34)
        sheet.freeze_panes(3, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return data.getvalue()


def plain_text() -> str:
    """Return the notice as a page copied into a text file: each cell on a line of its own behind a tab."""
    lines = [content.NOTICE_TITLE, "", content.DOC_NO, "", content.ADDRESSEES, "", content.COVER, content.SIGNED, content.PLAN_TITLE, ""]
    for _style, text in content.BODY:
        lines += [text, ""]
    lines += ["附件", content.TABLE_TITLE]
    years = ["", "", "", *content.YEARS, "", ""]
    for row in (content.HEADS, years, *content.ROWS):
        lines += [f"\t{cell}" for cell in row] + [""]
    lines += [content.COPIES, f"{content.ISSUER}　　　　{content.ISSUED}"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
