"""The words that say who does what: verbs of roles, manners of doing, openings of a worded note, endings of the names of organs.

Notes, lists of units and subjects of sentences are all read with these; a new word is one more alternative here and holds for all three.
"""

import re
from typing import Literal

Said = Literal["lead", "support", "responsible"]

LEADING = r"牵头|主办|主责|主抓|领办|抓总|挂帅|为主|[为是](?:牵头|主办|主责)(?:单位|部门|科室|处室)"
SUPPORTING = r"配合|协办|协同|协助|参与|参加|会办|联办|协作|共办|支持|[为是](?:配合|协办|协助|协同|参与|会办)(?:单位|部门|科室|处室)"
ACTING = r"负责|承办|承担|办理|落实|实施|督办|督促|督导|指导|主管|经办|完成|执行|推进|筹办|负总责|总负责|抓落实|抓好落实|监督|[为是](?:责任|落实|承办|实施|负责)(?:单位|部门|科室|处室|主体)"
MANNER = r"(?:(?:按|根据)(?:照)?(?:各自)?(?:工作)?职(?:责|能)(?:分工|范围)?|按(?:照)?分工|依职责|分工|分别|共同|具体|联合|统一|积极|密切|主动|全力|大力|组织|统筹|总|主要){0,4}"
TAIL = r"(?:负责|落实|实施|推进|组织|组织实施|抓好|做好|协调|协作|配合|工作|抓好落实|组织落实|落实工作|实施工作|完成|办理)?"
OPENING = r"(?:(?:(?:(?:此|该|本|这)项|以上|上述|具体)?(?:工作|任务)?)(?:由|以(?!工代赈)))?"
VERB = re.compile(rf"{MANNER}(?P<verb>{LEADING}|{SUPPORTING}|{ACTING}){TAIL}$")
OPENS = re.compile(rf"^{OPENING}")
ORGAN_END = (
    r"(?:部|局|委|办|厅|署|院|(?<![社大机])会|府|镇|乡|街道|单位|部门|中心|公司|(?<!公)司|集团|银行|行|海关|馆|委员会|办公室|组|团|社|所|站|队|区|县|市|村|科协|学校|大学|党校|中学|小学|"
    r"工会|妇联|残联|工商联|文联|侨联|社科联|作协|(?<![平舞灶])台|专班|总站|支部|企业|(?<![到好长用四])处|科|室|股|农场|林场|机场|电厂|水厂|铁塔|联通|移动|电信|供电)"
)
# Endings that hardly anything but an organ has: enough where a name alone opens a paragraph (县建设局：负责…).
SURE_END = (
    r"(?:[局厅署]|(?<![常])委|(?<![主承兴开协举创])办|[一-龥]{2}部|政府|办公室|委员会|管委会|(?:总工|商|协|学|联合)会|妇联|残联|科协|文联|侨联|工商联|公司|集团|办事处|派出所|"
    r"[政法税林工商农水]所|[大支总]队|海关|银行|医院|法院|检察院|街道|各乡镇|各部门|各单位)"
)
# Verbs that open a sentence about what is to be done; 建设局 and 应急局 are organs all the same.
ORGAN_ALL_THE_SAME = re.compile(
    r"(?:建设(?:[局委厅部]|银行|管理局|和)|发展(?:计划|规划|改革|和改革)|应急|经[信贸委济发科促合]|联合会|不动产|对外|组织[部办处科室]|督查[室组办]|考核[办组]|协调[办组]|保障[局厅中部]|推进[办组]|"
    r"引[江黄滦][局办]|新建[区县]|明[确光]?[县市区]|如[东皋]|应[城县]|从[江化]|若羌|为民[服办])"
)


def role_of_verb(verb: str) -> Said:
    """Return the role that a verb gives those before it."""
    if re.fullmatch(LEADING, verb):
        return "lead"
    return "support" if re.fullmatch(SUPPORTING, verb) else "responsible"
