"""What waits on an office's desk: how much of each kind, and the first of it, the oldest first. Only what the person at the desk may decide.

Whatever waits, each kind costs one or two queries. What should be known beside it (`desk_facts_of`), rules' proposals and the burden meter cost more where there are
many tasks; pages ask for them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.notice import Notice, NoticeLevel, NoticeState
from models.plan import PlanItem
from models.progress import ProgressReport, ReportState
from models.publication import BulletinDraft, DraftState
from models.request import Request, RequestKind, RequestState
from models.task import Assignment, AssignmentRole, Task, TaskState
from models.unit import Unit
from rules.periods import Period, period_before, quarter_of
from rules.rights import RIGHTS, Act, Actor, may, refuse_without_right
from rules.rule_set import RuleSet
from rules.transitions import TaskEvent
from services.bulletins.drafting import first_published, open_drafts, scope_of
from services.cases.case_list import CaseFilter, CaseRow, list_cases
from services.reach import UnitTree, read_tree
from services.silent_units import WORKING, SilentUnit, UnreachedUnit, silent_units, unreached_units

FIRST = 5

Row = TypeVar("Row")


@dataclass(frozen=True)
class Queue(Generic[Row]):
    """What waits of one kind: how many, and the first of them."""

    count: int = 0
    first: tuple[Row, ...] = ()


@dataclass(frozen=True)
class TaskWait:
    """Something that waits about a task, since a day: a submission, a report (with its period), a request or a notice (with its number and kind)."""

    task_id: int
    task: str
    unit: str
    since_on: date
    number: int = 0
    kind: str = ""


@dataclass(frozen=True)
class BulletinWait:
    """A bulletin that waits for the next step: to be drafted (no id), approved or published."""

    period: str
    draft_id: int | None = None
    state: DraftState | None = None
    drafted_on: date | None = None
    drafter: str = ""


@dataclass(frozen=True)
class Desk:
    """Everything that waits on a day for the person at the desk."""

    day: date
    submissions: Queue[TaskWait]
    requests: Queue[TaskWait]
    notices: Queue[TaskWait]
    cases: Queue[CaseRow]
    bulletins: Queue[BulletinWait]


@dataclass(frozen=True)
class DeskFacts:
    """What the person at the desk should know beside it: reports to look at, who is silent (for more than `silent_days`), whom nothing reaches."""

    new_reports: Queue[TaskWait]
    returned_reports: Queue[TaskWait]
    silent: Queue[SilentUnit]
    unreached: Queue[UnreachedUnit]
    silent_days: int


def desk_facts_of(session: Session, actor: Actor, day: date, rules: RuleSet) -> DeskFacts:
    """Return what should be known on `day`. Code: no-right."""
    area = _area_of(session, actor)
    return DeskFacts(
        new_reports=_reports(session, area, ReportState.FILED, day),
        returned_reports=_reports(session, area, ReportState.RETURNED, day),
        silent=_queue(silent_units(session, day, rules.silent_days, area.holds(Act.REMIND))),
        unreached=_queue(unreached_units(session, day, area.holds(Act.REMIND))),
        silent_days=rules.silent_days,
    )


def desk_of(session: Session, actor: Actor, day: date) -> Desk:
    """Return what waits on `day`. Refused with no-right: whoever decides nothing has no desk."""
    area = _area_of(session, actor)
    cases = [row for row in list_cases(session, CaseFilter(), day, actor) if row.waits_since and area.may(Act.APPROVE_CASE, row.unit_id)]
    return Desk(
        day=day,
        submissions=submissions(session, actor, FIRST),
        requests=_requests(session, area),
        notices=_notices(session, area),
        cases=_queue(sorted(cases, key=lambda row: row.waits_since or day)),
        bulletins=_queue(_bulletins(session, actor, day)),
    )


def submissions(session: Session, actor: Actor, most: int) -> Queue[TaskWait]:
    """Return the submissions that the actor may review, those handed in first before the others, and no more than `most` of them."""
    area = _Area(actor, read_tree(session))
    handed_in = sa.select(col(LedgerEntry.task_id), sa.func.max(col(LedgerEntry.for_day)).label("since_on"))
    last = handed_in.where(col(LedgerEntry.act) == TaskEvent.SUBMIT.value).group_by(col(LedgerEntry.task_id)).subquery()
    waiting = _tasks(last.c.since_on).join(last, last.c.task_id == col(Task.id))
    waiting = waiting.where(col(Task.state) == TaskState.SUBMITTED, area.holds(Act.COMPLETE))
    return _counted(session, waiting, (last.c.since_on, col(Task.id)), most)


@dataclass(frozen=True)
class _Area:
    """How far a person's rights reach over the tree of units."""

    actor: Actor
    tree: UnitTree

    def may(self, act: Act, unit_id: int) -> bool:
        return may(self.actor, act, self.tree.parties(unit_id))

    def holds(self, act: Act) -> sa.ColumnElement[bool]:
        """Return the condition that the lead unit of a task is one the person may do this to."""
        if self.actor.role not in RIGHTS[act]:
            return sa.false()
        if self.actor.unit_id is None:
            return sa.true()
        return col(Unit.id).in_([unit_id for unit_id in self.tree.parent_of if self.may(act, unit_id)])


def _area_of(session: Session, actor: Actor) -> _Area:
    if actor.role not in RIGHTS[Act.DECIDE_REQUEST]:
        refuse_without_right(actor, Act.DECIDE_REQUEST)
    return _Area(actor, read_tree(session))


def _tasks(*more: Any) -> sa.Select[Any]:
    """Return the query of tasks by name with their lead units; `more` are a day, a number and a kind."""
    return (
        sa.select(col(Task.id), col(PlanItem.title), col(Task.label), col(Unit.name), *more)
        .join(PlanItem, col(PlanItem.id) == col(Task.item_id))
        .join(Assignment, sa.and_(col(Assignment.task_id) == col(Task.id), col(Assignment.role) == AssignmentRole.LEAD))
        .join(Unit, col(Unit.id) == col(Assignment.unit_id))
    )


def _counted(session: Session, waiting: sa.Select[Any], order: Sequence[Any], most: int = FIRST) -> Queue[TaskWait]:
    count = session.execute(sa.select(sa.func.count()).select_from(waiting.subquery())).scalar_one()
    rows = session.execute(waiting.order_by(*order).limit(most)).all() if count else []
    first = [TaskWait(row[0], f"{row[1]}（{row[2]}）", row[3], *row[4:]) for row in rows]
    return Queue(count, tuple(first))


def _queue(rows: Sequence[Row]) -> Queue[Row]:
    return Queue(len(rows), tuple(rows[:FIRST]))


def _reports(session: Session, area: _Area, state: ReportState, day: date) -> Queue[TaskWait]:
    """Return the last words on this quarter and the one before that nobody has looked at, or that were returned and not answered."""
    later = aliased(ProgressReport)
    same = (col(later.task_id) == col(ProgressReport.task_id), col(later.period) == col(ProgressReport.period))
    newer = sa.select(col(later.id)).where(*same, col(later.revision) > col(ProgressReport.revision)).correlate(ProgressReport)
    waiting = _tasks(col(ProgressReport.filed_on), col(ProgressReport.revision), col(ProgressReport.period))
    waiting = waiting.join(ProgressReport, col(ProgressReport.task_id) == col(Task.id)).where(
        *(col(ProgressReport.state) == state, ~newer.exists(), col(Task.state).in_(WORKING), area.holds(Act.REVIEW_REPORT)),
        *(col(ProgressReport.period_ends_on) >= period_before(quarter_of(day)).starts_on, col(ProgressReport.filed_on) <= day),
    )
    return _counted(session, waiting, (col(ProgressReport.filed_on), col(ProgressReport.id)))


def _requests(session: Session, area: _Area) -> Queue[TaskWait]:
    waiting = _tasks(col(Request.filed_on), col(Request.id), col(Request.kind)).join(Request, col(Request.task_id) == col(Task.id))
    # Whoever filed a request, or is of the unit that did, does not answer it.
    own = (col(Request.unit_id) != (area.actor.unit_id or 0), col(Request.filed_by) != area.actor.name)
    waiting = waiting.where(col(Request.state) == RequestState.FILED, *own, area.holds(Act.DECIDE_REQUEST))
    found = _counted(session, waiting, (col(Request.filed_on), col(Request.id)))
    return Queue(found.count, tuple(_with_value(row, RequestKind) for row in found.first))


def _notices(session: Session, area: _Area) -> Queue[TaskWait]:
    waiting = _tasks(col(Notice.prepared_on), col(Notice.id), col(Notice.level)).join(Notice, col(Notice.task_id) == col(Task.id))
    waiting = waiting.where(col(Notice.state) == NoticeState.PREPARED, area.holds(Act.ISSUE_NOTICE))
    found = _counted(session, waiting, (col(Notice.prepared_on), col(Notice.id)))
    return Queue(found.count, tuple(_with_value(row, NoticeLevel) for row in found.first))


def _with_value(row: TaskWait, kind: type[RequestKind] | type[NoticeLevel]) -> TaskWait:
    """Return the row with its kind as plain words of the model, whatever the driver gave."""
    return TaskWait(row.task_id, row.task, row.unit, row.since_on, row.number, kind(row.kind).value)


def _bulletins(session: Session, actor: Actor, day: date) -> list[BulletinWait]:
    if not may(actor, Act.DRAFT_BULLETIN):
        return []
    drafts = open_drafts(session, actor)
    waiting = [BulletinWait(one.period, one.id, one.state, one.drafted_on, one.drafter) for one in drafts]
    last = period_before(quarter_of(day))
    return [*_undrafted(session, last, drafts), *waiting]


def _undrafted(session: Session, last: Period, drafts: Sequence[BulletinDraft]) -> list[BulletinWait]:
    """Return the bulletin of the quarter that ended last, where nobody has begun it and it counts anything."""
    everything = scope_of(None)
    is_begun = any((one.period, one.scope) == (last.code, everything) for one in drafts)
    if is_begun or first_published(session, everything, last.code) is not None:
        return []
    has_begun = session.execute(sa.select(col(Task.id)).where(col(Task.starts_on) <= last.ends_on).limit(1)).first()
    return [BulletinWait(last.code)] if has_begun else []
