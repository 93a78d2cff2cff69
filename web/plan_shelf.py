"""How the tasks of plans stand, kept for all visitors while no act changes it: judging a large plan takes far longer than showing a page of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock

from cachetools import LRUCache
from fastapi import Request
from sqlmodel import Session

from services.ledger import HOUSE, chain_of, heads_of
from services.plan_lights import PlanLights, read_plan_lights
from services.plan_refreshing import refreshed

# How a task stands takes some 300 bytes, all that was read of it some 2 000.
_MOST_TASKS, _MOST_RECORDS = 200_000, 20_000

# A plan, the day it is judged on, and where the house's chain stands.
Key = tuple[int, date, int]


@dataclass(frozen=True)
class Kept:
    """A plan as it stood after act number `seq` of its own chain."""

    seq: int
    plan: PlanLights


def _shelf_of(most: int) -> LRUCache[Key, Kept]:
    return LRUCache(most, getsizeof=lambda kept: 1 + len(kept.plan.standings))


@dataclass
class PlanShelf:
    """The plans of one process, the least asked for thrown away first; of the last ones everything that was read of their tasks (`whole`)."""

    plans: LRUCache[Key, Kept] = field(default_factory=lambda: _shelf_of(_MOST_TASKS))
    whole: LRUCache[Key, Kept] = field(default_factory=lambda: _shelf_of(_MOST_RECORDS))
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Key) -> Kept | None:
        """Return a plan as it was last judged, None where it is not here."""
        with self.lock:
            return self.whole.get(key) or self.plans.get(key)

    def put(self, key: Key, kept: Kept) -> None:
        """Keep a plan; one too large for a shelf is not kept on it, nor one older than what is there."""
        with self.lock:
            for shelf, part in ((self.whole, kept), (self.plans, replace(kept, plan=replace(kept.plan, records={})))):
                there = shelf.get(key)
                if (
                    len(kept.plan.standings) < shelf.maxsize
                    and (there is None or there.seq <= kept.seq)
                    and (kept.plan.records or shelf is self.plans)
                ):
                    shelf[key] = part


def lights_of(request: Request, session: Session, plan_id: int, day: date) -> PlanLights:
    """Return how the plan's tasks stand at the end of `day`, judged now where it is not known."""
    return lights_of_some(request, session, {plan_id: 0}, day, 0)[plan_id]


def lights_of_some(request: Request, session: Session, sizes: Mapping[int, int], day: date, most: int) -> dict[int, PlanLights]:
    """Return those of the plans, given with their sizes, that are known, and of the others as many as make no more than `most` tasks together."""
    shelf: PlanShelf = request.app.state.plan_shelf
    heads = heads_of(session, sizes)
    house = _seq_of(heads, HOUSE)
    seqs = {plan_id: _seq_of(heads, chain_of(plan_id)) for plan_id in sizes}
    found: dict[int, PlanLights] = {}
    for plan_id, seq in seqs.items():
        plan = _known(session, shelf.get((plan_id, day, house)), seq)
        if plan is not None:
            found[plan_id] = plan
    judged = read_plan_lights(session, chosen, day) if (chosen := _within(sizes, found, most)) else {}
    for plan_id, plan in (found | judged).items():
        shelf.put((plan_id, day, house), Kept(seqs[plan_id], plan))
    return found | judged


def _seq_of(heads: Mapping[str, Mapping[str, int]], chain: str) -> int:
    return heads[chain]["seq"] if chain in heads else 0


def _known(session: Session, kept: Kept | None, seq: int) -> PlanLights | None:
    """Return the plan as it stands after act number `seq`, None where that does not follow from what is kept."""
    if kept is None or kept.seq > seq:
        return None
    return kept.plan if kept.seq == seq else refreshed(session, kept.plan, kept.seq)


def _within(sizes: Mapping[int, int], found: Mapping[int, PlanLights], most: int) -> Sequence[int]:
    chosen: list[int] = []
    for plan_id, size in sizes.items():
        if plan_id not in found and size <= most:
            chosen.append(plan_id)
            most -= size
    return chosen
