"""The words that stand over columns: what a head cell says its column holds.

A new word for a known role is one more alternative in `HEADS`; the first pattern that fits decides, so narrow words stand above wide ones.
"""

import re
from functools import lru_cache
from typing import Literal

from intake.phrases import squeeze

Role = Literal[
    "number",
    "title",
    "content",
    "either",
    "class",
    "place",
    "lead",
    "support",
    "responsible",
    "owner",
    "due",
    "start",
    "note",
    "group",
    "measure",
    "baseline",
    "figure",
    "growth",
    "amount",
]

WHO = r"(?:单位|部门|处室?|科室?|股室?|机构|主体|司局|部委|厅局|县区|区县|县市区|县（市、区）|乡镇|镇街|街道)"
DOES = r"(?:责任|承办|落实|实施|负责|组织|主管|承担|工作|整改|办理|承接|承建|办会|帮扶|包抓|包联|包保|指导|具体|其他|第二|次要|任务|项目)"
# 责任站办所, 承担村（社区）: offices and places by their last characters, only behind a word that can mean nothing but who answers.
SHORT_WHO = r"(?:责任|承办|承担|落实|负责|主管|整改|督办)(?:[局委办处科股站所厅司室组队镇乡街村居校院]|区县|县区|社区|公司|企业|专班){1,4}"
NOT_WHO = r"(?!.*(?:领导|人员?$|电话|情况|时间|时限|事项|内容|任务|程度))"
MONEY = r"(?:投资|资金|经费|概算|预算|投入)"
HEADS: tuple[tuple[Role, str], ...] = (
    ("number", r"序号|编号|序|No\.?|项次|顺序|(任务|项目|问题)(编号|序号)"),
    ("measure", r"(计量|度量|指标|数量)?单位"),
    (
        "baseline",
        r"(\d{4}年)?(基期|基准|基线|现状|当前|目前|上年)(值|数|水平|年值|数值|情况)?(（.*）)?|\d{4}年度?(实际|完成|基期|预计)(完成)?(值|数|情况)?",
    ),
    ("growth", r"年均.*|.*(增速|增长率|增幅)(（.*）)?"),
    ("lead", rf"{DOES}+{WHO}（(总?牵头|主办|主责)(单位|部门)?）"),
    ("support", rf"{DOES}+{WHO}（(配合|协办|参与)(单位|部门)?）"),
    ("lead", rf"(整改|项目)?(总?牵头|主办|主责|第一责任|首要责任|主要责任){NOT_WHO}.{{0,5}}([及和、/／].*|（.*）)?"),
    ("support", rf"(配合|协办|协同|协助|参与|参加|会办|协作){NOT_WHO}.{{0,5}}(（.*）)?"),
    (
        "owner",
        r"(建设|业主|项目业主|项目法人|项目|申报|参建|投资)(单位|主体|法人)|项目业主|(单位|部门|科室)名称|部门|科室|股室|站所|乡镇|镇街|街道|县区",
    ),
    ("responsible", rf"(?:{DOES}+{WHO}|{SHORT_WHO})([及和、/／].*|（.*）)?|(责任|任务|部门|职责)?分工|责任(归属|人单位)|属地"),
    ("start", r"(计划|拟)?(开始|启动|起始|开工)(时间|日期|年月|年份)(（.*）)?"),
    (
        "note",
        r"备注|说明|.*(联系人|责任人|负责人|包联人|电话|联系方式|领导).*|职务|(指标)?(属性|性质|类型)|建设性质|.*来源|依据|.*(完成|进展|整改)情况|.*进展|整改结果|是否.*|(评分|考核|考评|扣分|计分|评价)(标准|办法|细则|方法|依据|单位|部门)|分值|权重|得分|(填报|成立|反馈|报送|发现|上报|会议|立项|提出)(时间|日期)",
    ),
    (
        "due",
        r".*(时限|期限|时间|日期|年限|周期)(要求|节点|安排|进度)?(（.*）)?|(建设|实施|整改|工)期|.*时间节点|完成节点|进度要求|时序要求|(完成|竣工|目标)年[份度]",
    ),
    ("place", r".*(地点|区域|实施范围|实施地|建设地址|涉及范围|建设地).*"),
    ("group", r"(年度)?(进度|时序|年度|阶段|分年度|分年|季度|节点|推进)(进度|目标|安排|计划|任务|要求|目标任务)+|进度"),
    (
        "figure",
        r"(年度|总体|计划|规划|预期)?(目标|任务|计划|指标|规划|工作)(总|任务)?(值|数|量|数量)|数量|(全[省市县区州]|总)?(合计|总计|小计|总数)|总量",
    ),
    (
        "amount",
        rf"(\d{{4}}年|年度|当年|本年|全年)?(分年度|分年|度|项目|计划|预计|估算|完成|拟|总|年度|所需|概算)*{MONEY}(额|规模|计划|总额|安排|估算|需求)?(（.*）)?",
    ),
    ("class", r"(任务|工作|项目|所属|指标|重点)*(类别|分类|领域|方面|板块|门类)|一级指标"),
    ("title", r".*名称|标题|.*(行动|项目|事项|工程)|.*问题(清单|表现|描述)?"),
    ("content", r".*(内容|举措|措施|要求|描述|规模|成果|成效|标准).*"),
    ("either", r".*(任务|目标|工作|指标|承诺|重点|职责).*"),
)
HEAD_PATTERNS: tuple[tuple[Role, re.Pattern[str]], ...] = tuple((role, re.compile(pattern)) for role, pattern in HEADS)
HEAD_LENGTH = 18
# 省级责任部门, 市直配合单位: whose units they are changes nothing.
LEVEL = re.compile(r"(?:国家|中央|省|自治区|市|州|盟|县|区|乡|镇)[级直]?(?=.{3})(?!级|直)")


@lru_cache(maxsize=4096)
def role_of(text: str) -> Role | None:
    """Return what a column under the head `text` holds, or None where the words are no head."""
    bare = squeeze(text)
    if not bare or len(bare) > HEAD_LENGTH:
        return None
    for role, pattern in HEAD_PATTERNS:
        if pattern.fullmatch(bare):
            return role
    return role_of(bare[level.end() :]) if (level := LEVEL.match(bare)) else None
