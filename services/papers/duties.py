"""Tasks as papers to units tell them, as they stood on a day: one reading for all units, however many papers are made of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.plan import Plan, PlanState
from models.task import Comparator, TaskState
from models.unit import Unit
from reports.duties import NO_QUARTERS, Duty, Goal, Quarters, Step
from rules.lights import TaskFacts, pace_of
from rules.periods import parse_period
from rules.rule_set import RuleSet
from rules.target_words import wanted_words
from rules.targets import Direction, TargetFacts
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.past import past_on
from services.rule_sets import rule_set_on
from services.target_lines import shown


@dataclass(frozen=True)
class Carried:
    """A task on the day, with how papers tell it."""

    record: TaskRecord
    duty: Duty


@dataclass(frozen=True)
class Roll:
    """All tasks that are not cancelled, of plans in force on `day`. `units` are the names of all units by id, `open_sets` those whose members are not named."""

    day: date
    rules: RuleSet
    tasks: tuple[Carried, ...]
    units: Mapping[int, str]
    open_sets: frozenset[int]

    def led_by(self, unit_id: int) -> list[Carried]:
        """Return the tasks the unit leads."""
        return [one for one in self.tasks if one.record.name.lead_id == unit_id]

    def supported_by(self, unit_id: int) -> list[Carried]:
        """Return the tasks the unit takes part in without leading."""
        return [one for one in self.tasks if unit_id in one.record.name.support_ids and one.record.name.lead_id != unit_id]


class Rolls:
    """The rolls read so far by one run, each used again as long as no row was changed since: sixty papers cost one reading."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._kept: dict[tuple[date, tuple[int, ...] | None], tuple[int, Roll]] = {}

    def read(self, session: Session, day: date, plan_ids: Sequence[int] | None = None) -> Roll:
        """Return the same as `read_roll`; whoever writes by it has locked the plans before."""
        last = sa.select(col(LedgerEntry.id)).where(col(LedgerEntry.changes).is_not(None)).order_by(col(LedgerEntry.id).desc()).limit(1)
        entered = session.execute(last).scalar_one_or_none() or 0
        key = (day, None if plan_ids is None else tuple(plan_ids))
        kept = self._kept.get(key)
        if kept is None or kept[0] != entered:
            kept = self._kept[key] = (entered, read_roll(session, day, plan_ids))
        return kept[1]


def read_roll(session: Session, day: date, plan_ids: Sequence[int] | None = None) -> Roll:
    """Return the tasks of these plans, or of all, that are in force on `day`."""
    past = past_on(session, day)
    rules = rule_set_on(session, day)
    columns = sa.select(col(Plan.id), col(Plan.title), col(Plan.doc_no), col(Plan.state))
    found = [dict(row) for row in session.execute(columns).mappings()]
    plans = {row["id"]: row for row in past.rows(Plan, found) if row["state"] is PlanState.IN_FORCE}
    wanted = sorted(plans.keys() if plan_ids is None else plans.keys() & set(plan_ids))
    register = sa.select(col(Unit.id), col(Unit.name), col(Unit.is_open))
    units = past.rows(Unit, [dict(row) for row in session.execute(register).mappings()])
    names = {row["id"]: row["name"] for row in units}
    records = read_tasks(session, Viewpoint(day, day), rules, wanted)
    tasks = (Carried(one, _duty(one, plans[one.name.plan_id], names)) for one in records if one.facts.state is not TaskState.CANCELLED)
    return Roll(day, rules, tuple(tasks), names, frozenset(row["id"] for row in units if row["is_open"]))


def _duty(record: TaskRecord, plan: Mapping[str, str | None], units: Mapping[int, str]) -> Duty:
    name, facts = record.name, record.facts
    return Duty(
        task=name.id,
        plan_id=name.plan_id,
        plan=plan["title"] or "",
        doc_no=plan["doc_no"],
        number=name.number,
        item=name.item_title,
        label=name.label,
        text=name.text,
        starts_on=facts.starts_on,
        due_on=facts.due_on,
        original_due_on=facts.original_due_on,
        lead=name.lead,
        supports=tuple(units[unit_id] for unit_id in name.support_ids),
        goals=tuple(_goal(target) for target in facts.targets),
        steps=tuple(Step(one.title, one.due_on) for one in facts.milestones),
        criterion=facts.criterion,
    )


def _goal(target: TargetFacts) -> Goal:
    # What another series shows today is no part of what was asked for.
    asked = replace(target, wanted=None) if target.comparator is Comparator.EXCEEDS_SERIES else target
    is_held = target.direction is Direction.HELD
    return Goal(target.measure, target.unit_of_measure, asked.wanted, wanted_words(asked), is_held)


def by_quarters(carried: Iterable[Carried], year: int) -> tuple[Duty, ...]:
    """Return the duties with the pace of each of the year's quarter ends that lies within the task."""
    return tuple(replace(one.duty, quarters=_quarters(one.record.facts, year)) for one in carried)


def _quarters(facts: TaskFacts, year: int) -> Quarters:
    if not facts.targets and not facts.milestones:
        return NO_QUARTERS
    first, second, third, fourth = (_pace_at(facts, parse_period(f"{year}Q{quarter}").ends_on) for quarter in (1, 2, 3, 4))
    return first, second, third, fourth


def _pace_at(facts: TaskFacts, day: date) -> float | None:
    """Return the pace at a quarter's end: nothing before the task begins, nor after the quarter in which it is due."""
    begun = facts.starts_on <= day
    still = (day.year, (day.month - 1) // 3) <= (facts.due_on.year, (facts.due_on.month - 1) // 3)
    return shown(pace_of(facts, day)) if begun and still else None
