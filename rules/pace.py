"""Scheduled pace (序时进度): how much of a task should be done by a day, and how far behind it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.task import Basis, Comparator


@dataclass(frozen=True)
class TargetFacts:
    """A numeric target and the value reached so far (None: nothing reported). `wanted` is what counts as fully reached."""

    measure: str
    wanted: float
    actual: float | None
    unit_of_measure: str | None = None
    comparator: Comparator = Comparator.EQ
    basis: Basis | None = None


def pace_on(day: date, starts_on: date, due_on: date) -> float:
    """Return the per cent that should be done at the end of `day` on a straight line: 0 before the start, 100 from the due day on.

    Both the first and the last day are days of work, so a task of ten days should be 10 % done at the end of its first.
    """
    if day < starts_on:
        return 0.0
    if day >= due_on:
        return 100.0
    return 100.0 * ((day - starts_on).days + 1) / ((due_on - starts_on).days + 1)


def reached_percent(target: TargetFacts) -> float:
    """Return the per cent of the target reached, not capped: 12 of 10 is 120. Nothing reported counts as nothing reached.

    A ceiling (≤, <) is reached while the value stays within it.
    """
    actual = target.actual or 0.0
    if target.comparator in (Comparator.LE, Comparator.LT):
        return 100.0 if actual <= target.wanted else 0.0
    return 100.0 * actual / target.wanted if target.wanted else 100.0


def gap_pp(target: TargetFacts, pace: float) -> float:
    """Return how many percentage points the target is behind `pace`; negative is ahead."""
    return pace - reached_percent(target)


def worst_gap_pp(targets: Iterable[TargetFacts], pace: float) -> float | None:
    """Return the gap of the target furthest behind: a task is as good as its worst figure. None without numeric targets."""
    return max((gap_pp(target, pace) for target in targets), default=None)


def is_met(target: TargetFacts) -> bool:
    """Tell whether the reported value fulfils the target (about: within a tenth)."""
    if target.actual is None:
        return False
    if target.comparator in (Comparator.LE, Comparator.LT):
        return target.actual < target.wanted or (target.comparator is Comparator.LE and target.actual == target.wanted)
    if target.comparator is Comparator.GT:
        return target.actual > target.wanted
    return target.actual >= target.wanted * (0.9 if target.comparator is Comparator.ABOUT else 1)
