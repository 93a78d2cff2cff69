"""A target held against what was reached: how much of it, how far, and whether it is met.

There is one direction for each target: it rises to its figure (支持10个县), falls to it (由10%降到5%), or must be held (不超过3起, 高于另一指标).
None as an actual value means that nobody has said anything yet, which is not the same as zero.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from models.task import Basis, Comparator

_CEILINGS = (Comparator.LE, Comparator.LT)
_EACH = re.compile(r"每(?!年|半年|两年|季|月|周)|各(?!级|类|项)")
POINTS = ("百分点", "个百分点")

# "About" is met from nine tenths on (and, falling, up to eleven).
ABOUT = 0.1


class Direction(StrEnum):
    """Which way a target's value has to go."""

    RISING = "rising"
    FALLING = "falling"
    HELD = "held"


@dataclass(frozen=True)
class TargetFacts:
    """A target and the value reached so far (None: nothing known).

    `wanted` is the figure that counts as fully reached: the value, a range's low end, 100 for "all" without a figure; for `exceeds-series` what the other
    series shows on the same day, None while it is not known. `high` is a range's high end, `baseline` the value it starts from, `carried` what earlier
    years should have brought towards a cumulative figure. Of a target for each of many (`scope` 每个县), `actual` is the worst of the `parts` and `total`
    what was reached altogether.
    """

    measure: str
    wanted: float | None
    actual: float | None
    unit_of_measure: str | None = None
    comparator: Comparator = Comparator.EQ
    basis: Basis | None = None
    high: float | None = None
    baseline: float | None = None
    carried: float = 0.0
    scope: str | None = None
    parts: tuple[tuple[str, float], ...] = ()
    total: float | None = None
    against: str | None = None

    @property
    def parts_wanted(self) -> bool:
        """Tell whether the figure is asked for in each of its scope's members."""
        return is_for_each(self.scope)

    @property
    def direction(self) -> Direction:
        """Return which way the value has to go. Without a baseline above it, a ceiling, and a bare figure of 0, is held."""
        if self.comparator is Comparator.EXCEEDS_SERIES:
            return Direction.HELD
        falls = self.wanted is not None and self.baseline is not None and self.baseline > max(self.wanted, self.high or 0)
        if falls and self.comparator not in (Comparator.GE, Comparator.GT):
            return Direction.FALLING
        is_zero = not self.wanted and self.comparator in (Comparator.EQ, Comparator.ABOUT)
        return Direction.HELD if self.comparator in _CEILINGS or is_zero else Direction.RISING


def is_for_each(scope: str | None) -> bool:
    """Tell whether a scope asks for the figure in each of its members (每个县, 各市) and not once for all (每年 is a time, 各级 all together)."""
    return bool(scope and _EACH.match(scope))


def in_points(unit_of_measure: str | None) -> bool:
    """Tell whether a figure is a difference in percentage points, which is never held against a per cent as such."""
    return unit_of_measure in POINTS


def reached_percent(target: TargetFacts) -> float | None:
    """Return the per cent of the target reached, not capped: 12 of 10 is 120. With a baseline it is the share of the way: 15 between 10 and 20 is 50.

    Nothing reported counts as nothing reached; where a value must be held it is not known, so None. Held is 100 while it holds, else 0.
    """
    direction = target.direction
    if direction is Direction.HELD:
        return None if _is_unknown(target) else 100.0 if is_met(target) else 0.0
    share = _share(target, direction)
    # About nine tenths is as good as all; whatever is met is not half reached.
    return max(100.0, share) if target.comparator is Comparator.ABOUT and is_met(target) else share


def _share(target: TargetFacts, direction: Direction) -> float:
    if target.actual is None and target.baseline is not None:
        return 0.0
    start, way = _way(target, direction)
    actual = target.actual or 0.0
    return 100.0 * (actual - start) / way if way else 100.0


def _way(target: TargetFacts, direction: Direction) -> tuple[float, float]:
    """Return where the value starts from, and how far it has to go from there."""
    assert target.wanted is not None
    # A falling range is reached at its high end, coming from above.
    goal = target.high if direction is Direction.FALLING and target.high is not None else target.wanted
    start = target.carried if target.baseline is None else target.baseline
    way = goal - start
    if not way or (way < 0) is not (direction is Direction.FALLING):
        return 0.0, goal
    return start, way


def gap_pp(target: TargetFacts, pace: float) -> float | None:
    """Return how many percentage points the target is behind `pace`; negative is ahead. A value that is held is neither behind nor ahead.

    None where it cannot be told: nothing is known of a value that must be held, or of the series it is held against.
    """
    return gap_from(target, reached_percent(target), pace)


def gap_from(target: TargetFacts, reached: float | None, pace: float) -> float | None:
    """Return what `gap_pp` does, from the per cent reached that is known already."""
    if reached is None:
        return None
    is_kept = reached == 100.0 and target.direction is Direction.HELD
    return 0.0 if is_kept else pace - reached


def planned_value(target: TargetFacts, pace: float) -> float | None:
    """Return the value that is at `pace`, as `reached_percent` counts; None where the value must be held, or cannot be told."""
    if target.wanted is None or target.direction is Direction.HELD:
        return None
    start, way = _way(target, target.direction)
    return start + way * pace / 100.0


def is_met(target: TargetFacts) -> bool:
    """Tell whether the value fulfils the target. An equal figure is met by more as well; beyond a range's far end it is not."""
    if target.actual is None or target.wanted is None:
        return False
    actual, wanted = target.actual, target.wanted
    if target.comparator in (Comparator.GT, Comparator.EXCEEDS_SERIES):
        return actual > wanted
    if target.comparator is Comparator.LT:
        return actual < wanted
    if target.comparator is Comparator.RANGE and target.high is not None:
        return wanted <= actual <= target.high
    slack = wanted * ABOUT if target.comparator is Comparator.ABOUT else 0.0
    return actual >= wanted - slack if target.direction is Direction.RISING else actual <= wanted + slack


def is_beyond(target: TargetFacts) -> bool:
    """Tell whether a range is overstepped: past its high end, or, falling, below its low one."""
    if target.comparator is not Comparator.RANGE or target.actual is None or target.wanted is None:
        return False
    if target.direction is Direction.FALLING:
        return target.actual < target.wanted
    return target.high is not None and target.actual > target.high


def _is_unknown(target: TargetFacts) -> bool:
    return target.actual is None or target.wanted is None


def change_of(
    observed: float, before: float | None, unit_of_measure: str | None, observed_unit: str | None, *, falls: bool
) -> float | None:
    """Return what an observed level says of a target that counts a change; None where the value before is needed and not known.

    A target in percentage points observed in per cent is reached by the difference; one in per cent observed in another unit by the growth in per cent of
    the value before. Where the target `falls` (下降2个百分点) a fall counts. Any other pair is the same thing in the same unit.
    """
    is_rate = observed_unit in ("%", "％")
    if in_points(unit_of_measure) and is_rate:
        change = None if before is None else observed - before
    elif unit_of_measure in ("%", "％") and observed_unit and not is_rate:
        change = None if not before else 100.0 * (observed - before) / abs(before)
    else:
        return observed
    return change if change is None or not falls else -change


def counts_change(unit_of_measure: str | None, observed_unit: str | None) -> bool:
    """Tell whether `change_of` makes a change of an observed level, so that a baseline is spent on it and starts no way of its own."""
    is_rate = observed_unit in ("%", "％")
    return (in_points(unit_of_measure) and is_rate) or (unit_of_measure in ("%", "％") and bool(observed_unit) and not is_rate)
