"""A task as it stands when somebody acts on it, and its move from one state to the next: narrow statements, since nearly every act asks for just this.

The row stays locked until the transaction ends. An object of the same task that the session holds follows the move, so that both ways of reading agree.
"""

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, col

from models.plan import Plan, PlanState
from models.request import Request, RequestState
from models.task import Assignment, AssignmentRole, Task, TaskState
from rules.rights import Act, Parties, may, refuse_without_right
from services.changes import RowChange, plain, table_of
from services.occasion import Occasion
from services.prepared import Prepared
from services.reach import parties_of, unknown_task
from services.unit_counts import Stood, note_stood

_LOCK = Prepared(sa.select(col(Task.id)).where(col(Task.id) == sa.bindparam("task")).with_for_update())
_HAS_WAITING = sa.exists().where(col(Request.task_id) == sa.bindparam("task"), col(Request.state) == RequestState.FILED)
_TASK = (Task.id, Task.plan_id, Task.state, Task.return_count, Task.due_on, Plan.state, Assignment.unit_id, Assignment.role)
_READ = Prepared(
    sa.select(*map(col, _TASK), _HAS_WAITING)
    .select_from(Task)
    .join(Plan, col(Plan.id) == col(Task.plan_id))
    .join(Assignment, col(Assignment.task_id) == col(Task.id))
    .where(col(Task.id) == sa.bindparam("task"))
)
_MOVE = Prepared(
    sa.update(table_of(Task))
    .where(table_of(Task).c.id == sa.bindparam("task"))
    .values(state=sa.bindparam("now"), return_count=sa.bindparam("returns"))
)


class Standing(NamedTuple):
    """What an act asks of a task. `return_count` is how often it was sent back, `has_waiting` whether requests on it wait for a decision."""

    id: int
    plan_id: int
    state: TaskState
    return_count: int
    has_waiting: bool = True


def stand(session: Session, task_id: int, occasion: Occasion, act: Act) -> Standing:
    """Return the task with its row locked; refuse one that does not exist, or an actor without the right on it."""
    # On SQLite a transaction that writes is alone, and what it has read holds until its end.
    is_alone = session.connection().dialect.name == "sqlite"
    if not is_alone:
        _LOCK.run(session.connection(), {"task": task_id})
    rows = _READ.rows(session, {"task": task_id})
    lead_id = next((unit_id for *_task, unit_id, role, _waiting in rows if role is AssignmentRole.LEAD), None)
    if lead_id is None:
        raise unknown_task(task_id)
    near = Parties(lead_id, frozenset(unit_id for *_task, unit_id, _role, _waiting in rows if unit_id != lead_id))
    # The units above only add to what one may do: they are read where the task's own do not suffice.
    if not may(occasion.actor, act, near):
        refuse_without_right(occasion.actor, act, parties_of(session, task_id))
    number, plan_id, state, return_count, due_on, plan_state, _unit_id, _role, has_waiting = rows[0]
    if is_alone:
        note_stood(session, number, Stood(plan_id, plan_state is PlanState.IN_FORCE, state, due_on, lead_id))
    return Standing(number, plan_id, state, return_count, has_waiting)


def write_move(session: Session, before: Standing, now: Standing) -> RowChange:
    """Write what has changed of the task and return the change for its entry."""
    _MOVE.run(session.connection(), {"task": now.id, "now": now.state, "returns": now.return_count})
    changed = [name for name in ("state", "return_count") if getattr(before, name) != getattr(now, name)]
    _let_follow(session, now, changed)
    was, is_now = ({name: plain(getattr(one, name)) for name in changed} for one in (before, now))
    return RowChange("task", now.id, was, is_now, now.id)


def _let_follow(session: OrmSession, now: Standing, changed: list[str]) -> None:
    # A session that holds nothing, as in most acts, need not be asked for the row's key.
    held: Any = session.identity_map.get(identity_key(Task, now.id)) if len(session.identity_map) else None
    for name in changed if held is not None else ():
        set_committed_value(held, name, getattr(now, name))
