"""Formal notices: prepared by the program where the ladder calls for one, then issued (`notice_issuing`) or set aside by a person; receipts are recorded."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Notice, NoticeLevel, NoticeState
from models.plan import Plan
from models.task import Task
from rules.errors import DubanError
from rules.escalation import DueNotice, notices_due
from rules.notice_words import notice_state_name
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.facts import TaskRecord
from services.ledger import Event, record, record_all
from services.notice_climbs import plans_in_force, uppermost_climbs
from services.occasion import Occasion
from services.reach import parties_of

PREPARE_NOTICE = "prepare-notice"
ISSUE_NOTICE = "issue-notice"
RECEIVE_NOTICE = "receive-notice"
SET_ASIDE_NOTICE = "set-aside-notice"
LONGEST_RECEIVER = 60


@dataclass(frozen=True)
class PrepareReport:
    """What a run prepared: its notices, how many by level, and how many wait for a person altogether, by level."""

    day: date
    notice_ids: tuple[int, ...]
    prepared: Mapping[str, int]
    waiting: Mapping[str, int]


@dataclass(frozen=True)
class LockedNotice:
    """A notice locked for a change, with the plan of its task."""

    notice: Notice
    plan_id: int


def prepare_notices(session: Session, occasion: Occasion, among: Sequence[int] | None = None) -> PrepareReport:
    """Write the notices the ladder calls for on the occasion's day, each with its entry; doing it again writes nothing.

    All plans in force, or those among some; a task handed down is urged by the unit that did so, so only the uppermost is looked at. 1. The plans are locked, so
    that two runs prepare one after the other. 2. What is due is worked out from what is stored by then. 3. Rows and entries are written together.
    """
    refuse_without_right(occasion.actor, Act.PREPARE_NOTICES)
    lock_plans(session, among)
    plan_ids = [plan_id for plan_id in plans_in_force(session) if among is None or plan_id in among]
    made = [
        (_row(due, one.record, occasion.day), one.record)
        for one in uppermost_climbs(session, occasion.day, plan_ids)
        for due in notices_due(one.climb, occasion.day, one.record.rules)
    ]
    session.add_all([row for row, _record in made])
    session.flush()
    record_all(session, occasion, [_prepared(row, record_) for row, record_ in made])
    return _report(session, occasion.day, [row for row, _record in made])


def lock_plans(session: Session, among: Sequence[int] | None = None) -> None:
    """Lock every plan, or those among some, in one order everywhere, so that acts on the whole house come one after the other."""
    plans = sa.select(col(Plan.id)) if among is None else sa.select(col(Plan.id)).where(col(Plan.id).in_(among))
    session.execute(plans.order_by(col(Plan.id)).with_for_update()).all()


def _row(due: DueNotice, task: TaskRecord, day: date) -> Notice:
    return Notice(
        task_id=task.name.id,
        unit_id=task.name.lead_id,
        level=due.level,
        due_on=task.facts.due_on,
        matter=due.matter.value,
        grounds=due.grounds,
        prepared_on=day,
    )


def _prepared(row: Notice, task: TaskRecord) -> Event:
    after = {"notice": row.id, "level": row.level.value, "matter": row.matter, "due_on": row.due_on.isoformat(), "unit": task.name.lead}
    return Event(PREPARE_NOTICE, f"notice {row.id}", task.name.plan_id, task.name.id, after=after)


def _report(session: Session, day: date, made: Sequence[Notice]) -> PrepareReport:
    waiting = sa.select(col(Notice.level), sa.func.count()).where(col(Notice.state) == NoticeState.PREPARED).group_by(col(Notice.level))
    counted = dict(session.execute(waiting).tuples().all())
    prepared = Counter(row.level for row in made)
    return PrepareReport(
        day=day,
        notice_ids=tuple(row.id or 0 for row in made),
        prepared={level.value: prepared[level] for level in NoticeLevel if prepared[level]},
        waiting={level.value: counted[level] for level in NoticeLevel if level in counted},
    )


def receive_notice(session: Session, notice_id: int, receiver: str, occasion: Occasion) -> None:
    """Record that the unit's `receiver` signed for the notice on the occasion's day.

    Codes: unknown-notice, notice-not-waiting (not issued, or signed for already), notice-stays-inside (a proposal goes to no unit), bad-receiver.
    """
    locked = locked_notice(session, notice_id, occasion, Act.RECEIVE_NOTICE)
    notice = locked.notice
    if notice.level is NoticeLevel.ACCOUNTABILITY:
        raise DubanError("notice-stays-inside", _("问责建议不发给责任单位，没有签收"))
    refuse_unless(notice, NoticeState.ISSUED)
    name = receiver.strip()
    if not 0 < len(name) <= LONGEST_RECEIVER:
        raise DubanError("bad-receiver", _("请写明签收人，不超过 {most} 个字").format(most=LONGEST_RECEIVER))
    notice.state, notice.received_on, notice.receiver = NoticeState.RECEIVED, occasion.day, name
    session.add(notice)
    _enter(session, locked, RECEIVE_NOTICE, {"receiver": name}, occasion)


def set_aside_notice(session: Session, notice_id: int, reason: str, occasion: Occasion) -> None:
    """Decide not to issue a prepared notice, with the reason; it is not prepared again for the same.

    Codes: unknown-notice, notice-not-waiting, no-reason.
    """
    locked = locked_notice(session, notice_id, occasion, Act.SET_ASIDE_NOTICE)
    refuse_unless(locked.notice, NoticeState.PREPARED)
    said = reason.strip()
    if not said:
        raise DubanError("no-reason", _("搁置通知单须写明理由"))
    locked.notice.state, locked.notice.reason = NoticeState.SET_ASIDE, said
    session.add(locked.notice)
    _enter(session, locked, SET_ASIDE_NOTICE, {"reason": said}, occasion)


def locked_notice(session: Session, notice_id: int, occasion: Occasion, act: Act, *, is_read_only: bool = False) -> LockedNotice:
    """Return the notice with its row locked, unless it is only read; refuse one that does not exist, or an actor without the right on its task."""
    found = sa.select(Notice).where(col(Notice.id) == notice_id)
    notice = session.execute(found if is_read_only else found.with_for_update()).scalar_one_or_none()
    if notice is None:
        raise unknown_notice(notice_id)
    refuse_without_right(occasion.actor, act, parties_of(session, notice.task_id))
    plan_id = session.execute(sa.select(col(Task.plan_id)).where(col(Task.id) == notice.task_id)).scalar_one()
    return LockedNotice(notice, plan_id)


def refuse_unless(notice: Notice, state: NoticeState) -> None:
    """Refuse a notice that is not in this state, with notice-not-waiting."""
    if notice.state is not state:
        text = _("通知单 {id} 现在是“{state}”，不能这样办理")
        raise DubanError("notice-not-waiting", text.format(id=notice.id, state=notice_state_name(notice.state)))


def unknown_notice(notice_id: int) -> DubanError:
    """Return the refusal of a notice that does not exist or must not be seen; the two are told alike."""
    return DubanError("unknown-notice", _("没有通知单 {id}，请用 duban notice list 查看").format(id=notice_id))


def _enter(session: Session, locked: LockedNotice, act: str, said: Mapping[str, object], occasion: Occasion) -> None:
    notice = locked.notice
    after = {"notice": notice.id, "level": notice.level.value, "doc_no": notice.doc_no, **said}
    record(session, occasion, Event(act, f"notice {notice.id}", locked.plan_id, notice.task_id, after=after))
