"""The days a plan covers, where no schedule tells them: by its title, the phases in its headings, or the spans and ends its text names.

A document without a date of its own is placed in the first year that one of its headings names.
"""

import re
from datetime import date

from intake.days import FIVE_YEAR_PLANS, year_end, year_start
from intake.document import Paragraph
from intake.numerals import number_of
from intake.outline import HEADING_LENGTH, OPENS_WITH_MARKER, marker_of
from intake.periods import Period, periods_in
from intake.phrases import readable, squeeze
from intake.spans import Frame, fixed_spans

IN_TITLE = re.compile(r"[“\"]?(?P<plan>十[一二三四五六]五)[”\"]?")
YEAR_COUNT = re.compile(r"(?P<n>\d|[两二三四五六七八九十])年(?:行动|攻坚|提升|工作|专项|实施|建设|滚动|发展)")
CHINESE_YEAR = re.compile(r"[一二][一二三四五六七八九〇零○]{3}年")
# 用三年时间, 三年内全部完成: how long, from the year in which the plan is issued.
LENGTH = re.compile(
    r"(?:(?:力争|争取|确保|计划|利用|通过|经过|未来|今后|用)(?:大约)?|(?<![^，。；：]))(?P<n>\d|[两二三四五六七八九十])年(?:左右)?(?:的?(?:时间|努力)|(?:之|以)?内)(?!不|未|禁|累计未|免|无)"
)
LATE_IN_YEAR = 11
Days = tuple[date | None, date | None]
LONGEST = 15
SEARCHED = 20
# 2021年度审计查出问题整改清单: the year is that of the audit, not of the setting right.
FOUND_IN = re.compile(r"\d{4}年度?(?=[^，。]{0,40}?(?:查出|发现|反馈|指出|移交|披露|检出)[^，。]{0,10}问题)")
# 决定将2004年确定为…年: the year is the plan's.
NAMED_YEAR = re.compile(r"决定(?:将|把|在)(?P<year>\d{4})年(?:确定为|定为|作为|开展|实施)")


def period_of_plan(titles: tuple[str | None, ...], paragraphs: tuple[Paragraph, ...], year: int | None) -> Days:
    """Return first and last day: a span or year in a title, else the phases in the headings, else the spans in the text together, else the last year to be
    reached, with the first where the title says how many years (三年行动计划). `year` is the document's own: what ends before it is history.
    """
    for text in titles:
        if days := _in_title(text or ""):
            return days
    headings = _headings(paragraphs)
    if phases := [period for text in headings for period in periods_in(text) if period.is_span and period.starts_on]:
        return min(period.starts_on for period in phases if period.starts_on), max(period.ends_on for period in phases)
    year = year or year_in_headings(paragraphs)
    if named := next((match for one in paragraphs[:SEARCHED] if (match := NAMED_YEAR.search(squeeze(one.text)))), None):
        return year_start(int(named["year"])), year_end(int(named["year"]))
    told = [period for paragraph in paragraphs for period in _ahead(paragraph.text, year)]
    spans = [period for period in told if period.starts_on]
    if spans:
        return min(period.starts_on for period in spans if period.starts_on), max(period.ends_on for period in told)
    last = max((period.ends_on for period in told), default=None)
    return _start_by_title(titles, last), last


def covering(titles: tuple[str | None, ...], schedule: Days) -> Days:
    """Return first and last day of a schedule, those of the several years that a title names included (a plan for 2016-2020 with a column for 2020)."""
    named = next((days for text in titles if (days := _in_title(text or "")) and days[0] and days[1]), None)
    first, last = schedule
    if named is None or named[0] is None or named[1] is None or first is None or last is None or not named[0] <= last <= named[1]:
        return schedule
    return min(first, named[0]), max(last, named[1])


def counted_period(titles: tuple[str | None, ...], paragraphs: tuple[Paragraph, ...], issued_on: date) -> tuple[Days, str] | None:
    """Return first and last day of a plan that only says how long it takes (三年行动, 用三年时间), with these words: whole years from that of `issued_on`, from
    the next where that is nearly over. None where no text says it.
    """
    in_titles = (YEAR_COUNT.search(squeeze(title or "")) for title in titles)
    in_texts = (LENGTH.search(_without_titles(text)) for text in (*(title or "" for title in titles), *(one.text for one in paragraphs)))
    match = next((match for match in (*in_titles, *in_texts) if match), None)
    count = int(number_of(match["n"]) or 0) if match else 0
    if match is None or count < 2:
        return None
    first = issued_on.year + (issued_on.month >= LATE_IN_YEAR)
    return (year_start(first), year_end(first + count - 1)), match[0]


def _without_titles(text: str) -> str:
    return re.sub(r"《[^》]{0,200}》", lambda match: " " * len(match[0]), readable(text))


def year_in_headings(paragraphs: tuple[Paragraph, ...]) -> int | None:
    """Return the first year that a heading of the document names."""
    years = [period.starts_on or period.ends_on for text in _headings(paragraphs) for period in periods_in(text)]
    return min((day.year for day in years), default=None)


def _in_title(title: str) -> Days | None:
    title = CHINESE_YEAR.sub(lambda match: f"{number_of(match[0][:4]):.0f}年", title)
    title = FOUND_IN.sub("", title)
    if periods := periods_in(title):
        period = periods[-1]
        return (year_start(period.ends_on.year) if period.is_bare_year else period.starts_on), period.ends_on
    if match := IN_TITLE.search(title):
        first = FIVE_YEAR_PLANS[match["plan"]]
        return year_start(first), year_end(first + 4)
    return None


def _start_by_title(titles: tuple[str | None, ...], last: date | None) -> date | None:
    match = next((match for title in titles if (match := YEAR_COUNT.search(title or ""))), None)
    if match is None or last is None:
        return None
    return year_start(last.year - int(number_of(match["n"]) or 1) + 1)


def _headings(paragraphs: tuple[Paragraph, ...]) -> list[str]:
    """Return the numbered lines that are no sentence, cited titles left out."""
    short = [
        readable(paragraph.text)
        for paragraph in paragraphs
        if len(paragraph.text) <= 2 * HEADING_LENGTH and OPENS_WITH_MARKER.match(paragraph.text.lstrip())
    ]
    numbered = [
        text for text in short if marker_of(text)[0] in (1, 2, 3, 4) and len(squeeze(text)) <= HEADING_LENGTH and "。" not in text[:-1]
    ]
    return [re.sub(r"《[^》]*》", "", text) for text in numbered]


def _ahead(text: str, year: int | None) -> list[Period]:
    """Return spans and 到X年 of the text that do not end before the document's own year; cited titles do not count."""
    clear = _without_titles(text)
    periods = fixed_spans(clear, Frame()) + [
        period for period in periods_in(clear) if period.is_span or re.search(r"(?:到|至)$", clear[max(period.at - 2, 0) : period.at])
    ]
    return [period for period in periods if year is not None and year <= period.ends_on.year <= year + LONGEST]
