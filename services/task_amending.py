"""One task amended in place: days, words, units and targets set to what the document says now, where it changed them.

A target keeps its row, and so the values reported for it, while its measure is the same; one the document dropped leaves the task, and stays with the item where
something was reported for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from intake.draft import TargetDraft, TaskDraft
from models.progress import ReportedValue
from models.roster import Quota
from models.task import Assignment, AssignmentRole, Target, Task, TaskState
from rules.transitions import TaskEvent
from services.amendment import ItemStep, TaskStep
from services.changes import plain
from services.children import ENDED
from services.ledger import Event
from services.occasion import Occasion
from services.plan_rows import target_values
from services.tasks import move

AMEND_TASK = "amend-task"
_DAYS_AND_WORDS = ("label", "text", "starts_on", "due_on")


def amend_task(session: Session, item: ItemStep, step: TaskStep, unit_ids: Mapping[str, int], occasion: Occasion) -> Iterator[Event]:
    """Amend one open task and yield its entry; a new lead has the task handed over, which is an entry of its own."""
    task, old, new = step.task, step.old, step.new
    assert task
    assert old
    assert new
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field in set(_DAYS_AND_WORDS) & set(step.fields):
        before[field], after[field] = plain(getattr(task, field)), plain(getattr(new, field))
        setattr(task, field, getattr(new, field))
    task.starts_on = min(task.starts_on, task.due_on)
    session.add(task)
    if "targets" in step.fields:
        before["targets"], after["targets"] = _said(old), _said(new)
        _amend_targets(session, task, old.targets, new.targets)
    hands_over = False
    if "units" in step.fields:
        before["units"], after["units"] = _roles(item.old_roles), _roles(item.new_roles)
        hands_over = _amend_units(session, task, {unit_ids[name]: role for name, role in item.new_roles.items()})
    yield Event(AMEND_TASK, f"task {task.id}", task.plan_id, task.id, before, after)
    if hands_over and task.state in (TaskState.ASSIGNED, TaskState.IN_PROGRESS):
        yield from move(session, task, TaskEvent.REASSIGN, occasion, Event("", ""))
    if {"starts_on", "due_on"} & set(step.fields):
        yield from _tighten_below(session, task)


def _said(draft: TaskDraft) -> list[dict[str, Any]]:
    return [target.model_dump(exclude_none=True) for target in draft.targets]


def _roles(roles: Mapping[str, AssignmentRole]) -> dict[str, str]:
    return {unit: role.value for unit, role in roles.items()}


def _amend_units(session: Session, task: Task, wanted: Mapping[int, AssignmentRole]) -> bool:
    """Set the task's units and tell whether its lead is another one now. The lead is cleared first: a second one cannot be stored even for a moment."""
    rows = {row.unit_id: row for row in session.execute(select(Assignment).where(col(Assignment.task_id) == task.id)).scalars()}
    assert task.id is not None
    lead = next((unit_id for unit_id, row in rows.items() if row.role is AssignmentRole.LEAD), None)
    for unit_id, row in rows.items():
        if unit_id not in wanted:
            session.delete(row)
        elif row.role is AssignmentRole.LEAD:
            row.role = wanted[unit_id]
    session.flush()
    for unit_id, role in wanted.items():
        if unit_id in rows:
            rows[unit_id].role = role
        else:
            session.add(Assignment(task_id=task.id, unit_id=unit_id, role=role))
    session.flush()
    return wanted.get(lead or 0) is not AssignmentRole.LEAD


def _amend_targets(session: Session, task: Task, old: Sequence[TargetDraft], new: Sequence[TargetDraft]) -> None:
    stored = {row.measure: row for row in session.execute(select(Target).where(col(Target.task_id) == task.id)).scalars()}
    rows: dict[tuple[str, str | None], list[Target]] = {}
    for draft, values in zip(old, target_values(old), strict=True):
        if values["measure"] in stored:
            rows.setdefault(_sameness(draft), []).append(stored[values["measure"]])
    old_values = {values["measure"]: values for values in target_values(old)}
    for draft, values in zip(new, target_values(new), strict=True):
        same = rows.get(_sameness(draft))
        if same:
            _set_changed(same[0], old_values[same.pop(0).measure], values)
        else:
            session.add(Target(task_id=task.id, **values))
    for row in (row for left in rows.values() for row in left):
        _drop(session, row, task)


def _sameness(draft: TargetDraft) -> tuple[str, str | None]:
    """Return what makes two targets the same one: what is counted, and in what; without a measure the words, whatever the figures in them."""
    words = draft.measure or "".join(char for char in draft.text if not char.isdigit())
    return words, draft.unit_of_measure


def _set_changed(row: Target, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    for name, value in new.items():
        if value != old[name]:
            setattr(row, name, value)


def _drop(session: Session, row: Target, task: Task) -> None:
    for kind in (ReportedValue, Quota):
        if session.execute(select(col(kind.id)).where(col(kind.target_id) == row.id).limit(1)).first():
            row.task_id, row.item_id = None, task.item_id
            session.add(row)
            return
    session.delete(row)


def _tighten_below(session: Session, task: Task) -> Iterator[Event]:
    """A part handed down never begins before the whole, nor is it due after it."""
    outside = (col(Task.due_on) > task.due_on) | (col(Task.starts_on) < task.starts_on)
    below = select(Task).where(col(Task.parent_id) == task.id, outside, col(Task.state).not_in(ENDED)).order_by(col(Task.id))
    for child in session.execute(below.with_for_update()).scalars().all():
        before = {"starts_on": child.starts_on.isoformat(), "due_on": child.due_on.isoformat()}
        # A part that would have ended before the whole begins gets the days of the whole.
        child.due_on = min(child.due_on, task.due_on) if child.due_on >= task.starts_on else task.due_on
        child.starts_on = min(max(child.starts_on, task.starts_on), child.due_on)
        session.add(child)
        after = {"starts_on": child.starts_on.isoformat(), "due_on": child.due_on.isoformat()}
        yield Event(AMEND_TASK, f"task {child.id}", child.plan_id, child.id, before, after)
        yield from _tighten_below(session, child)
