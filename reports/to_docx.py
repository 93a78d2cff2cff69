"""The bulletin as a Word document in the form of GB/T 9704-2012: masthead, body in portrait, annexes in landscape, proof at the end.

Every number comes from the view by way of `sentences` and `grids`; page, type and numbering come from `docx_page`, the parts of a paper from `docx_blocks`.
"""

from docx.document import Document as Paper
from docx.shared import Pt

from reports import docx_tables, layout, sentences
from reports.bulletin import Bulletin
from reports.docx_blocks import add_heading, add_masthead, add_proof, add_signature, add_table, add_text, add_title, keep_together
from reports.docx_page import add_landscape, new_paper, saved
from reports.docx_parts import TableSpec
from reports.imprint import PREVIEW, Imprint
from reports.readable import readable
from rules.texts import _
from rules.words import day_words, period_words


def bulletin_docx(bulletin: Bulletin, imprint: Imprint = PREVIEW) -> bytes:
    """Return the bulletin as a .docx file; the imprint's office signs it, without one only the day stands there."""
    bulletin = readable(bulletin)
    paper = new_paper(bulletin.written_on, sentences.title(bulletin))
    annexes = _annexes(bulletin)
    below = (imprint.office or period_words(bulletin.period), day_words(bulletin.written_on))
    add_masthead(paper, sentences.masthead_name(), imprint.issue, below)
    add_title(paper, sentences.title_lines(bulletin))
    _add_body(paper, bulletin)
    last_of_body = paper.paragraphs[-1]
    _add_annex_list(paper, [annex.title for annex in annexes])
    add_signature(paper, bulletin.written_on, imprint.office)
    keep_together(paper, last_of_body)
    for number, annex in enumerate(annexes, start=1):
        _add_annex(paper, annex, number if len(annexes) > 1 else None)
    add_proof(paper, sentences.proof(bulletin))
    return saved(paper, bulletin.written_on)


def _annexes(bulletin: Bulletin) -> list[TableSpec]:
    made = (
        (bulletin.units, docx_tables.units_table),
        (bulletin.items, docx_tables.items_table),
        (bulletin.next, docx_tables.next_table),
    )
    return [build(bulletin) for rows, build in made if rows]


def _add_body(paper: Paper, bulletin: Bulletin) -> None:
    add_text(paper, sentences.lead(bulletin))
    sections = (
        (_("总体情况"), sentences.overall(bulletin), docx_tables.overall_table(bulletin) if bulletin.totals.tasks else None),
        (_("进展较好的事项和单位"), sentences.good_progress(bulletin), None),
        (_("滞后任务"), sentences.lagging(bulletin), docx_tables.lagging_table(bulletin) if bulletin.lagging else None),
        (_("责任单位报送情况"), sentences.units(bulletin), None),
        (_("下期任务"), sentences.next_tasks(bulletin), None),
    )
    shown = sections if bulletin.totals.tasks else (sections[0], sections[-1])
    for number, (heading, paragraphs, rows) in enumerate(shown):
        add_heading(paper, number, heading)
        for text in paragraphs:
            add_text(paper, text)
        if rows:
            paper.paragraphs[-1].paragraph_format.keep_with_next = True
            add_table(paper, rows)


def _add_annex_list(paper: Paper, titles: list[str]) -> None:
    """List the annexes one line below the body, without an end mark; a single one has no number (7.3.4)."""
    if not titles:
        return
    paper.add_paragraph()
    if len(titles) == 1:
        add_text(paper, _("附件：{title}").format(title=titles[0]))
        return
    for number, title in enumerate(titles, start=1):
        text = (_("附件：{number}. {title}") if number == 1 else _("{number}. {title}")).format(number=number, title=title)
        line = add_text(paper, text)
        if number > 1:
            line.paragraph_format.left_indent = Pt(3 * layout.CHARACTER_PITCH_PT)


def _add_annex(paper: Paper, annex: TableSpec, number: int | None) -> None:
    """Begin an annex on its own sheet: its word in 黑体 at the top left, its title in the third line (7.3.7)."""
    add_landscape(paper)
    word = _("附件{number}").format(number=number) if number else _("附件")
    paper.add_paragraph(word, "Heading 1").paragraph_format.first_line_indent = Pt(0)
    title = paper.add_paragraph(annex.title, "Title")
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(layout.TABLE_LINE_PT)
    add_table(paper, annex)
