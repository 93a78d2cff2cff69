"""Working days in mainland China: public holidays off, make-up Saturdays on.

The holiday data covers certain years only. Outside them Monday to Friday count, and `calendar_is_known` lets the caller say so aloud.
"""

from datetime import date, timedelta
from functools import cache, lru_cache

import chinese_calendar

KNOWN_YEARS = range(2004, 2027)


def calendar_is_known(day: date) -> bool:
    """Tell whether the holidays of that year are known; where not, working days are only Monday to Friday."""
    return day.year in KNOWN_YEARS


@cache
def is_working_day(day: date) -> bool:
    """Tell whether offices work on `day`. The answer for a day never changes, and it is asked for very often."""
    if calendar_is_known(day):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


def add_working_days(day: date, count: int) -> date:
    """Return the `count`-th working day after `day` (before it, where negative); 0 gives `day` itself, working or not."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day)
    return day


@lru_cache(4096)
def working_days_until(day: date, due_on: date) -> int:
    """Count the working days after `day` up to and with `due_on`; negative where `due_on` has passed: the working days since it."""
    if due_on < day:
        return -working_days_until(due_on, day)
    return sum(is_working_day(day + timedelta(days=n)) for n in range(1, (due_on - day).days + 1))


@lru_cache(1024)
def nth_working_day(first: date, number: int) -> date:
    """Return the `number`-th working day counted from `first` on, `first` itself included where it is one."""
    return add_working_days(first - timedelta(days=1), number)
