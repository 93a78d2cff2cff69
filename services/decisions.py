"""What the plan office decides of its own on a task: suspend, resume, cancel, hand it to another lead. Each names the document it rests on.

None of them moves the due day by itself; resuming may name a new one, which is then an act of its own in the history.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.task import Assignment, AssignmentRole, Task
from models.unit import Unit
from rules.errors import DubanError
from rules.rights import Act
from rules.texts import _
from rules.transitions import TaskEvent, state_after
from services.children import ENDED
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.reach import parties_of, read_tree
from services.standing import stand
from services.tasks import LeadTask, change_state, lead_task, move
from services.units import unit_named

MOVE_DUE_DAY = "move-due-day"


def suspend_task(session: Session, task_id: int, basis: str, occasion: Occasion) -> None:
    """Suspend an open task: it is not judged and not reminded of until it is resumed. A submission under review lapses."""
    change_state(session, stand(session, task_id, occasion, Act.SUSPEND), TaskEvent.SUSPEND, occasion, {"basis": _given(basis)})


def resume_task(session: Session, task_id: int, basis: str, occasion: Occasion, due_on: date | None = None) -> None:
    """Take a suspended task up again. Its due day stays unless the same document gives a new one; the original due day stays in any case."""
    found = lead_task(session, task_id, occasion, Act.RESUME)
    said = {"basis": _given(basis)}
    state_after(found.task.state, TaskEvent.RESUME)
    moved = []
    if due_on is not None:
        refuse_past_limit(due_on, found.task, occasion.day)
        refuse_outside_cascade(session, found.task, due_on)
        moved = [due_day_moved(found.task, due_on, MOVE_DUE_DAY, said)]
    record_all(session, occasion, [*moved, *move(session, found.task, TaskEvent.RESUME, occasion, Event("", "", after=said))])


def cancel_task(session: Session, task_id: int, basis: str, occasion: Occasion) -> None:
    """End an open task without completion, and what was handed down from it. Waiting requests are withdrawn; nothing of the history goes."""
    found = lead_task(session, task_id, occasion, Act.CANCEL)
    record_all(session, occasion, ended_with_parts(session, found.task, {"basis": _given(basis)}, occasion))


def reassign_task(
    session: Session, task_id: int, unit: str, basis: str, occasion: Occasion, *, keep_as_support: bool = False
) -> Mapping[str, Any]:
    """Hand the task to another registered unit, which must acknowledge it; return what the entry says of both units.

    The old lead leaves the task, or stays beside the new one with `keep_as_support`. Days before this one still show it as the lead.
    """
    found = lead_task(session, task_id, occasion, Act.REASSIGN)
    said = {"basis": _given(basis)}
    state_after(found.task.state, TaskEvent.REASSIGN)
    told = hand_over(session, found.task, new_lead(session, found, unit, occasion.day), keep_as_support=keep_as_support)
    record_all(
        session, occasion, move(session, found.task, TaskEvent.REASSIGN, occasion, Event("", "", before=told[0], after=told[1] | said))
    )
    return told[1]


def ended_with_parts(session: Session, task: Task, said: Mapping[str, Any], occasion: Occasion) -> list[Event]:
    """Cancel a task and what is still open of the tasks handed down from it, at any depth; return the entries, the task's own first."""
    events = move(session, task, TaskEvent.CANCEL, occasion, Event("", "", after=said))
    below = select(Task).where(col(Task.parent_id) == task.id, col(Task.state).not_in(ENDED)).order_by(col(Task.id))
    for child in session.execute(below.with_for_update()).scalars().all():
        events += ended_with_parts(session, child, said, occasion)
    return events


def new_lead(session: Session, found: LeadTask, name: str, day: date) -> int:
    """Return the unit a task can be handed to on `day`. Refused: unknown-unit, same-lead, unit-not-definite (a set of units, or one that has ended),
    unit-not-below (a task handed down stays below the unit that handed it down).
    """
    unit_id = unit_named(session, name)
    unit = session.execute(select(Unit).where(col(Unit.id) == unit_id)).scalar_one()
    if unit_id == found.lead_id:
        raise DubanError("same-lead", _("“{unit}”已经是这项任务的牵头单位").format(unit=unit.name))
    if unit.is_open or (unit.valid_to is not None and unit.valid_to < day):
        raise DubanError("unit-not-definite", _("“{unit}”不是一个现有的单位，改派须写明具体单位").format(unit=unit.name))
    if found.task.parent_id is not None and not read_tree(session).is_below(unit_id, parties_of(session, found.task.parent_id).lead_id):
        raise DubanError("unit-not-below", _("这是分解下来的任务，“{unit}”不是分解单位的下级，不能改派给它").format(unit=unit.name))
    return unit_id


def hand_over(session: Session, task: Task, unit_id: int, *, keep_as_support: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make the unit the task's lead in place of the present one; return what the entry says before and after. All checks have passed before."""
    parts = {part.unit_id: part for part in session.execute(select(Assignment).where(col(Assignment.task_id) == task.id)).scalars()}
    old = next(part for part in parts.values() if part.role is AssignmentRole.LEAD)
    # The database knows one lead at a time, so the old one steps down before the new one takes its place.
    if keep_as_support:
        old.role = AssignmentRole.SUPPORT
    else:
        session.delete(old)
    session.flush()
    assert task.id is not None
    new = parts.get(unit_id) or Assignment(task_id=task.id, unit_id=unit_id, role=AssignmentRole.LEAD)
    new.role = AssignmentRole.LEAD
    session.add(new)
    names = dict(session.execute(select(col(Unit.id), col(Unit.name)).where(col(Unit.id).in_((old.unit_id, unit_id)))).tuples().all())
    before = {"lead": names[old.unit_id], "lead_id": old.unit_id}
    return before, {"lead": names[unit_id], "lead_id": unit_id, "old_lead": names[old.unit_id], "kept_as_support": keep_as_support}


def due_day_moved(task: Task, due_on: date, act: str, said: Mapping[str, Any]) -> Event:
    """Move the due day, never the original one, and return the entry's event. It carries the change of the row, so days before it keep the old day."""
    before, task.due_on = task.due_on, due_on
    return Event(act, f"task {task.id}", task.plan_id, task.id, {"due_on": before.isoformat()}, {"due_on": due_on.isoformat(), **said})


def refuse_past_limit(due_on: date, task: Task, day: date) -> None:
    """Refuse, with limit-passed, a due day that has gone by or lies before the task's start."""
    if due_on < max(day, task.starts_on):
        raise DubanError("limit-passed", _("新的期限 {day} 已经过去，或早于任务开始").format(day=due_on))


def refuse_outside_cascade(session: Session, task: Task, due_on: date) -> None:
    """Refuse a due day after that of the task it was handed down from (beyond-parent), or before that of an open task handed down from it (before-child)."""
    parent_due_on = session.execute(select(col(Task.due_on)).where(col(Task.id) == task.parent_id)).scalar_one_or_none()
    if parent_due_on is not None and due_on > parent_due_on:
        text = _("上级任务（第 {parent} 号）{day} 到期，分解出来的任务不能晚于它")
        raise DubanError("beyond-parent", text.format(parent=task.parent_id, day=parent_due_on))
    later = select(col(Task.id), col(Task.due_on)).where(col(Task.parent_id) == task.id, col(Task.due_on) > due_on)
    child = session.execute(later.where(col(Task.state).not_in(ENDED)).order_by(col(Task.due_on).desc()).limit(1)).first()
    if child is not None:
        text = _("分解给下级的任务（第 {child} 号）{day} 才到期，本任务不能早于它")
        raise DubanError("before-child", text.format(child=child.id, day=child.due_on))


def _given(basis: str) -> str:
    if not basis.strip():
        raise DubanError("no-basis", _("须写明依据的文件，如 --basis “市政办函〔2013〕5号”"))
    return basis.strip()
