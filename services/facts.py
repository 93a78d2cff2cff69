"""Tasks as rules judge them and readers name them, read in a handful of queries whatever their number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from models.plan import PlanItem
from models.task import Assignment, AssignmentRole, Target, Task
from models.unit import Unit
from rules.lights import TaskFacts
from rules.pace import TargetFacts
from rules.periods import Period
from rules.rule_set import RuleSet
from services.lives import Life, lives_of
from services.past import Past, past_on
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


Row = dict[str, Any]


@dataclass(frozen=True)
class _Gathered:
    names: Mapping[int, TaskName]
    lives: Mapping[int, Life]
    reports: Mapping[int, Reported]
    targets: Mapping[int, Sequence[Row]]


def read_tasks(session: Session, view: Viewpoint, rules: RuleSet, plan_ids: Sequence[int] | None = None) -> list[TaskRecord]:
    """Return every task issued by then, of these plans or of all, in the order of plans, items and start days."""
    # Due days, units and targets are those of the day judged: what was changed later, or came to be known later, is taken back.
    past = past_on(session, min(view.as_of, view.known_on), plan_ids)
    tasks = _tasks(session, past, plan_ids)
    gathered = _Gathered(
        _names(session, past, tasks, plan_ids),
        lives_of(session, view.as_of, view.known_on, plan_ids),
        reported_on(session, view.as_of, view.known_on, plan_ids),
        _targets(session, past, plan_ids),
    )
    return [_record(task, gathered, view, rules) for task in tasks if task["id"] in gathered.lives]


def _record(task: Row, gathered: _Gathered, view: Viewpoint, rules: RuleSet) -> TaskRecord:
    task_id, starts_on = task["id"], task["starts_on"]
    life = gathered.lives[task_id]
    reported = gathered.reports.get(task_id, Reported())
    owed = tuple(owed_periods(starts_on, life, view.as_of))
    tally = tally_reports(owed, reported, view.known_on, rules)
    facts = TaskFacts(
        task_id=task_id,
        state=life.state,
        starts_on=starts_on,
        due_on=task["due_on"],
        original_due_on=task["original_due_on"],
        targets=tuple(_facts_of(target, reported) for target in gathered.targets.get(task_id, ()) if _wanted(target) is not None),
        submitted_on=life.submitted_on,
        completed_on=life.completed_on,
        has_report=bool(reported.first_filed_on),
        return_count=life.return_count,
        missing_reports=tally.missing,
        late_reports=tally.late,
    )
    return TaskRecord(gathered.names[task_id], facts, life, reported, owed)


def _facts_of(target: Row, reported: Reported) -> TargetFacts:
    wanted, actual = _wanted(target), reported.values.get(target["id"])
    assert wanted is not None
    return TargetFacts(target["measure"], wanted, actual, target["unit_of_measure"], target["comparator"], target["basis"])


def _wanted(target: Row) -> float | None:
    # A range is reached from its lower end on.
    wanted: float | None = target["low"] if target["value"] is None else target["value"]
    return wanted


def _tasks(session: Session, past: Past, plan_ids: Sequence[int] | None) -> list[Row]:
    tasks = _columns(Task, "id", "plan_id", "item_id", "label", "text", "starts_on", "due_on", "original_due_on")
    items = _columns(PlanItem, "id", "position", "number", "title")
    item_of = {item["id"]: item for item in past.rows(PlanItem, _selected(session, items, col(PlanItem.plan_id), plan_ids))}
    rows = [
        {**item_of[task["item_id"]], **task}
        for task in past.rows(Task, _selected(session, tasks, col(Task.plan_id), plan_ids))
        if task["item_id"] in item_of
    ]
    return sorted(rows, key=lambda row: (row["plan_id"], row["position"], row["starts_on"], row["id"]))


def _names(session: Session, past: Past, tasks: Sequence[Row], plan_ids: Sequence[int] | None) -> dict[int, TaskName]:
    parts = _columns(Assignment, "id", "task_id", "unit_id", "role").join(Task)
    units = {row["id"]: row for row in past.rows(Unit, _selected(session, _columns(Unit, "id", "name", "is_open"), None, None))}
    lead: dict[int, tuple[int, str, bool]] = {}
    supports: dict[int, list[int]] = defaultdict(list)
    for part in sorted(past.rows(Assignment, _selected(session, parts, col(Task.plan_id), plan_ids)), key=lambda part: part["id"]):
        if part["role"] is AssignmentRole.LEAD:
            unit = units[part["unit_id"]]
            lead[part["task_id"]] = (unit["id"], unit["name"], unit["is_open"])
        else:
            supports[part["task_id"]].append(part["unit_id"])
    return {task["id"]: _name(task, lead[task["id"]], supports[task["id"]]) for task in tasks}


def _name(task: Row, lead: tuple[int, str, bool], supports: Sequence[int]) -> TaskName:
    said = {name: task[name] for name in ("id", "plan_id", "item_id", "number", "label", "text")}
    lead_id, name, is_open = lead
    return TaskName(**said, item_title=task["title"], lead_id=lead_id, lead=name, lead_is_open=is_open, support_ids=tuple(supports))


def _columns(kind: type[SQLModel], *names: str) -> sa.Select[Any]:
    return sa.select(*(getattr(kind, name) for name in names))


def _targets(session: Session, past: Past, plan_ids: Sequence[int] | None) -> Mapping[int, Sequence[Row]]:
    targets = _columns(Target, "id", "task_id", "measure", "value", "low", "unit_of_measure", "comparator", "basis")
    targets = targets.join(Task, col(Task.id) == Target.task_id)
    found: dict[int, list[Row]] = defaultdict(list)
    for target in sorted(past.rows(Target, _selected(session, targets, col(Task.plan_id), plan_ids)), key=lambda target: target["id"]):
        found[target["task_id"]].append(target)
    return found


def _selected(session: Session, rows: sa.Select[Any], plan_id: Any, plan_ids: Sequence[int] | None) -> list[Row]:
    """Run a query, cut down to these plans by the column `plan_id`."""
    return cast(list[Row], session.execute(rows if plan_ids is None else rows.where(plan_id.in_(plan_ids))).mappings().all())
