"""Rounding as it is printed: half up, and shares that add up to exactly 100.0."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache


@lru_cache(4_096)
def round_half_up(value: float, places: int) -> float:
    """Round a number as people do by hand: 0.25 to one place is 0.3, never to the even digit."""
    return float(Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def shares_of(counts: Mapping[str, int]) -> dict[str, float]:
    """Return each count's share of all in per cent, one decimal, by largest remainder: the shares add up to exactly 100.0.

    Tenths of a per cent left over after rounding down go to the largest remainders, among equals to the larger count, then to the one named first.
    All shares are 0.0 where there is nothing to share.
    """
    total = sum(counts.values())
    if not total:
        return dict.fromkeys(counts, 0.0)
    tenths = {name: count * 1000 // total for name, count in counts.items()}
    by_remainder = sorted(counts, key=lambda name: (counts[name] * 1000 % total, counts[name]), reverse=True)
    for name in by_remainder[: 1000 - sum(tenths.values())]:
        tenths[name] += 1
    return {name: count / 10 for name, count in tenths.items()}
