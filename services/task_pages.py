"""Listing tasks some at a time, in the order of their numbers: what is added meanwhile comes at the end, so nobody who follows the pages misses one or sees one twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from models.task import Assignment, AssignmentRole, Task
from models.unit import Unit
from rules.rights import RIGHTS, Act, Actor, refuse_without_right
from rules.rule_set import RuleSet
from services.facts import Viewpoint, read_tasks
from services.keyset import KeyPage
from services.queries import TaskFilter, TaskRow, passes, seen_by, task_row
from services.reach import readable
from services.task_rows import TASK

# A filter that few tasks pass is followed this far for one page; whoever asks goes on from there.
_READ_AT_ONCE = 250
_MOST_READ = 2500


@dataclass(frozen=True)
class TaskQuestion:
    """Which tasks are asked for, as of which day, judged by which rules, and by whom (None: whoever holds the database).

    `is_present`: the day is today, so that what is stored narrows the search.
    """

    wanted: TaskFilter
    day: date
    rules: RuleSet
    actor: Actor | None
    is_present: bool = False


def task_page(session: Session, asked: TaskQuestion, after: int, limit: int) -> KeyPage[TaskRow]:
    """Return at most `limit` tasks with a number above `after` that the actor may see and that pass the filter. Codes: no-right."""
    if asked.actor is not None:
        refuse_no_reader(asked.actor)
    rows: list[TaskRow] = []
    last, left = after, _MOST_READ
    # One more than asked tells whether there is a next page; where all are likely to pass, more would be read for nothing.
    at_once = _READ_AT_ONCE if asked.wanted.light else limit + 1
    while left > 0:
        ids = _ids(session, asked, last, at_once)
        rows += _rows(session, asked, ids)
        if len(rows) > limit:
            return KeyPage(tuple(rows[:limit]), rows[limit - 1].id)
        if len(ids) < at_once:
            return KeyPage(tuple(rows), None)
        last, left, at_once = ids[-1], left - len(ids), _READ_AT_ONCE
    return KeyPage(tuple(rows), last)


def every_task(session: Session, asked: TaskQuestion, after: int) -> KeyPage[TaskRow]:
    """Return all tasks with a number above `after`, read some at a time. Codes: no-right."""
    rows: list[TaskRow] = []
    following: int | None = after
    while following is not None:
        page = task_page(session, asked, following, _READ_AT_ONCE)
        rows += page.rows
        following = page.next
    return KeyPage(tuple(rows), None)


def refuse_no_reader(actor: Actor) -> None:
    """Refuse an account whose role reads no tasks at all, with no-right; how far a reader's right reaches is another question."""
    if actor.role not in RIGHTS[Act.READ]:
        refuse_without_right(actor, Act.READ)


def _ids(session: Session, asked: TaskQuestion, after: int, count: int) -> Sequence[int]:
    wanted = select(TASK.c.id).where(TASK.c.id > after, *_narrowing(asked)).order_by(TASK.c.id).limit(count)
    return session.execute(wanted).scalars().all()


def _narrowing(asked: TaskQuestion) -> Iterator[ColumnElement[bool]]:
    """Give what keeps tasks out that cannot pass; what has changed since the day asked for narrows nothing."""
    wanted, own = asked.wanted, readable(asked.actor) if asked.actor else None
    if own is not None:
        yield col(Task.id).in_(own)
    if wanted.plan_id is not None:
        yield col(Task.plan_id) == wanted.plan_id
    if not asked.is_present:
        return
    if wanted.state is not None:
        yield col(Task.state) == wanted.state
    if wanted.year is not None:
        yield col(Task.starts_on) <= date(wanted.year, 12, 31)
        yield col(Task.due_on) >= date(wanted.year, 1, 1)
    if wanted.unit is not None:
        named = select(col(Assignment.task_id)).join(Unit, col(Unit.id) == col(Assignment.unit_id))
        named = named.where(col(Assignment.role) == AssignmentRole.LEAD, col(Unit.name).contains(wanted.unit, autoescape=True))
        yield col(Task.id).in_(named)


def _rows(session: Session, asked: TaskQuestion, ids: Sequence[int]) -> list[TaskRow]:
    records = read_tasks(session, Viewpoint(asked.day, asked.day), asked.rules, task_ids=ids) if ids else []
    rows = (task_row(record, asked.day, asked.rules) for record in seen_by(session, asked.actor, records))
    return sorted((row for row in rows if passes(row, asked.wanted)), key=lambda row: row.id)
