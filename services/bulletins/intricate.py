"""The items that the database cannot judge exactly on a day, so that the rules judge them in Python.

It is so where one of its tasks takes its value from elsewhere than its own reports (an indicator, a roster, parts, years before, tasks handed down), where a
report was returned, or where units or targets were altered after the day. Of a moved day, of milestones and planned curves the database is told instead (`told.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from models.plan import PlanItem
from models.progress import IS_RETURNED, ProgressReport
from models.roster import Quota, RosterEntry
from models.task import IS_INTRICATE, Assignment, Basis, Comparator, Target, Task
from services.changes import table_of
from services.past import Past
from services.portions import portions

_TASK, _TARGET, _QUOTA, _REPORT = table_of(Task), table_of(Target), table_of(Quota), table_of(ProgressReport)
_FOR_EACH = sa.func.substr(_TARGET.c.scope, 1, 1).in_(("每", "各"))
_PLACES = {"plan_id", "item_id", "parent_id"}


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
    moved = past.of(Task)
    tasks |= {task_id for task_id, was in moved.items() if was.is_made or was.is_whole or _PLACES & was.values.keys()}
    items = {was.values["item_id"] for was in moved.values() if "item_id" in was.values}
    items |= {
        item_id for ids in _some(tasks) for item_id in session.execute(sa.select(_TASK.c.item_id).where(_TASK.c.id.in_(ids))).scalars()
    }
    return items | set(past.of(PlanItem))


def _owners(session: Session, past: Past, known: Past) -> Iterator[int]:
    """Yield the tasks whose units, targets, rosters or returned reports were others: by the rows as they are, and as they were."""
    targets: set[int] = set(past.of(Target))
    for was in past.of(Quota).values():
        targets |= {was.values["target_id"]} if "target_id" in was.values else set()
    quotas = sa.select(_QUOTA.c.target_id)
    for ids in _some(past.of(Quota)):
        targets |= set(session.execute(quotas.where(_QUOTA.c.id.in_(ids))).scalars())
    owned: Mapping[type[SQLModel], Iterable[int]] = {
        **{kind: past.of(kind) for kind in (Assignment, RosterEntry)},
        Target: targets,
        ProgressReport: [row_id for row_id, was in known.of(ProgressReport).items() if was.values.get("state")],
    }
    for kind, row_ids in owned.items():
        table = table_of(kind)
        for ids in _some(row_ids):
            yield from (task_id for task_id in session.execute(sa.select(table.c.task_id).where(table.c.id.in_(ids))).scalars() if task_id)
        yield from (was.values["task_id"] for was in past.of(kind).values() if was.values.get("task_id"))


def _some(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    return portions(sorted(set(ids)))
