"""A formal notice, or a proposal to hold to account, as a paper: body, figures, and as its annex the return slip, or the record of the task.

Every word comes from `notice_sentences`; here it only gets its place.
"""

from collections.abc import Iterator

from models.notice import NoticeLevel
from reports import notice_sentences as sentences
from reports.notice import NoticePaper, as_json
from reports.paper import Annex, Block, Column, Heading, Masthead, Pairs, Paper, Record, Row, Signature, Table, Text
from reports.return_slip import return_slip
from rules.notice_words import level_name
from rules.texts import _
from rules.words import day_words

_COLOURS = {NoticeLevel.BLUE: "1F4E9E", NoticeLevel.ORANGE: "C55A11", NoticeLevel.RED: "C00000"}
_OPINION_LINES = 8


def notice_paper(view: NoticePaper) -> Paper:
    """Return the paper of a notice. A draft bears no record at its foot: nothing was printed."""
    colour = _COLOURS.get(view.level)
    return Paper(
        kind="proposal" if sentences.is_proposal(view) else "notice",
        name=sentences.title(view),
        written_on=view.issued_on,
        title=tuple(sentences.title_lines(view)),
        blocks=tuple(_body(view)),
        data=as_json(view),
        masthead=Masthead(sentences.masthead_name(view), sentences.issue_words(view), view.office or "", day_words(view.issued_on)),
        level=(_("【{level}】").format(level=level_name(view.level)), colour) if colour else None,
        addressee=sentences.addressee(view),
        signature=Signature(view.issued_on, view.office or ""),
        annexes=tuple(_annexes(view)),
        record=Record(office=view.office, printed_on=view.issued_on) if view.office and view.doc_no else None,
        proof=tuple(sentences.proof(view)),
    )


def _body(view: NoticePaper) -> Iterator[Block]:
    for number, (heading, paragraphs) in enumerate(sentences.sections(view)):
        yield Heading(heading)
        for place, words in enumerate(paragraphs):
            yield Text(words)
            if (number, place) == (1, 0):
                yield Pairs(_("任务情况"), tuple(sentences.facts(view)))


def _annexes(view: NoticePaper) -> Iterator[Annex]:
    if not sentences.is_proposal(view):
        yield return_slip(tuple(sentences.slip_rows(view)), _OPINION_LINES)
    elif view.record:
        columns = (
            Column(_("日期"), "date", 24),
            Column(_("事由"), "text", 28),
            Column(_("办理人"), "text", 34),
            Column(_("内容"), "text", 70),
        )
        rows = tuple(Row((one.day, one.what, one.who, one.words)) for one in view.record)
        yield Annex(_("任务经过"), (Table(_("任务经过"), columns, rows),))
