"""A task as it stands when somebody acts on it, and its move from one state to the next: narrow statements, since nearly every act asks for just this.

The row stays locked until the transaction ends. An object of the same task that the session holds follows the move, so that both ways of reading agree.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import Session, col

from models.task import Task, TaskState
from rules.rights import Act, refuse_without_right
from services.changes import RowChange, plain, table_of
from services.occasion import Occasion
from services.prepared import Prepared
from services.reach import parties_of, unknown_task

_READ = (Task.id, Task.plan_id, Task.state, Task.return_count)
_LOCK = Prepared(sa.select(*map(col, _READ)).where(col(Task.id) == sa.bindparam("task")).with_for_update())
_MOVE = Prepared(
    sa.update(table_of(Task))
    .where(table_of(Task).c.id == sa.bindparam("task"))
    .values(state=sa.bindparam("now"), return_count=sa.bindparam("returns"))
)


@dataclass(frozen=True)
class Standing:
    """What an act asks of a task. `return_count` is how often it was sent back."""

    id: int
    plan_id: int
    state: TaskState
    return_count: int


def stand(session: Session, task_id: int, occasion: Occasion, act: Act) -> Standing:
    """Return the task with its row locked; refuse one that does not exist, or an actor without the right on it."""
    found = _LOCK.rows(session, {"task": task_id})
    if not found:
        raise unknown_task(task_id)
    refuse_without_right(occasion.actor, act, parties_of(session, task_id))
    return Standing(*found[0])


def write_move(session: Session, before: Standing, now: Standing) -> RowChange:
    """Write what has changed of the task and return the change for its entry."""
    _MOVE.run(session.connection(), {"task": now.id, "now": now.state, "returns": now.return_count})
    changed = [name for name in ("state", "return_count") if getattr(before, name) != getattr(now, name)]
    _let_follow(session, now, changed)
    was, is_now = ({name: plain(getattr(one, name)) for name in changed} for one in (before, now))
    return RowChange("task", now.id, was, is_now, now.id)


def _let_follow(session: OrmSession, now: Standing, changed: list[str]) -> None:
    held: Any = session.identity_map.get(identity_key(Task, now.id))
    for name in changed if held is not None else ():
        set_committed_value(held, name, getattr(now, name))
