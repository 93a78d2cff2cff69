"""Working days in mainland China: public holidays off, make-up days on.

The program's own holiday data covers certain years only. For other years the house keeps a table of days that differ from Monday to Friday, which an edge puts here
(`use_calendar`), as it does the language. A year that neither covers counts Monday to Friday, and `calendar_is_known` lets the caller say so aloud.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from types import MappingProxyType

import chinese_calendar
from chinese_calendar.constants import holidays

LIBRARY_YEARS = range(min(holidays).year, max(holidays).year + 1)

_kept: Mapping[date, bool] = MappingProxyType({})


def use_calendar(days: Mapping[date, bool]) -> None:
    """Count from here on with these days (True: worked on) in the years the program does not know itself; they replace the ones given before."""
    global _kept
    if days == _kept:
        return
    _kept = MappingProxyType(dict(days))
    for remembered in (is_working_day, working_days_until, nth_working_day):
        remembered.cache_clear()


def is_working(day: date, kept: Mapping[date, bool]) -> bool:
    """Tell whether offices work on `day` where the house keeps these days; asking costs a look into the program's own data."""
    if day.year in LIBRARY_YEARS:
        return bool(chinese_calendar.is_workday(day))
    return kept.get(day, day.weekday() < 5)


def calendar_is_known(day: date) -> bool:
    """Tell whether the holidays of that year are known; where not, working days are only Monday to Friday."""
    return day.year in LIBRARY_YEARS or any(kept.year == day.year for kept in _kept)


@cache
def is_working_day(day: date) -> bool:
    """Tell whether offices work on `day`. The answer for a day changes only with the house's table, and it is asked for very often."""
    return is_working(day, _kept)


def add_working_days(day: date, count: int, works: Callable[[date], bool] = is_working_day) -> date:
    """Return the `count`-th working day after `day` (before it, where negative); 0 gives `day` itself, working or not."""
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= works(day)
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
