"""The rows a plan's draft becomes: items, tasks, targets, assignments. Issuing makes them all, amending those that are new.

Nothing here is checked or entered in the ledger; the act that calls does both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, TypeVar

from sqlmodel import Session

from intake.checking.units import same_organ
from intake.draft import DraftPlan, ItemDraft, PlanDraft, TargetDraft, TaskDraft, UnitDraft, draft_as_json
from models.plan import Plan, PlanItem, PlanVersion
from models.task import Assignment, AssignmentRole, Basis, Comparator, Target, Task, TaskState
from rules.transitions import TaskEvent
from services.decomposing import tasks_of
from services.ledger import Event
from services.many_rows import insert_rows
from services.units import NewUnit

Unit = TypeVar("Unit")


@dataclass(frozen=True)
class ItemMaking:
    """What items made by one act share: the plan's row, the document's facts, and the id of every unit name in it."""

    plan: Plan
    facts: PlanDraft
    unit_ids: Mapping[str, int]


@dataclass(frozen=True)
class NewTask:
    """A task to be made for an item that has its row, with the role of each unit's id."""

    item_id: int
    item_title: str
    draft: TaskDraft
    roles: Mapping[int, AssignmentRole]


def version_row(plan: Plan, draft: DraftPlan, made_on: date, reason: str = "") -> PlanVersion:
    """Return the plan's present version with its draft whole."""
    assert plan.id is not None
    return PlanVersion(
        plan_id=plan.id,
        version=plan.version,
        made_on=made_on,
        source_name=draft.source.name,
        source_sha256=draft.source.sha256,
        reason=reason,
        draft=draft_as_json(draft),
    )


def named_organs(items: Sequence[ItemDraft]) -> list[NewUnit]:
    """Return the units the items name. 人社厅 and 人力资源社会保障厅 are one organ: the longest name stands, the others lead to it."""
    organs: dict[str, dict[str, bool]] = {}
    for unit in (unit for item in items for unit in item.units):
        organs.setdefault(same_organ(unit.name), {})[unit.name] = unit.open
    units = []
    for names in organs.values():
        full = max(names, key=len)
        units.append(NewUnit(full, names[full], tuple(name for name in names if name != full)))
    return units


def issue_items(session: Session, making: ItemMaking, drafts: Sequence[tuple[int, ItemDraft]]) -> list[Event]:
    """Make the rows of items, each with its position in the plan, with all their tasks, and return the entries of the tasks."""
    plan_id, version = making.plan.id, making.plan.version
    rows = [{"plan_id": plan_id, "key": draft.id, "since_version": version, **item_values(draft, position)} for position, draft in drafts]
    item_ids = insert_rows(session, PlanItem, rows)
    own = [
        {"item_id": item_id, **values}
        for item_id, (_position, draft) in zip(item_ids, drafts, strict=True)
        for values in target_values(draft.targets if draft.tasks else ())
    ]
    insert_rows(session, Target, own)
    tasks: list[NewTask] = []
    for item_id, (_position, draft) in zip(item_ids, drafts, strict=True):
        roles = assigned_roles(draft.units, making.unit_ids)
        tasks += [NewTask(item_id, draft.title, task, roles) for task in tasks_of(draft, making.facts)]
    return issue_tasks(session, making.plan, tasks)


def item_values(draft: ItemDraft, position: int) -> dict[str, Any]:
    """Return the columns of an item's row that its draft says."""
    return {
        "position": position,
        "number": draft.number,
        "path": list(draft.path),
        "title": draft.title,
        "text": draft.text,
        "place": draft.place,
        "source": draft.source.model_dump(exclude_none=True),
    }


def issue_tasks(session: Session, plan: Plan, tasks: Sequence[NewTask]) -> list[Event]:
    """Make the rows of tasks with their targets and assignments, and return their entries."""
    task_ids = insert_rows(session, Task, [_task_values(plan, task) for task in tasks])
    made = list(zip(task_ids, tasks, strict=True))
    insert_rows(session, Target, [{"task_id": task_id, **values} for task_id, task in made for values in target_values(task.draft.targets)])
    parts = [{"task_id": task_id, "unit_id": unit_id, "role": role} for task_id, task in made for unit_id, role in task.roles.items()]
    insert_rows(session, Assignment, parts)
    return [_issued(plan, task_id, task) for task_id, task in made]


def _task_values(plan: Plan, task: NewTask) -> dict[str, Any]:
    draft = task.draft
    return {
        "plan_id": plan.id,
        "item_id": task.item_id,
        "label": draft.label,
        "text": draft.text,
        "starts_on": draft.starts_on,
        "due_on": draft.due_on,
        "original_due_on": draft.due_on,
    }


def _issued(plan: Plan, task_id: int, task: NewTask) -> Event:
    after = {
        "state": TaskState.ASSIGNED.value,
        "item": task.item_title,
        "label": task.draft.label,
        "starts_on": task.draft.starts_on.isoformat(),
        "due_on": task.draft.due_on.isoformat(),
        "units": {str(unit_id): role.value for unit_id, role in task.roles.items()},
        "targets": [target.model_dump(exclude_none=True) for target in task.draft.targets],
    }
    return Event(TaskEvent.ISSUE.value, f"task {task_id}", plan.id, task_id, {"state": TaskState.DRAFT.value}, after)


def assigned_roles(units: Sequence[UnitDraft], named: Mapping[str, Unit]) -> dict[Unit, AssignmentRole]:
    """Return each unit's role with exactly one lead: the one marked, else the one listed first. Further marked leads support it.

    `named` gives what stands for a unit, an id or a name, by its name in the draft.
    """
    roles: dict[Unit, AssignmentRole] = {}
    for unit in units:
        roles.setdefault(named[unit.name], AssignmentRole(unit.role))
    lead = next((unit for unit, role in roles.items() if role is AssignmentRole.LEAD), next(iter(roles)))
    others = {unit: AssignmentRole.SUPPORT if role is AssignmentRole.LEAD else role for unit, role in roles.items()}
    return {**others, lead: AssignmentRole.LEAD}


def target_values(drafts: Sequence[TargetDraft]) -> list[dict[str, Any]]:
    """Return the columns of each target's row. A report names a target by its measure, so two of one owner never share one: the second gets a number."""
    taken: dict[str, count[int]] = {}
    rows = []
    for draft in drafts:
        measure = (draft.measure or draft.text)[:190]
        number = next(taken.setdefault(measure, count(1)))
        said = {
            **draft.model_dump(exclude={"measure", "comparator", "basis"}),
            "comparator": Comparator(draft.comparator),
            "basis": Basis(draft.basis) if draft.basis else None,
            "measure": measure if number == 1 else f"{measure}（{number}）",
        }
        rows.append(said)
    return rows
