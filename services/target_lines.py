"""An item's targets over its tasks in force, one line a measure, as the bulletin shows them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import overload

from models.task import Basis, Comparator
from reports.bulletin import TargetLine
from rules.lights import pace_of
from rules.rounding import round_half_up
from rules.target_words import actual_words, wanted_words
from rules.targets import Direction, TargetFacts, gap_pp
from services.facts import TaskRecord


def target_lines(records: Sequence[TaskRecord], day: date) -> tuple[TargetLine, ...]:
    """Return a line for each measure of an item's tasks in force, in the order of their days."""
    # A task handed down is told by its parent.
    whole = (record.facts for record in sorted(records, key=lambda record: record.facts.starts_on) if record.name.parent_id is None)
    return lines_of((target, pace_of(facts, day)) for facts in whole for target in facts.targets)


def lines_of(targets: Iterable[tuple[TargetFacts, float]]) -> tuple[TargetLine, ...]:
    """Return a line for each measure of these targets, each with its task's pace, in the order of the tasks' days."""
    measures: dict[tuple[str, str | None], list[tuple[TargetFacts, float]]] = defaultdict(list)
    for target, pace in targets:
        measures[target.measure, target.unit_of_measure].append((target, pace))
    return tuple(_target_line(parts) for parts in measures.values())


def _target_line(parts: Sequence[tuple[TargetFacts, float]]) -> TargetLine:
    """Return the line of one measure over the tasks in force: amounts of several years are added up, of anything else the latest year stands."""
    latest, pace = parts[-1]
    if len(parts) > 1 and all(_adds_up(target) for target, _pace in parts):
        wanted = sum(target.wanted or 0.0 for target, _pace in parts)
        reported = [target.actual for target, _pace in parts if target.actual is not None]
        # The pace of the sum is the sum of what each year should have reached.
        pace = sum((target.wanted or 0.0) * pace for target, pace in parts) / wanted if wanted else 100.0
        latest = replace(latest, wanted=wanted, actual=sum(reported) if reported else None)
    return TargetLine(
        latest.measure,
        latest.unit_of_measure,
        latest.wanted,
        latest.actual,
        shown(pace),
        shown(gap_pp(latest, pace)),
        wanted_words(latest),
        actual_words(latest),
    )


def _adds_up(target: TargetFacts) -> bool:
    is_amount = target.basis in (Basis.PERIOD, None) and target.unit_of_measure not in ("%", "％", "‰")
    plain = (Comparator.EQ, Comparator.GE, Comparator.GT, Comparator.ABOUT)
    return is_amount and target.comparator in plain and target.direction is Direction.RISING and not target.parts_wanted


@overload
def shown(value: float) -> float: ...
@overload
def shown(value: float | None) -> float | None: ...
def shown(value: float | None) -> float | None:
    """Return a figure as it is printed, with one decimal."""
    return None if value is None else round_half_up(value, 1)
