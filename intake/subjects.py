"""Units that a sentence names as those who act, where no note says who answers: 市科技局要…, 由市财政局牵头…，市审计局配合, 各县（市、区）政府应….

A unit is read only where it stands as the subject: at the head of a clause and before a word of duty, or before a verb of doing if it is an organ. Somebody who is
helped, asked or praised is none. What is read here is a guess and kept apart from notes by a lower confidence.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from intake.draft import UnitDraft, UnitRole
from intake.phrases import pieces, readable, split_outside
from intake.roles import ACTING, LEADING, MANNER, ORGAN_ALL_THE_SAME, ORGAN_END, SUPPORTING, SURE_END, TAIL, role_of_verb
from intake.units import is_open_set, with_prefixes

ORGAN = (
    r"(?:政府|党委|党组|党工委|管委会|委员会|常委会|代表大会|委|厅|(?<![格布全大结僵定])局|(?<!部)署|(?<![举主承创兴开协])办|办公室|办公厅|(?:督查|督导|研究|政研|秘书|法制)室|"
    r"(?<![全内干外局中西东南北])部|(?<!学)院|部门|单位|司局|处室|科室|大队|支队|总队|派出所|小组|专班|指挥部|(?<![为核])中心|集团|公司|(?:[农工建中人]|农发|农商|交)行|协会|学会|联合会|科协|工商联|妇联|团委|总工会|"
    r"(?:[省市县区]|各级|同级|中央|地方|本级)(?:财政|税务)|银行|机关|企业|(?<=[销用])社|(?<![场厕])所|(?<![车网])站|党?支部)(?:（[^（）]{1,12}）)?"
)
AREA = r"(?:地区|各地|各方|(?:[省市县区州盟旗]|乡镇|镇街|街道|社区|[省市地州]（[^（）]{1,8}）|县（[^（）]{1,8}）|县市区|区县|园区|开发区|高新区))(?:（[^（）]{1,8}）)?"
OFFICER = r"(?:主要领导|主要负责同志|主要负责人|负责同志|一把手)"
ANYONE = rf"(?:{ORGAN}(?:{OFFICER})?|{AREA}|[一-龥]机构|学校|高校|院校|医院|{OFFICER})"
NAME_LENGTH = 44
LEAD_IN = r"(?:请|同时|此外|对此|其中|今后|今年|明年|每年|原则上|\d{4}年(?:[上下]半年|\d{1,2}月)?)*"
ADVERB = (
    r"(?:也|还|都|均|至少|原则上|每年|每[两三]年|每半年|每季度|每月|不定期|定期|主要|分别|共同|具体|进一步|切实|全面|继续|从中|相应|至少)*"
)
DUTY = r"(?:要(?![求点素闻害])|应当|应(?![用急届对收])|须|必须|务必|将|需(?![求])|负责(?![人同])|牵头|会同|把|[于在](?=[^，。；]{1,14}前))"
DOING = (
    r"(?:举办|召开|抽调|选派|派出|指导|办理|编发|下达|印发|制定|制订|编制|出台|组织(?!部)|开展|完成|做好|抓好|配齐|成立|建立|设立|设在|安排|检查(?![组院])|督查(?![室组])|考核(?![办组])|承担|落实|实施|推进|统筹|协调(?!小组|机制)|"
    r"报送|上报|公布|发布|汇总|审核|受理|提供|拨付|监督(?!局|管理)|研究(?![院所室])|收集|根据|按照|按|结合|向|从|(?<=年)对|[于在](?=[^，。；]{1,14}前)|成立|组成)"
)
SUBJECT = re.compile(rf"{LEAD_IN}(?P<who>[^\d%，。；：《》]{{0,{NAME_LENGTH}}}?{ANYONE}){ADVERB}{DUTY}")
DOER = re.compile(rf"{LEAD_IN}(?P<who>[^\d%，。；：《》]{{0,{NAME_LENGTH}}}?{ORGAN}){ADVERB}{DOING}")
STANDING = re.compile(
    rf"{LEAD_IN}(?P<who>[^\d%，。；：《》]{{0,{NAME_LENGTH}}}?{ANYONE})(?:是|作为)[^，。；：]{{0,20}}主体(?:，|$)(?:[^，。；]{{0,6}})(?:{DUTY})"
)
BY = re.compile(
    rf"由(?P<who>[^\d%，。；：《》]{{0,{NAME_LENGTH}}}?{ANYONE})(?P<verb>牵头|挂帅|主办|负责(?!人|同)|组织|会同|承担|编制|制定|统筹|具体|统一|实施|落实|按)"
)
WHO = rf"(?P<who>[^\d%，。；：《》由]{{2,{2 * NAME_LENGTH}}}?)等?"
SAID_VERB = rf"(?P<verb>{LEADING}|{SUPPORTING}|{ACTING}){TAIL}$"
SAID_BY = re.compile(rf"由{WHO}{MANNER}{SAID_VERB}")
SAID_MAINLY = re.compile(rf"以{WHO}{MANNER}(?P<verb>为主){TAIL}$")
SAID_WITH = re.compile(rf"{WHO}{MANNER}{SAID_VERB}")
# 由甲局负责，乙局保障经费: what another does for it, in few words.
SAID_AIDING = re.compile(
    rf"(?P<who>[^\d%，。；：《》由]{{0,{2 * NAME_LENGTH}}}?(?:{SURE_END}|(?<![教寝温浴验])室)|各[^\d%，。；：《》由]{{1,10}}[镇乡县区村])(?P<verb>[^，。；、由]{{2,8}})$"
)
SAID_FIRST = re.compile(rf"{WHO}{MANNER}(?P<verb>牵头|负责|主办|承办){TAIL}$")
NAME_END = re.compile(rf"(?:{ORGAN_END}(?:（[^（）]{{1,16}}）)?|（[^（）]{{1,8}}）)$")
NOBODY = re.compile(r"委员$|专人|专班人员|同志|书记|人员|负责人|社会$|本人|自行|谁")
BY_WHOM = re.compile("(?<!自)由")
MAIN_BODY = re.compile(rf"以(?P<who>[^\d%，。；：《》]{{0,{NAME_LENGTH}}}?)为(?P<verb>主体|依托)(?=，|$)")
HELPER = re.compile(rf"(?P<who>[^\d%，。；：《》]{{0,{NAME_LENGTH}}}?{ANYONE})(?:按职责分工)?(?P<verb>配合|协助|协同|参与|参加)")
WITH = re.compile(rf"会同(?P<who>[^\d%，。；：《》]{{0,{NAME_LENGTH}}}?{ORGAN})(?=，|。|；|$|等|{DOING}|{ADVERB}{DUTY})")
BODY = re.compile(rf"(?:{ORGAN}|研究所|[农林科]所|大学|学院)$")
NO_SUBJECT = re.compile(
    r"鼓励|支持|引导|推动|加强|建立|完善|组织(?!部)|动员|督促|协调|依托|依靠|按照|按|根据|通过|围绕|以|对(?!外)|把|将|使|让|在|从|向|为|与|及时|并|要|应|需|不|可|使|凡|如|若|因|由|结合|确保|力争|争取|"
    r"实现|完成|形成|强化|提升|提高|发挥|调动|充分|进一步|切实|加快|积极|大力|继续|帮助|联合|会同|选择|选派|邀请|参加|落实|督查|考核|表彰|增强|健全|扩大|列入|纳入|打造|建设|做好|搞好|抓好|促进|保障|"
    r"吸引|吸纳|引进|下设|成立|设立|培育|发展|推进|推广|是|经|报|请|每[年月季半]|新建|其|该|给|明确|实行|开展|制定|编制|全面"
)
WHOLE_AREA = re.compile(r"^(?:[全我本][国省市县区州]|国家|我国|城市|农村|社会|基层|上级|下级|要求|有条件的)$")
LEVEL_ONLY = re.compile(r"^(?:各|有关)?(?:省级?|市级?|地级?|州|盟|县级?|区级?|乡|镇|村|自治区|直辖市|兵团)(?:（[^（）]{1,8}）)?$")
JOINTS = re.compile(r"(?:以及|和|及|与)")
OWN_ENDING = re.compile(rf"(?:{ANYONE})$")
MORE = re.compile(r"(?<=[局委办部厅院会府社队])等(?:有关|相关|市级|县级|区级)?(?:部门|单位|机构)?$")
LEADS = ("牵头", "挂帅", "主办")
READ = 110


@lru_cache(maxsize=64)
def acting_units(text: str) -> tuple[UnitDraft, ...]:
    """Return the units that act in `text`, in its order, each once; a unit is the lead only where the words say so (牵头)."""
    clear = readable(text)
    found: dict[str, UnitDraft] = {}
    is_said = False
    for start, end in pieces(clear, "，。；："):
        said = _said(clear, start, end, goes_on=is_said)
        is_said = said is not None
        for role, at, stop in said or _places(clear, start, end):
            for unit in _units(text[at:stop], role):
                # 县财政 is 县财政局 in other words.
                if unit.name not in found and not any(unit.name + kind in found for kind in ("局", "厅", "部")):
                    found[unit.name] = unit
    return tuple(with_prefixes(iter(found.values())))


def begins_with_actor(text: str) -> bool:
    """Return whether the first clause of `text` names who acts."""
    clear = readable(text)
    return any(True for start, end in list(pieces(clear, "，。；："))[:1] for _place in _places(clear, start, end))


def _said(clear: str, start: int, end: int, *, goes_on: bool) -> list[tuple[UnitRole, int, int]] | None:
    """Return role, start and end of the units that a clause says who does it by: 由甲站牵头, and, where it `goes_on` with such a clause, 乙所配合; None where
    it says no such thing, nothing where it is a person who does it.
    """
    if end - start > 3 * NAME_LENGTH:
        return None
    match = (
        SAID_BY.search(clear, start, end)
        or SAID_MAINLY.match(clear, start, end)
        or (SAID_WITH if goes_on else SAID_FIRST).match(clear, start, end)
        or (SAID_AIDING.match(clear, start, end) if goes_on else None)
    )
    if match is None or opens_a_sentence(match["who"]):
        return None
    if "会同" in match["who"]:
        return _said_together(match) if match.re is SAID_BY else None
    names = split_outside(match["who"], "、")
    if NOBODY.search(match["who"]) or not names or not all(NAME_END.search(name.removesuffix("等")) for name in names):
        return []
    role: UnitRole = "support" if match.re is SAID_AIDING else role_of_verb(match["verb"])
    first, last = match.span("who")
    return [(role, first, last - 1 if match["who"].endswith("等") else last)]


def _said_together(match: re.Match[str]) -> list[tuple[UnitRole, int, int]] | None:
    """Return who does it and with whom: 由甲司会同乙司负责; None where one of them is no name."""
    doer, _with, others = match["who"].partition("会同")
    if not others or any(not NAME_END.search(name) for part in (doer, others) for name in split_outside(part.removesuffix("等"), "、")):
        return None
    start, end = match.span("who")
    at = start + len(doer)
    return [(role_of_verb(match["verb"]), start, at), ("support", at + len("会同"), end - others.endswith("等"))]


def _places(clear: str, start: int, end: int) -> Iterator[tuple[UnitRole, int, int]]:
    """Yield role, start and end of the words that name somebody in the clause between `start` and `end`."""
    stop = min(end, start + READ)
    if subject := STANDING.match(clear, start, start + READ) or SUBJECT.match(clear, start, stop) or DOER.match(clear, start, stop):
        if not opens_a_sentence(subject["who"]) and not BY_WHOM.search(subject["who"]):
            yield ("lead" if clear.startswith("牵头", subject.end() - 2) else "responsible"), *subject.span("who")
    elif (helper := HELPER.fullmatch(clear, start, stop)) and not opens_a_sentence(helper["who"]):
        yield "support", *helper.span("who")
    for by in BY.finditer(clear, start, stop):
        yield ("lead" if by["verb"] in LEADS else "responsible"), *by.span("who")
    for body in MAIN_BODY.finditer(clear, start, stop):
        if all(BODY.search(name) for name in split_outside(body["who"], "、")):
            yield ("responsible" if body["verb"] == "主体" else "support"), *body.span("who")
    for other in WITH.finditer(clear, start, stop):
        yield "support", *other.span("who")


def opens_a_sentence(words: str) -> bool:
    """Return whether words begin with a verb of doing, not with the name of an organ that looks like one (建设局)."""
    return NO_SUBJECT.match(words) is not None and ORGAN_ALL_THE_SAME.match(words) is None


def _units(written: str, role: UnitRole) -> list[UnitDraft]:
    """Return the units of a list, or none where a part of it is no name."""
    names = [MORE.sub("", written[start:end].strip()) for start, end in _name_places(written)]
    if any(WHOLE_AREA.match(name) or len(name) < 2 for name in names):
        return []
    return [
        UnitDraft(name=name, as_written=name, role=role, open=is_open_set(name) or name.startswith(("各", "每个", "有关")))
        for name in names
    ]


def _name_places(written: str) -> Iterator[tuple[int, int]]:
    """Yield where the names stand. A level alone goes on (省、地科技部门); 和 parts names only where a name ends before it (发展和改革委 does not)."""
    clear = readable(written)
    begin: int | None = None
    for start, end in pieces(clear, "、"):
        begin = start if begin is None else begin
        if LEVEL_ONLY.match(clear[begin:end].split("、")[-1]) and end < len(clear):
            continue
        for match in JOINTS.finditer(clear, begin, end):
            if OWN_ENDING.search(clear[begin : match.start()]):
                yield begin, match.start()
                begin = match.end()
        yield begin, end
        begin = None
