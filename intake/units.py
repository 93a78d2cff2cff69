"""From the words of a unit list to units: who leads, which prefix was left out, which sets are open.

`各市、县（市、区）人民政府` is one name although 、 stands in it; `各市、县市区党委、人民政府` are two units of one area. A prefix that is carried along
(自治区科技厅、财政厅) is restored in `name`; `as_written` keeps the document's words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from intake.draft import UnitDraft, UnitRole
from intake.labels import UNIT_KINDS, label_at, labels_in
from intake.phrases import POINTERS, SPACE, TERMINAL, pieces, split_outside
from intake.roles import OPENS, VERB, role_of_verb

ROLE_OF_WORD: dict[str, UnitRole] = {"牵头": "lead", "主办": "lead", "配合": "support", "协办": "support", "参与": "support"}
BY_DUTIES = re.compile(r"(?:按|根据)(?:照)?(?:各自)?职(?:责|能)(?:分工)?$")
SIDE_NOTE = re.compile(r"[（(][^（）()]{0,80}[）)]")
PERSON_BEHIND = re.compile(r"(?<=[局委办部厅院会府所站心队公司镇乡道])[ 　：]+[一-龥]{2,4}(?=[、，；。 　]|$)")
VALUE_END = re.compile(r"[；;。]")
BRACKETED_ROLE = re.compile(r"[（(](牵头|主办|配合|协办|参与)(?:单位|部门)?[）)]$")
STAR = re.compile(r"^[*＊★☆]\s*")
AND_MORE = re.compile(r"等(?=有关|相关|部门|单位|和|及|$)")
AND = re.compile(
    r"会同(?!县)|(?<=[部局委厅办署院会行])商(?![务会业贸])(?=[一-龥]{2})|(?:和|及|以及)(?=各|有关|相关|地方|属地|所在地|(?:自治区|省|市|县|区)(?![、，]))"
    r"|(?<=[部局厅办署院行联])(?:和|及|以及|与)(?=[一-龥]{2,14}(?:[部局委厅办署院会行联社]|公司|中心|集团)(?:$|（))"
)
NOT_A_UNIT = re.compile(
    r"^(?:注[:：].*|.*[标带加][*＊★☆].*|.*[一二三四1234]季度.*|.*[上下]半年.*|下同|以下.*|不再.*|[列排].{0,8}(?:第|首).*|以?上.*均.*|.*下同|部门|单位|部门[和、及]单位|无|/|—+|-+|长期.*|持续.*|常态.*|立行立改|.*(?:坚持|推进|立改|完成)|.*(?:\d|[一二三四五六七八九十])[年月日].*|.*底前.*)$"
)
AREA = r"(?:县（市、区）|县（市）|区（市、县）|市（县、区）|市（区）|县（区）|区（县）|县市区|市县区|区县市|市州|州市|市县|县区|区县|区市县|设区市|地级市|地市|自治州|自治县|自治区|直辖市|省级|省|市|县|区|州|盟|旗|乡镇|镇街|乡|镇|街道|镇（街道）|乡镇（街道）|乡（镇）|镇（乡）)".replace(
    "（", r"[（(〔［\[]"
).replace("）", r"[）)〕］\]]")
ANY = r"(?:各有关|各相关|各|有关|相关|其他|全市各|全省各|全区各)"
ORGAN = r"(?:党委政府|党委和政府|党委|人民政府办公室|人民政府|政府|管委会|管理委员会|党工委|人大|政协)"
AREA_ONLY = re.compile(rf"^{ANY}?{AREA}+$")
BARE_AREA = re.compile(rf"^{AREA}+$")
AREA_ORGAN = re.compile(rf"^(?P<area>{ANY}?{AREA}+(?:、{AREA}+)*)(?P<organ>{ORGAN})$")
BARE_AREA_ORGAN = re.compile(rf"^{AREA}+{ORGAN}$")
# 各省、自治区、直辖市农业厅（局、委）: the areas share an organ where the last is of no higher level than the one before.
AREA_OFFICE = re.compile(rf"^(?P<area>{AREA})[一-龥]{{1,14}}(?:[厅局委办处站院]|部门|机构|委员会)(?:[（(〔][^（）()]{{1,12}}[）)〕])?$")
RANKS = ("省自兵", "直市州盟设地", "县区旗", "乡镇街")
BARE_ORGAN = re.compile(rf"^{ORGAN}$")
OPEN = re.compile(rf"^(?:{ANY}|属地|所在地|试点|{AREA}、|县（市、区）|县市区)|有关|相关|^{AREA}+{ORGAN}$|^{AREA}{{2,}}$")
NO_PREFIX = r"(?!场|政(?!府|协|法)|容|民(?!政|宗|族)|属|域|级|长|区)"
PREFIX = re.compile(r"^(?P<prefix>自治区|兵团|省|市|县|州|盟|旗|区)" + NO_PREFIX + r"(?=.)")
NAMED_PREFIX = re.compile(r"^(?P<prefix>[\u4e00-\u9fff]{2,5}?(?:自治区|省|市|县|州|区))(?!场|政|容|域|长)(?=[\u4e00-\u9fff]{2,})")
INHERITS = re.compile(
    r"^(?!团[省市县区州]委|国家|中国|中央|全国|各|有关|相关|国务院|人民银行)[\u4e00-\u9fff]{0,16}?(?:(?<=.)(?:厅|局|委|办|院|署|部)|科协|社科联|工商联|妇联|总工会|团委|残联|文联|侨联|(?<=.)(?:中心|办公室|委员会))(?:（.*）|\(.*\))?$"
)
NAMED_AREA = r"[一-龥]{1,7}?(?P<level>[省市县区州盟旗乡镇])"
WHOLE_NAMED_AREA = re.compile(rf"^(?!各|有关|相关|其他|全){NAMED_AREA}$")
NAMED_AREA_ORGAN = re.compile(rf"^(?!各|有关|相关|其他|全)(?P<area>{NAMED_AREA})(?P<organ>{ORGAN})$")
NAMED_PARTY = re.compile(rf"^(?:中共)?(?P<area>{NAMED_AREA})(?:委员会|委|党委|工委)$")
NAME_LENGTH = 40
RULE_WORDS = re.compile(r"下同|第一位|首位|列首|[标带加][*＊★☆]")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    joint: str
    role: UnitRole


def units_in(text: str, role: UnitRole = "responsible", *, first_leads: bool = False) -> tuple[UnitDraft, ...]:
    """Return the units that a note or a cell names, in its order. `role` is what the label or the column's head says; words inside the list
    (X牵头，Y配合; an asterisk; 牵头单位：X) decide over it. `first_leads` is a rule that the document states once for all.
    """
    tokens = [token for part_role, part in _parts(SPACE.sub(" ", text), role) for token in _tokens(part, part_role)]
    units = list(with_prefixes(_areas_joined(tokens)))
    if first_leads and units and not any(unit.role == "lead" for unit in units):
        units[0] = units[0].model_copy(update={"role": "lead"})
    return tuple(units)


def is_open_set(name: str) -> bool:
    """Return whether a name stands for units that are named later: 有关市、县（市、区）人民政府, 各市, 相关部门."""
    return OPEN.search(name) is not None


def _parts(text: str, role: UnitRole) -> Iterator[tuple[UnitRole, str]]:
    """Yield the role and the words of each labelled part. The value of a label for persons or terms ends at the next label or stop; what follows has the
    role that held before it.
    """
    text = SIDE_NOTE.sub(lambda match: "" if _is_aside(match[0]) else match[0], text)
    at, is_units, has_units, has_persons = 0, True, False, False
    for label in [*labels_in(text), None]:
        value = text[at : label.at if label else len(text)]
        if not is_units:
            stop = VALUE_END.search(value)
            value = value[stop.end() :] if stop and has_units else ""
        if has_persons:
            value = PERSON_BEHIND.sub("", value)
        if value.strip(TERMINAL):
            has_units = True
            yield role, value.rstrip("（( " + POINTERS)
        if label:
            at, is_units, has_persons = label.end, label.kind in UNIT_KINDS, label.has_persons
            role = label.kind if label.kind in ("lead", "support", "responsible") else role


def _is_aside(bracket: str) -> bool:
    """Return whether a bracket behind a name holds a person, a term or a rule, not a part of the name."""
    label = label_at(bracket)
    return (label is not None and label.kind not in UNIT_KINDS) or RULE_WORDS.search(bracket) is not None


def _tokens(text: str, role: UnitRole) -> Iterator[_Token]:
    """Yield the names of one labelled part; a verb at the end of a group between commas speaks for the whole group."""
    for start, end in pieces(text, "；;。\n"):
        for group in split_outside(text[start:end], "，,"):
            yield from _names(group, _verb_role(group) or role)


def _verb_role(group: str) -> UnitRole | None:
    match = VERB.search(group.strip(TERMINAL))
    return role_of_verb(match["verb"]) if match else None


def _names(group: str, role: UnitRole) -> Iterator[_Token]:
    bare = OPENS.sub("", BY_DUTIES.sub("", VERB.sub("", group.strip(TERMINAL)))).strip(TERMINAL)
    for number, piece in enumerate(split_outside(bare, "、 ")):
        for part_number, part in enumerate(_split_words(piece)):
            name = part.strip(TERMINAL)
            own_role = role
            if STAR.match(name):
                own_role, name = "lead", STAR.sub("", name)
            if mark := BRACKETED_ROLE.search(name):
                own_role, name = ROLE_OF_WORD[mark[1]], name[: mark.start()]
            if verb := VERB.search(name):
                own_role, name = _verb_role(name) or role, name[: verb.start()]
            if name and len(name) <= NAME_LENGTH and not NOT_A_UNIT.match(name):
                yield _Token(name, "、" if number or part_number else "，", own_role)


def _split_words(piece: str) -> list[str]:
    return [part for rough in AND_MORE.split(piece) for part in AND.split(rough) if part.strip()]


def _areas_joined(tokens: list[_Token]) -> Iterator[UnitDraft]:
    """Yield units with the areas joined that a 、 had cut, and bare organs given the area before them."""
    at, area = 0, ""
    while at < len(tokens):
        token, end = tokens[at], at + 1
        if AREA_ONLY.match(token.text):
            while end < len(tokens) and tokens[end].joint == "、" and BARE_AREA.match(tokens[end].text):
                end += 1
            if (end < len(tokens) and tokens[end].joint == "、" and BARE_AREA_ORGAN.match(tokens[end].text)) or (
                end < len(tokens)
                and tokens[end].joint == "、"
                and _shares_an_office(tokens[at].text, tokens[end - 1].text, tokens[end].text)
            ):
                end += 1
        written = name = "、".join(part.text for part in tokens[at:end])
        if AREA_ONLY.match(tokens[end - 1].text) and end < len(tokens) and tokens[end].joint == "、" and BARE_ORGAN.match(tokens[end].text):
            # a separator strayed between the area and its organ
            name, written = f"{name}{tokens[end].text}", f"{written}、{tokens[end].text}"
            end += 1
        elif BARE_ORGAN.match(name) and area:
            name = area + name
        match = AREA_ORGAN.match(name)
        area = match["area"] if match else ""
        yield UnitDraft(name=name, as_written=written, role=token.role, open=is_open_set(name))
        at = end


def _shares_an_office(first: str, area: str, office: str) -> bool:
    """Return whether the last name of 各市、县财政局 speaks for the areas before it; in 各县、市财政局 it does not."""
    match = AREA_OFFICE.match(office)
    if match is None or not first.startswith("各"):
        return False
    return match["area"] == "直辖市" or _rank(match["area"]) >= _rank(area.removeprefix("各"))


def _rank(area: str) -> int:
    return next((rank for rank, letters in enumerate(RANKS) if area[:1] in letters), len(RANKS))


def with_prefixes(units: Iterator[UnitDraft]) -> Iterator[UnitDraft]:
    """Yield the units with the level's prefix given back to names that left it out; a national or named unit carries none."""
    prefix = ""
    for unit in _areas_in_full(list(units)):
        match = PREFIX.match(unit.name) or NAMED_PREFIX.match(unit.name)
        if match and not unit.open:
            prefix = match["prefix"]
        elif prefix and not unit.open and INHERITS.match(unit.name):
            unit = unit.model_copy(update={"name": prefix + unit.name})
        yield unit


def _areas_in_full(units: list[UnitDraft]) -> list[UnitDraft]:
    """Return the units with what several share said of each: 甲市、乙市人民政府 are two governments, 甲区委、区政府 are of one district."""
    full = list(units)
    for at in range(len(full) - 1, 0, -1):
        before, unit = full[at - 1], full[at]
        area, organ = WHOLE_NAMED_AREA.match(before.name), NAMED_AREA_ORGAN.match(unit.name)
        if area and organ and area["level"] == organ["level"] and len(organ["area"]) > 1 and len(before.name) > 1:
            full[at - 1] = before.model_copy(update={"name": before.name + organ["organ"]})
    for at, (before, unit) in enumerate(pairwise(full), 1):
        party = NAMED_PARTY.match(before.name)
        if party and len(party["area"]) > 1 and unit.name[:1] == party["level"] and BARE_ORGAN.match(unit.name[1:]):
            full[at] = unit.model_copy(update={"name": party["area"] + unit.name[1:], "open": False})
    return full
