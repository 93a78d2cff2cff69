"""What each unit has in hand on a day, added up from the kept counts (`services/unit_counts.py`), and the recount they are proven by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.plan import Plan, PlanState
from models.task import Assignment, AssignmentRole, Task, TaskState
from models.unit import Unit, UnitLevel
from models.unit_count import UnitCount
from rules.rights import Actor
from services.reach import read_tree
from services.unit_counts import DONE, OPEN, Cell, cell_of, settle_counts

# A unit has from then on so many calendar days to hand a task in that is told as falling due.
DUE_WITHIN = timedelta(days=30)
_ASKED = (TaskState.ASSIGNED, TaskState.IN_PROGRESS)

_KEPT = sa.select(col(UnitCount.unit_id), col(UnitCount.state), col(UnitCount.due_on), col(UnitCount.task_count))
_COUNTED = (
    sa.select(col(Assignment.unit_id), col(Task.state), col(Task.due_on), sa.func.count())
    .select_from(Assignment)
    .join(Task, col(Task.id) == col(Assignment.task_id))
    .join(Plan, col(Plan.id) == col(Task.plan_id))
    .where(col(Assignment.role) == AssignmentRole.LEAD, col(Plan.state) == PlanState.IN_FORCE, col(Task.state).in_((*OPEN, *DONE)))
    .group_by(col(Assignment.unit_id), col(Task.state), col(Task.due_on))
)


@dataclass(frozen=True)
class UnitLoad:
    """The tasks of plans in force that a unit leads, those handed down to it among them.

    `in_hand` are all that are not done; of them `overdue` and `due_soon` those not handed in whose due day has passed or comes within `DUE_WITHIN`, the day
    itself included, and `handed_in` those that wait to be reviewed. What is suspended is in hand and falls due on no day.
    """

    unit_id: int
    unit: str
    level: UnitLevel
    in_hand: int
    due_soon: int
    overdue: int
    handed_in: int
    done: int


@dataclass(frozen=True)
class LoadsAsked:
    """Whose loads: those that `reader` may see (his own unit and those below it, an office's all), of one level or all, `limit` units from `after` on."""

    reader: Actor
    limit: int
    after: int = 0
    level: UnitLevel | None = None


def unit_loads(session: Session, day: date, asked: LoadsAsked) -> list[UnitLoad]:
    """Return the loads on `day`, as the tasks stand now, of units that lead any task, in the register's order."""
    given: dict[str, Any] = {"day": day, "until": day + DUE_WITHIN, "after": asked.after, "limit": asked.limit, "level": asked.level}
    own = asked.reader.unit_id
    if own is not None:
        tree = read_tree(session)
        given["seen"] = [unit_id for unit_id in tree.parent_of if unit_id == own or tree.is_below(unit_id, own)]
    rows = session.execute(_question(is_of_level=asked.level is not None, is_bound=own is not None), given).tuples()
    return [_load([tuple(row) for row in unit]) for _number, unit in groupby(rows, key=lambda row: row[0])]


@cache
def _question(*, is_of_level: bool, is_bound: bool) -> sa.Select[Any]:
    """Return the query, made once, for a unit's tasks in each state: all, those due before the day, and those due until the end of `DUE_WITHIN`."""
    has_any = sa.exists().where(col(UnitCount.unit_id) == col(Unit.id))
    wanted = (
        sa.select(col(Unit.id)).where(col(Unit.id) > sa.bindparam("after"), has_any).order_by(col(Unit.id)).limit(sa.bindparam("limit"))
    )
    if is_of_level:
        wanted = wanted.where(col(Unit.level) == sa.bindparam("level"))
    if is_bound:
        wanted = wanted.where(col(Unit.id).in_(sa.bindparam("seen", expanding=True)))
    due_on, count = col(UnitCount.due_on), col(UnitCount.task_count)
    late, until = (
        sa.func.sum(sa.case((condition, count), else_=0)) for condition in (due_on < sa.bindparam("day"), due_on <= sa.bindparam("until"))
    )
    sums = sa.select(
        col(UnitCount.unit_id), col(UnitCount.state), sa.func.sum(count).label("whole"), late.label("late"), until.label("until")
    )
    found = sums.where(col(UnitCount.unit_id).in_(wanted)).group_by(col(UnitCount.unit_id), col(UnitCount.state)).subquery()
    number, *counts = found.columns
    return sa.select(number, col(Unit.name), col(Unit.level), *counts).join(Unit, col(Unit.id) == number).order_by(number)


def _load(rows: Sequence[tuple[Any, ...]]) -> UnitLoad:
    unit_id, unit, level = rows[0][:3]
    whole = {state: count for *_unit, state, count, _late, _until in rows}
    asked = [(late, until) for *_unit, state, _count, late, until in rows if state in _ASKED]
    return UnitLoad(
        unit_id=unit_id,
        unit=unit,
        level=level,
        in_hand=sum(whole.get(state, 0) for state in OPEN),
        due_soon=sum(until - late for late, until in asked),
        overdue=sum(late for late, _until in asked),
        handed_in=whole.get(TaskState.SUBMITTED, 0),
        done=sum(whole.get(state, 0) for state in DONE),
    )


def recount(session: Session) -> None:
    """Count every task anew and keep that; for a database whose rows were written past the ledger's writer."""
    session.execute(sa.delete(UnitCount))
    rows = [
        {"unit_id": unit_id, "state": state, "due_on": due_on, "task_count": count}
        for (unit_id, state, due_on), count in counted_anew(session).items()
    ]
    if rows:
        session.execute(sa.insert(UnitCount), rows)


def wrong_counts(session: Session) -> Iterator[tuple[Cell, int, int]]:
    """Give the cells whose kept count is not the recount: the kept one, then what it should be."""
    settle_counts(session)
    kept = {(unit_id, state, due_on): count for unit_id, state, due_on, count in session.execute(_KEPT).tuples()}
    counted = counted_anew(session)
    for cell in sorted(kept.keys() | counted.keys()):
        if kept.get(cell) != counted.get(cell):
            yield cell, kept.get(cell, 0), counted.get(cell, 0)


def counted_anew(session: Session) -> dict[Cell, int]:
    """Return the counts as the tasks themselves give them."""
    counted: dict[Cell, int] = {}
    for unit_id, state, due_on, count in session.execute(_COUNTED).tuples():
        cell = cell_of(unit_id, state, due_on)
        if cell is not None:
            counted[cell] = counted.get(cell, 0) + count
    return counted
