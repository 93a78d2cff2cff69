"""Urging (催办): a note to a unit about its tasks that are overdue, nearly due or not reported on, and the record of an urging by telephone.

A note is one rung below the supervision notices: a person writes it whenever it is wanted, once a day for the same unit or task.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.publication import Publication, PublicationKind
from models.task import TaskState
from models.unit import ContactDuty
from reports.paper import Paper
from reports.urging import UrgedTask, Urging
from reports.urging_paper import urging_paper
from rules.calendar import add_working_days, working_days_until
from rules.errors import DubanError
from rules.lights import days_overdue
from rules.rights import Act, Parties, refuse_without_right
from rules.target_words import actual_words
from rules.targets import TargetFacts
from rules.texts import _
from rules.transitions import state_name
from rules.words import day_words
from services.ledger import Event, head_of, record, record_all
from services.notices import lock_plans
from services.occasion import Occasion
from services.papers.duties import Carried, Roll, read_roll
from services.papers.filing import Filing
from services.papers.posting import FORMATS, IssuedPaper, Mailing, PostOffice, issue_paper, numbered_imprint
from services.papers.sending import PostingPlan, plan_sending
from services.reach import parties_of, read_tree
from services.tasks import lead_task

URGE, URGE_BY_PHONE = "urge", "urge-by-phone"
TO = (ContactDuty.OFFICE, ContactDuty.LIAISON)
LONGEST_PERSON, LONGEST_ANSWER = 60, 1000
_ENDED = (TaskState.COMPLETED, TaskState.CLOSED, TaskState.CANCELLED)
_OPEN = (TaskState.ASSIGNED, TaskState.IN_PROGRESS)


@dataclass(frozen=True)
class Whom:
    """What is urged: one task, or all of a unit's that call for it. One of the two is given."""

    unit_id: int | None = None
    task_id: int | None = None

    @property
    def scope(self) -> str:
        """Return what a note about it is filed under."""
        return f"unit-{self.unit_id}" if self.task_id is None else f"task-{self.task_id}"


@dataclass(frozen=True)
class DraftedUrging:
    """A note as it would go out, and to whom."""

    view: Urging
    paper: Paper
    postings: PostingPlan


def preview_urging(session: Session, task_id: int | None, unit_id: int | None, post: PostOffice, occasion: Occasion) -> DraftedUrging:
    """Return what `issue_urging` would send, with the same refusals; nothing is written."""
    whom = Whom(unit_id, task_id)
    view = _issuable(session, whom, occasion)
    paper = urging_paper(view, post.draft_imprint(occasion, [view.unit]))
    return DraftedUrging(view, paper, plan_sending(session, [view.unit_id], TO, occasion.day, post.routes))


def issue_urging(session: Session, task_id: int | None, unit_id: int | None, post: PostOffice, occasion: Occasion) -> IssuedPaper:
    """Issue an urging note on the occasion's day, about one task or about all of a unit's that call for it, with an entry on each of its tasks.

    1. All plans are locked, so that numbers are given one after the other. 2. The note is made from the tasks of that moment. 3. Paper, messages and entries are
    written together. Codes: unknown-task, nothing-to-urge, already-urged (the same unit or task today; the number is named).
    """
    whom = Whom(unit_id, task_id)
    _refuse_without_right(session, whom, occasion)
    lock_plans(session)
    view = _issuable(session, whom, occasion)
    draft = post.draft_imprint(occasion, [view.unit])
    filing = Filing(
        kind=PublicationKind.URGING,
        scope=whom.scope,
        period=f"{occasion.day:%Y%m%d}",
        compose=lambda place: urging_paper(view, numbered_imprint(draft, place)),
        formats=FORMATS,
        ledger_head=view.ledger_head,
    )
    issued = issue_paper(session, filing, Mailing((view.unit_id,), TO, _words(view)), post, occasion)
    after = {"unit": view.unit, **issued.as_entry()}
    record_all(session, occasion, [Event(URGE, f"task {task.id}", task.plan_id, task.id, after=after) for task in view.tasks])
    return issued


def record_phone_urging(session: Session, task_id: int, person: str, answer: str, occasion: Occasion) -> None:
    """Record that the unit was urged about a task by telephone on the occasion's day: who was called and what was answered. Only the ledger tells of it.

    Codes: unknown-task, not-now (the task has ended), bad-person, no-answer (nobody answering is an answer, too: say so).
    """
    task = lead_task(session, task_id, occasion, Act.URGE).task
    if task.state in _ENDED:
        raise DubanError("not-now", _("任务现在是“{state}”，不用催办").format(state=state_name(task.state)))
    called, said = person.strip(), answer.strip()
    if not 0 < len(called) <= LONGEST_PERSON:
        raise DubanError("bad-person", _("请写明打给了谁，不超过 {most} 个字").format(most=LONGEST_PERSON))
    if not 0 < len(said) <= LONGEST_ANSWER:
        raise DubanError("no-answer", _("请写明对方怎样答复，不超过 {most} 个字；没有接通的写“无人接听”").format(most=LONGEST_ANSWER))
    record(session, occasion, Event(URGE_BY_PHONE, f"task {task_id}", task.plan_id, task_id, after={"person": called, "answer": said}))


def _refuse_without_right(session: Session, whom: Whom, occasion: Occasion) -> None:
    refuse_without_right(occasion.actor, Act.URGE, _parties(session, whom))


def _parties(session: Session, whom: Whom) -> Parties:
    if whom.task_id is not None:
        return parties_of(session, whom.task_id)
    assert whom.unit_id is not None
    return read_tree(session).parties(whom.unit_id)


def _issuable(session: Session, whom: Whom, occasion: Occasion) -> Urging:
    _refuse_without_right(session, whom, occasion)
    earlier = sa.select(col(Publication.doc_no)).where(col(Publication.kind) == PublicationKind.URGING)
    earlier = earlier.where(col(Publication.scope) == whom.scope, col(Publication.period) == f"{occasion.day:%Y%m%d}")
    doc_no = session.execute(earlier).scalars().first()
    if doc_no is not None:
        raise DubanError("already-urged", _("今天已经催办过（{doc_no}），不再重发").format(doc_no=doc_no))
    return _made(session, whom, occasion.day)


def _made(session: Session, whom: Whom, day: date) -> Urging:
    unit_id = _parties(session, whom).lead_id
    roll = read_roll(session, day)
    urged = [one for one in roll.led_by(unit_id) if whom.task_id in (None, one.duty.task) and _calls_for_it(one, roll)]
    if not urged:
        text = (
            _("任务 {task} 没有逾期、临近时限或者缺报进展，不用催办")
            if whom.task_id
            else _("{unit}没有逾期、临近时限或者缺报进展的任务，不用催办")
        )
        raise DubanError("nothing-to-urge", text.format(task=whom.task_id, unit=roll.units.get(unit_id, "")))
    urged.sort(key=lambda one: (one.duty.due_on, one.duty.task))
    counts = _count_urgings(session, [one.duty.task for one in urged], day)
    return Urging(
        unit_id=unit_id,
        unit=roll.units[unit_id],
        issued_on=day,
        answer_by=add_working_days(day, roll.rules.notice_limit_days),
        tasks=tuple(_urged(one, roll, counts) for one in urged),
        rule_set=roll.rules.version,
        rule_sha256=roll.rules.sha256,
        ledger_head=head_of(session, {one.record.name.plan_id for one in urged}),
    )


def _calls_for_it(one: Carried, roll: Roll) -> bool:
    """Tell whether a task is in the unit's hands and overdue, due within the days that make a light yellow, or without a report it owed."""
    facts = one.record.facts
    return facts.state in _OPEN and bool(days_overdue(facts, roll.day) or _is_soon(one, roll) or facts.missing_reports)


def _is_soon(one: Carried, roll: Roll) -> bool:
    due_on = one.record.facts.due_on
    return due_on >= roll.day and working_days_until(roll.day, due_on) <= roll.rules.due_soon_days


def _urged(one: Carried, roll: Roll, counts: Mapping[int, int]) -> UrgedTask:
    duty, facts, reported = one.duty, one.record.facts, one.record.reported
    return UrgedTask(
        id=duty.task,
        plan_id=duty.plan_id,
        plan=duty.plan,
        doc_no=duty.doc_no,
        title=duty.title,
        wanted=duty.aim,
        reached=_reached(facts.targets),
        due_on=duty.due_on,
        original_due_on=duty.original_due_on,
        days_overdue=days_overdue(facts, roll.day),
        days_left=max(0, working_days_until(roll.day, duty.due_on)),
        is_soon=_is_soon(one, roll),
        missing_reports=facts.missing_reports,
        urged=counts.get(duty.task, 0),
        cause=reported.problem,
        next_step=reported.next_step,
    )


def _reached(targets: Sequence[TargetFacts]) -> str | None:
    """Return what was reached of each figure, None where nothing is known of any."""
    known = [(target.measure, actual_words(target)) for target in targets]
    if not any(words for _measure, words in known):
        return None
    if len(known) == 1:
        return known[0][1]
    return _("；").join(_("{measure} {reached}").format(measure=measure, reached=words or _("未填报")) for measure, words in known)


def _count_urgings(session: Session, task_ids: Sequence[int], day: date) -> Mapping[int, int]:
    counted = sa.select(col(LedgerEntry.task_id), sa.func.count()).where(col(LedgerEntry.act).in_((URGE, URGE_BY_PHONE)))
    counted = counted.where(col(LedgerEntry.task_id).in_(task_ids), col(LedgerEntry.acted_on) <= day)
    return {task_id or 0: count for task_id, count in session.execute(counted.group_by(col(LedgerEntry.task_id))).tuples()}


def _words(view: Urging) -> tuple[str, ...]:
    text = _("催办任务 {count} 项，请于{day}（含当日）前答复办理情况；没有系统账号的，填写回执退回。")
    return (text.format(count=len(view.tasks), day=day_words(view.answer_by)),)
