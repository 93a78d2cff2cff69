"""Labels: the words before a colon that say what follows them (牵头单位：, 责任领导：, 整改时限：, 整改措施：).

One small grammar for notes in brackets, notes in paragraphs of their own and cells. A new word for a known kind is one more alternative; persons and terms have
labels of their own so that neither is ever taken for a unit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from intake.roles import ORGAN_END

Kind = Literal["lead", "support", "responsible", "person", "due", "content"]

LEVEL = r"(?:(?:[省市县区镇乡州]|自治区|国家)[直级]?|各级|主要|具体|第一|整改|工作|项目|任务|共同|直接|总|建议|对应|业务|行业)"
NOUN = r"(?:责任)?(?:单位|部门|主体|处室|科室|机构|站所|地区|县区|市县|市州|县市|镇街|乡镇|企业)(?:[（(](?:单位|部门|机构|处室|科室|企业)[）)]|及分工|名称)?(?:[、及和与](?:主要)?(?:责任人|负责人|责任领导|领导))?"
SIDE_WORD = r"(?:[（(][一-龥]{2,4}[）)])?"
WORDS: tuple[tuple[Kind, str], ...] = (
    (
        "lead",
        rf"(?:总?牵头(?:负责)?|领办|主办|主责|主抓|第一责任)(?:[、及和与]责任)?{SIDE_WORD}{NOUN}|牵头[一-龥]{{0,6}}(?:小组|专班|专项组|委员会|办公室|工作组)|组长单位|召集(?:人)?单位|总?牵头|主办|主责|领办|主抓|首责",
    ),
    (
        "support",
        rf"(?:配合|协办|协同|协助|参与|参加|协作|联办|会办|支持){SIDE_WORD}{NOUN}|(?:副组长|成员)单位|配合|协办|参与|参加|会办|分办|联办|协作|协同|协助",
    ),
    (
        "responsible",
        rf"(?:责任|承办|落实|实施|负责|指导|督导|督办|督查|督促|监督|监管|主管|承担|执行|承建|验收|包抓|包联|组织实施|组织落实|项目|建设|业主|组织|申报|管理|完成){{1,3}}{SIDE_WORD}{NOUN}|责任分工|任务分工|职责分工|责任归属|责任分解|承办|落实|督导|负责|责任|分工|实施",
    ),
    (
        "person",
        r"(?:主管|分管|包抓|包保|责任|牵头|挂点|挂包|挂联|联系|督导|负责|主要|领衔|协管|包联|督办)*(?:[省市县区镇乡]级?)?(?:领导|责任人|负责人|负责同志|责任同志)"
        r"|责任人|联系人|联络员|经办人|联系(?:电话|方式)|电话|传真|(?:电子)?邮箱",
    ),
    (
        "due",
        r"(?:完成|办结|截止|整改|落实|办理|销号|实施|推进|计划|预计|工作)*(?:时限|时间|期限|时间节点|进度安排|进度要求|进度计划|时间安排|时序安排)(?:要求)?",
    ),
    (
        "content",
        r"(?:整改|工作|主要|具体|任务|推进|年度|落实|目标|阶段|实施|重点|反馈|存在)*(?:目标|措施|举措|内容|任务|要求|问题|事项|标准|成果形式|成果)",
    ),
)
NAMED: dict[Kind, re.Pattern[str]] = {kind: re.compile(rf"{LEVEL}*(?:{words})") for kind, words in WORDS}
UNIT_KINDS = frozenset({"lead", "support", "responsible"})
# A colon, or the blank in its place (责任单位　市国资委　市财政局).
COLON_OR_BOX = re.compile(r"[:：]|(?<=[位门室构])[ \u3000\t]{1,4}(?=[一-龥])|[【\[](?P<boxed>[一-龥]{2,10})[】\]]\s?[:：]?")
WORDS_BEFORE = re.compile(r"[一-龥（）()]{2,16}$")
WITH_PERSONS = re.compile(r"责任人|负责人|领导")
# What the words above can end in: most words before a colon are told apart by their last character.
LAST = frozenset(
    "位门体室构所区市州县方街镇业工称人导志员话式真箱限间期点排求划标施举容务题项准式果头办合与承落实督责抓作助加同属解任分施组班会）)"
)
# 攻坚单位：, 责任办所：, 落实到村居：: any other word for those who answer counts where names of organs stand behind it.
NO_ROLE = r"(?!施工|设计|监理|主送|抄送|发文|编制|受检|检查|报送|印发|联系|被|受|各|全|投诉|用人|上级|下级)"
ANY_WHO = re.compile(
    rf"{NO_ROLE}(?:(?:(?P<lead>牵头|主办|主责|主抓|领办)|(?P<support>配合|协办|协助|协同|协作|参与|参加|会办)|责任|承办|落实|负责|包保|承担)[一-龥]{{1,6}}|[一-龥]{{2,6}}(?:单位|部门|主体|机构|责任方))"
)
A_NAME = re.compile(rf"\s{{0,2}}[一-龥（）]{{0,24}}?{ORGAN_END}(?=[、，,；;。 ）)】\]]|$)")
LONGEST = 16
WIDEST_GAP = 8


@dataclass(frozen=True, slots=True)
class Label:
    """A label: its kind, where its words begin and where its value begins; `has_persons` says that persons stand behind the units (牵头单位及责任人)."""

    kind: Kind
    at: int
    end: int
    has_persons: bool = False


def labels_in(text: str) -> Iterator[Label]:
    """Yield the labels of `text` in order; the longest words before a colon that are a label decide, other words before a colon are none."""
    for match in COLON_OR_BOX.finditer(text):
        if match["boxed"]:
            if kind := _kind_of(match["boxed"]):
                yield Label(kind, match.start(), match.end())
            continue
        start = max(match.start() - LONGEST - WIDEST_GAP, 0)
        before = text[start : match.start()].rstrip()
        words = WORDS_BEFORE.search(before, max(len(before) - LONGEST, 0)) if before[-1:] in LAST else None
        for at in range(words.start(), len(before) - 1) if words else ():
            if kind := _kind_of(before[at:]):
                yield Label(kind, start + at, match.end(), kind in UNIT_KINDS and WITH_PERSONS.search(before, at) is not None)
                break
        else:
            if (
                (any_before := WORDS_BEFORE.search(before))
                and (other := ANY_WHO.fullmatch(any_before[0]))
                and A_NAME.match(text, match.end())
            ):
                yield Label(cast(Kind, other.lastgroup or "responsible"), start + any_before.start(), match.end())


def label_at(text: str) -> Label | None:
    """Return the label that `text` opens with, brackets and spaces before it left aside."""
    found = next(labels_in(text[: LONGEST + 8]), None)
    return found if found is not None and not text[: found.at].strip("（(〔［【[*★ \u3000") else None


@lru_cache(maxsize=4096)
def _kind_of(words: str) -> Kind | None:
    if words[-1] not in LAST:
        return None
    return next((kind for kind, pattern in NAMED.items() if pattern.fullmatch(words)), None)
