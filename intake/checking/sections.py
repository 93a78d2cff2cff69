"""Counts that a text states of its own sections against the sections there: 抓好以下六个方面的工作： and then （一） to （七）.

Only where it is plain which sections are meant: a sentence that ends in a colon and stands right above them, a heading that is nothing but the count, or an overview
under the parent heading whose noun the sections' titles end with. Sections not numbered from one on, or far fewer or more than stated, are taken for something else.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from intake.draft import Finding
from intake.numerals import CHINESE, number_of
from intake.outline import Passage
from intake.phrases import TERMINAL, readable, split_outside, squeeze
from rules.texts import _

COUNT = rf"(?<!第)(?P<count>\d{{1,2}}|{CHINESE}{{1,3}})"
ANNOUNCED = (
    re.compile(rf"(?:以下|下列|如下){COUNT}(?:个方面|大方面|方面|个|项|条|点|大|类)(?!以上|左右)[^，。；]{{0,16}}$"),
    re.compile(rf"{COUNT}(?:个方面|大方面|项|大)[一-龥]{{0,6}}?(?:工作|任务|工程|行动|措施|举措|建设|目标)$"),
    re.compile(rf"分(?:为|成)?{COUNT}(?:个阶段|个步骤|步)[一-龥]{{0,6}}$"),
)
PHASES = re.compile(rf"分(?:为|成)?{COUNT}个(?:阶段|步骤)(?:进行|实施|推进|组织实施)?$")
HEADED = re.compile(rf"^[一-龥]{{0,10}}?[“]?{COUNT}(?:大|项|个方面)[一-龥]{{0,10}}?[”]?(?:方面|工程|行动|任务|举措|措施|建设|工作)[”]?$")
OVERVIEW = re.compile(rf"(?<![\d一-龥])[一-龥]{{2,8}}?{COUNT}个方面的?(?P<noun>能力|建设|工作|体系|机制|改革|保障)$")
OF_OTHERS = re.compile(r"国家|中央|全国|省|上级|围绕|服务|对接|依托|融入|支撑|参与|配合|聚焦|以|其中")
SEVERAL = re.compile(r"[、和及与]")
KINDS = (
    re.compile(rf"{CHINESE}+[、．.]?"),
    re.compile(rf"[（(]{CHINESE}+[）)]"),
    re.compile(r"\d{1,2}[、．.]?"),
    re.compile(r"[（(]\d{1,2}[）)]"),
)
FAR = 2


def section_counts(passages: list[Passage], items: frozenset[str]) -> Iterator[Finding]:
    """Yield a finding for each stated count that its sections do not bear out; `items` are the ids of the items there are."""
    message = _("文中称“{words}”，其后列出的却是{count}个部分；请核对是漏了、多了还是数目写错")
    for at, passage in enumerate(passages):
        for words, stated, count in (*_announced(passages, at), *_headed(passages, at), *_overview(passages, at)):
            if 1 < stated != count > 1 and abs(stated - count) <= FAR:
                name = f"p{passage.order}"
                text = message.format(words=words, count=count)
                yield Finding(code="stated-count-differs", severity="warning", message=text, item=name if name in items else None)


def _announced(passages: list[Passage], at: int) -> Iterator[tuple[str, int, int]]:
    """A sentence without a number right above the first section: 分两个阶段进行。 or 以下六个方面：."""
    passage = passages[at]
    text = squeeze(readable(passage.text))
    if passage.number is not None or passage.is_heading or not text.endswith(("：", "。")):
        return
    last = re.split(r"[，。；：]", text.rstrip(TERMINAL))[-1]
    patterns = ANNOUNCED if text.endswith("：") else (PHASES,)
    match = next((found for pattern in patterns if (found := pattern.search(last))), None)
    if match and not OF_OTHERS.search(last.replace("以下", "")):
        yield match[0], _number(match["count"]), _sections(passages, at + 1, passage.path)


def _headed(passages: list[Passage], at: int) -> Iterator[tuple[str, int, int]]:
    """A heading that is nothing but a verb and the count, with its sections below it: 实施五大工程."""
    passage = passages[at]
    heading = squeeze(passage.text if passage.is_heading else passage.heading).rstrip(TERMINAL)
    match = HEADED.search(heading)
    if passage.number is None or not match or OF_OTHERS.search(heading) or SEVERAL.search(heading) or at + 1 == len(passages):
        return
    following = passages[at + 1]
    inner = following.path
    if inner[:-1] == passage.path and inner and squeeze(inner[-1]).endswith(heading):
        first = at + 1 if following.number else at + 2
        yield match[0], _number(match["count"]), _sections(passages, first, inner)


def _overview(passages: list[Passage], at: int) -> Iterator[tuple[str, int, int]]:
    """An overview right below a heading: 提升两个方面能力，加强六个方面建设; counted are the titles below the heading that end with the noun."""
    passage = passages[at]
    if passage.number is not None or not passage.path or passage.path != passage.section or not at or not passages[at - 1].is_heading:
        return
    depth = len(passage.path)
    below = list(takewhile(lambda one: one.path[:depth] == passage.path, passages[at + 1 :]))
    titled: dict[str, list[Passage]] = {}
    for clause in split_outside(readable(passage.text), "，。；："):
        match = OVERVIEW.search(squeeze(clause))
        if not match or OF_OTHERS.search(clause):
            continue
        noun = match["noun"]
        if noun not in titled:
            titled[noun] = [one for one in below if one.number and _title(one).endswith(noun)]
        numbers = [one.number or "" for one in titled[noun]]
        if len({_rank(number) for number in numbers}) == 1 and _is_run(numbers):
            yield match[0], _number(match["count"]), len(numbers)


def _sections(passages: list[Passage], first: int, path: tuple[str, ...]) -> int:
    """Return how many sections are numbered from one on directly below `path`, the first of them at `first`, or 0 where that is not plain. Looks no further
    than the next section of a higher kind or the next count from one, so that a long document is read in linear time.
    """
    if first >= len(passages) or passages[first].path != path or not _is_run([passages[first].number or ""]):
        return 0
    rank = _rank(passages[first].number or "")
    same: list[str] = []
    for at in range(first, len(passages)):
        one = passages[at]
        if one.path[: len(path)] != path:
            break
        if len(one.path) > len(path) or not one.number:
            continue
        here = _rank(one.number)
        if rank is None or here is None or here < rank or (here == rank and same and _number(one.number) == 1):
            break
        if here == rank:
            same.append(one.number)
    return len(same) if _is_run(same) else 0


def _is_run(numbers: list[str]) -> bool:
    return [_number(number) for number in numbers] == list(range(1, len(numbers) + 1))


def _rank(number: str) -> int | None:
    return next((rank for rank, kind in enumerate(KINDS) if kind.fullmatch(number)), None)


def _number(text: str) -> int:
    return int(number_of(text.strip("（()）、．. ")) or 0)


def _title(passage: Passage) -> str:
    return squeeze(passage.text if passage.is_heading else passage.heading).rstrip(TERMINAL)
