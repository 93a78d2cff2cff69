"""The tasks each unit leads, counted by state and due day, and kept so: every act moves the counts by the rows it wrote, in its own transaction.

What `services.ledger` is told of every row written is noted here, and the counts are moved once, when the transaction is about to be committed, in the order of
their keys: two that are committed at once wait for each other and never for ever.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction
from sqlmodel import col

from models.plan import Plan, PlanState
from models.task import Assignment, AssignmentRole, Task, TaskState
from models.unit_count import UnitCount
from services.changes import RowChange
from services.prepared import Prepared

DONE = (TaskState.COMPLETED, TaskState.CLOSED)
OPEN = (TaskState.ASSIGNED, TaskState.IN_PROGRESS, TaskState.SUBMITTED, TaskState.SUSPENDED)

# The unit, the state, and the due day: of tasks that are done the first of its year.
Cell = tuple[int, TaskState, date]

_NOTED, _STOOD = "counted_changes", "stood_before"
_TOUCHING = {"task": {"state", "due_on"}, "assignment": {"unit_id", "role"}, "plan": {"state"}}

_KEY = (
    col(UnitCount.unit_id) == sa.bindparam("unit"),
    col(UnitCount.state) == sa.bindparam("now"),
    col(UnitCount.due_on) == sa.bindparam("due"),
)
_READ = Prepared(
    sa.select(*map(col, (Task.plan_id, Task.state, Task.due_on, Plan.state, Assignment.id, Assignment.unit_id, Assignment.role)))
    .select_from(Task)
    .join(Plan, col(Plan.id) == col(Task.plan_id))
    .join(Assignment, col(Assignment.task_id) == col(Task.id))
    .where(col(Task.id) == sa.bindparam("task"))
)


@cache
def _making(dialect: str) -> Prepared:
    """Return the statement that makes a cell, or adds to the one that another transaction has made meanwhile."""
    from sqlalchemy.dialects import postgresql, sqlite

    make: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    more = make(UnitCount).values(
        unit_id=sa.bindparam("unit"), state=sa.bindparam("now"), due_on=sa.bindparam("due"), task_count=sa.bindparam("more")
    )
    both = {"task_count": col(UnitCount.task_count) + more.excluded.task_count}
    return Prepared(more.on_conflict_do_update(index_elements=["unit_id", "state", "due_on"], set_=both))


_ADD = Prepared(sa.update(UnitCount).where(*_KEY).values(task_count=col(UnitCount.task_count) + sa.bindparam("more", type_=sa.Integer)))
_CLEAR = Prepared(sa.delete(UnitCount).where(*_KEY, col(UnitCount.task_count) == 0))


class Stood(NamedTuple):
    """How a task stood before an act: what is counted of it."""

    plan_id: int
    is_in_force: bool
    state: TaskState
    due_on: date
    lead_id: int


class _Noted(NamedTuple):
    change: RowChange
    within: SessionTransaction | None


def note_changes(session: Session, changes: Iterable[RowChange]) -> None:
    """Note what rows an act wrote; the counts follow when the session is committed, and are forgotten with what is rolled back."""
    within = session.get_nested_transaction()
    noted = session.info.setdefault(_NOTED, [])
    noted += [_Noted(change, within) for change in changes if _touches(change)]


def _touches(change: RowChange) -> bool:
    columns = _TOUCHING.get(change.table)
    if columns is None:
        return False
    if change.before is None or change.after is None:
        return change.table != "plan"
    return not columns.isdisjoint(change.after)


def note_stood(session: Session, task_id: int, stood: Stood) -> None:
    """Note how a task stood before an act of a transaction that writes alone; one that changes nothing else of it then need not be read again."""
    session.info.setdefault(_STOOD, {})[task_id] = stood


@event.listens_for(Session, "before_commit")
def settle_counts(session: Session) -> None:
    """Move the counts by what was noted since; the end of every transaction does so itself."""
    noted: Sequence[_Noted] = session.info.pop(_NOTED, ())
    stood: Mapping[int, Stood] = session.info.pop(_STOOD, {})
    moves = _moves(session, [one.change for one in noted], stood) if noted else {}
    for cell in sorted(cell for cell, count in moves.items() if count):
        _add(session.connection(), cell, moves[cell])


def _add(connection: Connection, cell: Cell, more: int) -> None:
    key = dict(zip(("unit", "now", "due"), cell, strict=True))
    added = {**key, "more": more}
    # Nearly every cell is there already, and to update one costs a third of what the statement for both costs.
    if _ADD.run(connection, added).rowcount == 0:
        _making(connection.dialect.name).run(connection, added)
    elif more < 0:
        _CLEAR.run(connection, key)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, undone: SessionTransaction) -> None:
    if undone.nested:
        session.info[_NOTED] = [one for one in session.info.get(_NOTED, ()) if undone not in _around(one.within)]
    else:
        session.info.pop(_NOTED, None)
    session.info.pop(_STOOD, None)


def _around(within: SessionTransaction | None) -> Iterator[SessionTransaction]:
    while within is not None:
        yield within
        within = within.parent


@dataclass
class _Known:
    """What is known of a task: its own columns and its units, by the number of the row that says so."""

    task: dict[str, Any] = field(default_factory=dict)
    parts: dict[int, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))

    def put(self, change: RowChange, values: Mapping[str, Any] | None) -> None:
        """Take in the values of a row; None where there is no such row."""
        row = self.task if change.table == "task" else self.parts[change.row_id]
        if values is None:
            row.clear()
        else:
            row.update(values)

    def cell(self) -> Cell | None:
        """Return the cell the task is counted in, None where it is counted nowhere."""
        lead = next((part["unit_id"] for part in self.parts.values() if part.get("role") == AssignmentRole.LEAD.value), None)
        return cell_of(lead, TaskState(self.task["state"]), date.fromisoformat(self.task["due_on"])) if self.task and lead else None


def cell_of(unit_id: int, state: TaskState, due_on: date) -> Cell | None:
    """Return the cell of a task of a plan in force, None in a state that is not counted."""
    if state in OPEN:
        return unit_id, state, due_on
    return (unit_id, state, date(due_on.year, 1, 1)) if state in DONE else None


def _moves(session: Session, changes: Sequence[RowChange], stood: Mapping[int, Stood]) -> Mapping[Cell, int]:
    """Return by how much each cell has changed: less where a task stood, more where it stands."""
    moves: Counter[Cell] = Counter()
    connection, plans = session.connection(), _moved_plans(changes)
    for task_id, own in _by_task(session, changes, plans).items():
        now = _Known()
        if task_id in stood and [change.table for change in own] == ["task"]:
            is_in_force = _recall(now, stood[task_id], own[0])
        elif any(change.table == "task" and change.before is None for change in own):
            is_in_force = _replay(now, own)
        else:
            is_in_force = _read(connection, task_id, now)
        cell = now.cell()
        was_in_force, is_in_force = plans.get(now.task.get("plan_id", 0), (is_in_force, is_in_force))
        if cell and is_in_force:
            moves[cell] += 1
        for change in reversed(own):
            now.put(change, change.before)
        before = now.cell()
        if before and was_in_force:
            moves[before] -= 1
    return moves


def _moved_plans(changes: Sequence[RowChange]) -> dict[int, tuple[bool, bool]]:
    """Return the plans that were closed or taken up again: whether they were in force before, and are now."""
    moved: dict[int, tuple[bool, bool]] = {}
    for change in changes:
        if change.table == "plan" and change.before is not None and change.after is not None:
            was, now = (values["state"] == PlanState.IN_FORCE.value for values in (change.before, change.after))
            moved[change.row_id] = moved.get(change.row_id, (was, now))[0], now
    return moved


def _by_task(session: Session, changes: Sequence[RowChange], plans: Iterable[int]) -> Mapping[int, list[RowChange]]:
    found: dict[int, list[RowChange]] = defaultdict(list)
    for change in changes:
        if change.table != "plan":
            found[_task_of(change)].append(change)
    for plan_id in plans:
        for task_id in session.execute(sa.select(col(Task.id)).where(col(Task.plan_id) == plan_id)).scalars():
            found[task_id or 0] += []
    return found


def _task_of(change: RowChange) -> int:
    if change.table == "task":
        return change.row_id
    task_id = {**(change.before or {}), **(change.after or {})}.get("task_id", change.task_id)
    assert isinstance(task_id, int)
    return task_id


def _recall(known: _Known, stood: Stood, change: RowChange) -> bool:
    """Learn how a task stands by how it stood before its only change."""
    known.task = {"plan_id": stood.plan_id, "state": stood.state.value, "due_on": stood.due_on.isoformat()}
    known.parts[0] = {"unit_id": stood.lead_id, "role": AssignmentRole.LEAD.value}
    known.put(change, change.after)
    return stood.is_in_force


def _replay(known: _Known, changes: Sequence[RowChange]) -> bool:
    """Learn of a task that was made just now; nobody makes one in a plan that is closed."""
    for change in changes:
        known.put(change, change.after)
    return True


def _read(connection: Connection, task_id: int, known: _Known) -> bool:
    """Learn how a task stands now, and tell whether its plan is in force."""
    is_in_force = False
    for plan_id, state, due_on, plan_state, part_id, unit_id, role in _READ.run(connection, {"task": task_id}).fetchall():
        known.task = {"plan_id": plan_id, "state": state, "due_on": str(due_on)}
        known.parts[part_id] = {"unit_id": unit_id, "role": role}
        is_in_force = plan_state == PlanState.IN_FORCE.value
    return is_in_force
