"""Quantities in a sentence: the figure with its comparator, unit of measure, what is counted, year and basis.

Which figures are targets at all is decided in `figures`. Several figures in one list share what stands once: the comparing word behind the last, the years or the
regions before the first (2004-2006年分别达到…、…和…).
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import pairwise

from intake.draft import Basis, Comparator, TargetDraft
from intake.figures import EACH, MONEY, Found, figures_in
from intake.measures import measure_of
from intake.periods import Period, periods_in
from intake.phrases import pieces, readable
from intake.spans import Frame, fixed_spans
from intake.wholes import wholes_in

SERIES = re.compile(
    r"(?P<measure>[^，。；]{0,18}?(?:增长幅度|增长速度|增长率|增幅|增速))(?:要|应|须|明显|持续|均){0,4}(?:高于|快于|超过|大于)(?P<other>[^，。；]{0,60}?(?:增长幅度|增长速度|增长率|增幅|增速|平均水平|水平))"
)
BEFORE: tuple[tuple[re.Pattern[str], Comparator], ...] = (
    (
        re.compile(r"(?:(?:不(?:得|应|能)?(?:少|低|小|下)于|最少|最低)(?:[^\d，。；]{0,6}|[^\d，。；]{0,20}的)|至少[^\d，。；]{0,10})$"),
        "ge",
    ),
    (re.compile(r"(?:不(?:得|应|能)?(?:超过|高于|大于|多于)|至多|最多|控制在|压减到|降至)(?:[^\d，。；]{0,6}|[^\d，。；]{0,20}的)$"), "le"),
    (re.compile(r"(?:超过|突破(?!性)|高于|大于|多于|超(?![量市期标载限员额龄高低大前短级]))[^\d，。；的]{0,4}$"), "gt"),
    (re.compile(r"(?:低于|少于|小于)[^\d，。；]{0,4}$"), "lt"),
    (re.compile(r"(?:约|大约|近|接近)$"), "about"),
)
SIGNS: dict[str, Comparator] = {"≥": "ge", "≧": "ge", "≤": "le", "≦": "le", ">": "gt", "＞": "gt", "<": "lt", "＜": "lt"}
AFTER: dict[str, Comparator] = {"以上": "ge", "左右": "about", "上下": "about", "以内": "le", "以下": "le", "之内": "le", "内": "le"}
ALL_OF = re.compile(r"[^，。；\d]{0,12}?(?:全部|全都|都|均)")
YEARLY = re.compile(r"每年|年均|逐年|每年度|一年内?")
# 支出不低于上年收入的4%: what the figure is a share of.
BOUND_BY = re.compile(r"(?<=[一-龥])不(?:得|应|能)?(?:少于|低于|小于|超过|高于|大于|多于)[^\d，。；]{1,20}的$")
IN_ALL = re.compile(r"累计|总共|合计")
COMPARED = re.compile(r"(?:比|较|相比|与|同|在)[^，。；\d]{0,3}$")
REGIONS = re.compile(r"(?P<first>东北|[东中西南北])(?P<more>(?:、(?:东北|[东中西南北])){0,4})部(?:地区)?")
LISTED = re.compile(r"、|以及|和|与")
SHORT_NAME = 4
LONGEST = 1200
MEASURE_LENGTH = 40


def targets_in(
    text: str, base_year: int | None = None, *, year: int | None = None, frame: Frame | None = None, given: date | None = None
) -> tuple[TargetDraft, ...]:
    """Return the quantities that `text` sets, in order. `year` is the year the whole text belongs to (a year column): it makes every count a
    count within that year. `frame` fixes phrases that hang on the plan's days, `given` is the day for figures that name none.
    """
    clear = readable(text)
    targets: list[TargetDraft] = []
    for start, end in _sentences(clear):
        periods = periods_in(clear[start:end], base_year) + (fixed_spans(clear[start:end], frame) if frame else [])
        periods.sort(key=lambda period: period.at)
        targets.extend(_of_sentence(text[start:end], clear[start:end], periods, year))
    if given is None:
        return tuple(targets)
    return tuple(
        target
        if target.year or (target.basis == "period" and YEARLY.search(target.text))
        else target.model_copy(update={"year": given.year})
        for target in targets
    )


@lru_cache(maxsize=64)
def has_figure(text: str, base_year: int | None = None) -> bool:
    """Return whether `text` sets a figure at all; quicker than reading what it counts."""
    clear = readable(text)
    return any(figures_in(clear[start:end], periods_in(clear[start:end], base_year)) for start, end in _sentences(clear))


def _sentences(clear: str) -> Iterator[tuple[int, int]]:
    """Yield the sentences, none longer than `LONGEST`, so that a text without full stops is read in linear time."""
    for start, end in pieces(clear, "。！？\n"):
        for at in range(start, end, LONGEST):
            yield at, min(at + LONGEST, end)


def _of_sentence(written: str, sentence: str, periods: list[Period], year: int | None) -> list[TargetDraft]:
    targets: list[TargetDraft] = []
    measure: str | None = None
    for run in _runs(figures_in(sentence, periods), sentence):
        scopes, years = _regions(sentence, run), _years(sentence, run, periods)
        for place, found in enumerate(run):
            target = _target(written, sentence, found, periods, year)
            # 建成示范县30个，每市不少于1个: the second figure counts what the first did
            if paired := _paired(run, place, periods):
                measure = paired
            elif not place and not (target.scope and target.measure in (None, target.scope)):
                measure = target.measure
            shared = {"year": years[place]} if years and year is None else {}
            scope = scopes[place] if scopes else target.scope
            comparator = _shared(run) if target.comparator == "eq" else target.comparator
            targets.append(target.model_copy(update={"measure": measure, "scope": scope, "comparator": comparator, **shared}))
    last = max((period.ends_on.year for period in periods if not period.is_bare_year), default=None)
    return [*targets, *_series(sentence, year), *wholes_in(sentence, year or last)]


def _runs(found: list[Found], sentence: str) -> list[list[Found]]:
    """Return the figures in runs: those of one unit with nothing but a separator between them share what stands once."""
    runs: list[list[Found]] = [[one] for one in found[:1]]
    for before, one in pairwise(found):
        gap = sentence[before.amount.end : one.amount.start].strip("、和及与 ")
        same = before.amount.unit == one.amount.unit and not before.amount.suffix
        if not gap and same:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _paired(run: list[Found], place: int, periods: list[Period]) -> str | None:
    """Return what the figure at `place` of a run counts where the words before 分别 list as many things (甲、乙分别达到10、20); what the last says of all
    belongs to each (城镇、农村居民收入).
    """
    head, _divider, _verb = _naming(run[0], periods).partition("分别")
    names = [name.strip() for name in LISTED.split(head) if name.strip()]
    if not _divider or len(run) != len(names) or len(run) < 2:
        return None
    first, last = names[:-1], names[-1]
    is_short = len({len(name) for name in first}) == 1 and len(first[0]) <= SHORT_NAME and len(last) > len(first[0]) + 1
    shared = last[len(first[0]) :] if is_short else ""
    return (names[place] + ("" if place == len(names) - 1 else shared))[-MEASURE_LENGTH:]


def _shared(run: list[Found]) -> Comparator:
    """Return the comparison that figures in a run share: the word behind the last, else that before the first (分别不低于78%、81%)."""
    return _comparator(run[-1]) if run[-1].amount.suffix else _comparator(run[0])


def _regions(sentence: str, run: list[Found]) -> list[str] | None:
    """Return one region for each figure of a run, named in the words before it (中、西部地区…15%和10%)."""
    matches = list(REGIONS.finditer(sentence, max(run[0].amount.start - 40, 0), run[0].amount.start))
    if not matches:
        return None
    names = [part for part in (matches[-1]["first"] + matches[-1]["more"]).split("、") if part]
    return [f"{name}部地区" for name in names] if len(names) == len(run) else None


def _years(sentence: str, run: list[Found], periods: list[Period]) -> list[int] | None:
    """Return one year for each figure of a run after 分别: those of the span before it, or the years named one by one."""
    start = run[0].amount.start
    told = [period for period in periods if period.at < start]
    if len(run) < 2 or not told or "分别" not in sentence[told[-1].end : start]:
        return None
    last = told[-1]
    if last.starts_on and last.ends_on.year - last.starts_on.year + 1 == len(run):
        return list(range(last.starts_on.year, last.ends_on.year + 1))
    named = [period.ends_on.year for period in told[-len(run) :]]
    return named if len(named) == len(run) else None


def _target(written: str, sentence: str, found: Found, periods: list[Period], year: int | None) -> TargetDraft:
    low, high = found.amount.low, found.amount.high
    unit = _unit(found)
    comparator = _comparator(found) if high is None else "range"
    is_yearly = _is_yearly(sentence, found.amount.start, periods)
    return TargetDraft(
        text=written[found.start : found.end].strip(" 、，；：,;:\u3000\xa0\t"),
        measure=measure_of(_naming(found, periods), found.right, unit),
        unit_of_measure=unit or None,
        comparator=comparator,
        value=None if comparator == "range" else low,
        low=low if comparator == "range" else None,
        high=high if comparator == "range" else None,
        year=year or (None if is_yearly else _year(sentence, periods, found.amount.start)),
        basis=_basis(unit, found.left, is_in_year=bool(year) or is_yearly),
        scope=_scope(found.left),
        baseline=found.baseline,
    )


def _unit(found: Found) -> str:
    """Return the unit of measure; a scale alone (达到13亿) counts what the clause says: money, person-times, or things."""
    unit = found.amount.unit
    if found.amount.kind != "bare":
        return unit
    if re.match(r"[农城贫困村镇乡难]*(?:人口|居民|群众|农民|职工|学生|劳动力|干部|党员|老|妇女|儿童|青年)", found.right):
        return unit + "人"
    if re.match(r"[农城贫困村镇乡难]*(?:农户|贫困户|家庭)", found.right):
        return unit + "户"
    if MONEY.search(found.left):
        return unit + "元"
    return unit + ("人次" if "人次" in found.left else "个")


def _naming(found: Found, periods: list[Period]) -> str:
    """Return the words before a figure that may name what is counted: no times, nothing from the starting value on."""
    left = found.left
    for period in periods:
        if found.start <= period.at and period.end <= found.start + len(left):
            left = left.replace(period.text, " " * len(period.text), 1)
    if found.baseline is not None:
        left = re.split(r"[由从]", left)[0] or left
    return BOUND_BY.sub("", re.sub(r"(?:比|较|同)\s+", "", left).strip())


def _comparator(found: Found) -> Comparator:
    amount = found.amount
    if amount.suffix:
        return AFTER[amount.suffix]
    if amount.sign:
        return SIGNS[amount.sign]
    left = found.left.rstrip()
    before = next((comparator for pattern, comparator in BEFORE if pattern.search(left)), None)
    if before:
        return before
    if amount.is_more:
        return "gt"
    return "all" if ALL_OF.match(found.right) else "eq"


def _is_yearly(sentence: str, at: int, periods: list[Period]) -> bool:
    """Return whether 每年 stands before the figure in its own part of the sentence, and no 累计 with a day of its own after it."""
    start = max(sentence.rfind(mark, 0, at) for mark in "；;") + 1
    ends = [period.end for period in periods if start <= period.at < at]
    if ends and IN_ALL.search(sentence, ends[-1], at):
        start = ends[-1]
    return YEARLY.search(sentence, start, at) is not None


def _year(sentence: str, periods: list[Period], at: int) -> int | None:
    """Return the year of the last time named before the figure, else of the first after it; what a figure is compared with (比2015年增长) is none."""
    periods = [period for period in periods if not COMPARED.search(sentence, max(period.at - 6, 0), period.at)]
    before = [period for period in periods if period.at < at]
    chosen = before[-1] if before else periods[0] if periods else None
    return chosen.ends_on.year if chosen else None


def _basis(unit: str, left: str, *, is_in_year: bool) -> Basis:
    if unit in ("%", "‰"):
        return "period" if re.search(r"增长|增速|增幅|下降|年均", left) else "level"
    return "period" if is_in_year else "cumulative"


def _scope(left: str) -> str | None:
    match = EACH.search(left + "有")
    return match["scope"] if match else None


def _series(sentence: str, year: int | None) -> list[TargetDraft]:
    """Return the duties to outgrow another series (增幅高于…增幅); they carry no figure."""
    return [
        TargetDraft(
            text=match[0].strip("，；"), measure=match["measure"].removeprefix("确保") or None, comparator="exceeds-series", unit_of_measure="%", year=year,
            basis="period", scope=match["other"],
        )
        for match in SERIES.finditer(sentence)
        if not re.search(r"\d", match[0])
    ]  # fmt: skip
