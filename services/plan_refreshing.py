"""Judging a plan anew after a few acts: only the items they touched are read, since nothing else in the plan can stand otherwise than before.

What happens in the house's own chain (units, rules, indicators) may touch anything; the plan is then judged whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.task import Task
from services.ledger import chain_of
from services.plan_lights import PlanLights, read_some_lights

# More acts than these are not worth telling apart.
_MOST_ACTS = 200


def refreshed(session: Session, plan: PlanLights, since: int) -> PlanLights | None:
    """Return how the plan stands now, where `plan` is how it stood after act number `since` of its chain; None where it must be judged whole."""
    touched = _touched(session, plan.plan_id, since)
    if touched is None:
        return None
    items = _items_of(session, touched)
    if not items <= {one.item_id for one in plan.standings}:
        return None
    tasks = select(col(Task.id)).where(col(Task.item_id).in_(sorted(items)))
    now = read_some_lights(session, plan.plan_id, plan.day, list(session.execute(tasks).scalars())) if items else None
    return _merged(plan, now, items) if now else plan


def _touched(session: Session, plan_id: int, since: int) -> set[int] | None:
    """Return the tasks that acts after number `since` were on, None where they cannot be told."""
    later = select(col(LedgerEntry.task_id), col(LedgerEntry.changes)).where(
        col(LedgerEntry.chain) == chain_of(plan_id), col(LedgerEntry.seq) > since
    )
    entries = session.execute(later.limit(_MOST_ACTS + 1)).tuples().all()
    if len(entries) > _MOST_ACTS or any(task_id is None and changes for task_id, changes in entries):
        return None
    told = {task_id for _task_id, changes in entries for task_id in _tasks_in(changes or ())}
    return told | {task_id for task_id, _changes in entries if task_id is not None}


def _tasks_in(changes: Iterable[Mapping[str, Any]]) -> Iterator[int]:
    for change in changes:
        if change["table"] == "task":
            yield change["id"]
        for values in (change["before"], change["after"]):
            if values and values.get("task_id"):
                yield values["task_id"]


def _items_of(session: Session, task_ids: Iterable[int]) -> set[int]:
    return set(session.execute(select(col(Task.item_id)).where(col(Task.id).in_(sorted(task_ids))).distinct()).scalars())


def _merged(plan: PlanLights, now: PlanLights, items: set[int]) -> PlanLights | None:
    """Put the tasks judged anew in the places of the old ones; None where there are others now, or their order may be another."""
    anew = {one.id: one for one in now.standings}
    before = {one.id: one.starts_on for one in plan.standings if one.item_id in items}
    if before != {one.id: one.starts_on for one in now.standings}:
        return None
    records = {task_id: now.records.get(task_id, record) for task_id, record in plan.records.items()}
    return PlanLights(plan.plan_id, plan.day, tuple(anew.get(one.id, one) for one in plan.standings), records)
