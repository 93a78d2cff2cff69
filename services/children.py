"""The tasks a unit handed down from one of its own: who has them, and how far they have got."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models.task import Assignment, AssignmentRole, Task, TaskState
from models.unit import Unit
from services.prepared import Prepared

ENDED = (TaskState.COMPLETED, TaskState.CLOSED, TaskState.CANCELLED)
_CHILDREN = Prepared(
    select(col(Task.id), col(Unit.id), col(Unit.name), col(Task.state), col(Task.starts_on), col(Task.due_on))
    .join(Assignment, col(Assignment.task_id) == col(Task.id))
    .join(Unit, col(Unit.id) == col(Assignment.unit_id))
    .where(col(Task.parent_id) == bindparam("task"), col(Assignment.role) == AssignmentRole.LEAD)
    .order_by(col(Task.id))
)


@dataclass(frozen=True)
class Child:
    """A task handed down, as its parent lists it."""

    id: int
    unit_id: int
    unit: str
    state: TaskState
    starts_on: date
    due_on: date


def children_of(session: Session, task_id: int) -> list[Child]:
    """Return the tasks handed down from this one, in the order they were made."""
    return [Child(*row) for row in _CHILDREN.rows(session, {"task": task_id})]


def open_children(session: Session, task_id: int) -> list[str]:
    """Return the units whose part of the task is still open: neither accepted nor cancelled."""
    return [child.unit for child in children_of(session, task_id) if child.state not in ENDED]
