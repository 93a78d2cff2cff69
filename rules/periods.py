"""Reporting periods as people write them: 2013Q3, 2013H1, 2013, 2013-09."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from rules.errors import DubanError
from rules.texts import _

_WRITTEN = re.compile(r"(\d{4})(?:Q([1-4])|H([12])|-(0[1-9]|1[0-2]))?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """A span of whole months; both days belong to it. `code` is how it is written."""

    code: str
    starts_on: date
    ends_on: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@lru_cache(1024)
def parse_period(code: str) -> Period:
    """Read a period's code. Anything else is refused with the four ways to write one."""
    match = _WRITTEN.fullmatch(code.strip().upper())
    if not match or not 1949 <= int(match[1]) <= 2100:
        raise DubanError("bad-period", _("看不懂期间“{code}”，请写成 2013Q3、2013H1、2013 或 2013-09").format(code=code))
    year, quarter, half, month = (int(part) if part else 0 for part in match.groups())
    if quarter:
        return _months(match[0], year, 3 * quarter - 2, 3)
    if half:
        return _months(match[0], year, 6 * half - 5, 6)
    return _months(match[0], year, month, 1) if month else _months(match[0], year, 1, 12)


def quarter_of(day: date) -> Period:
    """Return the quarter that `day` lies in."""
    return parse_period(f"{day.year}Q{(day.month + 2) // 3}")


def period_before(period: Period) -> Period:
    """Return the period of the same length that ends the day before `period` starts."""
    return _alike(period, period.starts_on - timedelta(days=1))


@lru_cache(1024)
def period_after(period: Period) -> Period:
    """Return the period of the same length that starts the day after `period` ends."""
    return _alike(period, period.ends_on + timedelta(days=1))


def _alike(period: Period, day: date) -> Period:
    if "Q" in period.code:
        return quarter_of(day)
    if "H" in period.code:
        return parse_period(f"{day.year}H{(day.month + 5) // 6}")
    return parse_period(f"{day.year}-{day.month:02}" if "-" in period.code else str(day.year))


def _months(code: str, year: int, first: int, count: int) -> Period:
    after = first + count
    ends_on = date(year + (after > 12), (after - 1) % 12 + 1, 1) - timedelta(days=1)
    return Period(code, date(year, first, 1), ends_on)
