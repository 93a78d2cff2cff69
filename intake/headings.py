"""The words that stand over columns: what a head cell says its column holds.

A new word for a known role is one more alternative in `HEADS`; the first pattern that fits decides, so narrow words stand above wide ones.
"""

import re
from typing import Literal

from intake.phrases import squeeze

Role = Literal[
    "number",
    "title",
    "content",
    "either",
    "place",
    "lead",
    "support",
    "responsible",
    "due",
    "start",
    "note",
    "group",
    "measure",
    "baseline",
]

HEADS: tuple[tuple[Role, str], ...] = (
    ("number", r"序号|编号|序|No\.?|项次"),
    ("measure", r"(计量|度量|指标)?单位"),
    ("baseline", r"(\d{4}年)?(基期|基准|基线|现状|当前|目前)(值|数|水平|年值|数值|情况)?(（.*）)?"),
    ("lead", r"(牵头|主办|主责|第一责任|主要责任)(责任)?(单位|部门|处室|机构|领导单位)?(（.*）)?"),
    ("support", r"(配合|协办|协同|协助|参与|参加|会办)(责任)?(单位|部门|处室|机构)?"),
    ("responsible", r"(责任|承办|落实|实施|负责|组织|主管|承担|工作)(单位|部门|主体|处室|机构|科室)(及.*|（.*）)?|责任分工|分工"),
    (
        "due",
        r"(完成|办结|截止|截至|落实|计划完成|预计完成|要求完成|目标完成)?(时限|时间|日期|期限)(要求|节点|安排)?|时间节点|进度要求|时序要求|完成年份",
    ),
    ("start", r"(开始|启动|起始|开工)(时间|日期)"),
    ("place", r".*(地点|区域|实施范围|实施地|建设地址|涉及范围).*"),
    ("note", r"备注|说明|联系人.*|责任人|.*领导"),
    ("group", r"(年度)?(进度|时序|年度|阶段|分年度|分年|季度)(进度|目标|安排|计划|任务|要求|目标任务)+|进度"),
    ("title", r".*名称|标题|.*(行动|项目|事项|工程)"),
    ("content", r".*(内容|举措|措施|要求|描述|内容及目标|内容目标).*"),
    ("either", r".*(任务|目标|工作|指标).*"),
)
HEAD_LENGTH = 18


def role_of(text: str) -> Role | None:
    """Return what a column under the head `text` holds, or None where the words are no head."""
    bare = squeeze(text)
    if not bare or len(bare) > HEAD_LENGTH:
        return None
    for role, pattern in HEADS:
        if re.fullmatch(pattern, bare):
            return role
    return None
