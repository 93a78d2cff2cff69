"""The parts that every official paper is put together from: masthead, title, paragraphs, tables, signature, in the form of GB/T 9704-2012.

Page, styles and numbering come from `docx_page`; what is said comes from the papers themselves.
"""

from collections.abc import Sequence
from datetime import date

from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from reports import layout
from reports.docx_parts import TableSpec, element, table
from rules.texts import _
from rules.words import day_words

NUMERALS = "一二三四五六七八九"


def add_masthead(paper: Paper, name: str, issue: str, below: tuple[str, str]) -> None:
    """Add the paper's red name, its issue or number centred below, and a line with a word at each side upon the red rule."""
    masthead = paper.add_paragraph(name, "Masthead")
    # A long name, as in English, shrinks to stay on its line.
    width = layout.width_in_characters(name)
    if width > layout.MASTHEAD_CHARACTERS:
        masthead.runs[0].font.size = Pt(int(layout.MASTHEAD_PT * layout.MASTHEAD_CHARACTERS / width))
    masthead.paragraph_format.space_before = Pt(6)
    masthead.paragraph_format.space_after = Pt(10)
    paper.add_paragraph(issue).alignment = WD_ALIGN_PARAGRAPH.CENTER
    left, right = below
    line = paper.add_paragraph(f"{left}\t{right}")
    line.paragraph_format.tab_stops.add_tab_stop(Mm(layout.TYPE_WIDTH_MM) - Pt(layout.BODY_PT), WD_TAB_ALIGNMENT.RIGHT)
    line.paragraph_format.left_indent = Pt(layout.BODY_PT)
    rule: dict[str, str | int] = {"val": "single", "sz": 12, "space": 4, "color": layout.RED}
    line._p.get_or_add_pPr().insert_element_before(
        element("pBdr", children=[element("bottom", rule)]), "w:shd", "w:tabs", "w:spacing", "w:ind"
    )


def add_title(paper: Paper, sense_lines: Sequence[str]) -> None:
    """Add the title one line below, each sense unit on lines of its own."""
    paper.add_paragraph()
    lines = [part for line in sense_lines for part in layout.balanced_lines(line, layout.TITLE_CHARACTERS_PER_LINE)]
    title = paper.add_paragraph(style="Title")
    title.paragraph_format.space_after = Pt(layout.LINE_PITCH_TWIPS / 20)
    for number, line in enumerate(lines):
        run = title.add_run(line)
        if number + 1 < len(lines):
            run.add_break()


def add_heading(paper: Paper, number: int, heading: str) -> None:
    """Add the heading of a section; `number` counts from 0."""
    text = _("{numeral}、{heading}").format(numeral=NUMERALS[number], number=number + 1, heading=heading)
    paper.add_paragraph(text, "Heading 1").paragraph_format.keep_with_next = True


def add_text(paper: Paper, text: str) -> Paragraph:
    """Add a paragraph of the body."""
    paragraph = paper.add_paragraph(text, "Body Text Indented")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    return paragraph


def add_table(paper: Paper, spec: TableSpec) -> None:
    """Add a table with a little room above and below."""
    before = paper.add_paragraph(style="TableText")
    before.paragraph_format.line_spacing = Pt(6)
    before.paragraph_format.keep_with_next = True
    _append(paper, table(spec))
    after = paper.add_paragraph(style="TableText")
    after.paragraph_format.space_after = Pt(4)


def _append(paper: Paper, block: BaseOxmlElement) -> None:
    paper.element.body.insert_element_before(block, "w:sectPr")


def add_signature(paper: Paper, signed_on: date, office: str | None) -> None:
    """Sign one line below: the day four characters in from the right, the office centred upon it (7.3.5)."""
    day = day_words(signed_on)
    paper.add_paragraph()
    if office:
        beyond = layout.width_in_characters(day) - layout.width_in_characters(office)
        line = paper.add_paragraph(office)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Pt(max(0, 4 + beyond / 2) * layout.BODY_PT)
    signed = paper.add_paragraph(day)
    signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    signed.paragraph_format.right_indent = Pt(4 * layout.BODY_PT)


def keep_together(paper: Paper, first: Paragraph) -> None:
    """Hold `first` and all after it on one page: a signature never stands on a page without body text (7.3.5)."""
    first.paragraph_format.keep_with_next = True
    for paragraph in reversed(paper.paragraphs[:-1]):
        if paragraph._p is first._p:
            return
        paragraph.paragraph_format.keep_with_next = True


def add_proof(paper: Paper, lines: Sequence[str]) -> None:
    """Add, in small type, what the paper can be made again from and held against."""
    for number, text in enumerate(lines):
        line = paper.add_paragraph(text, "Proof")
        line.paragraph_format.space_before = Pt(0 if number else layout.TABLE_LINE_PT)
