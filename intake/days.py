"""Days of the calendar that years, halves, quarters, months and thirds of months cover.

A day that does not exist (31 June, month 13, year 0) is None: it is a check that queries it, never an exception.
"""

import calendar
import re
from datetime import date, timedelta

from intake.numerals import number_of

FIVE_YEAR_PLANS = {
    "十一五": 2006,
    "十二五": 2011,
    "十三五": 2016,
    "十四五": 2021,
    "十五五": 2026,
    "十六五": 2031,
    "十五": 2001,
    "九五": 1996,
    "八五": 1991,
}
LAST_YEAR = 9999
END_OF_THIRD = {"上": "10", "中": "20", "下": None}
FIRST_KNOWN_YEAR, LAST_KNOWN_YEAR = 1949, 2100


def is_known_year(year: int) -> bool:
    """Return whether a plan can be about `year`."""
    return FIRST_KNOWN_YEAR <= year <= LAST_KNOWN_YEAR


def year_start(year: int) -> date:
    """Return 1 January."""
    return date(year, 1, 1)


def year_end(year: int) -> date:
    """Return 31 December."""
    return date(year, 12, 31)


def window(match: re.Match[str], year: int | None) -> tuple[date | None, date | None]:
    """Return first and last day of a year, half, quarter, month or day of `year`; with 前 after a day that day itself is the last."""
    groups = match.groupdict()
    if year is None or not 1 <= year <= LAST_YEAR:
        return None, None
    if groups["half"]:
        return months(year, 1 if groups["half"].startswith("上") else 7, 6)
    if groups["q"]:
        count = number_in(groups["q"])
        return months(year, 1, count * 3) if groups["upto"] else months(year, count * 3 - 2, 3)
    if groups["m"]:
        month = number_in(groups["m"])
        first = day_of(year, month, number_in(groups["d"] or "1"))
        if groups["third"]:
            return first, last_day(year, month, END_OF_THIRD[groups["third"]])
        if groups["by"] and not groups["d"] and not groups["end"]:
            return first, first - timedelta(days=1) if first and first > date.min else None
        return first, last_day(year, month, groups["d"])
    return year_start(year), year_end(year)


def number_in(words: str) -> int:
    """Return the whole number that `words` write, 0 where they are none."""
    return int(number_of(words) or 0)


def months(year: int, first_month: int, count: int) -> tuple[date | None, date | None]:
    """Return first and last day of `count` months of one year."""
    return day_of(year, first_month, 1), last_day(year, first_month + count - 1, None)


def last_day(year: int, month: int, day: str | None) -> date | None:
    """Return the day written as `day`, or the month's last where none is."""
    if not 1 <= month <= 12 or not 1 <= year <= LAST_YEAR:
        return None
    return day_of(year, month, number_in(day) if day else calendar.monthrange(year, month)[1])


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the day, None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
