"""Figures in a sentence that may be targets: where they stand, which words belong to each, and which figures are none.

No targets are years and dates, document numbers, titles and short names in quotation marks, ordinals, amounts of a policy (caps, rates of aid), sizes that only say
which firms are meant (销售收入过5亿元的企业), starting values (由10家增加到…) and what a clause merely refers to (围绕40项指标).
"""

import re
from bisect import bisect
from dataclasses import dataclass
from itertools import pairwise

from intake.numerals import ARABIC, CHINESE, number_of
from intake.periods import Period
from intake.phrases import bracket_ends, pieces

SCALE = r"(?:百万|千万|百|千|万|亿)?"
COUNTERS = (
    "个百分点|百分点|人次|件次|车次|场次|班次|平方公里|平方千米|平方米|立方米|公里|千米|美元|公顷|千瓦时|千瓦|兆瓦|标准煤|"
    "元|个|家|名|人|位|户|项|件|次|场|期|所|座|处|台|套|辆|条|米|亩|吨|批|支|只|头|株|本|册|篇|门|类|种|对|站|点|片|块|例|宗|艘|架|张|份|道|幅|卡|"
    "学时|课时|％|%|‰|倍"
)
AREAS = r"(?=(?:省|市|县|区|乡|镇|村|街道|社区|园区|行政村|户)(?![一-龥]{0,1}(?:级|长)))"
NOUN_AFTER_COUNTER = r"(?!月|工作日|小时|星期|世纪|方面|层次|阶段|步骤|层级|年(?:度|级|头|[，。；、内]|$))"
BARE_SCALE = r"[万亿](?=[，。；、]|$|以上|左右)"
SUFFIX = r"(?P<suffix>(?:及|或)?以上|左右|以内|以下|之内|上下)?"
FIGURE = re.compile(
    rf"(?P<low>(?<![\dA-Za-z.〕])[-−－]?(?:{ARABIC}))(?:[%％]?(?:-|－|—|–|~|～|至|到)+(?P<high>(?:{ARABIC})))?(?P<more>余|多)?"
    rf"(?P<unit>{SCALE}(?:{COUNTERS}){NOUN_AFTER_COUNTER}|{SCALE}{AREAS}|{BARE_SCALE})(?P<more2>余|多)?{SUFFIX}"
)
FIGURE_IN_WORDS = re.compile(
    rf"(?P<low>{CHINESE}{{1,12}})(?P<unit>(?:{COUNTERS}){NOUN_AFTER_COUNTER})(?P<suffix>(?:及|或)?以上|以内|以下)?"
)
HALF = re.compile(r"(?P<half>一半|半数|过半)(?P<suffix>以上)?(?=[^年天月日])")
MASKS = re.compile(
    r"《[^》]{0,200}》|[〔\[（(]\d{4}[〕\]）)]\d*号?|[（(]?国?[办发]{0,2}〔\d{4}〕\d+号[）)]?|第[\d一二三四五六七八九十]+[一-龥]|(?<!\d)\d{1,3}(?:\.\d{1,3})?版|\d{4}号"
    r"|“[^”]{1,16}”"
)
BOUND_BEFORE = re.compile(
    r"(?:(?:不少于|不低于|不小于|不下于|最少)[^\d，。；]{0,6}|至少[^\d，。；]{0,10}|(?:不超过|不高于|不大于|不多于|至多|最多|控制在)[^\d，。；]{0,6})$"
)
EACH = re.compile(
    r"(?P<scope>(?:每个?|各)(?!年|季|月|周|半)[^，。；：\d]{1,12}?)(?=不少于|至少|有|要|应|建|成立|选|培|打造|新增|完成|配备|设)"
)
IS_MADE = re.compile(r"(?:有|建[立成好设]|成立|选[派聘]|培[育养]|打造|新增|完成|配备|设立?|确定|扶持|创建|选)$")
IN_PAIRS = re.compile(r"(?:定点|对口)(?:支持|支援|联系|帮扶|协作)+$|(?:结对|帮扶|帮带)$")
STYLE = ("批", "支", "种", "类", "套", "项")
MONEY = re.compile(r"资金|经费|投入|投资|产值|收入|贷款|补助|预算|税收")
POLICY = re.compile(r"给予|一次性|最高|封顶|上限|返还|减免")
REFERS = re.compile(r"围绕|按照|根据|对照|依据")
SIZE = re.compile(r"(?:过|超过?|突破|达到?)$")
COUNTED_AFTER = re.compile(rf"(?:以上)?的[^，。；\d]{{1,16}}(?:{ARABIC})[个家户名]")
STARTING = re.compile(r"(?:由|从)(?:目前|现在|现有|原有|原来|当前|上年|去年|基期|每[年月周季]度?| )*的?$")
RISES = re.compile(r"[^，。；\d]{0,8}?(?:增加|提高|上升|增长|下降|降低|减少|压缩|压减|扩大|提升)(?:到|至|为)")
WINDOW = 60
MOST = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A figure with the words of its clause on both sides, up to the figures beside it; `start` and `end` are those of all of it in the sentence."""

    match: re.Match[str]
    left: str
    right: str
    start: int
    end: int
    baseline: float | None = None

    @property
    def suffix(self) -> str:
        """Return the comparing word behind the figure (以上), or nothing."""
        return (self.match.groupdict().get("suffix") or "").removeprefix("及").removeprefix("或")


def figures_in(sentence: str, periods: list[Period]) -> list[Found]:
    """Return the figures of `sentence` that are targets, in order; `periods` are its times, which are none. Of a sentence with more than `MOST`
    figures, which nobody writes, the rest is left.
    """
    masked = _masked(sentence, periods)
    matches: list[re.Match[str]] = []
    taken: set[int] = set()
    clauses = list(pieces(sentence, "，,；;：:"))
    for pattern in (FIGURE, HALF, FIGURE_IN_WORDS):
        for match in pattern.finditer(masked):
            if len(matches) >= MOST:
                break
            if taken.isdisjoint(range(*match.span())) and _is_target(masked, match, _clause_at(clauses, match)):
                matches.append(match)
                taken.update(range(*match.span()))
    matches.sort(key=lambda match: match.start())
    baselines = _baselines(masked, matches)
    kept = [number for number in range(len(matches)) if number not in baselines and not _says_a_size(masked, matches, number)]
    shown = [matches[number] for number in kept]
    return [_with_context(sentence, shown, at, _clause_at(clauses, shown[at]), baselines.get(number - 1)) for at, number in enumerate(kept)]


def _masked(sentence: str, periods: list[Period]) -> str:
    """Return `sentence` with times, titles and document numbers made blanks, every place kept."""
    chars = list(sentence)
    for start, end in [(period.at, period.end) for period in periods] + [match.span() for match in MASKS.finditer(sentence)]:
        chars[start:end] = " " * (end - start)
    return "".join(chars)


def _clause_at(clauses: list[tuple[int, int]], match: re.Match[str]) -> tuple[int, int]:
    at = bisect(clauses, (match.start(), len(match.string))) - 1
    start, end = clauses[at] if at >= 0 else match.span()
    return (start, end) if start <= match.start() < end else match.span()


def _is_target(masked: str, match: re.Match[str], clause: tuple[int, int]) -> bool:
    groups = match.groupdict()
    before = masked[max(match.start() - WINDOW, 0) : match.start()]
    in_clause = masked[max(clause[0], match.start() - WINDOW) : match.start()]
    if groups.get("half"):
        return bool(groups["suffix"]) or before.endswith(("达到", "超过", "覆盖"))
    if before.endswith(("第", "十")) or REFERS.match(in_clause.lstrip()):
        return False
    if match.re is FIGURE_IN_WORDS:
        return _counts_in_words(match, before, in_clause)
    unit = groups["unit"] or ""
    if unit in ("万", "亿") and masked[match.end() - 1 : match.end()] in "万亿上右":
        return MONEY.search(in_clause) is not None
    if unit.endswith("卡") and re.compile(r"[一-龥]").match(masked, match.end()):
        return groups["suffix"] is not None
    return not (unit.endswith(("元", "%")) and POLICY.search(in_clause))


def _counts_in_words(match: re.Match[str], before: str, in_clause: str) -> bool:
    """Return whether a number in words counts: it is compared (两次以上), or one for each (每个县建立一个), or for a pair; alone it is mostly style."""
    if match["suffix"] or BOUND_BEFORE.search(before):
        return True
    if match["unit"] in STYLE:
        return False
    return IN_PAIRS.search(in_clause) is not None or (IS_MADE.search(in_clause) is not None and EACH.search(in_clause) is not None)


def _baselines(masked: str, matches: list[re.Match[str]]) -> dict[int, float]:
    """Return which figures are only where another starts from (由10家增加到20家), with their value."""
    found: dict[int, float] = {}
    for number, (first, second) in enumerate(pairwise(matches)):
        before = masked[max(first.start() - WINDOW, 0) : first.start()]
        rises = RISES.fullmatch(masked, first.end(), second.start())
        if rises and STARTING.search(before) and first.groupdict().get("low"):
            found[number] = number_of(first["low"]) or 0.0
    return found


def _says_a_size(masked: str, matches: list[re.Match[str]], number: int) -> bool:
    """Return whether an amount only says which firms a count is about (3-4个销售收入过5亿元的企业)."""
    match = matches[number]
    if not (match.groupdict().get("unit") or "").endswith(("元", "%")):
        return False
    start = max(matches[number - 1].end() if number else 0, match.start() - 14)
    gap = re.split(r"[，。；]", masked[start : match.start()])
    if not SIZE.search(gap[-1]):
        return False
    is_counted = number > 0 and len(gap) == 1 and matches[number - 1].end() == start and not matches[number - 1][0].endswith(("元", "%"))
    follows = re.compile(r"(?:以上)?(?:的|、(?=\d))").match(masked, match.end()) is not None
    return (is_counted and follows) or COUNTED_AFTER.match(masked, match.end()) is not None


def _with_context(sentence: str, matches: list[re.Match[str]], number: int, clause: tuple[int, int], baseline: float | None) -> Found:
    """Return a figure with the words of its clause on both sides, up to the figures beside it."""
    match = matches[number]
    start, end = clause
    if number and matches[number - 1].end() > start:
        gap = sentence[matches[number - 1].end() : match.start()]
        start = match.start() - len(gap) + _cut(gap)
    if number + 1 < len(matches) and matches[number + 1].start() < end:
        gap = sentence[match.end() : matches[number + 1].start()]
        end = match.end() + _cut(gap)
    start = max(start, match.start() - 2 * WINDOW)
    return Found(match, sentence[start : match.start()], sentence[match.end() : end], start, end, baseline)


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
