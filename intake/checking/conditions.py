"""Conditions that nobody can verify as they are written: doubled from what, grown by how much, faster than what.

Told as an information, once for an item: the office may know the figures, and then writes them in.
"""

import re
from collections.abc import Iterator
from itertools import islice

from intake.checking.naming import item_name
from intake.draft import DraftPlan, Finding, ItemDraft, TargetDraft
from intake.numerals import CHINESE
from intake.phrases import pieces, readable, squeeze
from rules.texts import _

FIGURE = re.compile(rf"\d|{CHINESE}+(?:成|个百分点|倍|万|亿|家|个|人)|百分之|一半")
MULTIPLE = re.compile(
    r"倍增(?![一-龥]{0,2}(?:计划|行动|工程|方案|政策|效应|企业|培育|基金|专项))|翻(?:[一两二三]|几)?番|(?:增长|增加|提高|提升|扩大)(?:了|到|至)?\d+(?:\.\d+)?倍"
)
BASELINE = re.compile(
    r"(?:比|较|相比|在)[^，。；]{0,12}(?:\d{4}年|上年|去年|前年|基期|期初|年初|五[”]?(?:时)?期?末|现有|目前|当前)|由[^，。；]{0,20}\d|从[^，。；]{0,20}\d|\d[^，。；]{0,8}基础上"
)
GROWTH = re.compile(
    r"(?:比|较)(?:上年|去年|上一年|上年度|往年)(?:同期)?(?:度|有所|明显|显著|大幅|持续|进一步){0,2}(?:增长|增加|提高|提升|上升|下降|减少)|同比(?:有所|明显|显著|大幅|持续){0,2}(?:增长|增加|提高|提升|上升|下降|减少)"
)
NOT_A_RISE = re.compile(r"(?:只增不减|不下降|不减少|不增加|零增长|不低于|不高于|不得)")
LOOKED_AT = 3
RATE = r"(?:增长幅度|增长速度|增长率|增幅|增速)"
NAMELESS = re.compile(rf"(?:并|且|要|力争|努力|确保|实现|保持|年均|年|其|的)*{RATE}")
NAMELESS_OTHER = re.compile(rf"(?:同期|历年|往年|以往|其他|其它|一般|平均|年均|的)*(?:{RATE}|水平)")
QUOTED = re.compile(r"《[^《》]*》|“(?!十?[一二三四五六八九]五)[^“”]*”")


def cannot_be_verified(draft: DraftPlan) -> Iterator[Finding]:
    """Yield one finding at most for each item: its first multiple without a starting value, growth without a figure, or comparison that names neither series."""
    messages = {
        "multiple": _("{item}的“{words}”没有写明以哪一年、多少为基数，无法核验；请在指标中补上基数"),
        "growth": _("{item}的“{words}”没有写明增减多少，无法按数核验；请补上幅度，或确认只看升降"),
        "series": _("{item}的“{words}”没有写明是什么与什么相比，无法核验；请写明比较的两项统计数字"),
    }
    for item in draft.items:
        found = next(_unverifiable(item), None)
        if found:
            text = messages[found[0]].format(item=item_name(item), words=found[1])
            yield Finding(code="cannot-be-verified", severity="info", message=text, item=item.id)


def _unverifiable(item: ItemDraft) -> Iterator[tuple[str, str]]:
    has_baseline = any(target.baseline is not None for target in item.targets)
    clear = QUOTED.sub("", squeeze(readable(item.text)))
    for start, end in pieces(clear, "。；！"):
        part = clear[start:end]
        multiple = MULTIPLE.search(part)
        if multiple and not has_baseline and not BASELINE.search(part) and not FIGURE.search(part[multiple.end() :]):
            yield "multiple", _around(part, multiple)
        growth = GROWTH.search(part)
        if growth and not FIGURE.search(part[growth.end() :]) and not NOT_A_RISE.search(part):
            yield "growth", _around(part, growth)
    series = (target for target in item.targets if target.comparator == "exceeds-series")
    for target in islice(series, LOOKED_AT):
        if _names_neither(target) and not _sentence_has_figure(clear, squeeze(readable(target.text))):
            yield "series", target.text


def _names_neither(target: TargetDraft) -> bool:
    """Return whether neither side of a comparison says what grows; two named series can be looked up."""
    return NAMELESS.fullmatch(squeeze(target.measure)) is not None and NAMELESS_OTHER.fullmatch(squeeze(target.scope)) is not None


def _sentence_has_figure(clear: str, words: str) -> bool:
    """Return whether the sentence of `words` gives a figure beside them, or cannot be found again."""
    at = clear.find(words)
    if at < 0:
        return True
    end = clear.find("。", at)
    return re.search(r"\d+(?:\.\d+)?(?:%|个百分点|倍|‰)", clear[clear.rfind("。", 0, at) + 1 : end if end >= 0 else len(clear)]) is not None


def _around(part: str, match: re.Match[str]) -> str:
    """Return the clause that holds the words found."""
    start = max(part.rfind(mark, 0, match.start()) for mark in "，：") + 1
    end = min((at for mark in "，：" if (at := part.find(mark, match.end())) >= 0), default=len(part))
    return part[start:end][:40]
