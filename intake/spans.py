"""Phrases of time that a year alone does not fix: 两年内, 用3年时间, 印发之日起30日内.

They hang on the plan's own days, which are an argument (`Frame`). A length of years is fixed where it is the plan's whole length or where its first year is named;
a term from the day of issue where that day is known. What cannot be fixed is no period: a check asks for the day.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from intake.days import LAST_YEAR, year_end, year_start
from intake.numerals import number_of
from intake.periods import Period, periods_in
from intake.phrases import readable

COUNT = r"\d{1,2}|[一二两三四五六七八九十]{1,2}"
YEARS = re.compile(
    rf"(?:(?:[从自](?P<since>\d{{4}})年(?:起|开始)?|(?<!\d)(?P<after>\d{{4}})年(?:起|开始))，?)?(?P<lead>力争|争取|确保|计划|利用|用|在|通过|经过|未来|今后|(?<![^，。；：、（）])|(?<=起))"
    rf"(?:(?P<from>{COUNT})(?:-|－|—|–|~|～|至|到)+)?(?P<n>{COUNT})个?年(?P<about>左右)?(?P<in>的?(?:时间|努力)|以内|之内|内)?"
    r"(?!以上|以来|以下|来|前|后|级|制|期|度|一度|一次|行动|计划|规划|方案|\d|[一二两三四五六七八九十]折|左右)"
)
ISSUE = r"(?:印发|下发|发布|公布|发文|施行|实施)"
LENGTH = rf"(?P<n>{COUNT}|半)个?(?P<unit>工作日|日|天|周|星期|月|年)(?:之|以)?内"
FROM_ISSUE = re.compile(rf"(?:(?:自|从|在)?(?:本[一-龥]{{1,6}})?{ISSUE}(?:之日)?[起后]|(?:自|从)[一-龥]{{2,8}}之日起)，?{LENGTH}")
# A term that begins with no day that is told: asked for where it stands as one, not as a standard of service (3日内答复).
TERM = re.compile(
    rf"(?:(?<![^，。；：、（）])|(?<=[在于后])|(?<=力争)|(?<=确保))(?:{COUNT}|半)个?(?:月|(?<=半)年|(?<=后一)年)(?:的?时间)?(?:之|以)?内"
)
SEASON = re.compile(
    r"(?:春节|元旦|清明节?|“?五一”?|劳动节|端午节?|中秋节?|“?十一”?|国庆节?|两节|双节|主?汛期?|雨季|供[暖热][季期]?|采暖[季期]?|取暖[季期]|入冬|封冻|开学|[秋春]季(?:学期)?(?:开学)?|"
    r"[高中]考|春耕|秋收|三夏|防火期|禁渔期)(?:假期|长假|来临|到来|开始)?(?:之?前|以前)"
)
RELATIVE = re.compile(
    r"(?:今年|本年度|明年|后年|今、?明两?年)(?!以来|第)(?:[^，。；]{0,4}?[底末前内])?|(?<![每一半\d])年[底末]之?前"
    r"|(?<![\d年个每])(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月(?:\d{1,2}日|[底末]|[上中下]旬)(?:之?前)?"
)
COMES_ROUND = re.compile(r"每[年逢到]?[^，。；]{0,10}$")
DAYS_OF = {"日": 1, "天": 1, "周": 7, "星期": 7}
MASK = re.compile(r"《[^》]{0,200}》")


@dataclass(frozen=True, slots=True)
class Frame:
    """The days of the plan itself that its phrases may hang on; None where the document does not say."""

    year: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    issued_on: date | None = None

    @property
    def year_count(self) -> int | None:
        """Return over how many calendar years the plan runs."""
        return self.ends_on.year - self.starts_on.year + 1 if self.starts_on and self.ends_on else None


def fixed_spans(text: str, frame: Frame) -> list[Period]:
    """Return the phrases that `frame` fixes, as periods of the text, in order."""
    return [period for period, _words in _phrases(text, frame) if period is not None]


def unfixed_phrases(text: str, frame: Frame) -> list[str]:
    """Return the words of those that `frame` does not fix, in order; a length of years in passing (三年示范) is not asked for."""
    clear = MASK.sub(lambda match: " " * len(match[0]), readable(text))
    phrases = list(_phrases(clear, frame))
    words = [said for period, said in phrases if period is None and said]
    fixed = {at for period, _said in phrases if period for at in range(period.at, period.end)}
    for pattern in (TERM, SEASON):
        found = (match for match in pattern.finditer(clear) if match.start() not in fixed)
        words += [match[0] for match in found if not COMES_ROUND.search(clear, max(match.start() - 12, 0), match.start())]
    if frame.year is None and not periods_in(clear):
        words += [match[0] for match in RELATIVE.finditer(clear)]
    return words


def _phrases(text: str, frame: Frame) -> Iterator[tuple[Period | None, str]]:
    for match in YEARS.finditer(text) if "年" in text else ():
        first, last = _years(match, frame)
        asked = match[0].strip("，：、（") if match["in"] and not match["about"] else ""
        yield (Period(first, last, match.start(), match.end(), match[0]) if last else None), asked
    for match in FROM_ISSUE.finditer(text) if "内" in text else ():
        day = _after_issue(match, frame.issued_on)
        yield (Period(None, day, match.start(), match.end(), match[0]) if day else None), match[0]


def _years(match: re.Match[str], frame: Frame) -> tuple[date | None, date | None]:
    count = int(number_of(match["n"]) or 0)
    if match["from"]:
        return None, None
    since = int(match["since"] or match["after"] or 0)
    if 0 < since <= LAST_YEAR - count:
        return year_start(since), year_end(since + count - 1)
    if frame.ends_on is not None and count == frame.year_count and count > 1:
        return None, year_end(frame.ends_on.year)
    return None, None


def _after_issue(match: re.Match[str], issued_on: date | None) -> date | None:
    if issued_on is None or match["unit"] == "工作日" or not re.search(ISSUE, match[0]):
        return None
    count = number_of(match["n"]) or 0.5
    if match["unit"] in DAYS_OF:
        return issued_on + timedelta(days=int(count * DAYS_OF[match["unit"]]))
    months = issued_on.month - 1 + int(count if match["unit"] == "月" else count * 12)
    year, month = issued_on.year + months // 12, months % 12 + 1
    return date(year, month, min(issued_on.day, calendar.monthrange(year, month)[1]))
