"""The parts of a unit that has ended go over to the unit that took over from it: when it ends those in open tasks, and those of a done task when it is reopened."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from models.plan import PlanItem
from models.task import Assignment, AssignmentRole, Task
from models.unit import Unit
from services.ledger import Event

HAND_OVER = "hand-over"


def handed_over(session: Session, sources: Mapping[int, str], successor: Unit, which: ColumnElement[bool]) -> list[Event]:
    """Give the sources' parts (names by unit id) in these tasks to the successor, and return an entry's event for each task. Who led among them still leads."""
    parts = select(Assignment, Task).join(Task, col(Task.id) == col(Assignment.task_id)).where(col(Assignment.unit_id).in_(sources), which)
    by_task: dict[int, tuple[Task, list[Assignment]]] = {}
    for part, task in session.execute(parts.order_by(col(Task.id), col(Assignment.id)).with_for_update()).tuples():
        by_task.setdefault(task.id or 0, (task, []))[1].append(part)
    held = select(Assignment).where(col(Assignment.unit_id) == successor.id, col(Assignment.task_id).in_(by_task))
    for part in session.execute(held).scalars():
        by_task[part.task_id][1].append(part)
    items = {task.item_id for task, _parts in by_task.values()}
    titles = dict(session.execute(select(col(PlanItem.id), col(PlanItem.title)).where(col(PlanItem.id).in_(items))).tuples().all())
    return [_taken_over(session, task, found, (sources, successor), titles.get(task.item_id)) for task, found in by_task.values()]


def handed_on(session: Session, task_id: int) -> list[Event]:
    """Give the parts of units that have ended in a task to those that stand in their place now."""
    ended = select(Unit).join(Assignment, col(Assignment.unit_id) == col(Unit.id)).where(col(Assignment.task_id) == task_id)
    events: list[Event] = []
    for unit in session.execute(ended.where(col(Unit.successor_id).is_not(None)).order_by(col(Unit.id))).scalars().all():
        events += handed_over(session, {unit.id or 0: unit.name}, _standing(session, unit), col(Task.id) == task_id)
    return events


def _standing(session: Session, unit: Unit) -> Unit:
    while unit.successor_id is not None:
        unit = session.execute(select(Unit).where(col(Unit.id) == unit.successor_id)).scalar_one()
    return unit


def _taken_over(session: Session, task: Task, parts: list[Assignment], units: tuple[Mapping[int, str], Unit], item: str | None) -> Event:
    sources, successor = units
    assert successor.id is not None
    is_lead = any(part.role is AssignmentRole.LEAD for part in parts)
    kept = next((part for part in parts if part.role is AssignmentRole.LEAD), parts[0])
    before: dict[str, Any] = {sources.get(part.unit_id, successor.name): part.role.value for part in parts}
    for part in parts:
        if part is not kept:
            session.delete(part)
    # The rows given up go first: a unit stands only once on a task.
    session.flush()
    kept.unit_id = successor.id
    role = AssignmentRole.LEAD if is_lead else kept.role
    after = {"successor": successor.name, "role": role.value, "item": item, "label": task.label}
    return Event(HAND_OVER, f"task {task.id}", task.plan_id, task.id, {"units": before}, after)
