"""Issuing a prepared notice: its ground looked at once more, numbered, frozen, put on paper and sent, by a person's act and in one transaction."""

from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Notice, NoticeLevel, NoticeState
from notify.channel import Routes
from notify.notices import NoticeLetter
from reports.faces import FACES, PLAIN, Printing, render
from reports.notice import NoticePaper, as_json
from reports.notice_paper import notice_paper
from rules.calendar import add_working_days
from rules.errors import DubanError
from rules.escalation import Matter
from rules.notice_words import moot_words
from rules.rights import Act
from rules.texts import _
from services.ledger import Event, record
from services.notice_climbs import Climbing, climbs_on, moot_reason
from services.notice_messages import plan_postings, queue_messages
from services.notice_papers import Imprinted, compile_paper
from services.notices import ISSUE_NOTICE, LockedNotice, lock_plans, locked_notice, refuse_unless
from services.occasion import Occasion
from services.papers.sending import Enclosure, PostingPlan
from services.rule_sets import rule_set_on
from services.store import Store

# A document's number is the same in every language.
DOC_NO = "督办〔{year}〕{number}号"
LONGEST_DEMAND = 1000


@dataclass(frozen=True)
class IssueOrder:
    """What the issuing person says: the demand (empty: the level's usual one), its last day (None: so many working days from now), whom the unit may ask."""

    demand: str = ""
    limit_on: date | None = None
    contact: str | None = None


@dataclass(frozen=True)
class NoticePress:
    """Where a notice goes: the store of files, the ways out of the house, the office that signs, and what the house prints with."""

    store: Store
    routes: Routes
    office: str | None = None
    printing: Printing = PLAIN


@dataclass(frozen=True)
class DraftedNotice:
    """A notice as it would go out: its paper without number, who gets it, and what the issuing person should know."""

    notice_id: int
    paper: NoticePaper
    postings: PostingPlan


@dataclass(frozen=True)
class IssuedNotice:
    """A notice that went out: its number, its paper and the hash it is kept under, who gets it, and the messages that wait in the outbox."""

    notice_id: int
    doc_no: str
    paper: NoticePaper
    sha256: str
    postings: PostingPlan
    message_ids: tuple[int, ...]


def preview_issue(session: Session, notice_id: int, order: IssueOrder, press: NoticePress, occasion: Occasion) -> DraftedNotice:
    """Return what `issue_notice` would send, with the same refusals; nothing is written."""
    locked, climbing = _issuable(session, notice_id, order, occasion, is_read_only=True)
    paper = _paper(session, locked.notice, climbing, _imprint(climbing, locked.notice, order, press, occasion), occasion)
    return DraftedNotice(notice_id, paper, plan_postings(session, locked.notice.unit_id, locked.notice.level, occasion.day, press.routes))


def issue_notice(session: Session, notice_id: int, order: IssueOrder, press: NoticePress, occasion: Occasion) -> IssuedNotice:
    """Issue a prepared notice on the occasion's day.

    1. All plans are locked, so that numbers are given one after the other. 2. The ground is looked at by today's facts. 3. The paper is made from its frozen view
    and kept. 4. Row, messages and entry are written together; the next delivery carries the messages.
    Codes: unknown-notice, notice-not-waiting, notice-moot (its ground is gone), limit-passed, demand-too-long.
    """
    lock_plans(session)
    locked, climbing = _issuable(session, notice_id, order, occasion)
    notice, year = locked.notice, occasion.day.year
    number = _next_number(session, year)
    numbered = replace(_imprint(climbing, notice, order, press, occasion), doc_no=DOC_NO.format(year=year, number=number))
    paper = _paper(session, notice, climbing, numbered, occasion)
    printed = notice_paper(paper)
    content = render(printed, "docx", press.printing)
    enclosure = Enclosure(f"{printed.name}{FACES['docx'].ending}", press.store.keep(content), len(content))
    notice.state, notice.year, notice.number, notice.doc_no = NoticeState.ISSUED, year, number, paper.doc_no
    notice.issued_on, notice.limit_on, notice.demand, notice.sha256 = occasion.day, paper.limit_on, paper.demand, enclosure.sha256
    session.add(notice)
    postings = plan_postings(session, notice.unit_id, notice.level, occasion.day, press.routes)
    message_ids = queue_messages(session, _letter(notice, paper, order), postings, enclosure, occasion) if postings.postings else []
    issued = IssuedNotice(notice_id, paper.doc_no or "", paper, enclosure.sha256, postings, tuple(message_ids))
    record(session, occasion, _issued_event(issued, locked))
    return issued


def _issuable(
    session: Session, notice_id: int, order: IssueOrder, occasion: Occasion, *, is_read_only: bool = False
) -> tuple[LockedNotice, Climbing]:
    locked = locked_notice(session, notice_id, occasion, Act.ISSUE_NOTICE, is_read_only=is_read_only)
    refuse_unless(locked.notice, NoticeState.PREPARED)
    if order.limit_on is not None and order.limit_on < occasion.day:
        raise DubanError("limit-passed", _("新的时限 {day} 已经过去").format(day=order.limit_on))
    if len(order.demand) > LONGEST_DEMAND:
        raise DubanError(
            "demand-too-long", _("督办要求有 {count} 字，不要超过 {most} 字").format(count=len(order.demand), most=LONGEST_DEMAND)
        )
    climbing = climbs_on(session, occasion.day, [locked.plan_id], [locked.notice.task_id]).get(locked.notice.task_id)
    moot = moot_reason(locked.notice, climbing, occasion.day)
    if moot is not None or climbing is None:
        why = moot_words(moot) if moot else ""
        text = _("通知单 {id} 已失去依据：{why}。不能签发，请搁置并写明理由（duban notice set-aside）")
        raise DubanError("notice-moot", text.format(id=notice_id, why=why))
    return locked, climbing


def _imprint(climbing: Climbing, notice: Notice, order: IssueOrder, press: NoticePress, occasion: Occasion) -> Imprinted:
    """Return what goes on the paper beside the facts; the number comes last."""
    usual = add_working_days(occasion.day, climbing.record.rules.notice_limit_days)
    is_proposal = notice.level is NoticeLevel.ACCOUNTABILITY
    return Imprinted(
        doc_no=None,
        issued_on=occasion.day,
        limit_on=order.limit_on or (None if is_proposal else usual),
        demand=order.demand,
        office=press.office,
        contact=order.contact,
    )


def _paper(session: Session, notice: Notice, climbing: Climbing, imprint: Imprinted, occasion: Occasion) -> NoticePaper:
    return compile_paper(session, notice, climbing, imprint, rule_set_on(session, occasion.day))


def _next_number(session: Session, year: int) -> int:
    """Return the next number of the year's one series, whatever the level."""
    last = sa.select(sa.func.coalesce(sa.func.max(col(Notice.number)), 0)).where(col(Notice.year) == year)
    return int(session.execute(last).scalar_one()) + 1


def _letter(notice: Notice, paper: NoticePaper, order: IssueOrder) -> NoticeLetter:
    return NoticeLetter(
        notice_id=notice.id or 0,
        doc_no=paper.doc_no or "",
        level=paper.level,
        matter=Matter(notice.matter),
        task_id=paper.task.id,
        task=_("{item}（{label}）").format(item=paper.task.item, label=paper.task.label),
        plan=paper.task.plan,
        plan_doc_no=paper.task.plan_doc_no,
        due_on=paper.task.due_on,
        limit_on=paper.limit_on or paper.issued_on,
        demand=order.demand.strip(),
        issued_on=paper.issued_on,
        office=paper.office,
        is_overdue=paper.progress.days_overdue > 0,
    )


def _issued_event(issued: IssuedNotice, locked: LockedNotice) -> Event:
    sent_to = [
        {"recipient": one.recipient.key, "name": one.recipient.person or one.recipient.unit, "channel": one.channel, "is_copy": one.is_copy}
        for one in issued.postings.postings
    ]
    after = {
        "notice": issued.notice_id,
        "level": issued.paper.level.value,
        "doc_no": issued.doc_no,
        "limit_on": issued.paper.limit_on.isoformat() if issued.paper.limit_on else None,
        "sha256": issued.sha256,
        "to": sent_to,
        "messages": list(issued.message_ids),
        "view": as_json(issued.paper),
    }
    return Event(ISSUE_NOTICE, f"notice {issued.notice_id}", locked.plan_id, locked.notice.task_id, after=after)
