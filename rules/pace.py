"""Scheduled pace (序时进度): how much of a task should be done by a day.

A straight line from start to due day, unless the office planned a curve or the task has milestones; it never falls and ends at 100 on the due day.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

Point = tuple[date, float]


@dataclass(frozen=True)
class MilestoneFacts:
    """A milestone as it stands on the day judged."""

    title: str
    due_on: date
    weight: float = 1.0
    is_done: bool = False


def pace_on(day: date, starts_on: date, due_on: date, curve: Sequence[Point] = ()) -> float:
    """Return the per cent that should be done at the end of `day`: 0 before the start, 100 from the due day on.

    `curve` are planned points (the per cent at the end of a day) in any order; between two of them, and to both ends, the line is straight. A point that
    falls below an earlier one is lifted to it; points outside the task's days are passed over, as an extension or a shorter limit leaves them behind.
    Both the first and the last day are days of work, so a task of ten days should be 10 % done at the end of its first.
    """
    if day < starts_on:
        return 0.0
    if day >= due_on:
        return 100.0
    if not curve:
        return 100.0 * ((day - starts_on).days + 1) / ((due_on - starts_on).days + 1)
    before, after = (starts_on - timedelta(days=1), 0.0), (due_on, 100.0)
    for point_day, percent in sorted(point for point in curve if starts_on <= point[0] < due_on):
        point = (point_day, min(100.0, max(percent, before[1])))
        if point_day > day:
            after = point
            break
        before = point
    share = (day - before[0]).days / (after[0] - before[0]).days
    return before[1] + (after[1] - before[1]) * share


def curve_through(milestones: Iterable[MilestoneFacts]) -> tuple[Point, ...]:
    """Return the planned points that milestones make: after each due day the weights due by then, in per cent of all."""
    ordered = sorted(milestones, key=lambda one: one.due_on)
    return tuple((one.due_on, weights_due(ordered, one.due_on)) for one in ordered)


def weights_due(milestones: Iterable[MilestoneFacts], day: date) -> float:
    """Return the weights of the milestones due by the end of `day`, in per cent of all: the pace of a task without figures."""
    return _share(milestones, lambda one: one.due_on <= day)


def weights_done(milestones: Iterable[MilestoneFacts]) -> float:
    """Return the weights of the milestones reached, in per cent of all."""
    return _share(milestones, lambda one: one.is_done)


def _share(milestones: Iterable[MilestoneFacts], counts: Callable[[MilestoneFacts], bool]) -> float:
    found = list(milestones)
    whole = sum(one.weight for one in found)
    # Exactly 100 where all count, whatever the weights' fractions add up to.
    if all(counts(one) for one in found):
        return 100.0
    return 100.0 * sum(one.weight for one in found if counts(one)) / whole
