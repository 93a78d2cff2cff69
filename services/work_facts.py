"""What one unit's list of work is made from, read in a fixed number of queries, by the tasks of the unit alone: the house may have a hundred thousand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.case import AccountabilityCase, CaseKind, CaseState
from models.ledger import LedgerEntry
from models.notice import Notice, NoticeLevel, NoticeState
from models.plan import Plan, PlanItem, PlanState
from models.progress import ProgressReport, ReportState, SupportPart
from models.publication import Publication, PublicationKind
from models.roster import Quota, RosterEntry, RosterState
from models.task import Assignment, AssignmentRole, Target, Task, TaskState
from models.unit import Unit
from rules.periods import parse_period
from rules.rule_set import RuleSet
from rules.transitions import TaskEvent
from services.children import ENDED
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.task_rows import among

_OPEN = (TaskState.ASSIGNED, TaskState.IN_PROGRESS, TaskState.SUBMITTED, TaskState.SUSPENDED)
_DONE = (TaskState.COMPLETED, TaskState.CLOSED)
MOST_DONE = 20


@dataclass(frozen=True)
class Done:
    """A task that is done."""

    id: int
    title: str
    plan: str
    due_on: date


@dataclass(frozen=True)
class Vacancy:
    """Places of a task's quota without a name, and names nominated that are not selected yet."""

    task_id: int
    measure: str
    vacant: int
    nominated: int


@dataclass(frozen=True)
class WorkFacts:
    """A unit's open tasks on a day, with what else is asked of it.

    `returns` is what the last return of a submission said, by task; `returned_reports` why a report was returned, by task and quarter; `handed_in` the quarters
    the unit handed its part in for; `closed` the scope and quarters of published bulletins.
    """

    unit_id: int
    day: date
    rules: RuleSet
    led: Sequence[TaskRecord]
    supported: Sequence[TaskRecord]
    plans: Mapping[int, str]
    returns: Mapping[int, Mapping[str, Any]]
    returned_reports: Mapping[tuple[int, str], str]
    handed_in: frozenset[tuple[int, str]]
    open_children: Mapping[int, Sequence[str]]
    vacancies: Sequence[Vacancy]
    closed: Sequence[tuple[str, str]]
    notices: Sequence[Notice]
    cases: Sequence[AccountabilityCase]
    done: Sequence[Done]
    done_count: int

    def is_closed(self, plan_id: int, code: str) -> bool:
        """Tell whether a bulletin that covers the plan's quarter is out."""
        period = parse_period(code)
        return any(
            covered.starts_on <= period.starts_on and period.ends_on <= covered.ends_on
            for covered_code, scope in self.closed
            if scope == "all" or str(plan_id) in scope.removeprefix("plan-").split("-")
            for covered in [parse_period(covered_code)]
        )


def read_work_facts(session: Session, unit_id: int, day: date, rules: RuleSet) -> WorkFacts:
    """Return the facts of a unit's work as they stand now, judged for `day`."""
    roles = _open_tasks(session, unit_id)
    records = read_tasks(session, Viewpoint(day, day), rules, task_ids=list(roles)) if roles else []
    led = [one for one in records if one.name.lead_id == unit_id]
    led_ids = [one.name.id for one in led]
    supported = [one for one in records if one.name.lead_id != unit_id]
    done, done_count = _done(session, unit_id)
    return WorkFacts(
        unit_id=unit_id,
        day=day,
        rules=rules,
        led=led,
        supported=supported,
        plans=_plans(session, records),
        returns=last_returns(session, [one.name.id for one in led if one.facts.return_count]),
        returned_reports=_returned_reports(session, led_ids),
        handed_in=_handed_in(session, unit_id, [one.name.id for one in supported]),
        open_children=_open_children(session, led_ids),
        vacancies=_vacancies(session, [one.name.id for one in led if one.facts.state is TaskState.IN_PROGRESS]),
        closed=_closed(session, min((one.facts.starts_on for one in records), default=day)),
        notices=_notices(session, unit_id),
        cases=_cases(session, unit_id),
        done=done,
        done_count=done_count,
    )


def _open_tasks(session: Session, unit_id: int) -> dict[int, AssignmentRole]:
    own = (
        select(col(Assignment.task_id), col(Assignment.role))
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Plan, col(Plan.id) == col(Task.plan_id))
        .where(col(Assignment.unit_id) == unit_id, col(Task.state).in_(_OPEN), col(Plan.state) == PlanState.IN_FORCE)
    )
    return dict(session.execute(own).tuples().all())


def _done(session: Session, unit_id: int) -> tuple[list[Done], int]:
    own = (col(Assignment.unit_id) == unit_id, col(Assignment.role) == AssignmentRole.LEAD, col(Task.state).in_(_DONE))
    count = select(func.count()).select_from(Task).join(Assignment, col(Assignment.task_id) == col(Task.id)).where(*own)
    rows = (
        select(col(Task.id), col(PlanItem.title), col(Task.label), col(Plan.title), col(Task.due_on))
        .join(Assignment, col(Assignment.task_id) == col(Task.id))
        .join(PlanItem, col(PlanItem.id) == col(Task.item_id))
        .join(Plan, col(Plan.id) == col(Task.plan_id))
        .where(*own)
        .order_by(col(Task.due_on).desc(), col(Task.id).desc())
        .limit(MOST_DONE)
    )
    found = [Done(task_id or 0, f"{title}（{label}）", plan, due) for task_id, title, label, plan, due in session.execute(rows).tuples()]
    return found, session.execute(count).scalar_one()


def _plans(session: Session, records: Sequence[TaskRecord]) -> dict[int, str]:
    ids = {record.name.plan_id for record in records}
    rows = session.execute(select(col(Plan.id), col(Plan.title)).where(col(Plan.id).in_(ids))).tuples() if ids else ()
    return {plan_id: title for plan_id, title in rows if plan_id is not None}


def last_returns(session: Session, task_ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Return what the last return said, of the tasks that were last moved by one."""
    if not task_ids:
        return {}
    moves = (TaskEvent.RETURN, TaskEvent.SUBMIT, TaskEvent.REOPEN, TaskEvent.RESUME)
    entries = select(col(LedgerEntry.task_id), col(LedgerEntry.act), col(LedgerEntry.after)).where(
        among(col(LedgerEntry.task_id), task_ids), col(LedgerEntry.act).in_([move.value for move in moves])
    )
    last = {task_id: (act, after) for task_id, act, after in session.execute(entries.order_by(col(LedgerEntry.seq))).tuples()}
    return {task_id: after for task_id, (act, after) in last.items() if task_id is not None and act == TaskEvent.RETURN.value}


def _returned_reports(session: Session, task_ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """Return why the latest report on a quarter was returned, by task and quarter."""
    if not task_ids:
        return {}
    reports = select(col(ProgressReport.task_id), col(ProgressReport.period), col(ProgressReport.state), col(ProgressReport.review))
    rows = session.execute(reports.where(among(col(ProgressReport.task_id), task_ids)).order_by(col(ProgressReport.revision))).tuples()
    latest = {(task_id, period): (state, review) for task_id, period, state, review in rows}
    return {key: review or "" for key, (state, review) in latest.items() if state is ReportState.RETURNED}


def _handed_in(session: Session, unit_id: int, task_ids: Sequence[int]) -> frozenset[tuple[int, str]]:
    if not task_ids:
        return frozenset()
    parts = select(col(SupportPart.task_id), col(SupportPart.period)).where(col(SupportPart.unit_id) == unit_id)
    return frozenset(session.execute(parts.where(among(col(SupportPart.task_id), task_ids))).tuples().all())


def _open_children(session: Session, task_ids: Sequence[int]) -> dict[int, list[str]]:
    if not task_ids:
        return {}
    rows = (
        select(col(Task.parent_id), col(Unit.name))
        .join(Assignment, col(Assignment.task_id) == col(Task.id))
        .join(Unit, col(Unit.id) == col(Assignment.unit_id))
        .where(among(col(Task.parent_id), task_ids), col(Task.state).not_in(ENDED), col(Assignment.role) == AssignmentRole.LEAD)
        .order_by(col(Task.id))
    )
    found: dict[int, list[str]] = defaultdict(list)
    for parent_id, unit in session.execute(rows).tuples():
        found[parent_id or 0].append(unit)
    return found


def _vacancies(session: Session, task_ids: Sequence[int]) -> list[Vacancy]:
    if not task_ids:
        return []
    quotas = select(col(Quota.id), Target).join(Target, col(Target.id) == col(Quota.target_id)).where(among(col(Target.task_id), task_ids))
    wanted = dict(session.execute(quotas.order_by(col(Quota.id))).tuples().all())
    counts = (
        select(col(RosterEntry.quota_id), col(RosterEntry.state), func.count())
        .where(col(RosterEntry.quota_id).in_(wanted), col(RosterEntry.state) != RosterState.WITHDRAWN)
        .group_by(col(RosterEntry.quota_id), col(RosterEntry.state))
    )
    standing: dict[int, dict[RosterState, int]] = defaultdict(dict)
    for quota_id, state, count in session.execute(counts).tuples() if wanted else ():
        standing[quota_id][state] = count
    return [_vacancy(target, standing[quota_id or 0]) for quota_id, target in wanted.items()]


def _vacancy(target: Target, standing: Mapping[RosterState, int]) -> Vacancy:
    figure = target.value if target.value is not None else target.low
    vacant = max(0, int(-(-(figure or 0.0) // 1)) - sum(standing.values()))
    return Vacancy(target.task_id or 0, target.measure, vacant, standing.get(RosterState.NOMINATED, 0))


def _closed(session: Session, since: date) -> Sequence[tuple[str, str]]:
    bulletins = select(col(Publication.period), col(Publication.scope)).where(col(Publication.kind) == PublicationKind.BULLETIN)
    rows = session.execute(bulletins.where(col(Publication.published_on) >= since)).tuples().all()
    return [(period, scope) for period, scope in rows if period]


def _notices(session: Session, unit_id: int) -> Sequence[Notice]:
    """Return the notices that wait for the unit's answer: not signed for, or signed for and not replied to while what they are about is as it was."""
    waiting = (col(Notice.state) == NoticeState.ISSUED) | ((col(Notice.state) == NoticeState.RECEIVED) & col(Notice.reply).is_(None))
    rows = (
        select(Notice)
        .join(Task, col(Task.id) == col(Notice.task_id))
        .where(col(Notice.unit_id) == unit_id, waiting, col(Notice.level) != NoticeLevel.ACCOUNTABILITY)
        .where(col(Task.state).in_(_OPEN), col(Notice.due_on) == col(Task.due_on))
        .order_by(col(Notice.limit_on), col(Notice.id))
    )
    return session.execute(rows).scalars().all()


def _cases(session: Session, unit_id: int) -> Sequence[AccountabilityCase]:
    open_states = [state for state in CaseState if state not in (CaseState.VERIFIED, CaseState.DROPPED)]
    rows = select(AccountabilityCase).where(
        col(AccountabilityCase.unit_id) == unit_id,
        col(AccountabilityCase.kind) == CaseKind.ACCOUNTABILITY,
        col(AccountabilityCase.state).in_(open_states),
    )
    return session.execute(rows.order_by(col(AccountabilityCase.id))).scalars().all()
