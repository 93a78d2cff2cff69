"""Phrases that name a time: 到2015年, 2013－2015年, 2026年6月底前, 9月底, “十二五”期间, 2005年下半年－2006年底, 今年九月底.

A phrase becomes the days it covers. A month, a quarter or 今年 needs a year: the one named before it in the text, unless that lies before the base year,
else the base year, which is an argument; without either it is not read. Phrases that need more than a year to be fixed are in `spans`. Years before 1949 or after 2100 are kept as written: it is a check that queries them.
"""

import re
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from intake.days import FIVE_YEAR_PLANS, LAST_YEAR, day_of, last_day, months, number_in, window, year_end, year_start

DASH = r"(?:-|－|—|–|~|～|至|到)+"
QUARTER = r"(?:第|(?P<upto{0}>前))?(?P<q{0}>[一二三四两1-4])个?季度"
MONTH = r"1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
DAY = r"\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]"
NEXT = r"(?P<next>次年|翌年|第二年|下一年|明年)"
YEAR_IN_WORDS = re.compile(r"(?<![一二三四五六七八九〇○零])[一二][〇○零九][一二三四五六七八九〇○零]{2}(?=年)")
DAY_TO_DAY = re.compile(
    rf"(?<!\d)(?P<y1>\d{{4}})年(?:(?P<h1>[上下])半年|{QUARTER.format(1)}|(?P<m1>{MONTH})月?(?:份|(?P<d1>{DAY})日)?)?[底末]?(?:起|开始)?"
    + DASH
    + rf"(?:(?P<y2>\d{{4}})年|{NEXT})?(?:(?P<h2>[上下])半年|{QUARTER.format(2)}|(?P<m2>{MONTH})月(?:份|(?P<d2>{DAY})日)?|年?(?P<e2>[底末]))?(?![\d年])"
)
MONTH_TO_MONTH = re.compile(
    rf"(?<![\d年第个〕])(?P<m1>{MONTH})月?(?:份|(?P<d1>{DAY})日)?(?:{DASH}{NEXT}?|、)(?P<m2>{MONTH})月(?:份|(?P<d2>{DAY})日)?(?!\d)[底末]?(?:之?前)?"
)
YEAR_TO_YEAR = re.compile(
    r"(?<!\d)(?P<y1>\d{4})年?(?:度)?" + DASH + r"(?P<y2>\d{4})年(?:度)?" + r"(?!(?:\d{1,2}|[一二三四五六七八九十]+)月|[上下]半年)"
)
FIVE_YEARS = re.compile(
    r"(?:[“\"]?(?P<plan>十[一二三四五六]五)[”\"]?|[“\"](?P<older>十五|九五|八五)[”\"])(?P<at>期间|时期|末|期末|规划期末)?"
)
NUMERIC = re.compile(r"(?<![\d.])(?P<y>\d{4})(?P<sign>[-/.])(?P<m>\d{1,2})(?P=sign)(?P<d>\d{1,2})(?![\d.])")
PART = rf"(?:(?P<half>[上下]半年)|{QUARTER.format('')}|(?P<m>{MONTH}|\d{{1,2}})月(?:份|(?P<d>{DAY})日|(?P<third>[上中下])旬)?)"
BY = r"(?P<by>之?前|以前)?"
ONE = re.compile(
    rf"(?:(?<!\d)(?P<y>\d{{4}})年度?|(?<![\d.满用])(?P<short>\d{{2}})年(?=\d{{1,2}}月|[上下]半年|年?底)|(?P<rel>今年|本年度?|明年|后年)){PART}?(?P<end>年?[底末])?{BY}"
)
BARE = re.compile(
    rf"(?<![\d年个〕每十一二三四五六七八九两几数]){PART}(?P<end>[底末])?{BY}"
    r"|(?<![每一半\d两二三四五六七八九十几多数当])(?P<yearend>年(?:[底末]|终|内(?!涝|部|外|地|容|生|需)))(?:之?前)?"
)
TWO_YEARS = re.compile(r"(?:今、?明两?|今年和明|今、明两|今后两)年(?:以?内)?")
DIGIT_OF = str.maketrans("〇○零一二三四五六七八九", "000123456789")
AHEAD = {"明年": 1, "后年": 2}
NEAR = 15


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
    is_reversed: bool = False


def periods_in(text: str, base_year: int | None = None) -> list[Period]:
    """Return the periods that `text` names, in order, none inside another."""
    return [period for period in _periods(text, base_year) if not period.is_reversed]


def reversed_in(text: str, base_year: int | None = None) -> list[Period]:
    """Return the spans that `text` names from a later day to an earlier one (2024年3月-2023年10月); `periods_in` gives no day of them."""
    return [period for period in _periods(text, base_year) if period.is_reversed]


@lru_cache(maxsize=256)
def _periods(text: str, base_year: int | None) -> tuple[Period, ...]:
    """Keep what was read last: one text is asked for its days, its rounds and its figures in turn."""
    found: list[Period] = []
    taken: set[int] = set()
    text = YEAR_IN_WORDS.sub(lambda match: match[0].translate(DIGIT_OF), text)
    for _marks, pattern, reader in (one for one in READERS if any(mark in text for mark in one[0])):
        named = [] if pattern in WITH_YEAR else sorted((period.at, period.ends_on.year) for period in found)
        for match in pattern.finditer(text):
            year = base_year if pattern in WITH_YEAR else _year_before(named, match.start(), base_year)
            if taken.isdisjoint(range(*match.span())) and (period := reader(match, year)):
                found.append(period)
                taken.update(range(*match.span()))
    return tuple(sorted(found, key=lambda period: period.at))


def _year_before(named: list[tuple[int, int]], at: int, base_year: int | None) -> int | None:
    """Return the year named last before the place `at`, or the base year where that is later or none is named."""
    before = bisect(named, (at, 0))
    year = named[before - 1][1] if before else None
    return base_year if year is None or (base_year is not None and year < base_year) else year


def _years(match: re.Match[str], _base_year: int | None) -> Period | None:
    first, last = int(match["y1"]), int(match["y2"])
    if not (1 <= first <= LAST_YEAR and 1 <= last <= LAST_YEAR):
        return None
    return _span(match, year_start(first), year_end(last))


def _span(match: re.Match[str], first: date | None, last: date | None) -> Period | None:
    if first is None or last is None:
        return None
    return Period(first, last, match.start(), match.end(), match[0], is_span=True, is_reversed=first > last)


def _days(match: re.Match[str], _base_year: int | None) -> Period | None:
    has_part = [any(match[name + end] for name in "hqm") or (end == "2" and match["e2"]) for end in "12"]
    if not any(has_part) or (not has_part[1] and match["y2"] is None):
        return None
    first_year = int(match["y1"])
    last_year = int(match["y2"] or first_year) + (match["next"] is not None)
    return _span(match, _edge(first_year, match, "1")[0], _edge(last_year, match, "2")[1])


def _edge(year: int, match: re.Match[str], end: str) -> tuple[date | None, date | None]:
    """Return the first and last day that one end of a span names."""
    if match["h" + end]:
        return months(year, 1 if match["h" + end] == "上" else 7, 6)
    if match["q" + end]:
        return months(year, number_in(match["q" + end]) * 3 - 2, 3)
    if match["m" + end]:
        month = number_in(match["m" + end])
        return day_of(year, month, number_in(match["d" + end] or "1")), last_day(year, month, match["d" + end])
    return months(year, 1, 12)


def _month_span(match: re.Match[str], base_year: int | None) -> Period | None:
    first, last = number_in(match["m1"]), number_in(match["m2"])
    is_next = match["next"] is not None
    if base_year is None or (first >= last and not is_next and not (first == last and match["d1"])):
        return None
    return _span(match, day_of(base_year, first, number_in(match["d1"] or "1")), last_day(base_year + is_next, last, match["d2"]))


def _two_years(match: re.Match[str], base_year: int | None) -> Period | None:
    if base_year is None:
        return None
    return Period(year_start(base_year), year_end(base_year + 1), match.start(), match.end(), match[0], is_span=True)


def _numeric(match: re.Match[str], _base_year: int | None) -> Period | None:
    day = day_of(int(match["y"]), int(match["m"]), int(match["d"]))
    return Period(None, day, match.start(), match.end(), match[0]) if day else None


def _five_years(match: re.Match[str], _base_year: int | None) -> Period | None:
    first = FIVE_YEAR_PLANS[match["plan"] or match["older"]]
    if match["at"] is None:
        return None
    is_end = "末" in match["at"]
    return Period(None if is_end else year_start(first), year_end(first + 4), match.start(), match.end(), match[0], is_span=not is_end)


def _one(match: re.Match[str], base_year: int | None) -> Period | None:
    last = window(match, _year_of(match, base_year))[1]
    if last is None:
        return None
    is_bare = not (match["half"] or match["q"] or match["m"] or match["end"] or match["by"])
    return Period(None, last, match.start(), match.end(), match[0], is_bare_year=is_bare)


def _year_of(match: re.Match[str], base_year: int | None) -> int | None:
    """Return the year; one of two digits (26年6月) only where it lies near the base year."""
    if match["y"]:
        return int(match["y"])
    if match["short"]:
        year = 2000 + int(match["short"])
        return year if base_year is not None and abs(year - base_year) <= NEAR else None
    return base_year and base_year + AHEAD.get(match["rel"], 0)


def _bare(match: re.Match[str], base_year: int | None) -> Period | None:
    if base_year is None:
        return None
    last = year_end(base_year) if match["yearend"] else window(match, base_year)[1]
    return Period(None, last, match.start(), match.end(), match[0]) if last else None


# Characters of which a text must hold one, or the pattern finds nothing in it; the pattern; its reader.
READERS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str], int | None], Period | None]], ...] = (
    ("年", YEAR_TO_YEAR, _years),
    ("年", DAY_TO_DAY, _days),
    ("五", FIVE_YEARS, _five_years),
    ("-/.", NUMERIC, _numeric),
    ("今", TWO_YEARS, _two_years),
    ("年", ONE, _one),
    ("月", MONTH_TO_MONTH, _month_span),
    ("年月季", BARE, _bare),
)
WITH_YEAR = (YEAR_TO_YEAR, DAY_TO_DAY, FIVE_YEARS, NUMERIC, TWO_YEARS, ONE)
