"""The bulletin as a Word document in the form of GB/T 9704-2012: masthead, body in portrait, annexes in landscape, proof at the end.

Every number comes from the view by way of `sentences` and `grids`; page, type and numbering come from `docx_page`.
"""

from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from reports import docx_tables, layout, sentences
from reports.bulletin import Bulletin
from reports.docx_page import add_landscape, new_paper, saved
from reports.docx_parts import TableSpec, element, table
from reports.imprint import PREVIEW, Imprint
from reports.readable import readable
from rules.texts import _
from rules.words import day_words, period_words

NUMERALS = "一二三四五六七八九"


def bulletin_docx(bulletin: Bulletin, imprint: Imprint = PREVIEW) -> bytes:
    """Return the bulletin as a .docx file; the imprint's office signs it, without one only the day stands there."""
    bulletin = readable(bulletin)
    paper = new_paper(bulletin.written_on, sentences.title(bulletin))
    annexes = _annexes(bulletin)
    _add_masthead(paper, bulletin, imprint)
    _add_title(paper, bulletin)
    _add_body(paper, bulletin)
    last_of_body = paper.paragraphs[-1]
    _add_annex_list(paper, [annex.title for annex in annexes])
    _add_signature(paper, bulletin, imprint.office)
    _keep_together(paper, last_of_body)
    for number, annex in enumerate(annexes, start=1):
        _add_annex(paper, annex, number if len(annexes) > 1 else None)
    _add_proof(paper, bulletin)
    return saved(paper, bulletin.written_on)


def _annexes(bulletin: Bulletin) -> list[TableSpec]:
    made = (
        (bulletin.units, docx_tables.units_table),
        (bulletin.items, docx_tables.items_table),
        (bulletin.next, docx_tables.next_table),
    )
    return [build(bulletin) for rows, build in made if rows]


def _add_masthead(paper: Paper, bulletin: Bulletin, imprint: Imprint) -> None:
    name = paper.add_paragraph(sentences.masthead_name(), "Masthead")
    # A long name, as in English, shrinks to stay on its line.
    width = layout.width_in_characters(sentences.masthead_name())
    if width > layout.MASTHEAD_CHARACTERS:
        name.runs[0].font.size = Pt(int(layout.MASTHEAD_PT * layout.MASTHEAD_CHARACTERS / width))
    name.paragraph_format.space_before = Pt(6)
    name.paragraph_format.space_after = Pt(10)
    paper.add_paragraph(imprint.issue).alignment = WD_ALIGN_PARAGRAPH.CENTER
    line = paper.add_paragraph(f"{imprint.office or period_words(bulletin.period)}\t{day_words(bulletin.written_on)}")
    line.paragraph_format.tab_stops.add_tab_stop(Mm(layout.TYPE_WIDTH_MM) - Pt(layout.BODY_PT), WD_TAB_ALIGNMENT.RIGHT)
    line.paragraph_format.left_indent = Pt(layout.BODY_PT)
    rule: dict[str, str | int] = {"val": "single", "sz": 12, "space": 4, "color": layout.RED}
    line._p.get_or_add_pPr().insert_element_before(
        element("pBdr", children=[element("bottom", rule)]), "w:shd", "w:tabs", "w:spacing", "w:ind"
    )


def _add_title(paper: Paper, bulletin: Bulletin) -> None:
    paper.add_paragraph()
    lines = [part for line in sentences.title_lines(bulletin) for part in layout.balanced_lines(line, layout.TITLE_CHARACTERS_PER_LINE)]
    title = paper.add_paragraph(style="Title")
    title.paragraph_format.space_after = Pt(layout.LINE_PITCH_TWIPS / 20)
    for number, line in enumerate(lines):
        run = title.add_run(line)
        if number + 1 < len(lines):
            run.add_break()


def _add_body(paper: Paper, bulletin: Bulletin) -> None:
    _add_text(paper, sentences.lead(bulletin))
    sections = (
        (_("总体情况"), sentences.overall(bulletin), docx_tables.overall_table(bulletin) if bulletin.totals.tasks else None),
        (_("进展较好的事项和单位"), sentences.good_progress(bulletin), None),
        (_("滞后任务"), sentences.lagging(bulletin), docx_tables.lagging_table(bulletin) if bulletin.lagging else None),
        (_("责任单位报送情况"), sentences.units(bulletin), None),
        (_("下期任务"), sentences.next_tasks(bulletin), None),
    )
    shown = sections if bulletin.totals.tasks else (sections[0], sections[-1])
    for number, (heading, paragraphs, rows) in enumerate(shown):
        _add_heading(paper, number, heading)
        for text in paragraphs:
            _add_text(paper, text)
        if rows:
            paper.paragraphs[-1].paragraph_format.keep_with_next = True
            _add_table(paper, rows)


def _add_heading(paper: Paper, number: int, heading: str) -> None:
    text = _("{numeral}、{heading}").format(numeral=NUMERALS[number], number=number + 1, heading=heading)
    paper.add_paragraph(text, "Heading 1").paragraph_format.keep_with_next = True


def _add_text(paper: Paper, text: str) -> Paragraph:
    paragraph = paper.add_paragraph(text, "Body Text Indented")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    return paragraph


def _add_table(paper: Paper, spec: TableSpec) -> None:
    before = paper.add_paragraph(style="TableText")
    before.paragraph_format.line_spacing = Pt(6)
    before.paragraph_format.keep_with_next = True
    _append(paper, table(spec))
    after = paper.add_paragraph(style="TableText")
    after.paragraph_format.space_after = Pt(4)


def _append(paper: Paper, block: BaseOxmlElement) -> None:
    paper.element.body.insert_element_before(block, "w:sectPr")


def _add_annex_list(paper: Paper, titles: list[str]) -> None:
    """List the annexes one line below the body, without an end mark; a single one has no number (7.3.4)."""
    if not titles:
        return
    paper.add_paragraph()
    if len(titles) == 1:
        _add_text(paper, _("附件：{title}").format(title=titles[0]))
        return
    for number, title in enumerate(titles, start=1):
        text = (_("附件：{number}. {title}") if number == 1 else _("{number}. {title}")).format(number=number, title=title)
        line = _add_text(paper, text)
        if number > 1:
            line.paragraph_format.left_indent = Pt(3 * layout.CHARACTER_PITCH_PT)


def _add_signature(paper: Paper, bulletin: Bulletin, office: str | None) -> None:
    """Sign one line below: the day four characters in from the right, the office centred upon it (7.3.5)."""
    day = day_words(bulletin.written_on)
    paper.add_paragraph()
    if office:
        beyond = layout.width_in_characters(day) - layout.width_in_characters(office)
        line = paper.add_paragraph(office)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Pt(max(0, 4 + beyond / 2) * layout.BODY_PT)
    signed = paper.add_paragraph(day)
    signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    signed.paragraph_format.right_indent = Pt(4 * layout.BODY_PT)


def _keep_together(paper: Paper, first: Paragraph) -> None:
    """Hold `first` and all after it on one page: a signature never stands on a page without body text (7.3.5)."""
    first.paragraph_format.keep_with_next = True
    for paragraph in reversed(paper.paragraphs[:-1]):
        if paragraph._p is first._p:
            return
        paragraph.paragraph_format.keep_with_next = True


def _add_annex(paper: Paper, annex: TableSpec, number: int | None) -> None:
    """Begin an annex on its own sheet: its word in 黑体 at the top left, its title in the third line (7.3.7)."""
    add_landscape(paper)
    word = _("附件{number}").format(number=number) if number else _("附件")
    paper.add_paragraph(word, "Heading 1").paragraph_format.first_line_indent = Pt(0)
    title = paper.add_paragraph(annex.title, "Title")
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(layout.TABLE_LINE_PT)
    _add_table(paper, annex)


def _add_proof(paper: Paper, bulletin: Bulletin) -> None:
    for number, text in enumerate(sentences.proof(bulletin)):
        line = paper.add_paragraph(text, "Proof")
        line.paragraph_format.space_before = Pt(0 if number else layout.TABLE_LINE_PT)
