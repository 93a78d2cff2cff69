"""What the morphemes of a head speak for, where its words as a whole are not known: 由谁来办 speaks of who, 何时见效 of when.

A new morpheme is one more alternative; heads of persons and of remarks (包抓领导, 验收单位) keep the wider senses silent.
"""

import re
from functools import lru_cache
from typing import Literal

from intake.phrases import squeeze

Sense = Literal["who", "person", "when", "number", "work", "aside"]
MORPHEMES: tuple[tuple[Sense, re.Pattern[str]], ...] = (
    (
        "aside",
        re.compile(
            r"备注|说明|原因|困难|理由|背景|现状|建议|来源|依据|性质|状态|情况|进展|考核|考评|评价|评分|评定|验收(?![期日时])|核验|批准|审批|范围|联系|审核|监督|监管|督[办导促查]|填报|报送|渠道|电话|原文|摘"
        ),
    ),
    ("person", re.compile(r"领导|干部|人$|人员|同志|[省市县区乡镇]长|书记|姓名|挂点|挂联|主官")),
    (
        "who",
        re.compile(
            r"单位|部门|[处科股]室|机构|^各|方$|主体|谁|哪[些个家]|参[加与]|牵|总$|[主领]抓|[承主协会帮代]办|[承代]建|承接|负责|会签|归口|协[力同作]|配合|[支后]援|支撑|辅助|责任|担[当纲]|专班|分工|归属"
        ),
    ),
    ("when", re.compile(r"[何几啥]时|时[间限点候序]|日期|期限|节点|进度|限期|底线|交账|办结|完成|收官|截止")),
    ("number", re.compile(r"号|序|编码")),
    (
        "work",
        re.compile(
            r"任务|事|内容|措施|举措|项目|工作|要点|目标|要求|[办做抓干]什么|程度|怎么|怎样|打算|安排|果$|效$|清单|抓手|路径|动作|标志"
        ),
    ),
)


@lru_cache(maxsize=4096)
def leanings(head: str) -> frozenset[Sense]:
    """Return what the morphemes of a head speak for; the narrower senses keep the wider ones silent."""
    bare = squeeze(head)
    said: set[Sense] = {sense for sense, pattern in MORPHEMES if pattern.search(bare)}
    narrow: set[Sense] = said & {"aside", "person"}
    return frozenset(narrow or said)
