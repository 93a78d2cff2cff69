"""How fast a channel may be used: never more than so many messages in so many seconds, counted over what was really handed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Rate:
    """At most `count` messages within any `seconds`."""

    count: int
    seconds: float


def wait_before_next(handed_over_at: Sequence[datetime], now: datetime, rates: Sequence[Rate], parts: int = 1) -> timedelta:
    """Return how long to wait at `now` before one more message, of so many parts, keeps every rate; zero where it may go at once.

    `handed_over_at` are the instants of earlier messages in any order. One that lies ahead of `now` (a clock set back) counts as of `now`. One of more parts than
    a rate lets through at once waits until nothing else counts.
    """
    earlier = sorted((min(at, now) for at in handed_over_at), reverse=True)
    spare = [(max(rate.count - parts, 0), rate) for rate in rates if rate.count > 0]
    waits = [earlier[kept] + timedelta(seconds=rate.seconds) - now for kept, rate in spare if len(earlier) > kept]
    return max([*waits, timedelta()])
