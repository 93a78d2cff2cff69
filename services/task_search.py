"""Which tasks a list shows: found in the database page by page, then read as they stand on the day. The number of tasks in the house does not matter to a page.

A page follows the one before by the last row's due day and number, so that what is added or moved meanwhile is neither skipped nor shown twice. What only
judging tells (the light; on an earlier day the state) is looked for in portions; a portion that has run out without filling the page says how far it came.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.plan import PlanItem
from models.task import Assignment, AssignmentRole, Task
from models.unit import Unit
from rules.rights import Actor
from rules.rule_set import RuleSet
from services.facts import Viewpoint, read_tasks
from services.queries import TaskFilter, TaskRow, passes, task_row
from services.reach import readable
from services.task_pages import refuse_no_reader

PORTION = 250
MOST_JUDGED = 1000

Mark = tuple[date, int]


@dataclass(frozen=True)
class TaskSearch:
    """What is looked for. `wanted` is what every list asks, `text` a part of the action's title or the task's words; `after` is the last row shown before."""

    wanted: TaskFilter = field(default_factory=TaskFilter)
    text: str = ""
    after: Mark | None = None
    length: int = 40


@dataclass(frozen=True)
class TaskPage:
    """One page of a list in the order of due days. `following` is where the next page begins, None at the end; `judged` tasks were looked at for it.

    `is_cut`: it was not filled, and what follows has not been looked at yet.
    """

    rows: tuple[TaskRow, ...]
    following: Mark | None
    judged: int
    is_cut: bool = False


def search_tasks(session: Session, search: TaskSearch, day: date, rules: RuleSet, actor: Actor) -> TaskPage:
    """Return a page of the tasks that the actor may see. Code: no-right for whoever reads no tasks at all."""
    refuse_no_reader(actor)
    needs_judging = search.wanted.light is not None or search.wanted.state is not None
    portion, most = (PORTION, MOST_JUDGED) if needs_judging else (search.length + 1, search.length + 1)
    rows: list[TaskRow] = []
    after, judged = search.after, 0
    while judged < most:
        marks = _marks(session, search, actor, after, portion)
        read = {record.name.id: task_row(record, day, rules) for record in _records(session, marks, day, rules)}
        for mark in marks:
            judged += 1
            row = read.get(mark[1])
            if row is not None and passes(row, search.wanted):
                if len(rows) == search.length:
                    return TaskPage(tuple(rows), after, judged)
                rows.append(row)
            after = mark
        if len(marks) < portion:
            return TaskPage(tuple(rows), None, judged)
    return TaskPage(tuple(rows), after, judged, is_cut=len(rows) < search.length)


def _records(session: Session, marks: Sequence[Mark], day: date, rules: RuleSet) -> Iterator[Any]:
    if marks:
        yield from read_tasks(session, Viewpoint(day, day), rules, task_ids=[number for _due_on, number in marks])


def _marks(session: Session, search: TaskSearch, actor: Actor, after: Mark | None, length: int) -> list[Mark]:
    rows = sa.select(col(Task.due_on), col(Task.id)).where(*_conditions(search, actor))
    if after is not None:
        rows = rows.where(sa.tuple_(col(Task.due_on), col(Task.id)) > sa.tuple_(*map(sa.literal, after)))
    found = session.execute(rows.order_by(col(Task.due_on), col(Task.id)).limit(length)).tuples().all()
    return [(due_on, number or 0) for due_on, number in found]


def _conditions(search: TaskSearch, actor: Actor) -> Iterator[Any]:
    wanted, own = search.wanted, readable(actor)
    if own is not None:
        yield col(Task.id).in_(own)
    if wanted.plan_id is not None:
        yield col(Task.plan_id) == wanted.plan_id
    if wanted.year is not None:
        yield col(Task.starts_on) <= date(wanted.year, 12, 31)
        yield col(Task.due_on) >= date(wanted.year, 1, 1)
    if wanted.unit:
        named = sa.select(col(Unit.id)).where(col(Unit.name).contains(wanted.unit, autoescape=True))
        leads = sa.select(col(Assignment.task_id)).where(col(Assignment.role) == AssignmentRole.LEAD, col(Assignment.unit_id).in_(named))
        yield col(Task.id).in_(leads)
    if search.text:
        titled = sa.select(col(PlanItem.id)).where(col(PlanItem.title).contains(search.text, autoescape=True))
        said = col(Task.text).contains(search.text, autoescape=True)
        yield sa.or_(said, col(Task.label).contains(search.text, autoescape=True), col(Task.item_id).in_(titled))
