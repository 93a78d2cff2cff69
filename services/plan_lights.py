"""How every task of a plan stands on a day, in few words: what a plan's counts, bars and filters need, and nothing else, so that it can be kept.

A plan is judged once for all readers; each is then told of the tasks he may see.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from models.task import TaskState
from rules.lights import Light, light_of
from rules.periods import Period
from rules.rights import Act, Actor, may
from rules.rule_set import RuleSet
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.reach import read_tree
from services.rule_sets import rule_set_on

_DONE = (TaskState.COMPLETED, TaskState.CLOSED)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one task stands. `reported` are the codes of the quarters it was reported on."""

    id: int
    item_id: int
    parent_id: int | None
    state: TaskState
    light: Light
    lead_id: int
    support_ids: tuple[int, ...]
    starts_on: date
    due_on: date
    reported: tuple[str, ...]

    @property
    def year(self) -> int | None:
        """Return the year whose column it stands in, None where it runs over several."""
        return self.due_on.year if self.starts_on.year == self.due_on.year else None

    def is_in(self, period: Period) -> bool:
        """Tell whether it is due in the period, or was reported on it."""
        return self.due_on in period or period.code in self.reported


@dataclass(frozen=True)
class PlanLights:
    """The tasks of a plan issued by the end of `day`, in the document's order. `records` is all that was read of them, by task; it may be let go of, since it is large."""

    plan_id: int
    day: date
    standings: Sequence[Standing]
    records: Mapping[int, TaskRecord] = field(default_factory=dict)


@dataclass(frozen=True)
class LightCounts:
    """Tasks counted: the accepted ones apart, the others by light; cancelled ones are left out."""

    task_count: int
    done_count: int
    lights: Mapping[Light, int]


def read_plan_lights(session: Session, plan_ids: Sequence[int], day: date) -> dict[int, PlanLights]:
    """Judge every task of these plans at the end of `day`. They are read whole, about a quarter of a second for a thousand tasks."""
    rules = rule_set_on(session, day)
    by_plan: dict[int, list[TaskRecord]] = {plan_id: [] for plan_id in plan_ids}
    for record in read_tasks(session, Viewpoint(day, day), rules, plan_ids):
        by_plan[record.name.plan_id].append(record)
    return {plan_id: _judged(plan_id, day, records, rules) for plan_id, records in by_plan.items()}


def read_some_lights(session: Session, plan_id: int, day: date, task_ids: Sequence[int]) -> PlanLights:
    """Judge these tasks of a plan alone, as they would be among all."""
    rules = rule_set_on(session, day)
    return _judged(plan_id, day, read_tasks(session, Viewpoint(day, day), rules, task_ids=task_ids), rules)


def _judged(plan_id: int, day: date, records: Sequence[TaskRecord], rules: RuleSet) -> PlanLights:
    # Most tasks of a plan share their days, units and quarters: each value is kept once.
    once: dict[Any, Any] = {}
    standings = tuple(
        _standing(record, light_of(record.facts, day, rules).light, lambda value: once.setdefault(value, value)) for record in records
    )
    return PlanLights(plan_id, day, standings, {record.name.id: record for record in records})


def seen_standings(session: Session, lights: PlanLights, actor: Actor) -> list[Standing]:
    """Return the tasks that the actor may see; what was handed down is told by its parent, where he sees that."""
    seen = list(lights.standings)
    if actor.unit_id is not None or not may(actor, Act.READ):
        tree = read_tree(session)
        # The years of an item have the same units.
        teams = {(one.lead_id, one.support_ids) for one in seen}
        reached = {team for team in teams if may(actor, Act.READ, tree.parties(*team))}
        seen = [one for one in seen if (one.lead_id, one.support_ids) in reached]
    ids = {one.id for one in seen}
    return [one for one in seen if one.parent_id not in ids]


def count_lights(standings: Iterable[Standing]) -> LightCounts:
    """Count tasks by light."""
    counted = [one for one in standings if one.state is not TaskState.CANCELLED]
    is_open = Counter(one.light for one in counted if one.state not in _DONE)
    return LightCounts(len(counted), len(counted) - is_open.total(), {light: is_open[light] for light in Light})


def _standing(record: TaskRecord, light: Light, once: Callable[[Any], Any]) -> Standing:
    name, facts = record.name, record.facts
    return Standing(
        id=name.id,
        item_id=name.item_id,
        parent_id=name.parent_id,
        state=facts.state,
        light=light,
        lead_id=name.lead_id,
        support_ids=once(name.support_ids),
        starts_on=once(facts.starts_on),
        due_on=once(facts.due_on),
        reported=once(tuple(sorted(record.reported.first_filed_on))),
    )
