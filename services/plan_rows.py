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
from services.units import NewUnit

Unit = TypeVar("Unit")


@dataclass(frozen=True)
class ItemMaking:
    """What items made by one act share: the plan's row, the document's facts, and the id of every unit name in it."""

    plan: Plan
    facts: PlanDraft
    unit_ids: Mapping[str, int]


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


def issue_item(session: Session, making: ItemMaking, position: int, draft: ItemDraft) -> list[Event]:
    """Make an item's row with all its tasks, and return the entries of the tasks."""
    assert making.plan.id is not None
    item = PlanItem(plan_id=making.plan.id, key=draft.id, since_version=making.plan.version, **item_values(draft, position))
    session.add(item)
    session.flush()
    assert item.id is not None
    if draft.tasks:
        session.add_all(_target_rows(draft.targets, item_id=item.id))
    roles = assigned_roles(draft.units, making.unit_ids)
    return [issue_task(session, item, task, roles) for task in tasks_of(draft, making.facts)]


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


def issue_task(session: Session, item: PlanItem, draft: TaskDraft, roles: Mapping[int, AssignmentRole]) -> Event:
    """Make a task's row with its targets and assignments, and return its entry."""
    assert item.id is not None
    task = Task(
        plan_id=item.plan_id,
        item_id=item.id,
        label=draft.label,
        text=draft.text,
        starts_on=draft.starts_on,
        due_on=draft.due_on,
        original_due_on=draft.due_on,
    )
    session.add(task)
    session.flush()
    assert task.id is not None
    session.add_all(_target_rows(draft.targets, task_id=task.id))
    session.add_all(Assignment(task_id=task.id, unit_id=unit_id, role=role) for unit_id, role in roles.items())
    after = {
        "state": TaskState.ASSIGNED.value,
        "item": item.title,
        "label": task.label,
        "starts_on": task.starts_on.isoformat(),
        "due_on": task.due_on.isoformat(),
        "units": {str(unit_id): role.value for unit_id, role in roles.items()},
        "targets": [target.model_dump(exclude_none=True) for target in draft.targets],
    }
    return Event(TaskEvent.ISSUE.value, f"task {task.id}", item.plan_id, task.id, {"state": TaskState.DRAFT.value}, after)


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


def _target_rows(drafts: Sequence[TargetDraft], item_id: int | None = None, task_id: int | None = None) -> list[Target]:
    return [Target(item_id=item_id, task_id=task_id, **values) for values in target_values(drafts)]
