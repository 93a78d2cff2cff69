"""What the database is told of tasks that are otherwise its own to judge: the days they had where a day was moved since, and the pace along milestones or a planned curve."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from models.task import Milestone, PlannedPoint, Target, Task, TaskState
from rules.lights import TaskFacts, gap_of
from rules.pace import MilestoneFacts, Point, curve_through, pace_on
from services.changes import table_of
from services.facts import Viewpoint
from services.past import Past
from services.portions import portions
from services.task_rows import TaskScope, TaskSource, read_curves, read_milestones

_TASK, _TARGET = table_of(Task), table_of(Target)
_STEPS = (Milestone, PlannedPoint)
_DAYS = ("starts_on", "due_on")
_TASKS_AT_ONCE = 200


@dataclass(frozen=True)
class Told:
    """What is told of tasks on a day, by their ids and the names of columns; the database knows the rest.

    `days` are the days they had, as text; `paces` their `pace` in per cent, and the `gap` of one that has no figures.
    """

    days: Mapping[int, Mapping[str, Any]]
    paces: Mapping[int, Mapping[str, float | None]]


def told_of(session: Session, view: Viewpoint, pasts: tuple[Past, Past], plan_ids: Sequence[int] | None) -> Told:
    """Return what is told of tasks; `pasts` are those of the day judged and of the day that acts are known on."""
    days = {task_id: was.values for task_id, was in pasts[0].of(Task).items() if not was.values.keys().isdisjoint(_DAYS)}
    paces: dict[int, Mapping[str, float | None]] = {}
    for some in portions(_stepped(session, view.as_of, pasts[0], days, plan_ids), _TASKS_AT_ONCE):
        paces |= _paces(session, view, pasts, days, some)
    return Told(days, paces)


def _stepped(session: Session, as_of: date, past: Past, moved: Collection[int], plan_ids: Sequence[int] | None) -> Sequence[int]:
    """Return the tasks whose milestones or curve may matter: under way on the day, or without a figure; and those whose days or steps were others."""
    has_figures = sa.exists().where(_TARGET.c.task_id == _TASK.c.id)
    matters = sa.and_(_TASK.c.starts_on <= as_of, sa.or_(_TASK.c.due_on > as_of, sa.not_(has_figures)))
    found = {was.values["task_id"] for kind in _STEPS for was in past.of(kind).values() if "task_id" in was.values}
    for kind in _STEPS:
        rows = sa.select(_TASK.c.id, matters).join_from(table_of(kind), _TASK).distinct()
        found |= {task_id for task_id, does in session.execute(TaskScope(plan_ids).cut(rows, Task)).tuples() if does or task_id in moved}
    return sorted(found)


def _paces(
    session: Session, view: Viewpoint, pasts: tuple[Past, Past], days: Mapping[int, Mapping[str, str]], task_ids: Sequence[int]
) -> Mapping[int, Mapping[str, float | None]]:
    source = TaskSource(session, TaskScope(tasks=task_ids))
    curves, milestones = read_curves(source, pasts[0]), read_milestones(source, *pasts, view.as_of)
    # A step that was taken away since is put back among those of any task.
    stepped = [task_id for task_id in task_ids if task_id in curves or task_id in milestones]
    paces = {}
    for task_id, *today in session.execute(sa.select(*(_TASK.c[name] for name in ("id", *_DAYS))).where(_TASK.c.id.in_(stepped))).tuples():
        had = days.get(task_id, {})
        span = [date.fromisoformat(had[name]) if name in had else day for name, day in zip(_DAYS, today, strict=True)]
        paces[task_id] = _pace(task_id, span, (curves.get(task_id, ()), milestones.get(task_id, ())), view.as_of)
    return paces


def _pace(
    task_id: int, span: Sequence[date], steps: tuple[tuple[Point, ...], tuple[MilestoneFacts, ...]], as_of: date
) -> Mapping[str, float | None]:
    (starts_on, due_on), (curve, milestones) = span, steps
    facts = TaskFacts(task_id, TaskState.IN_PROGRESS, starts_on, due_on, due_on, curve=curve, milestones=milestones)
    through = curve_through(milestones) if milestones and not curve else curve
    return {"pace": pace_on(as_of, starts_on, due_on, through), "gap": gap_of(facts, as_of)}
