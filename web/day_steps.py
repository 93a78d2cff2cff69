"""Looking back: the day a page is seen on, with the ways to the days on which something happened before and after it."""

from dataclasses import dataclass
from datetime import date

from rules.words import day_words


@dataclass(frozen=True)
class Step:
    """A day to go to: as it stands in an address, and in words."""

    on: str
    words: str


@dataclass(frozen=True)
class DaySteps:
    """The day seen, `is_today` where it is the present one; `previous` and `following` are None where nothing happened before or after."""

    here: Step
    is_today: bool
    last: str
    previous: Step | None = None
    following: Step | None = None


def day_steps(day: date, today: date, previous_on: date | None = None, next_on: date | None = None) -> DaySteps:
    """Return the steps around `day`; what lies after today cannot be seen yet."""
    following = next_on if next_on is not None and next_on <= today else None
    return DaySteps(
        _step(day), day == today, today.isoformat(), _step(previous_on) if previous_on else None, _step(following) if following else None
    )


def _step(day: date) -> Step:
    return Step(day.isoformat(), day_words(day))
