"""Times as cells and heads write them: 2026.6, 2026/6/30, 2021-2022, 第一阶段（3-4月）, 2025年目标值.

A cell is shorter than prose, so that signs may be read here that would mean something else in a sentence.
"""

import re
from functools import lru_cache

from intake.days import FIVE_YEAR_PLANS, window, year_end, year_start
from intake.periods import BARE, ONE, Period, periods_in
from intake.phrases import readable, squeeze

DAY = re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d{2})[./-](?P<m>1[0-2]|0?[1-9])[./-](?P<d>[12]\d|3[01]|0?[1-9])(?![\d.])")
MONTH = re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d{2})[./-](?P<m>1[0-2]|0?[1-9])(?![\d.])")
DAY_OF_YEAR = re.compile(r"^(?P<m>1[0-2]|0?[1-9])/(?P<d>[12]\d|3[01]|0?[1-9])$")
YEARS = re.compile(r"(?<![\d.])(?P<y1>(?:19|20)\d{2})(?=(?:-|－|—|–|~|～|至|到)+(?P<y2>(?:19|20)\d{2})(?!\d))")
BARE_YEAR = re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d{2})(?=$|[，、；])")
WHOLE_YEAR = re.compile(r"^(?:全年|年内|当年|本年度?)$")
TAIL = re.compile(r"(?:目标任务|工作任务|年度目标|目标|任务|计划|安排|进度|要求|规划|预期|预测|完成|值|数|量)+$")
STAGE = re.compile(
    r"^[一-龥“”]{0,12}?(?:阶段|近期|中期|远期|目标|任务|期)[一-龥]{0,4}?（(?P<time>[^（）]+)）$|^（?(?P<first>[^（）一-龥]+[^（）]*?)）?(?:[一-龥]{2,8}阶段)$"
)
OLDEST_FORM = re.compile(r"(?<!\d)(\d{2})年(?:度)?(?:目标|任务|计划)?$")
# What every name of a period holds; most cells that are asked are rows of data and do not.
A_TIME = re.compile(r"[\d年月季五]")
PAST = re.compile(r"完成情况|进展|实际|现状|基期|基数|基准")


def dated(text: str) -> str:
    """Return a cell's words with the signs of its dates written out: 2026.6 becomes 2026年6月, 2021-2022 becomes 2021年-2022年."""
    text = DAY.sub(lambda match: f"{match['y']}年{int(match['m'])}月{int(match['d'])}日", text)
    text = MONTH.sub(lambda match: f"{match['y']}年{int(match['m'])}月", text)
    text = YEARS.sub(lambda match: f"{match['y1']}年", text)
    return BARE_YEAR.sub(lambda match: f"{match['y']}年", text)


def term(text: str, base_year: int | None) -> str:
    """Return the words of a time cell for reading: signs written out, 全年 as the base year."""
    words = dated(DAY_OF_YEAR.sub(r"\g<m>月\g<d>日", text.strip()))
    return f"{base_year}年底前" if base_year and WHOLE_YEAR.match(squeeze(words)) else words


@lru_cache(maxsize=4096)
def head_period(text: str, base_year: int | None = None) -> Period | None:
    """Return the period that a head names for its column, of a stage the one in its bracket; None for one that tells what has been done."""
    bare = readable(squeeze(text))
    if not A_TIME.search(bare) or PAST.search(bare):
        return None
    if stage := STAGE.match(bare):
        days = stage["time"] or stage["first"]
        return head_period(days if re.search(r"\d{4}", days) or not base_year else f"{base_year}年{days}", base_year) or head_period(
            days, base_year
        )
    bare = dated(TAIL.sub("", re.sub(r"（.*）$", "", bare)).removeprefix("到").removeprefix("至"))
    if five := re.fullmatch(r"[“\"]?(十[一二三四五六]五)[”\"]?(?:期间|时期)?", bare):
        first = FIVE_YEAR_PLANS.get(five[1])
        return Period(year_start(first), year_end(first + 4), 0, len(bare), five[1], is_span=True) if first else None
    if bare == "全年" and base_year:
        return Period(year_start(base_year), year_end(base_year), 0, 2, bare, is_span=True)
    return period_of(bare, base_year) or _only_period(bare, base_year)


def _only_period(text: str, base_year: int | None) -> Period | None:
    """Return a time with two ends that is all the head says (2024年3月-2024年5月)."""
    found = periods_in(text, base_year)
    return found[0] if len(found) == 1 and (found[0].at, found[0].end) == (0, len(text)) and found[0].starts_on else None


def period_of(text: str, base_year: int | None = None) -> Period | None:
    """Return the period that a head cell is: 2013年, 2013年度目标, 2013年上半年, 一季度; None where the cell says more or other."""
    bare = re.sub(r"(目标任务|工作任务|年度目标|目标|任务|计划|安排|进度|要求|（.*）|\(.*\))+$", "", squeeze(text))
    if re.fullmatch(r"\d{4}", bare):
        bare += "年"
    for period in periods_in(bare, base_year):
        if period.at == 0 and period.end == len(bare):
            return _whole(period, bare)
    return None


def is_period(text: str) -> bool:
    """Return whether a head cell names a period; the year of a bare month does not matter here."""
    return len(squeeze(text)) <= 16 and (period_of(text, 2000) is not None or OLDEST_FORM.fullmatch(squeeze(text)) is not None)


def short_year_of(text: str) -> int | None:
    """Return the two-digit year that a head cell such as 13年 is."""
    match = OLDEST_FORM.fullmatch(squeeze(text))
    return int(match[1]) if match else None


def _whole(period: Period, text: str) -> Period:
    if period.starts_on is not None:
        return period
    match = ONE.fullmatch(text) or BARE.fullmatch(text)
    first, last = window(match, period.ends_on.year) if match else (None, None)
    return Period(first or year_start(period.ends_on.year), last or period.ends_on, 0, period.end, period.text, is_span=True)
