"""From a notice and its task on the ladder to the frozen view that its paper is made from: facts of the day it is issued, never of the day it was prepared."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Message, MessageState, Notice, NoticeLevel, NoticeState, Reminder
from models.plan import Plan
from reports.notice import EarlierPaper, NoticePaper, NoticeTask, Progress
from rules.escalation import Matter
from rules.lights import days_overdue, gap_of, pace_of, worst_target
from rules.notice_words import usual_demand
from rules.rule_set import RuleSet
from rules.target_words import actual_words, wanted_words
from services.ledger import head_of
from services.notice_climbs import Climbing
from services.notice_record import happenings
from services.target_lines import shown


@dataclass(frozen=True)
class Imprinted:
    """What the issuing person and the house add to the facts: number, days, words, the office that signs, whom to ask."""

    doc_no: str | None
    issued_on: date
    limit_on: date | None
    demand: str
    office: str | None
    contact: str | None


def compile_paper(session: Session, notice: Notice, climbing: Climbing, imprint: Imprinted, rules: RuleSet) -> NoticePaper:
    """Return the notice's view as of the day it is issued; `rules` are the house's set that judged."""
    plan = session.execute(sa.select(col(Plan.title), col(Plan.doc_no)).where(col(Plan.id) == climbing.record.name.plan_id)).one()
    grounds = notice.grounds
    earlier = {row.id: _earlier(row) for row in _went_out(session, notice, imprint.issued_on)}
    is_proposal = notice.level is NoticeLevel.ACCOUNTABILITY
    is_overdue = days_overdue(climbing.record.facts, imprint.issued_on) > 0
    return NoticePaper(
        level=notice.level,
        matter=Matter(notice.matter),
        doc_no=imprint.doc_no,
        issued_on=imprint.issued_on,
        limit_on=imprint.limit_on,
        office=imprint.office,
        contact=imprint.contact,
        unit=climbing.record.name.lead,
        demand=imprint.demand.strip() or usual_demand(notice.level, imprint.limit_on, is_overdue=is_overdue),
        task=_task(climbing, plan.title, plan.doc_no),
        progress=_progress(session, climbing, imprint.issued_on),
        earlier=tuple(earlier.values()),
        after=earlier.get(grounds.get("after", {}).get("notice")),
        quarters=tuple(grounds.get("quarters", ())),
        year=grounds.get("year"),
        record=tuple(happenings(session, notice.task_id, imprint.issued_on)) if is_proposal else (),
        rule_set=rules.version,
        rule_sha256=rules.sha256,
        ledger_head=head_of(session, [climbing.record.name.plan_id]),
    )


def _task(climbing: Climbing, plan: str, doc_no: str | None) -> NoticeTask:
    name, facts = climbing.record.name, climbing.record.facts
    return NoticeTask(
        id=name.id,
        number=name.number,
        item=name.item_title,
        label=name.label,
        text=name.text,
        plan=plan,
        plan_doc_no=doc_no,
        starts_on=facts.starts_on,
        due_on=facts.due_on,
        original_due_on=facts.original_due_on,
    )


def _progress(session: Session, climbing: Climbing, day: date) -> Progress:
    record, facts = climbing.record, climbing.record.facts
    worst = worst_target(facts, day)
    is_measured = worst is not None or bool(facts.milestones)
    return Progress(
        light=climbing.climb.reading.light.value,
        reasons=tuple(text for _code, text in climbing.climb.reading.reasons),
        days_overdue=days_overdue(facts, day),
        measure=worst.measure if worst else None,
        wanted=wanted_words(worst) if worst else None,
        reached=actual_words(worst) if worst else None,
        pace=shown(pace_of(facts, day)) if is_measured else None,
        gap_pp=shown(gap_of(facts, day)),
        return_count=facts.return_count,
        missing_reports=facts.missing_reports,
        reminded=_count_reminders(session, record.name.id, day),
        cause=record.reported.problem,
        next_step=record.reported.next_step,
    )


def _count_reminders(session: Session, task_id: int, day: date) -> int:
    """Return on how many days somebody was reminded of the task, in messages that were handed over."""
    days = sa.select(sa.func.count(sa.distinct(col(Message.day)))).join(Reminder, col(Reminder.message_id) == col(Message.id))
    sent = days.where(col(Reminder.task_id) == task_id, col(Message.state) == MessageState.SENT, col(Message.day) <= day)
    # The house's own people are told of the task too; that is no reminder of the unit.
    return int(session.execute(sent.where(col(Message.unit_id).is_not(None))).scalar_one())


def _went_out(session: Session, notice: Notice, day: date) -> Iterator[Notice]:
    same = (col(Notice.task_id) == notice.task_id, col(Notice.due_on) == notice.due_on, col(Notice.unit_id) == notice.unit_id)
    gone_out = col(Notice.state).in_((NoticeState.ISSUED, NoticeState.RECEIVED))
    # A proposal stays in the house: no paper to the unit speaks of it.
    others = (col(Notice.id) != notice.id, col(Notice.level) != NoticeLevel.ACCOUNTABILITY, col(Notice.issued_on) <= day)
    yield from session.execute(sa.select(Notice).where(*same, gone_out, *others).order_by(col(Notice.id))).scalars()


def _earlier(row: Notice) -> EarlierPaper:
    assert row.doc_no is not None
    assert row.issued_on is not None
    return EarlierPaper(row.doc_no, row.level, row.issued_on, row.limit_on, row.received_on)
