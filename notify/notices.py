"""The letter a formal notice goes out with: what it is about, what it demands and by when, for whoever cannot open the file that goes along."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.notice import NoticeLevel
from notify.letterhead import Rendered, render, task_page
from notify.messages import Addressee, salutation
from notify.wording import document_words
from rules.escalation import Matter
from rules.notice_words import level_name, matter_name, usual_demand
from rules.texts import _, use_language
from rules.words import day_words

_SUBJECT_CHARACTERS = 60


@dataclass(frozen=True)
class NoticeLetter:
    """What the letter says. `demand` is empty where the level's usual one stands; `is_copy` goes to somebody who is only to know."""

    notice_id: int
    doc_no: str
    level: NoticeLevel
    matter: Matter
    task_id: int
    task: str
    plan: str
    plan_doc_no: str | None
    due_on: date
    limit_on: date
    demand: str
    issued_on: date
    office: str | None
    is_overdue: bool = False
    is_copy: bool = False


def render_notice(addressee: Addressee, letter: NoticeLetter) -> Rendered:
    """Return the letter's texts in the addressee's language."""
    with use_language(addressee.language):
        return render("notice", letter_words(addressee, letter))


def letter_words(addressee: Addressee, letter: NoticeLetter) -> dict[str, Any]:
    """Return what the templates of a notice's letter are given, in the current language."""
    level = level_name(letter.level)
    subject = _("【{level}】{doc_no}：{task}") if not letter.is_copy else _("【抄送：{level}】{doc_no}：{task}")
    opening = (
        _("现发去{doc_no}{level}，正式文件见附件，请办理。") if not letter.is_copy else _("现将{doc_no}{level}抄送你，请知悉并督促办理。")
    )
    return {
        "language": addressee.language,
        "level": letter.level.value,
        "subject": subject.format(level=level, doc_no=letter.doc_no, task=letter.task[:_SUBJECT_CHARACTERS]),
        "heading": _("{level}　{doc_no}").format(level=level, doc_no=letter.doc_no),
        "salutation": salutation(addressee),
        "opening": opening.format(doc_no=letter.doc_no, level=level),
        "facts": _facts(letter),
        "demand_heading": _("督办要求"),
        "demand": letter.demand or usual_demand(letter.level, letter.limit_on, is_overdue=letter.is_overdue),
        "answer_heading": _("签收与反馈"),
        "answer": _("请收到当日签收。在督办系统中签收："),
        "command": _("duban notice receipt {id} --by 签收人").format(id=letter.notice_id),
        "otherwise": _("没有系统账号的，请填写附件中的回执退回，或直接与督办机构联系。"),
        "office": letter.office or _("督办机构"),
        "day": day_words(letter.issued_on),
        "footer": _("本邮件由督办系统随正式文件发出；附件与本邮件不一致的，以附件为准。"),
    }


def _facts(letter: NoticeLetter) -> list[tuple[str, str]]:
    return [
        (_("任务"), f"[{letter.task_id}] {letter.task}"),
        (_("来源"), document_words(letter.plan, letter.plan_doc_no)),
        (_("事由"), matter_name(letter.matter)),
        (_("任务期限"), day_words(letter.due_on)),
        *([(_("网页"), page)] if (page := task_page(letter.task_id)) else []),
        (_("督办时限"), _("{day}（含当日）").format(day=day_words(letter.limit_on))),
    ]
