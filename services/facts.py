"""Tasks as rules judge them and readers name them, read in a handful of queries whatever their number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.plan import PlanItem
from models.task import Assignment, AssignmentRole, Target, Task
from models.unit import Unit
from rules.lights import TaskFacts
from rules.pace import TargetFacts
from rules.periods import Period
from rules.rule_set import RuleSet
from services.lives import Life, lives_of
from services.reported import Reported, owed_periods, reported_on, tally_reports


@dataclass(frozen=True)
class TaskName:
    """What a task is called and who leads it; `support_ids` are the other responsible units, `lead_is_open` a set whose members are not named yet."""

    id: int
    plan_id: int
    item_id: int
    number: str | None
    item_title: str
    label: str
    text: str
    lead_id: int
    lead: str
    lead_is_open: bool
    support_ids: tuple[int, ...]

    @property
    def title(self) -> str:
        """Return how the task is named in lists: the item's title and the task's label."""
        return f"{self.item_title}（{self.label}）"


@dataclass(frozen=True)
class TaskRecord:
    """A task on a day: its names, the facts rules judge, its life, what was reported, and the quarters it owed a report on by that day."""

    name: TaskName
    facts: TaskFacts
    life: Life
    reported: Reported
    owed: tuple[Period, ...]


@dataclass(frozen=True)
class Viewpoint:
    """From which days tasks are seen: judged at the end of `as_of`, by acts known at the end of `known_on`."""

    as_of: date
    known_on: date


@dataclass(frozen=True)
class _Gathered:
    names: Mapping[int, TaskName]
    lives: Mapping[int, Life]
    reports: Mapping[int, Reported]
    targets: Mapping[int, Sequence[sa.Row[Any]]]


def read_tasks(session: Session, view: Viewpoint, rules: RuleSet, plan_ids: Sequence[int] | None = None) -> list[TaskRecord]:
    """Return every task issued by then, of these plans or of all, in the order of plans, items and start days."""
    gathered = _Gathered(
        _names(session, plan_ids),
        lives_of(session, view.as_of, view.known_on, plan_ids),
        reported_on(session, view.as_of, view.known_on, plan_ids),
        _targets(session, plan_ids),
    )
    return [_record(task, gathered, view, rules) for task in _tasks(session, plan_ids) if task.id in gathered.lives]


def _record(task: sa.Row[Any], gathered: _Gathered, view: Viewpoint, rules: RuleSet) -> TaskRecord:
    life = gathered.lives[task.id]
    reported = gathered.reports.get(task.id, Reported())
    owed = tuple(owed_periods(task.starts_on, life, view.as_of))
    tally = tally_reports(owed, reported, view.known_on, rules)
    facts = TaskFacts(
        task_id=task.id,
        state=life.state,
        starts_on=task.starts_on,
        due_on=task.due_on,
        original_due_on=task.original_due_on,
        targets=tuple(_facts_of(target, reported) for target in gathered.targets.get(task.id, ()) if _wanted(target) is not None),
        submitted_on=life.submitted_on,
        completed_on=life.completed_on,
        has_report=bool(reported.first_filed_on),
        return_count=life.return_count,
        missing_reports=tally.missing,
        late_reports=tally.late,
    )
    return TaskRecord(gathered.names[task.id], facts, life, reported, owed)


def _facts_of(target: sa.Row[Any], reported: Reported) -> TargetFacts:
    wanted, actual = _wanted(target), reported.values.get(target.id)
    assert wanted is not None
    return TargetFacts(target.measure, wanted, actual, target.unit_of_measure, target.comparator, target.basis)


def _wanted(target: sa.Row[Any]) -> float | None:
    # A range is reached from its lower end on.
    wanted: float | None = target.low if target.value is None else target.value
    return wanted


def _tasks(session: Session, plan_ids: Sequence[int] | None) -> Sequence[sa.Row[Any]]:
    columns = (col(Task.id), col(Task.starts_on), col(Task.due_on), col(Task.original_due_on))
    tasks = sa.select(*columns).join(PlanItem).order_by(col(Task.plan_id), col(PlanItem.position), col(Task.starts_on), col(Task.id))
    return session.execute(tasks if plan_ids is None else tasks.where(col(Task.plan_id).in_(plan_ids))).all()


def _names(session: Session, plan_ids: Sequence[int] | None) -> dict[int, TaskName]:
    lead: dict[int, tuple[int, str, bool]] = {}
    supports: dict[int, list[int]] = defaultdict(list)
    units = (
        sa.select(col(Assignment.task_id), col(Assignment.role), col(Unit.id), col(Unit.name), col(Unit.is_open))
        .join(Unit, col(Unit.id) == Assignment.unit_id)
        .join(Task, col(Task.id) == Assignment.task_id)
        .order_by(col(Assignment.id))
    )
    tasks = sa.select(
        *(col(Task.id), col(Task.plan_id), col(PlanItem.id), col(PlanItem.number), col(PlanItem.title), col(Task.label), col(Task.text))
    ).join(PlanItem)
    if plan_ids is not None:
        units, tasks = units.where(col(Task.plan_id).in_(plan_ids)), tasks.where(col(Task.plan_id).in_(plan_ids))
    for task_id, role, unit_id, name, is_open in session.execute(units):
        if role is AssignmentRole.LEAD:
            lead[task_id] = (unit_id, name, is_open)
        else:
            supports[task_id].append(unit_id)
    return {row[0]: _name(row, lead[row[0]], supports[row[0]]) for row in session.execute(tasks)}


def _name(row: sa.Row[Any], lead: tuple[int, str, bool], supports: Sequence[int]) -> TaskName:
    task_id, plan_id, item_id, number, item_title, label, text = row
    return TaskName(task_id, plan_id, item_id, number, item_title, label, text, *lead, tuple(supports))


def _targets(session: Session, plan_ids: Sequence[int] | None) -> Mapping[int, Sequence[sa.Row[Any]]]:
    names = ("id", "task_id", "measure", "value", "low", "unit_of_measure", "comparator", "basis")
    targets = sa.select(*(getattr(Target, name) for name in names)).join(Task, col(Task.id) == Target.task_id).order_by(col(Target.id))
    found: dict[int, list[sa.Row[Any]]] = defaultdict(list)
    for target in session.execute(targets if plan_ids is None else targets.where(col(Task.plan_id).in_(plan_ids))):
        found[target.task_id].append(target)
    return found
