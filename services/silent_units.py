"""Units nobody hears from, and units nobody can be told anything: facts for a desk, the longest first. They are listed to be spoken to, never ranked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import UNDELIVERED, Message
from models.plan import Plan, PlanState
from models.progress import ProgressReport
from models.task import Assignment, AssignmentRole, Task, TaskState
from models.unit import ContactDuty, Unit
from services.contacts import reach_of
from services.office_lines import settled_messages

WORKING = (TaskState.ASSIGNED, TaskState.IN_PROGRESS)
_WRITTEN_TO = (ContactDuty.LIAISON, ContactDuty.HANDLER, ContactDuty.OFFICE)


@dataclass(frozen=True)
class SilentUnit:
    """A unit that leads open tasks and has reported on none of its tasks for more than `days`. `last_on` None: never; `since_on` is then when its first task began."""

    unit_id: int
    unit: str
    open_tasks: int
    last_on: date | None
    since_on: date
    days: int


@dataclass(frozen=True)
class UnreachedUnit:
    """A unit that leads open tasks and was not reached: nobody is registered (`no-contact`), all are away (`away`), or messages came to nothing (`undelivered`)."""

    unit_id: int
    unit: str
    why: str
    message_count: int = 0


def silent_units(session: Session, day: date, longest_days: int, within: sa.ColumnElement[bool]) -> list[SilentUnit]:
    """Return the units from which nothing was heard for more than `longest_days`, the longest silent first; `within` says which lead units count."""
    spoken = sa.select(col(ProgressReport.unit_id), sa.func.max(col(ProgressReport.filed_on)).label("last_on"))
    last = spoken.where(col(ProgressReport.filed_on) <= day).group_by(col(ProgressReport.unit_id)).subquery()
    since = sa.func.min(col(Task.starts_on))
    rows = (
        sa.select(col(Unit.id), col(Unit.name), sa.func.count(), last.c.last_on, since)
        .select_from(Task)
        .join(Assignment, sa.and_(col(Assignment.task_id) == col(Task.id), col(Assignment.role) == AssignmentRole.LEAD))
        .join(Unit, col(Unit.id) == col(Assignment.unit_id))
        .join(Plan, col(Plan.id) == col(Task.plan_id))
        .outerjoin(last, last.c.unit_id == col(Unit.id))
        .where(*_in_hand(day), within)
        .group_by(col(Unit.id), col(Unit.name), last.c.last_on)
        .having(sa.func.coalesce(last.c.last_on, since) < day - timedelta(days=longest_days))
    )
    found = [_silent(row, day) for row in session.execute(rows).tuples()]
    return sorted(found, key=lambda one: (-one.days, one.unit))


def unreached_units(session: Session, day: date, within: sa.ColumnElement[bool]) -> list[UnreachedUnit]:
    """Return the units with open tasks that no message reaches or reached, in the order of the register."""
    names = _leads(session, day, within)
    failed = _undelivered(session, day)
    found = dict(_without_contact(session, names, day))
    for unit_id, name in names.items():
        if unit_id not in found and failed.get(unit_id):
            found[unit_id] = UnreachedUnit(unit_id, name, "undelivered", failed[unit_id])
    return [found[unit_id] for unit_id in sorted(found)]


def _in_hand(day: date) -> tuple[sa.ColumnElement[bool], ...]:
    return col(Plan.state) == PlanState.IN_FORCE, col(Task.state).in_(WORKING), col(Task.starts_on) <= day


def _silent(row: tuple[Any, ...], day: date) -> SilentUnit:
    unit_id, name, count, last_on, since_on = row
    return SilentUnit(unit_id, name, count, last_on, since_on, (day - (last_on or since_on)).days)


def _leads(session: Session, day: date, within: sa.ColumnElement[bool]) -> dict[int, str]:
    rows = (
        sa.select(col(Unit.id), col(Unit.name))
        .join(Assignment, col(Assignment.unit_id) == col(Unit.id))
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Plan, col(Plan.id) == col(Task.plan_id))
        .where(col(Assignment.role) == AssignmentRole.LEAD, col(Unit.is_open).is_(False), *_in_hand(day), within)
    )
    return {unit_id or 0: name for unit_id, name in session.execute(rows.distinct().order_by(col(Unit.id))).tuples()}


def _without_contact(session: Session, names: dict[int, str], day: date) -> Iterator[tuple[int, UnreachedUnit]]:
    for unit_id, reach in reach_of(session, sorted(names), day).items():
        if not reach.holding(*_WRITTEN_TO):
            why = "away" if reach.nobody(*_WRITTEN_TO).is_away else "no-contact"
            yield unit_id, UnreachedUnit(unit_id, names[unit_id], why)


def _undelivered(session: Session, day: date) -> dict[int, int]:
    """Return how many messages to each unit came to nothing, were sent no other way, and were settled by nobody."""
    replaced = sa.select(col(Message.instead_of_id)).where(col(Message.instead_of_id).is_not(None))
    failed = sa.select(col(Message.id), col(Message.unit_id)).where(
        *(col(Message.state).in_(UNDELIVERED), col(Message.day) <= day, col(Message.unit_id).is_not(None)), col(Message.id).not_in(replaced)
    )
    rows = session.execute(failed).tuples().all()
    settled = settled_messages(session, [number or 0 for number, _unit_id in rows])
    counts: dict[int, int] = {}
    for number, unit_id in rows:
        if number not in settled and unit_id is not None:
            counts[unit_id] = counts.get(unit_id, 0) + 1
    return counts
