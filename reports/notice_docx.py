"""A formal notice as a Word document in the form of GB/T 9704-2012: masthead, body, and on a page of its own the return slip, or the record.

Every word comes from `notice_sentences`; here it is only laid out.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Pt

from models.notice import NoticeLevel
from reports import layout
from reports import notice_sentences as sentences
from reports.docx_blocks import add_heading, add_masthead, add_proof, add_signature, add_table, add_text, add_title, keep_together
from reports.docx_page import new_paper, saved
from reports.docx_parts import HEAD_SHADE, Box, Line, Row, TableSpec, run_text
from reports.notice import Happening, NoticePaper
from reports.readable import fit_text
from rules.notice_words import level_name
from rules.texts import _
from rules.words import day_words

_COLOURS = {
    NoticeLevel.BLUE: "1F4E9E",
    NoticeLevel.ORANGE: "C55A11",
    NoticeLevel.RED: "C00000",
    NoticeLevel.ACCOUNTABILITY: "404040",
}
_PAIRS_WIDTHS_MM = (30.0, 48.0, 30.0, 48.0)
_RECORD_WIDTHS_MM = (27.0, 30.0, 34.0, 65.0)
_TYPE_PT = 12.0
_SHORT_CHARACTERS = 11


def notice_docx(paper: NoticePaper) -> bytes:
    """Return the notice as a .docx file; the same view gives the same bytes."""
    paper = _readable(paper)
    document = new_paper(paper.issued_on, sentences.title(paper))
    add_masthead(document, sentences.masthead_name(paper), sentences.issue_words(paper), (paper.office or "", day_words(paper.issued_on)))
    if not sentences.is_proposal(paper):
        _add_level(document, paper.level)
    add_title(document, sentences.title_lines(paper))
    document.add_paragraph(sentences.addressee(paper))
    _add_body(document, paper)
    last_of_body = document.paragraphs[-1]
    _add_annex_note(document, paper)
    add_signature(document, paper.issued_on, paper.office)
    keep_together(document, last_of_body)
    if sentences.is_proposal(paper):
        _add_record(document, paper)
    else:
        _add_slip(document, paper)
    add_proof(document, sentences.proof(paper))
    return saved(document, paper.issued_on)


def _add_level(document: Paper, level: NoticeLevel) -> None:
    # The word stands with the colour, so that a black and white copy says as much.
    line = document.add_paragraph()
    run = run_text(_("【{level}】").format(level=level_name(level)), size_pt=layout.BODY_PT, heavy=True, colour=_COLOURS[level])
    line._p.append(run)


def _add_body(document: Paper, paper: NoticePaper) -> None:
    standing = 1
    for number, (heading, paragraphs) in enumerate(sentences.sections(paper)):
        add_heading(document, number, heading)
        for place, text in enumerate(paragraphs):
            add_text(document, text)
            if number == standing and place == 0:
                document.paragraphs[-1].paragraph_format.keep_with_next = True
                add_table(document, _facts_table(paper))


def _facts_table(paper: NoticePaper) -> TableSpec:
    """Return the figures, two pairs in a row; what is long has a row of its own."""
    rows: list[Row] = []
    waiting: tuple[Box, ...] = ()
    for label, words in sentences.facts(paper):
        is_long = layout.width_in_characters(words) > _SHORT_CHARACTERS
        if waiting and not is_long:
            rows.append(Row((*waiting, _label(label), _words(words))))
            waiting = ()
            continue
        if waiting:
            rows.append(Row((waiting[0], replace(waiting[1], span=3))))
        waiting = () if is_long else (_label(label), _words(words))
        if is_long:
            rows.append(Row((_label(label), _words(words, span=3))))
    if waiting:
        rows.append(Row((waiting[0], replace(waiting[1], span=3))))
    together = [replace(row, keep=True) for row in rows[:-1]]
    return TableSpec(_("任务情况"), _PAIRS_WIDTHS_MM, [*together, *rows[-1:]])


def _words(text: str, span: int = 1) -> Box:
    return Box((Line(text, size_pt=_TYPE_PT),), span=span)


def _label(text: str) -> Box:
    return Box((Line(text, heavy=True, size_pt=_TYPE_PT),), "center", shade=HEAD_SHADE)


def _add_annex_note(document: Paper, paper: NoticePaper) -> None:
    """Name what follows one line below the body (7.3.4)."""
    if sentences.is_proposal(paper) and not paper.record:
        return
    document.add_paragraph()
    name = _("任务经过") if sentences.is_proposal(paper) else _("回执")
    add_text(document, _("附件：{title}").format(title=name))


def _new_page(document: Paper, title: str) -> None:
    """Begin an annex: its word in 黑体 at the top left, its title in the third line (7.3.7)."""
    word = document.add_paragraph(style="Heading 1")
    word.paragraph_format.first_line_indent = Pt(0)
    word.add_run().add_break(WD_BREAK.PAGE)
    word.add_run(_("附件"))
    heading = document.add_paragraph(title, "Title")
    heading.paragraph_format.space_before = heading.paragraph_format.space_after = Pt(layout.TABLE_LINE_PT)


def _add_slip(document: Paper, paper: NoticePaper) -> None:
    _new_page(document, _("督办通知单回执"))
    known = [Row((_label(label), _words(words, span=3))) for label, words in sentences.slip_rows(paper)]
    blank = [
        _pair(_("签收人"), _("签收时间")),
        _pair(_("承办人"), _("联系电话")),
        Row((_label(_("办理意见")), _empty(13, span=3))),
        Row((_label(_("负责人签字")), _empty(3), _label(_("单位盖章")), _empty(3))),
        Row((_label(_("退回日期")), _empty(1, span=3))),
    ]
    add_table(document, TableSpec(_("督办通知单回执"), _PAIRS_WIDTHS_MM, [*known, *blank]))
    note = document.add_paragraph(style="TableText")
    note.alignment = WD_ALIGN_PARAGRAPH.LEFT
    note._p.append(run_text(_("说明：收到当日填写签收栏并退回；办理意见可另附书面材料。"), size_pt=_TYPE_PT))


def _pair(first: str, second: str) -> Row:
    return Row((_label(first), _empty(2), _label(second), _empty(2)))


def _empty(lines: int, span: int = 1) -> Box:
    return Box(tuple(Line("", size_pt=_TYPE_PT) for _number in range(lines)), span=span)


def _add_record(document: Paper, paper: NoticePaper) -> None:
    if not paper.record:
        return
    _new_page(document, _("任务经过"))
    heads = Row(tuple(_label(head) for head in (_("日期"), _("事由"), _("办理人"), _("内容"))), is_head=True)
    add_table(document, TableSpec(_("任务经过"), _RECORD_WIDTHS_MM, [heads, *(_record_row(one) for one in paper.record)]))


def _record_row(one: Happening) -> Row:
    cells = (one.day.isoformat(), one.what, one.who, one.words)
    return Row(tuple(Box((Line(text),), "center" if place == 0 else "left") for place, text in enumerate(cells)))


def _readable(paper: NoticePaper) -> NoticePaper:
    """Return the view with every text fit for a document: units paste in control characters that no Office file may hold."""
    made: NoticePaper = _fit(paper)
    return made


def _fit(value: Any) -> Any:
    if isinstance(value, NoticeLevel | date) or value is None:
        return value
    if type(value) is str:
        return fit_text(value)
    if isinstance(value, tuple):
        return tuple(_fit(part) for part in value)
    if hasattr(value, "__dataclass_fields__"):
        return replace(value, **{name: _fit(getattr(value, name)) for name in value.__dataclass_fields__})
    return value


def file_name(paper: NoticePaper) -> str:
    """Return what the file of the paper is called."""
    return f"{sentences.title(paper)}.docx"
