"""What a figure counts: the noun beside it, without the verbs of promising and doing.

After the figure stands the noun (支持30个县开展试点), or nothing: then it stands before (选派特派员500名). A county that does something is named by what it does
(开展试点的县), so that two figures about counties keep apart.
"""

import re

VERBS = (
    r"(?:(?:继续|重点|择优|力争|争取|确保|着力|计划|共|累计|总计|合计|三年|组织|分别|全年|全省|全市|全区|每年度?|年均|新|再|将|可|要|都|各)*"
    r"(?:支持|扶持|帮助|资助|选派（聘任）|选派\(聘任\)|选派|派出|下派|选聘|聘任|培训(?!班|基地|中心|机构|项目|课程|计划|体系)|轮训(?!班)|培育|培养|建设|建成|建立|创建|打造|引进|引育|实施|完成|实现|达到|达|开展|认定|新增|发展|"
    r"推广|安排|投入(?!占|强度|产出|品|比)|形成|组建|成立|遴选|推荐|配置|配备|配齐|覆盖(?![率面])|增长(?!率|速|幅)|提高|下降|增加(?!值|幅|率)|减少|突破|超过|不少于|不低于|至少|不超过|设立|奖励|补助|申报|争创|举办|服务(?=\d|$)|"
    r"(?<![已具所没享设保占国公私])有|为|到|了))+"
)
LEADING_VERBS = re.compile(rf"^.*{VERBS}")
ROUND = re.compile(r"^.*(?:每年度?|每半年|每季度?|每个?月|每周|年均)(?=.)")
AREA_WORDS = r"(?:[省市县区乡镇村]|（市、区）|（镇）|、|园区|街道|地级|行政)+"
AREAS = re.compile(rf"^(?P<who>{AREA_WORDS}(?:（市、区）)?)(?P<rest>.*)$")
MADE = re.compile(r"^[^，。；]*?(?:建设(?!完善)|创建|建成|成为|打造成?|评为|达到)(?P<made>[^，。；]{2,30})$")
DOING = re.compile(
    r"^(?P<who>[^，。；]{1,24}?)(?:深入|继续|要|都)?(?P<verb>实施|开展|通过|进入|设有|建有|配备|配齐|设立|(?<![已具所没享设])有)(?P<what>[^，。；]{2,24})$"
)
# 85%的县建成…: a share of those that do something is named by what they do.
SHARE_DOING = re.compile(
    r"^(?P<who>[^，。；]{1,12}?)(?:要|都|均)?(?P<verb>建成|建立|成立|完成|实现|开通|接入|用上|创建|配备|达到|建有|设有|具备|开展|实施|通过)(?P<what>[^，。；\d]{2,24})$"
)
# 8亿元资金应于3月底前支出: what is counted ends before the duty.
BY_THEN = re.compile("[应须要][于在当]")
STARTS_FROM = re.compile(r"(?:由|从)[^，。；由从]{0,12}\d.*$")
COVERS = re.compile(r"(?P<what>[^，。；：\d]{2,16})覆盖(?:到|全[省市县区])?(?:达到?)?$")
KINDS = re.compile(r"(新增|滚动|新建|续建|改造|巩固|累计)(支持|扶持|帮助|资助)?")
COMPARING = re.compile(
    r"(?:(?:提高|提升|增加|上升|增长|下降|降低|减少|缩短|压减|扩大)(?:到|至|为|了)?|不少于|不低于|不小于|至少|最少|不超过|不高于|控制在|超过|突破|高于|低于|达到|达|在|为|约|力争|分别|均|各|降至|升至|提高到)+$"
)
# 组织校长轮训两期: verbs alone that name what is counted.
SAYS_ENOUGH = 5
RATES_AND_MONEY = ("%", "‰", "百分点", "元")
LENGTH = 40


def measure_of(left: str, right: str, unit: str) -> str | None:
    """Return what is counted, from the words of the clause before and after the figure; None where the clause does not say."""
    after = BY_THEN.split(right)[0].strip(" 、，；：的").removesuffix("和").strip()
    if not after or re.fullmatch(r"[）)”》].*", after):
        return _before(left, unit)
    if unit in ("%", "‰") and (covers := COVERS.search(left)):
        return f"{covers['what']}覆盖的{after}"[:LENGTH].strip()
    if unit in ("%", "‰") and (doing := SHARE_DOING.match(after)):
        return f"{doing['verb']}{doing['what']}的{doing['who']}"[:LENGTH].strip()
    kind = KINDS.search(left[-12:])
    noun = _after(after)
    if kind:
        noun = f"{kind[0]}的{noun}" if kind[2] and "的" not in noun else f"{kind[1]}{noun}"
    return noun[:LENGTH].strip()


def _before(left: str, unit: str) -> str | None:
    words = COMPARING.sub("", STARTS_FROM.sub("", left.strip(" 、，；：")).removeprefix("其中"))
    noun = LEADING_VERBS.sub("", words).lstrip(" 、和及）)").rstrip(" 、和及")
    noun = re.sub(r"等$", "", ROUND.sub("", noun))
    if not noun and (unit.endswith(RATES_AND_MONEY) or len(words) >= SAYS_ENOUGH):
        # 地区生产总值增长8%: what grows is named by the whole
        noun = words
    return noun[-LENGTH:].strip() or None


def _after(words: str) -> str:
    areas = AREAS.match(words)
    doing = DOING.match(words)
    if doing and (not areas or len(doing["who"]) <= len(areas["who"])):
        return f"{doing['verb']}{doing['what']}的{doing['who']}"
    if (match := MADE.match(words)) and "、" not in re.sub(r"（[^）]*）", "", match["made"]):
        return match["made"].strip('“”"、 ')
    if doing:
        return f"{doing['verb']}{doing['what']}的{doing['who']}"
    if areas and areas["rest"] and not areas["rest"].startswith(("在", "的")):
        return areas["who"]
    return words
