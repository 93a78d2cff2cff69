"""Quantities in a sentence: the figure with its comparator, unit of measure, what is counted, year and basis.

Figures that are no targets stay out: years and dates, document numbers, titles in 《》, ordinals, ages and terms, counts of the text's own parts
(七大行动, 两个方面). A number in words counts only beside a comparator (一个以上, 不少于两次), because alone it is mostly style.
"""

import re
from dataclasses import dataclass

from intake.draft import Basis, Comparator, TargetDraft
from intake.measures import measure_of
from intake.numerals import ARABIC, CHINESE, number_of
from intake.periods import Period, periods_in
from intake.phrases import bracket_ends, pieces

SCALE = r"(?:百万|千万|百|千|万|亿)?"
COUNTERS = (
    "个百分点|百分点|人次|件次|车次|场次|班次|平方公里|平方千米|平方米|立方米|公里|千米|美元|公顷|千瓦时|千瓦|兆瓦|标准煤|"
    "元|个|家|名|人|位|户|项|件|次|场|期|所|座|处|台|套|辆|条|米|亩|吨|批|支|只|头|株|本|册|篇|门|类|种|对|站|点|片|块|例|宗|艘|架|张|份|道|幅|卡|"
    "学时|课时|％|%|‰|倍"
)
AREAS = r"(?=(?:省|市|县|区|乡|镇|村|街道|社区|园区|行政村|户)(?![一-龥]{0,1}(?:级|长)))"
NOUN_AFTER_COUNTER = r"(?!月|工作日|小时|星期|世纪|方面|层次|阶段|步骤|层级|年)"
WORD_NUMBER = rf"{CHINESE}+"
SUFFIX = r"(?P<suffix>(?:及|或)?以上|左右|以内|以下|之内|上下)?"
FIGURE = re.compile(
    rf"(?P<low>(?<![\dA-Za-z.〕])[-−－]?(?:{ARABIC}))(?:[%％]?(?:-|－|—|–|~|～|至|到)+(?P<high>(?:{ARABIC})))?(?P<more>余|多)?"
    rf"(?P<unit>{SCALE}(?:{COUNTERS}){NOUN_AFTER_COUNTER}|{SCALE}{AREAS})(?P<more2>余|多)?{SUFFIX}"
)
FIGURE_IN_WORDS = re.compile(rf"(?P<low>{WORD_NUMBER})(?P<unit>(?:{COUNTERS}){NOUN_AFTER_COUNTER})(?P<suffix>(?:及|或)?以上|以内|以下)?")
HALF = re.compile(r"(?P<half>一半|半数|过半)(?P<suffix>以上)?(?=[^年天月日])")
SERIES = re.compile(
    r"(?P<measure>[^，。；]{0,18}?(?:增长幅度|增长速度|增长率|增幅|增速))(?:要|应|须|明显|持续|均)*(?:高于|快于|超过|大于)(?P<other>[^，。；]*?(?:增长幅度|增长速度|增长率|增幅|增速|平均水平|水平))"
)
BEFORE: tuple[tuple[str, Comparator], ...] = (
    (r"(?:不少于|不低于|不小于|不下于|至少|最少|达到?不少于)[^\d，。；]{0,6}$", "ge"),
    (r"(?:不超过|不高于|不大于|不多于|至多|最多|控制在|压减到|降至)[^\d，。；]{0,6}$", "le"),
    (r"(?:超过|突破|高于|大于|多于|超)[^\d，。；]{0,4}$", "gt"),
    (r"(?:低于|少于|小于)[^\d，。；]{0,4}$", "lt"),
    (r"(?:约|大约|近|接近)$", "about"),
)
AFTER: dict[str, Comparator] = {"以上": "ge", "左右": "about", "上下": "about", "以内": "le", "以下": "le", "之内": "le"}
MASKS = re.compile(
    r"《[^》]*》|[〔\[（(]\d{4}[〕\]）)]\d*号?|[（(]?国?[办发]*〔\d{4}〕\d+号[）)]?|第[\d一二三四五六七八九十]+[一-龥]|\d+(?:\.\d+)?版|\d{4}[号]"
)
AGES = re.compile(r"周?岁|年(?!均)|个?月|[天日]|小时|学分")
YEARLY = re.compile(r"每年|年均|逐年|每年度|一年内?")
EACH = re.compile(
    r"(?P<scope>(?:每个?|各)(?!年|季|月|周|半)[^，。；：\d]{1,12}?)(?=不少于|至少|有|要|应|建|成立|选|培|打造|新增|完成|配备|设)"
)


@dataclass(frozen=True, slots=True)
class _Found:
    match: re.Match[str]
    left: str
    right: str
    start: int
    end: int


def targets_in(text: str, base_year: int | None = None, *, year: int | None = None) -> tuple[TargetDraft, ...]:
    """Return the quantities that `text` sets, in order. `year` is the year the whole text belongs to (a year column): it makes every count a
    count within that year.
    """
    targets: list[TargetDraft] = []
    for start, end in pieces(text, "。！？\n"):
        sentence = text[start:end]
        periods = periods_in(sentence, base_year)
        measure: str | None = None
        for found in _figures(sentence, periods):
            target = _target(sentence, found, periods, year)
            # 建成示范县30个，每市不少于1个: the second figure counts what the first did
            measure = measure if target.scope and target.measure in (None, target.scope) else target.measure
            targets.append(target.model_copy(update={"measure": measure}))
        targets.extend(_series(sentence, year))
    return tuple(targets)


def _figures(sentence: str, periods: list[Period]) -> list[_Found]:
    masked = _masked(sentence, periods)
    matches: list[re.Match[str]] = []
    taken: set[int] = set()
    for pattern in (FIGURE, HALF, FIGURE_IN_WORDS):
        for match in pattern.finditer(masked):
            if taken.isdisjoint(range(*match.span())) and _is_target(masked, match):
                matches.append(match)
                taken.update(range(*match.span()))
    matches.sort(key=lambda match: match.start())
    return [_with_context(sentence, matches, number) for number in range(len(matches))]


def _masked(sentence: str, periods: list[Period]) -> str:
    """Return `sentence` with times, titles and document numbers made blanks, every place kept."""
    chars = list(sentence)
    for start, end in [(period.at, period.end) for period in periods] + [match.span() for match in MASKS.finditer(sentence)]:
        chars[start:end] = " " * (end - start)
    return "".join(chars)


def _is_target(masked: str, match: re.Match[str]) -> bool:
    groups = match.groupdict()
    before = masked[: match.start()]
    if groups.get("half"):
        return bool(groups["suffix"]) or before.endswith(("达到", "超过", "覆盖"))
    if before.endswith(("第", "十")):
        return False
    if match.re is FIGURE_IN_WORDS:
        return bool(groups["suffix"]) or _comparator_before(before) in ("ge", "le")
    return True


def _with_context(sentence: str, matches: list[re.Match[str]], number: int) -> _Found:
    """Return a figure with the words of its clause on both sides, up to the figures beside it."""
    match = matches[number]
    start, end = next(((a, b) for a, b in pieces(sentence, "，,；;：:") if a <= match.start() < b), (match.start(), match.end()))
    if number and matches[number - 1].end() > start:
        gap = sentence[matches[number - 1].end() : match.start()]
        start = match.start() - len(gap) + _cut(gap)
    if number + 1 < len(matches) and matches[number + 1].start() < end:
        gap = sentence[match.end() : matches[number + 1].start()]
        end = match.end() + _cut(gap)
    return _Found(match, sentence[start : match.start()], sentence[match.end() : end], start, end)


def _cut(gap: str) -> int:
    """Return where the words between two figures part: after the first separator, so that each figure keeps its noun."""
    ends = bracket_ends(gap)
    at = 0
    best = None
    while at < len(gap):
        if at in ends:
            at = ends[at] + 1
            continue
        if gap[at] in "、，,；;和及与":
            best = at
            if at == 0:
                break
        at += 1
    return len(gap) if best is None else best + 1


def _target(sentence: str, found: _Found, periods: list[Period], year: int | None) -> TargetDraft:
    match, groups = found.match, found.match.groupdict()
    if groups.get("half"):
        low, high, unit = 50.0, None, "%"
    else:
        low, high = number_of(groups["low"]) or 0.0, number_of(groups["high"]) if groups.get("high") else None
        unit = groups["unit"].replace("％", "%") or "个"
        unit = unit if not unit.endswith(("百", "千", "万", "亿")) else unit + "个"
    comparator = _comparator(groups, found.left, high)
    is_yearly = _is_yearly(sentence, match.start())
    return TargetDraft(
        text=(found.left + match[0] + found.right).strip(" 、，；：\u3000\xa0\t"),
        measure=measure_of(found.left, found.right, unit),
        unit_of_measure=unit,
        comparator=comparator,
        value=None if comparator == "range" else low,
        low=low if comparator == "range" else None,
        high=high if comparator == "range" else None,
        year=year or (None if is_yearly else _year(periods, match.start())),
        basis=_basis(unit, found.left, is_in_year=bool(year) or is_yearly),
        scope=_scope(found.left),
    )


def _comparator(groups: dict[str, str | None], left: str, high: float | None) -> Comparator:
    if high is not None:
        return "range"
    suffix = (groups.get("suffix") or "").removeprefix("及").removeprefix("或")
    if suffix:
        return AFTER[suffix]
    before = _comparator_before(left)
    if before:
        return before
    return "gt" if groups.get("more") or groups.get("more2") else "eq"


def _comparator_before(left: str) -> Comparator | None:
    return next((comparator for pattern, comparator in BEFORE if re.search(pattern, left.rstrip())), None)


def _is_yearly(sentence: str, at: int) -> bool:
    """Return whether 每年 stands before the figure in its own part of the sentence."""
    start = max((end for mark in "；;" for end in [sentence.rfind(mark, 0, at)]), default=-1) + 1
    return YEARLY.search(sentence[start:at]) is not None


def _year(periods: list[Period], at: int) -> int | None:
    """Return the year of the last time named before the figure, else of the first after it."""
    before = [period for period in periods if period.at < at]
    chosen = before[-1] if before else periods[0] if periods else None
    return chosen.ends_on.year if chosen else None


def _basis(unit: str, left: str, *, is_in_year: bool) -> Basis:
    if unit in ("%", "‰", "％"):
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
