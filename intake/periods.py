"""Phrases that name a time: 到2015年, 2013－2015年, 2026年6月底前, 9月底, “十二五”期间, 2013年上半年.

A phrase becomes the days it covers. A month or a quarter without a year needs the base year, which is an argument; without one it is not read.
Years before 1949 or after 2100 are kept as written: it is a check that queries them.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from intake.phrases import squeeze

FIVE_YEAR_PLANS = {"十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026, "十六五": 2031}
DASH = r"(?:-|－|—|–|~|～|至|到)+"
YEAR = r"(?<!\d)(?P<{0}>\d{{4}})"
END_WORDS = r"(?:[底末]|年末|期末)"
DAY_TO_DAY = re.compile(
    r"(?<!\d)(?P<y1>\d{4})年(?:(?P<m1>\d{1,2})月?(?:(?P<d1>\d{1,2})日)?)?"
    + DASH
    + r"(?:(?P<y2>\d{4})年)?(?:(?P<m2>\d{1,2})月(?:(?P<d2>\d{1,2})日)?)?(?![\d年])"
)
YEAR_TO_YEAR = re.compile(r"(?<!\d)(?P<y1>\d{4})年?(?:度)?" + DASH + r"(?P<y2>\d{4})年(?:度)?" + r"(?!\d{1,2}月)")
FIVE_YEARS = re.compile(r"[“\"]?(?P<plan>十[一二三四五六]五)[”\"]?(?P<at>期间|时期|末|期末|规划期末)?")
NUMERIC = re.compile(r"(?<![\d.])(?P<y>\d{4})(?P<sign>[-/.])(?P<m>\d{1,2})(?P=sign)(?P<d>\d{1,2})(?![\d.])")
ONE = re.compile(
    r"(?<!\d)(?P<y>\d{4})年度?(?:(?P<half>[上下]半年)|第?(?P<q>[一二三四1-4])季度|(?P<m>\d{1,2})月(?:份|(?P<d>\d{1,2})日)?)?(?P<end>年?[底末])?(?P<by>之?前|以前)?"
)
BARE = re.compile(
    r"(?<![\d年个〕])(?:(?P<half>上半年|下半年)|第?(?P<q>[一二三四1-4])季度|(?P<m>1[0-2]|0?[1-9])月(?:份|(?P<d>\d{1,2})日)?)(?P<end>[底末])?(?P<by>之?前|以前)?"
    r"|(?<![每一半\d])(?P<yearend>年[底末])(?:之?前)?"
)
QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
OLDEST_FORM = re.compile(r"(?<!\d)(\d{2})年(?:度)?(?:目标|任务|计划)?$")
FIRST_KNOWN_YEAR, LAST_KNOWN_YEAR = 1949, 2100


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `starts_on` (None: not said) to `ends_on`, and where in the text the phrase stands. `is_span` marks a phrase with two ends."""

    starts_on: date | None
    ends_on: date
    at: int
    end: int
    text: str
    is_span: bool = False
    is_bare_year: bool = False


def periods_in(text: str, base_year: int | None = None) -> list[Period]:
    """Return the periods that `text` names, in order, none inside another."""
    found: list[Period] = []
    taken: set[int] = set()
    for pattern, reader in (
        (YEAR_TO_YEAR, _years),
        (DAY_TO_DAY, _days),
        (FIVE_YEARS, _five_years),
        (NUMERIC, _numeric),
        (ONE, _one),
        (BARE, _bare),
    ):
        for match in pattern.finditer(text):
            if taken.isdisjoint(range(*match.span())) and (period := reader(match, base_year)):
                found.append(period)
                taken.update(range(*match.span()))
    return sorted(found, key=lambda period: period.at)


def period_of(text: str, base_year: int | None = None) -> Period | None:
    """Return the period that a head cell is: 2013年, 2013年度目标, 2013年上半年, 一季度; None where the cell says more or other."""
    bare = re.sub(r"(目标任务|工作任务|年度目标|目标|任务|计划|安排|进度|要求|（.*）|\(.*\))+$", "", squeeze(text))
    if re.fullmatch(r"\d{4}", bare):
        bare += "年"
    for period in periods_in(bare, base_year):
        if period.at == 0 and period.end == len(bare):
            return _whole(period, bare, base_year)
    return None


def is_period(text: str) -> bool:
    """Return whether a head cell names a period; the year of a bare month does not matter here."""
    return len(squeeze(text)) <= 16 and (period_of(text, 2000) is not None or OLDEST_FORM.fullmatch(squeeze(text)) is not None)


def short_year_of(text: str) -> int | None:
    """Return the two-digit year that a head cell such as 13年 is."""
    match = OLDEST_FORM.fullmatch(squeeze(text))
    return int(match[1]) if match else None


def is_known_year(year: int) -> bool:
    """Return whether a plan can be about `year`."""
    return FIRST_KNOWN_YEAR <= year <= LAST_KNOWN_YEAR


def year_start(year: int) -> date:
    """Return 1 January."""
    return date(year, 1, 1)


def year_end(year: int) -> date:
    """Return 31 December."""
    return date(year, 12, 31)


def _whole(period: Period, text: str, base_year: int | None) -> Period:
    if period.starts_on is not None:
        return period
    match = ONE.fullmatch(text) or BARE.fullmatch(text)
    first, last = _window(match, base_year) if match else (None, None)
    return Period(first or year_start(period.ends_on.year), last or period.ends_on, 0, period.end, period.text, is_span=True)


def _years(match: re.Match[str], _base_year: int | None) -> Period | None:
    first, last = int(match["y1"]), int(match["y2"])
    if not 1 <= first <= last:
        return None
    return Period(year_start(first), year_end(last), match.start(), match.end(), match[0], is_span=True)


def _days(match: re.Match[str], _base_year: int | None) -> Period | None:
    if match["m1"] is None or (match["m2"] is None and match["y2"] is None):
        return None
    year = int(match["y1"])
    first = _day(year, int(match["m1"]), int(match["d1"] or 1))
    last = _last_day(int(match["y2"] or year), int(match["m2"] or 12), match["d2"])
    if first is None or last is None or first > last:
        return None
    return Period(first, last, match.start(), match.end(), match[0], is_span=True)


def _numeric(match: re.Match[str], _base_year: int | None) -> Period | None:
    day = _day(int(match["y"]), int(match["m"]), int(match["d"]))
    return Period(None, day, match.start(), match.end(), match[0]) if day else None


def _five_years(match: re.Match[str], _base_year: int | None) -> Period | None:
    first = FIVE_YEAR_PLANS[match["plan"]]
    if match["at"] is None:
        return None
    is_end = "末" in match["at"]
    return Period(None if is_end else year_start(first), year_end(first + 4), match.start(), match.end(), match[0], is_span=not is_end)


def _one(match: re.Match[str], base_year: int | None) -> Period | None:
    _first, last = _window(match, base_year)
    if last is None:
        return None
    is_bare = not (match["half"] or match["q"] or match["m"] or match["end"] or match["by"])
    return Period(None, last, match.start(), match.end(), match[0], is_bare_year=is_bare)


def _bare(match: re.Match[str], base_year: int | None) -> Period | None:
    if base_year is None:
        return None
    last = year_end(base_year) if match["yearend"] else _window(match, base_year)[1]
    return Period(None, last, match.start(), match.end(), match[0]) if last else None


def _window(match: re.Match[str], base_year: int | None) -> tuple[date | None, date | None]:
    """Return first and last day of a year, half, quarter, month or day; with 前 after a day that day itself is the last."""
    groups = match.groupdict()
    year = int(groups.get("y") or base_year or 0)
    if year < 1:
        return None, None
    if groups["half"]:
        first_month = 1 if groups["half"].startswith("上") else 7
        return _day(year, first_month, 1), _last_day(year, first_month + 5, None)
    if groups["q"]:
        quarter = QUARTERS.get(groups["q"]) or int(groups["q"])
        return _day(year, quarter * 3 - 2, 1), _last_day(year, quarter * 3, None)
    if groups["m"]:
        month = int(groups["m"])
        first = _day(year, month, int(groups["d"] or 1))
        if groups["by"] and not groups["d"] and not groups["end"]:
            return first, first - timedelta(days=1) if first and first > date.min else None
        return first, _last_day(year, month, groups["d"])
    return year_start(year), year_end(year)


def _last_day(year: int, month: int, day: str | None) -> date | None:
    if not 1 <= month <= 12 or not 1 <= year <= 9999:
        return None
    return _day(year, month, int(day) if day else calendar.monthrange(year, month)[1])


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
