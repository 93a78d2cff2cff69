"""Targets that take in everything and give no figure: 所有县都设有…, 各县市区都进入…, 积案全部化解.

They carry the comparator `all` and no value. 全覆盖 and 普遍 are ways of speaking, not targets.
"""

import re
from collections.abc import Iterator

from intake.draft import TargetDraft
from intake.phrases import pieces

NO_MARK = r"[^，。；：\d]"
ALL_OF_THEM = re.compile(
    rf"(?P<scope>(?:所有|全部|各|每个){NO_MARK}{{2,20}}?)(?:全部|全都|都|均)(?:要|应|须|能|实现|达到)*(?P<what>[一-龥][^，。；：]{{1,24}})$"
)
WHOLLY = re.compile(
    rf"(?P<scope>[一-龥]{NO_MARK}{{1,18}}?)全部(?P<what>(?:完成|处理|解决|清理|修复|建立|达标|达到|到位|整改|建成|拆除|化解|实现|办结|通过|配齐|投入使用|销号|清零|落实|纳入|关闭|取缔|开工|竣工)[^，。；：]{{0,16}})$"
)
TELLS_HOW = re.compile(r"单位|部门|同志|人员都|负责|认识|重视|力量|资源")
LONGEST = 40
MOST = 20


def wholes_in(sentence: str, year: int | None) -> Iterator[TargetDraft]:
    """Yield the targets of the clauses of `sentence` that say 全部 or 都 of something; a clause with a figure has its own target."""
    clauses = [sentence[start:end].strip() for start, end in pieces(sentence, "，。；：！")]
    for clause in clauses[:MOST]:
        if re.search(r"\d", clause) or TELLS_HOW.search(clause):
            continue
        match = ALL_OF_THEM.search(clause) or WHOLLY.search(clause)
        if match:
            measure = f"{match['what']}的{match['scope']}"[:LONGEST]
            yield TargetDraft(text=clause, measure=measure, comparator="all", year=year, basis="level", scope=match["scope"])
