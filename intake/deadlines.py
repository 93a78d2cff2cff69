"""An item's own time: the days its text names, and how often its duty comes round.

A period in the plan's title or over a column is not the item's own. A year that lies before the document itself is history, not a deadline.
"""

import re
from datetime import date
from functools import lru_cache

from intake.days import year_start
from intake.draft import Every, Recurrence
from intake.numerals import ARABIC, CHINESE, number_of
from intake.periods import Period, periods_in
from intake.phrases import readable
from intake.spans import SEASON, Frame, fixed_spans

ROUNDS: tuple[tuple[Every, re.Pattern[str]], ...] = (
    ("two-years", re.compile(r"每(?:两|二|2)年|(?:两|二|2)年一(?=[度次届])")),
    ("half-year", re.compile(r"每半年|半年(?=[^。；，]{0,40}?次)")),
    ("quarter", re.compile(r"每(?:个)?季度?|按季度?")),
    ("month", re.compile(r"每(?:个)?月|按月")),
    ("week", re.compile(r"每(?:周|星期)")),
    ("year", re.compile(r"每年度?|(?<!两)一年(?=[^。；，]{0,40}?次)|一年一(?=[度次届])|年均(?!增)")),
)
MAY_COME_ROUND = re.compile("[每按]|[一二两2]年|半年|年均")
CLAUSE_END = re.compile("[。；，]")
TIMES = re.compile(rf"(?P<count>{ARABIC}|{CHINESE}+)(?:至[一-龥\d])?(?:次|场|轮|期)(?!数)")
NO_FRAME = Frame()
BEGINS = re.compile("起|以来|开始")
IS_TOLD = re.compile(r"(?:到|至|在|于|力争|争取|确保|计划|拟|^|[，。；：、（(“])$")
IS_REACHED = re.compile(
    r"(?:[，]|(?:要|应|须|将)?(?:达到?|(?:提[高升]|增[加长]|下?降低?|上升|扩大|压减)[到至]|实现|突破|完成|建成|超过|不低于|不少于|控制在|全面推|全部|力争))"
)
# 2011年全国先进县 is history; 2023年全省新增就业… is not.
TO_BE_DONE = r"[^，。；]{0,14}(?:达到|新增|实现|完成|建成|新建|增长|培训|培育|力争|确保|稳定在|改造)"
IS_HISTORY = re.compile(rf"(?:以来|起|的(?!\d)|全[国省区市县](?!{TO_BE_DONE})|度?考核|度?评|年度|国家|省|获)")
SINCE = re.compile(r"(?<!\d)(?P<year>\d{4})年(?:\d{1,2}月(?:\d{1,2}日)?)?(?:起|开始)")
# 完成投资12亿元，其中上半年完成5亿元: a step on the way.
IS_PART = re.compile(r"其中[：，]?(?:到|至|在)?$")
# 从2024年起，每年…: without an end of its own it comes round to the plan's end.
SINCE_EACH = re.compile(rf"{SINCE.pattern}，?[^，。；]{{0,8}}?(?:每|逐)[年季月]")
MASK = re.compile(r"《[^》]{0,200}》|[〔\[][^〕\]]{0,20}[〕\]]\d*号?")
TO_BE_WRITTEN = re.compile(r"(?:编制|制定|制订|起草|修订|出台)[^，。；]{0,8}$")
NAMED_AFTER = re.compile(r"[^，。；]{0,16}?(?:规划|计划|纲要|方案)")


def own_days(text: str, base_year: int | None, not_before: int | None, frame: Frame = NO_FRAME) -> tuple[date | None, date | None]:
    """Return the first and last day that `text` gives its duty: a span both, a date by which it is to be done the last only. Of several the one that
    ends last counts, and of those the one that starts last. Times that end before the year `not_before` are history. `frame` fixes what hangs on the
    plan's own days (两年内).
    """
    told = told_periods(text, base_year, not_before, frame)
    clear = cleared(text)
    since = SINCE.search(clear)
    start = year_start(int(since["year"])) if since and int(since["year"]) else None
    if not told:
        is_to_the_end = start and frame.ends_on and start <= frame.ends_on and SINCE_EACH.search(clear)
        return start, frame.ends_on if is_to_the_end else None
    told = without_steps(clear, told)
    if not told:
        return start, None
    last = max(told, key=lambda period: (period.ends_on, period.starts_on or date.min))
    if start and start > last.ends_on:
        start = None
    return last.starts_on or start, last.ends_on


def without_steps(clear: str, told: tuple[Period, ...]) -> tuple[Period, ...]:
    """Return the periods of a text, `cleared` before, that are no step on the way to more (其中上半年完成5亿元)."""
    return tuple(period for period in told if not IS_PART.search(clear, max(period.at - 6, 0), period.at))


@lru_cache(maxsize=64)
def told_periods(text: str, base_year: int | None, not_before: int | None, frame: Frame = NO_FRAME) -> tuple[Period, ...]:
    """Return the periods by or in which something is to be done, in order of the text; years that only name something or are past are none. What was
    read last is kept: one text is asked for its days, its phases and whether it says any.
    """
    clear = cleared(text)
    found = [period for period in periods_in(clear, base_year) if _is_told(clear, period)] + fixed_spans(clear, frame)
    ahead = (period for period in found if not_before is None or period.ends_on.year >= not_before)
    return tuple(sorted(ahead, key=lambda period: period.at))


def cleared(text: str) -> str:
    """Return `text` readable, with titles and document numbers blanked, every place kept."""
    return MASK.sub(lambda match: "《" * len(match[0]), readable(text))


def recurrence_of(text: str) -> Recurrence | None:
    """Return how often the text's duty comes round, with the number of times where one is said; the first mention with a number wins."""
    found: Recurrence | None = None
    for clause in CLAUSE_END.split(readable(text)):
        if not MAY_COME_ROUND.search(clause):
            continue
        for every, pattern in ROUNDS:
            match = pattern.search(clause)
            if not match:
                continue
            times = TIMES.search(clause, match.end())
            if times:
                return Recurrence(every=every, at_least=number_of(times["count"]))
            found = found or Recurrence(every=every)
            break
    return found


def _is_told(text: str, period: Period) -> bool:
    if BEGINS.match(text, period.end) or _names_a_plan(text, period):
        return False
    if not period.is_bare_year:
        return True
    if SEASON.match(text, period.end):
        return False
    if IS_HISTORY.match(text, period.end) is not None:
        return False
    return IS_TOLD.search(text, max(period.at - 4, 0), period.at) is not None or IS_REACHED.match(text, period.end) is not None


def _names_a_plan(text: str, period: Period) -> bool:
    """Return whether the years belong to the name of a plan that is to be written: 编制2004-2010年发展规划."""
    return TO_BE_WRITTEN.search(text, max(period.at - 16, 0), period.at) is not None and NAMED_AFTER.match(text, period.end) is not None
