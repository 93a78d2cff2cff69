"""Figures in a sentence that may be targets: where they stand, which words belong to each, and which figures are none.

No targets are years and dates, document numbers, titles and short names in quotation marks, ordinals, amounts of a policy (caps, rates of aid), sizes that only say
who is meant (销售收入过5亿元的企业), what was there before (已建成…, 由10家增加到…) and what a clause merely refers to (围绕40项指标).
"""

import re
from bisect import bisect
from dataclasses import dataclass
from itertools import pairwise

from intake.amounts import Amount, amounts_in, scale_of
from intake.numerals import ARABIC
from intake.periods import Period
from intake.phrases import bracket_ends, pieces

MASKS = re.compile(
    r"《[^》]{0,200}》|[〔\[（(]\d{4}[〕\]）)]\d*号?|[（(]?国?[办发]{0,2}〔\d{4}〕\d+号[）)]?|第[\d一二三四五六七八九十]+[一-龥]|(?<!\d)\d{1,3}(?:\.\d{1,3})?版|\d{4}号"
    r"|“[^”]{1,16}”"
)
BOUND_BEFORE = re.compile(
    r"(?:(?:不(?:得|应|能)?(?:少|低|小|下)于|最少|最低)[^\d，。；]{0,6}|至少[^\d，。；]{0,10}|(?:不(?:得|应|能)?(?:超过|高于|大于|多于)|至多|最多|控制在)[^\d，。；]{0,6}|近|约|超过?|突破)$"
)
EACH = re.compile(
    r"(?P<scope>(?:每个?|各)(?!年|季|月|周|半|类|种|项)[^，。；：\d]{1,12}?)(?=不少于|至少|有|要|应|建|成立|选|培|打造|新增|完成|配备|设)"
)
IS_MADE = re.compile(r"(?:有|建[立成好设]|成立|选[派聘]|培[育养]|打造|新增|完成|配备|设立?|确定|扶持|创建|选)$")
COUNTED = r"(?:[新改扩续]?改?建成?|改造|新增|新修|建成|设立|成立|打造|培[育养]|创建|争创|引进|开[办设]|举办|选[派聘]|配备|完成|扶持|确定|认定|遴选|轮训|培训|召开|组织|开展|修建|安装|安置|达到?|至|到)"
IS_COUNTED = re.compile(rf"{COUNTED}$")
IS_COUNTED_BEHIND = re.compile(rf"{COUNTED}[^，。；、\d]{{0,10}}$")
IN_PAIRS = re.compile(r"(?:定点|对口)(?:支持|支援|联系|帮扶|协作)+$|(?:结对|帮扶|帮带)$")
STYLE = ("批", "支", "种", "类", "套", "项", "条", "点", "片", "块", "对", "道", "口", "门", "张", "本")
BUILT = ("所", "处", "座", "家", "台", "辆", "间", "栋", "名", "户", "亩", "公里")
STRUCTURE = re.compile(
    r"(?:[^，。；、\d]{0,8}?)(?:方面|环节|机制|体系|体制|制度|结合|转变|到位|统一|关系|原则|优势|层面|维度|清单|中心城区|以上标准)"
)
LEAST_IN_WORDS = 2
MONEY = re.compile(r"资金|经费|投入|投资|产值|收入|贷款|补助|预算|税收|总额|规模|营收|交易额|销售|余额|融资|出口")
CROWD = re.compile(r"人次|人数|人口|游客|旅客|流量|用户|总量|数量")
POLICY = re.compile(r"给予|奖励|奖补|一次性|最高|封顶|上限|返还|减免|免征|每户|每人每|标准[为是]?$")
IS_RAISED = re.compile(r"(?:提高|提升|增加|调整)(?:到|至|为)|不低于|不得低于|达到")
REFERS = re.compile(r"(?:^|[\s”])(?:围绕|按照|根据|对照|依据|依托|针对)[^，。；\d]{0,16}$")
SIZE = re.compile(r"(?:过|超过?|突破|达到?)$")
SIZE_UNITS = ("元", "亩", "平方米", "吨", "人")
FIRMS = (
    r"(?:企业|项目|单位|用户|农户|大户|园区|产业集群|集群|主体|工程|合同|街区|学校|医院|机构|家庭|人员|毕业生|老年人|场所|建筑|锅炉|镇|村)"
)
WHO_IS_MEANT = re.compile(rf"(?:的|(?<=上)|(?<=下))[^，。；、\d]{{0,10}}?{FIRMS}")
AROUND = re.compile(r"(?:的?范围|半径|开外)")
IS_CONDITION = re.compile(r"^(?:对|凡|符合)[^，。；]{1,40}$")
COUNTED_AFTER = re.compile(rf"(?:以上)?的?[^，。；\d]{{1,16}}(?:{ARABIC})[个家户名项]")
HISTORY = re.compile(
    r"(?:已经?(?:累计|全部)?[建完达形有累实发培引投获开创超突认办覆新]|现有|现已|目前(?!的)|截至|截止|仅[为有]|原有|共有|(?<![置理运纳化解治除掏清])积存|存在|反映|占用)[^，。；\d]{0,14}$"
)
RISES = re.compile(r"[^，。；\d]{0,8}?(?:到|至|为)\s*[^，。；\d]{0,3}")
RISES_BY_WORD = re.compile(
    r"[^，。；\d]{0,8}?(?:增|扩|拓|提|上升|下降|降|减|压|缩|调整|发展)[^，。；\d]{0,3}?(?:到|至|为)\s*[^，。；\d]{0,3}"
)
FROM = re.compile(r"(?:由|从)[^，。；\d]{0,8}$")
SHARE = re.compile(r"(?<=\d)[:：](?=\d)")
CLAUSE_END = re.compile(r"[，。；、]|$")
WINDOW = 60
MOST = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A figure with the words of its clause on both sides, up to the figures beside it; `start` and `end` are those of all of it in the sentence."""

    amount: Amount
    left: str
    right: str
    start: int
    end: int
    baseline: float | None = None


def figures_in(sentence: str, periods: list[Period]) -> list[Found]:
    """Return the figures of `sentence` that are targets, in order; `periods` are its times, which are none. Of a sentence with more than `MOST`
    figures, which nobody writes, the rest is left.
    """
    masked = _masked(sentence, periods)
    every = amounts_in(masked, MOST)
    if not every:
        return []
    clauses = list(pieces(SHARE.sub("∶", sentence), "，,；;：:"))
    baselines = _baselines(masked, every)
    amounts = [one for one in every if one.start in baselines.values() or _is_target(masked, one, _clause_at(clauses, one))]
    starting = {at for at, _value in baselines.items()}
    shown = [one for number, one in enumerate(amounts) if one.start not in starting and not _says_a_size(masked, amounts, number)]
    values = {second: _starting_value(every, first, second) for first, second in baselines.items()}
    return [_with_context(sentence, shown, at, _clause_at(clauses, one), values.get(one.start)) for at, one in enumerate(shown)]


def _starting_value(amounts: list[Amount], first: int, second: int) -> float:
    """Return the value that another starts from, in the scale of that other (5000万元 is 0.5亿元)."""
    at = {one.start: one for one in amounts}
    return at[first].low * scale_of(at[first].unit) / scale_of(at[second].unit)


def _masked(sentence: str, periods: list[Period]) -> str:
    """Return `sentence` with times, titles and document numbers made blanks, every place kept."""
    spans = [(period.at, period.end) for period in periods] + [match.span() for match in MASKS.finditer(sentence)]
    if not spans:
        return sentence
    chars = list(sentence)
    for start, end in spans:
        chars[start:end] = " " * (end - start)
    return "".join(chars)


def _clause_at(clauses: list[tuple[int, int]], amount: Amount) -> tuple[int, int]:
    at = bisect(clauses, (amount.start, 1 << 30)) - 1
    start, end = clauses[at] if at >= 0 else (amount.start, amount.end)
    return (start, end) if start <= amount.start < end else (amount.start, amount.end)


def _is_target(masked: str, amount: Amount, clause: tuple[int, int]) -> bool:
    before = masked[max(amount.start - WINDOW, 0) : amount.start]
    in_clause = masked[max(clause[0], amount.start - WINDOW) : amount.start]
    if amount.kind == "half":
        return bool(amount.suffix) or before.endswith(("达到", "超过", "覆盖"))
    if before.endswith(("第", "十")) or REFERS.search(in_clause.lstrip()) or HISTORY.search(in_clause):
        return False
    if amount.kind == "words":
        return _counts_in_words(masked, amount, before, in_clause)
    if amount.kind == "bare" and re.match(r"[，。；、（]|$|以|左", masked[amount.end : amount.end + 1]):
        return (MONEY.search(in_clause) or CROWD.search(in_clause)) is not None
    if amount.kind == "unitless":
        return amount.suffix != "" or BOUND_BEFORE.search(before) is not None
    if AROUND.match(masked, amount.end):
        return False
    if amount.unit.endswith("卡") and re.compile(r"[一-龥]").match(masked, amount.end) and not amount.suffix:
        return False
    if amount.unit.endswith(("元", "%")) and POLICY.search(in_clause) and not IS_RAISED.search(in_clause):
        return False
    return not (IS_CONDITION.match(in_clause.strip()) and WHO_IS_MEANT.match(masked, amount.end))


def _counts_in_words(masked: str, amount: Amount, before: str, in_clause: str) -> bool:
    """Return whether a number in words counts: it is compared (两次以上), or one for each (每个县建立一个), or for a pair, or too great for a phrase (三十公里),
    or some are made (新建三所); otherwise it is mostly style.
    """
    if amount.suffix:
        return STRUCTURE.match(masked, amount.end) is None and not masked.startswith("标准", amount.end)
    if BOUND_BEFORE.search(before):
        return True
    if amount.low >= 10 and amount.unit not in ("个", "大", "项", *STYLE):
        return True
    if amount.unit in STYLE:
        return False
    if IN_PAIRS.search(in_clause) or (IS_MADE.search(in_clause) and EACH.search(in_clause)):
        return True
    if amount.high is not None:
        return STRUCTURE.match(masked, amount.end) is None
    is_behind = CLAUSE_END.match(masked, amount.end) is not None
    is_made = (IS_COUNTED_BEHIND if is_behind else IS_COUNTED).search(in_clause) is not None or amount.low >= 10
    is_made = is_made or (is_behind and amount.unit in BUILT)
    return is_made and amount.low >= LEAST_IN_WORDS and STRUCTURE.match(masked, amount.end) is None


def _baselines(masked: str, amounts: list[Amount]) -> dict[int, int]:
    """Return which amounts are only where another starts from (由10家增加到20家, 6000张增加到1万张), with where that other stands."""
    found: dict[int, int] = {}
    for first, second in pairwise(amounts):
        if RISES_BY_WORD.fullmatch(masked, first.end, second.start) or (
            RISES.fullmatch(masked, first.end, second.start) and FROM.search(masked, max(first.start - WINDOW, 0), first.start)
        ):
            found[first.start] = second.start
    return found


def _says_a_size(masked: str, amounts: list[Amount], number: int) -> bool:
    """Return whether an amount only says which firms are meant (3-4个销售收入过5亿元的企业, 2000万元以上的项目)."""
    amount = amounts[number]
    if not amount.unit.endswith((*SIZE_UNITS, "%")):
        return False
    if amount.unit.endswith(SIZE_UNITS) and amount.suffix and WHO_IS_MEANT.match(masked, amount.end):
        return True
    if not amount.unit.endswith(("元", "%")):
        return False
    start = max(amounts[number - 1].end if number else 0, amount.start - 14)
    gap = re.split(r"[，。；]", masked[start : amount.start])
    if not SIZE.search(gap[-1]):
        return False
    before = amounts[number - 1] if number else None
    is_counted = before is not None and len(gap) == 1 and before.end == start and not before.unit.endswith(("元", "%"))
    follows = re.compile(r"(?:以上)?(?:的|、(?=\d))").match(masked, amount.end) is not None
    return (is_counted and follows) or COUNTED_AFTER.match(masked, amount.end) is not None


def _with_context(sentence: str, amounts: list[Amount], number: int, clause: tuple[int, int], baseline: float | None) -> Found:
    """Return a figure with the words of its clause on both sides, up to the figures beside it."""
    amount = amounts[number]
    start, end = clause
    if number and amounts[number - 1].end > start:
        gap = sentence[amounts[number - 1].end : amount.start]
        start = amount.start - len(gap) + _cut(gap)
    if number + 1 < len(amounts) and amounts[number + 1].start < end:
        gap = sentence[amount.end : amounts[number + 1].start]
        end = amount.end + _cut(gap)
    start = max(start, amount.start - 2 * WINDOW)
    return Found(amount, sentence[start : amount.start], sentence[amount.end : end], start, end, baseline)


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
