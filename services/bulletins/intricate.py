"""What the database cannot say exactly of a day, so that the rules judge it in Python: whole items, or only the days and the pace of a task.

An item is judged in Python where one of its tasks takes its value from elsewhere than its own reports (an indicator, a roster, parts, years before, tasks handed
down), where a report was returned, or where units or targets were altered after the day. A due day that was moved since, and the pace along milestones or a planned curve, are
told to the database instead.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from models.progress import IS_RETURNED, ProgressReport
from models.roster import Quota
from models.task import IS_INTRICATE, Basis, Comparator, PlannedPoint, Target, Task, TaskState
from rules.lights import TaskFacts, gap_of
from rules.pace import MilestoneFacts, Point, curve_through, pace_on
from services.bulletins.listed import ids_in
from services.changes import table_of
from services.facts import Viewpoint
from services.past import Past
from services.portions import portions
from services.task_rows import TaskScope, TaskSource, read_curves, read_milestones

_TASK, _TARGET, _QUOTA, _REPORT = table_of(Task), table_of(Target), table_of(Quota), table_of(ProgressReport)
_FOR_EACH = sa.func.substr(_TARGET.c.scope, 1, 1).in_(("每", "各"))
_DAYS, _PLACES = ("starts_on", "due_on"), {"plan_id", "item_id", "parent_id"}


@dataclass(frozen=True)
class Moved:
    """What is told of a task: the days it had, its pace in per cent, and its gap should it have no figures; None leaves it to the database."""

    id: int
    starts_on: str | None = None
    due_on: str | None = None
    pace: float | None = None
    gap: float | None = None


@dataclass(frozen=True)
class Exceptions:
    """The items judged in Python, and what is told of other tasks on the day, and at the end of the period before."""

    item_ids: Sequence[int] = ()
    moved: Sequence[Moved] = ()
    moved_before: Sequence[Moved] = ()


def intricate_items(session: Session) -> set[int]:
    """Return the items that no statement judges on any day."""
    twin = _TASK.alias("twin")
    has_twin = sa.exists().where(twin.c.item_id == _TASK.c.item_id, twin.c.id != _TASK.c.id)
    # The index holds what is elsewhere, and sums, which matter only where the item has other tasks: then years before may count.
    indexed = sa.select(_TARGET.c.task_id).where(sa.text(f"({IS_INTRICATE})"))
    is_elsewhere = sa.or_(_TARGET.c.indicator_id.is_not(None), _TARGET.c.comparator == Comparator.EXCEEDS_SERIES, _FOR_EACH)
    in_quota = sa.select(_TARGET.c.task_id).where(_TARGET.c.id.in_(sa.select(_QUOTA.c.target_id)))
    returned = sa.select(_REPORT.c.task_id).where(sa.text(IS_RETURNED))
    of_task = sa.select(_TASK.c.item_id)
    # Each begins with the few rows that matter, not with all tasks.
    asked = (
        of_task.where(_TASK.c.id.in_(indexed.where(is_elsewhere))),
        of_task.where(_TASK.c.id.in_(indexed.where(_TARGET.c.basis == Basis.CUMULATIVE)), has_twin),
        of_task.where(_TASK.c.id.in_(in_quota)),
        of_task.where(_TASK.c.parent_id.is_not(None)),
        of_task.where(_TASK.c.id.in_(returned)),
    )
    return {item_id for rows in asked for item_id in session.execute(rows.distinct()).scalars()}


def altered_items(session: Session, past: Past, known: Past) -> set[int]:
    """Return the items of which something was altered since, other than the days of their tasks."""
    tasks = set(_owners(session, past, known))
    moved = past.undone.get("task", {})
    tasks |= {task_id for task_id, was in moved.items() if was.is_made or was.is_whole or _PLACES & was.values.keys()}
    items = {was.values["item_id"] for was in moved.values() if "item_id" in was.values}
    items |= {
        item_id for ids in _some(tasks) for item_id in session.execute(sa.select(_TASK.c.item_id).where(_TASK.c.id.in_(ids))).scalars()
    }
    return items | set(past.undone.get("plan_item", {}))


def _owners(session: Session, past: Past, known: Past) -> Iterator[int]:
    """Yield the tasks whose units, targets, rosters or returned reports were others: by the rows as they are, and as they were."""
    targets: set[int] = set(past.undone.get("target", {}))
    for was in past.undone.get("quota", {}).values():
        targets |= {was.values["target_id"]} if "target_id" in was.values else set()
    quotas = sa.select(_QUOTA.c.target_id)
    for ids in _some(past.undone.get("quota", {})):
        targets |= set(session.execute(quotas.where(_QUOTA.c.id.in_(ids))).scalars())
    owned: Mapping[str, Iterable[int]] = {
        **{name: past.undone.get(name, {}) for name in ("assignment", "roster_entry")},
        "target": targets,
        "progress_report": [row_id for row_id, was in known.undone.get("progress_report", {}).items() if was.values.get("state")],
    }
    for name, row_ids in owned.items():
        table = _TASK.metadata.tables[name]
        for ids in _some(row_ids):
            yield from (task_id for task_id in session.execute(sa.select(table.c.task_id).where(table.c.id.in_(ids))).scalars() if task_id)
        yield from (was.values["task_id"] for was in past.undone.get(name, {}).values() if was.values.get("task_id"))


def moved_tasks(session: Session, view: Viewpoint, past: Past, known: Past, plan_ids: Sequence[int] | None) -> list[Moved]:
    """Return what is told of tasks: the days they had, and the pace of those with milestones or a planned curve."""
    days: dict[int, dict[str, Any]] = {
        task_id: {name: was.values[name] for name in _DAYS if name in was.values}
        for task_id, was in past.undone.get("task", {}).items()
        if was.values.keys() & set(_DAYS)
    }
    stepped = _Stepped(plan_ids, as_of=view.as_of, moved=tuple(days), is_sqlite=session.get_bind().dialect.name == "sqlite")
    source = TaskSource(session, stepped)
    has_curves = session.execute(sa.select(table_of(PlannedPoint).c.id).limit(1)).first() or "planned_point" in past.undone
    curves = read_curves(source, past) if has_curves else {}
    milestones = read_milestones(source, past, known, view.as_of)
    told: dict[int, dict[str, Any]] = {}
    for task_id, starts_on, due_on in _days_of(session, curves.keys() | milestones.keys()):
        had = {"starts_on": starts_on, "due_on": due_on} | {name: date.fromisoformat(said) for name, said in days.get(task_id, {}).items()}
        told[task_id] = _told(task_id, had, (curves.get(task_id, ()), milestones.get(task_id, ())), view.as_of)
    return [Moved(task_id, **days.get(task_id, {}), **told.get(task_id, {})) for task_id in sorted(days.keys() | told.keys())]


@dataclass(frozen=True)
class _Stepped(TaskScope):
    """The tasks whose milestones or curve may matter: under way on the day, or without a figure; and those whose days were others."""

    as_of: date = date.min
    moved: tuple[int, ...] = ()
    is_sqlite: bool = True

    def cut(self, rows: sa.Select[Any], kind: Any) -> sa.Select[Any]:
        figures = sa.exists().where(_TARGET.c.task_id == _TASK.c.id)
        matters = sa.and_(_TASK.c.starts_on <= self.as_of, sa.or_(_TASK.c.due_on > self.as_of, sa.not_(figures)))
        if self.moved:
            matters = sa.or_(matters, _TASK.c.id.in_(ids_in(self.moved, is_sqlite=self.is_sqlite)))
        return super().cut(rows, kind).where(matters)


def _days_of(session: Session, task_ids: Iterable[int]) -> Iterator[tuple[int, date, date]]:
    days = sa.select(_TASK.c.id, _TASK.c.starts_on, _TASK.c.due_on)
    for ids in _some(task_ids):
        yield from session.execute(days.where(_TASK.c.id.in_(ids))).tuples()


def _told(
    task_id: int, days: Mapping[str, date], steps: tuple[tuple[Point, ...], tuple[MilestoneFacts, ...]], as_of: date
) -> dict[str, float | None]:
    curve, milestones = steps
    facts = TaskFacts(task_id, TaskState.IN_PROGRESS, days["starts_on"], days["due_on"], days["due_on"], curve=curve, milestones=milestones)
    through = curve_through(milestones) if milestones and not curve else curve
    return {"pace": pace_on(as_of, facts.starts_on, facts.due_on, through), "gap": gap_of(facts, as_of)}


def _some(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    return portions(sorted(set(ids)))
