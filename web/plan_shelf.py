"""How the tasks of plans stand, kept for all visitors while no act changes it: judging a large plan takes far longer than showing a page of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock

from cachetools import LRUCache
from fastapi import Request
from sqlmodel import Session

from services.plan_lights import PlanLights, read_plan_lights
from services.positions import position_of

# How a task stands takes some 300 bytes, all that was read of it some 2 000.
_MOST_TASKS, _MOST_RECORDS = 200_000, 20_000

Key = tuple[int, date, int]


def _shelf_of(most: int) -> LRUCache[Key, PlanLights]:
    return LRUCache(most, getsizeof=lambda plan: 1 + len(plan.standings))


@dataclass
class PlanShelf:
    """The plans of one process, the least asked for thrown away first; of the last ones everything that was read of their tasks (`whole`)."""

    plans: LRUCache[Key, PlanLights] = field(default_factory=lambda: _shelf_of(_MOST_TASKS))
    whole: LRUCache[Key, PlanLights] = field(default_factory=lambda: _shelf_of(_MOST_RECORDS))
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Key) -> PlanLights | None:
        """Return a plan, None where it is not here."""
        with self.lock:
            return self.whole.get(key) or self.plans.get(key)

    def put(self, key: Key, plan: PlanLights) -> None:
        """Keep a plan; one too large for a shelf is not kept on it."""
        with self.lock:
            for shelf, kept in ((self.whole, plan), (self.plans, replace(plan, records={}))):
                if len(plan.standings) < shelf.maxsize:
                    shelf[key] = kept


def lights_of(request: Request, session: Session, plan_id: int, day: date) -> PlanLights:
    """Return how the plan's tasks stand at the end of `day`, judged now where it is not known."""
    return lights_of_some(request, session, {plan_id: 0}, day, 0)[plan_id]


def lights_of_some(request: Request, session: Session, sizes: dict[int, int], day: date, most: int) -> dict[int, PlanLights]:
    """Return those of the plans, given with their sizes, that are known, and of the others as many as make no more than `most` tasks together."""
    shelf: PlanShelf = request.app.state.plan_shelf
    keys = {plan_id: (plan_id, day, position_of(session, [plan_id])) for plan_id in sizes}
    found = {plan_id: plan for plan_id, key in keys.items() if (plan := shelf.get(key)) is not None}
    judged = read_plan_lights(session, chosen, day) if (chosen := _within(sizes, found, most)) else {}
    for plan_id, plan in judged.items():
        shelf.put(keys[plan_id], plan)
    return found | judged


def _within(sizes: dict[int, int], found: dict[int, PlanLights], most: int) -> Sequence[int]:
    chosen: list[int] = []
    for plan_id, size in sizes.items():
        if plan_id not in found and size <= most:
            chosen.append(plan_id)
            most -= size
    return chosen
