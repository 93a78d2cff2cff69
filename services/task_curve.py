"""A task's progress drawn against its pace: what should have been done by each day, and what was reported by the days it was reported for.

Both come from the one roll-up that lights are judged by (`rules.lights`); a day nobody reported for has no point.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from rules.lights import TaskFacts, pace_of, reached_of
from rules.periods import parse_period
from services.facts import TaskReader, TaskRecord
from services.rule_sets import rule_set_on

MOST_REPORTED = 12
MOST_PLANNED = 40


@dataclass(frozen=True)
class CurvePoint:
    """A day with its per cents. `planned` is the pace; `reached` None where nothing was reported for the day."""

    day: date
    planned: float
    reached: float | None = None


@dataclass(frozen=True)
class TaskCurve:
    """The planned line over the task's whole time, and the points reported by the day it is seen on, the last one being that day itself."""

    planned: tuple[CurvePoint, ...]
    reached: tuple[CurvePoint, ...]


def task_curve(session: Session, record: TaskRecord, reader: TaskReader, day: date) -> TaskCurve:
    """Return the curve of a task as `reader` read it for `day`. The latest `MOST_REPORTED` periods are shown; each is judged anew."""
    facts = record.facts
    planned = tuple(CurvePoint(on, pace_of(facts, on)) for on in _planned_days(facts))
    if reached_of(facts) is None:
        return TaskCurve(planned, ())
    ends = (parse_period(code).ends_on for code in record.reported.first_filed_on)
    days = sorted({on for on in ends if facts.starts_on <= on < day})[-MOST_REPORTED:]
    if days:
        reader.look_back(days)
    points = [
        CurvePoint(on, pace_of(one.facts, on), reached_of(one.facts)) for on in days for one in _seen(session, reader, on, facts.task_id)
    ]
    if not points and facts.starts_on > day:
        return TaskCurve(planned, ())
    return TaskCurve(planned, (*points, CurvePoint(day, pace_of(facts, day), reached_of(facts))))


def _seen(session: Session, reader: TaskReader, on: date, task_id: int) -> list[TaskRecord]:
    return [record for record in reader.on(on, rule_set_on(session, on)) if record.name.id == task_id]


def _planned_days(facts: TaskFacts) -> list[date]:
    """Return the days that the planned line turns on: the ends, planned points and milestones. A step needs the day before it, too."""
    turns = {day for day, _percent in facts.curve} | {one.due_on for one in facts.milestones}
    is_stepped = bool(facts.milestones and not facts.curve and not facts.targets)
    steps = {day - timedelta(days=1) for day in (*turns, facts.due_on)} if is_stepped else set()
    inside = sorted(day for day in turns | steps if facts.starts_on <= day < facts.due_on)
    return [facts.starts_on - timedelta(days=1), *inside[:MOST_PLANNED], facts.due_on]
