"""Notices on paper: how `duban notice` prints them, one by one, in a list, or as a draft before it goes out."""

from collections.abc import Sequence

from cli.output import print_table, say
from cli.papers import say_postings
from reports.notice import NoticePaper
from reports.notice_sentences import is_proposal
from rules.notice_words import level_name, matter_name, moot_words, notice_state_name
from rules.texts import _
from services.notice_issuing import DraftedNotice
from services.notice_list import NoticeRow


def print_notices(rows: Sequence[NoticeRow]) -> None:
    """Print notices as a table; one without ground says so."""
    heads = [_("序号"), _("文号"), _("级别"), _("状态"), _("单位"), _("任务"), _("事由"), _("签发"), _("时限"), _("签收")]
    cells = [
        (
            *(row.id, row.doc_no, level_name(row.level), state_words(row), row.unit, f"{row.task_id} {row.task}"),
            *(matter_name(row.matter), row.issued_on, row.limit_on, row.received_on),
        )
        for row in rows
    ]
    print_table(heads, cells)


def state_words(row: NoticeRow) -> str:
    """Return how far the notice has got, and that its ground is gone where it is."""
    name = notice_state_name(row.state)
    return _("{state}（已失去依据：{why}）").format(state=name, why=moot_words(row.moot)) if row.moot else name


def print_notice(row: NoticeRow) -> None:
    """Print a notice with all that is known of it."""
    say(_("通知单 {id}　{level}　{state}").format(id=row.id, level=level_name(row.level), state=state_words(row)))
    lines = [
        (_("文号"), row.doc_no),
        (_("单位"), row.unit),
        (_("任务"), f"{row.task_id} {row.task}"),
        (_("计划"), row.plan),
        (_("事由"), matter_name(row.matter)),
        (_("任务期限"), row.due_on),
        (_("准备日期"), row.prepared_on),
        (_("签发日期"), row.issued_on),
        (_("督办时限"), row.limit_on),
        (_("督办要求"), row.demand),
        (_("签收"), _("{name}，{day}").format(name=row.receiver, day=row.received_on) if row.received_on else None),
        (_("搁置理由"), row.reason),
    ]
    for name, value in lines:
        if value:
            say(_("{name}：{place}").format(name=name, place=value))


def print_draft(draft: DraftedNotice) -> None:
    """Print what would go out, and to whom, before somebody decides."""
    paper = draft.paper
    say(_("将签发：{level}　主送 {unit}").format(level=level_name(paper.level), unit=_addressee(paper)))
    say(
        _("任务 {id}　{item}（{label}），期限 {due_on}").format(
            id=paper.task.id, item=paper.task.item, label=paper.task.label, due_on=paper.task.due_on
        )
    )
    say(_("事由：{matter}；现状：{reasons}").format(matter=matter_name(paper.matter), reasons=_("；").join(paper.progress.reasons)))
    say(_("督办要求：{demand}").format(demand=paper.demand))
    say_postings(draft.postings)


def _addressee(paper: NoticePaper) -> str:
    return (paper.office or _("督查机构")) if is_proposal(paper) else paper.unit
