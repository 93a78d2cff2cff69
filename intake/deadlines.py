"""An item's own time: the days its text names, and how often its duty comes round.

A period in the plan's title or over a column is not the item's own. A year that lies before the document itself is history, not a deadline.
"""

import re
from datetime import date

from intake.draft import Recurrence
from intake.numerals import ARABIC, CHINESE, number_of
from intake.periods import Period, periods_in

ROUNDS: tuple[tuple[str, str], ...] = (
    ("two-years", r"每(?:两|二|2)年"),
    ("half-year", r"每半年|半年(?=[^。；，]*?次)"),
    ("quarter", r"每(?:个)?季度?|按季度?"),
    ("month", r"每(?:个)?月|按月"),
    ("week", r"每(?:周|星期)"),
    ("year", r"每年度?|一年(?=[^。；，]*?次)|年均(?!增)"),
)
TIMES = re.compile(rf"(?P<count>{ARABIC}|{CHINESE}+)(?:至[一-龥\d])?(?:次|场|轮|期)(?!数)")
IS_TOLD = re.compile(r"(?:到|至|在|于|力争|争取|确保|计划|^|[，。；：、（(“])$")
IS_HISTORY = re.compile(r"^(?:以来|起|的|全国|全省|全区|全市|度?考核|度?评|年度|国家|省|获)")
SINCE = re.compile(r"从(?P<year>\d{4})年(?:起|开始)|自(?P<year2>\d{4})年(?:起|开始)")
MASK = re.compile(r"《[^》]*》|[〔\[][^〕\]]*[〕\]]\d*号?")


def own_days(text: str, base_year: int | None, not_before: int | None) -> tuple[date | None, date | None]:
    """Return the first and last day that `text` gives its duty: a span both, a date by which it is to be done the last only. Of several the one that
    ends last counts, and of those the one that starts last. Times that end before the year `not_before` are history.
    """
    clear = MASK.sub(lambda match: "《" * len(match[0]), text)
    told = [period for period in periods_in(clear, base_year) if _is_told(clear, period)]
    told = [period for period in told if not_before is None or period.ends_on.year >= not_before]
    since = SINCE.search(clear)
    first_year = int(since["year"] or since["year2"]) if since else 0
    start = date(first_year, 1, 1) if first_year else None
    if not told:
        return start, None
    last = max(told, key=lambda period: (period.ends_on, period.starts_on or date.min))
    return last.starts_on or start, last.ends_on


def recurrence_of(text: str) -> Recurrence | None:
    """Return how often the text's duty comes round, with the number of times where one is said; the first mention with a number wins."""
    found: Recurrence | None = None
    for clause in re.split(r"[。；，;,]", text):
        for every, pattern in ROUNDS:
            match = re.search(pattern, clause)
            if not match:
                continue
            times = TIMES.search(clause, match.end())
            if times:
                return Recurrence(every=every, at_least=number_of(times["count"]))
            found = found or Recurrence(every=every)
            break
    return found


def _is_told(text: str, period: Period) -> bool:
    after = text[period.end :]
    if re.match(r"起|以来|开始", after):
        return False
    if not period.is_bare_year:
        return not after.startswith("以来")
    return IS_TOLD.search(text[: period.at]) is not None and IS_HISTORY.match(after) is None
