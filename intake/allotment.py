"""Closing parts that give clauses to units by number: 第（一）项由甲局牵头，乙局配合；第1、3至5项由丙局负责; or turned round: 甲局负责第1、2项任务.

A number is looked for among the paragraphs before; one that stands in several sections is taken only where the section is named with it (第二部分第（一）项).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from intake.answering import Clause
from intake.draft import UnitDraft, UnitRole
from intake.numerals import CHINESE, number_of
from intake.outline import Passage
from intake.phrases import readable
from intake.roles import role_of_verb
from intake.units import units_in

NUMBER = rf"(?:（(?:{CHINESE}{{1,3}}|\d{{1,2}})）|{CHINESE}{{1,3}}|\d{{1,3}})"
WHAT = r"(?:(?:重点|主要)?(?:项|条|款|点|件)?(?:工作|任务|实事|措施|事项|内容|项目|要求)?)"
REFERENCE = re.compile(
    rf"(?:上述|以上|其中|前述|本方案)?(?:第?(?P<section>{CHINESE}{{1,2}})(?:部分|大项|章|大类)(?:中|的)*)?(?P<mark>第)?(?P<numbers>{NUMBER}(?:(?:、|和|及|与|至|到|-|—|－|～|~)第?{NUMBER}){{0,30}})(?:、)?(?P<what>{WHAT})"
    r"(?=由|分别由|[，：]|以|[一-龥]{2,40}(?:牵头|负责|配合))"
)
ONE = re.compile(rf"(?P<joint>至|到|-|—|－|～|~)?[、和及与第]*(?P<number>{NUMBER})")
TURNED = re.compile(
    rf"^(?P<who>[^\d第，。；：]{{2,80}}?)(?:具体|分别|主要|共同)?(?P<verb>牵头|负责|承担|承办|主办|配合|落实)(?:负责|落实|完成|实施|承担|做好|抓好)?[：，]?(?:上述|以上)?(?P<mark>第)?"
    rf"(?P<numbers>{NUMBER}(?:(?:、|和|及|与|至|到|-|—|－|～|~)第?{NUMBER}){{0,30}})(?P<what>{WHAT})(?:，(?P<others>[^。；]{{2,160}}))?$"
)
NUMBERED = re.compile(rf"第{NUMBER}|{NUMBER}[项条款点件]")
SENTENCE = re.compile(r"[。；]")
MOST_SPANNED = 100
Key = tuple[str, int]


def allotted(passage: Passage, found: list[Clause]) -> bool:
    """Give the units that a paragraph names to the clauses it names by number; return whether it does nothing else."""
    clear = readable(passage.text)
    if not NUMBERED.search(clear):
        return False
    parts = list(_turned(clear) or _straight(clear))
    places = _places(found) if parts else {}
    is_any = False
    for section, keys, units in parts:
        for key in keys:
            at = [place for place in places.get(key, ()) if section is None or _is_in(found[place], section)]
            if len(at) == 1 and units:
                clause = found[at[0]]
                known = {unit.name for unit in clause.units} if clause.has_note else set()
                kept = clause.units if clause.has_note else ()
                found[at[0]] = replace(clause, units=(*kept, *(unit for unit in units if unit.name not in known)), has_note=True)
                is_any = True
    return is_any


def _straight(clear: str) -> Iterator[tuple[int | None, list[Key], tuple[UnitDraft, ...]]]:
    """Yield section, numbers and units of every 第…项由…; what stands before the first is an announcement."""
    references = [
        match
        for match in REFERENCE.finditer(clear)
        if (match["mark"] or match["what"]) and _opens(clear, match.start()) and not _is_count(match)
    ]
    for match, following in pairwise([*references, None]):
        assert match is not None
        said = clear[match.end() : following.start() if following else len(clear)].strip("，：；。 ")
        yield _section(match), _keys(match["numbers"]), units_in(said)


def _turned(clear: str) -> list[tuple[int | None, list[Key], tuple[UnitDraft, ...]]]:
    """Return numbers and units of 甲局负责第1、2项 where every sentence is of that kind."""
    matches = [TURNED.match(part.strip()) for part in SENTENCE.split(clear) if part.strip()]
    found: list[tuple[int | None, list[Key], tuple[UnitDraft, ...]]] = []
    for match in matches:
        if match is None or not (match["mark"] or match["what"]) or _is_count(match):
            return []
        role: UnitRole = role_of_verb(match["verb"])
        found.append((None, _keys(match["numbers"]), units_in(match["who"], role) + units_in(match["others"] or "", role)))
    return found


def _is_count(match: re.Match[str]) -> bool:
    """Return whether the number says how many, not which: 以上三项工作, 负责2项任务."""
    return not match["mark"] and re.fullmatch(rf"{CHINESE}+|\d+", match["numbers"]) is not None


def _opens(clear: str, at: int) -> bool:
    return at == 0 or clear[at - 1] in "。；，：、 "


def _section(match: re.Match[str]) -> int | None:
    return int(number_of(match["section"]) or 0) if match["section"] else None


def _keys(numbers: str) -> list[Key]:
    """Return the numbers of a list, those of a span one by one."""
    keys: list[Key] = []
    for match in ONE.finditer(numbers):
        key = _key(match["number"])
        if match["joint"] and keys and 0 < key[1] - keys[-1][1] <= MOST_SPANNED:
            keys.extend((key[0], value) for value in range(keys[-1][1] + 1, key[1]))
        keys.append(key)
    return keys


def _key(number: str) -> Key:
    """Return how a number is written (in brackets, in Chinese, in digits) and its value."""
    bare = number.strip("（）()、.． ")
    style = "bracket" if number[:1] in "（(" else "digits" if bare.isdigit() else "words"
    return style, int(number_of(bare) or 0)


def _places(found: list[Clause]) -> dict[Key, list[int]]:
    """Return where each number stands; one written otherwise in the closing part (第一项 for 1.) is looked for by its value where that is unique."""
    places: dict[Key, list[int]] = {}
    by_value: dict[int, list[int]] = {}
    for at, clause in enumerate(found):
        number = (clause.passage.number or "").removeprefix("第").removesuffix("条")
        if clause.part != 1 or not number or number_of(number.strip("（）()、.． ")) is None:
            continue
        key = _key(readable(number))
        places.setdefault(key, []).append(at)
        if not clause.passage.is_heading:
            by_value.setdefault(key[1], []).append(at)
    for value, alike in by_value.items():
        for style in ("bracket", "words", "digits"):
            if (style, value) not in places or all(found[place].passage.is_heading for place in places[style, value]):
                places[style, value] = alike
    return places


def _is_in(clause: Clause, section: int) -> bool:
    return any(_key(heading.split("、")[0])[1] == section for heading in clause.passage.path[:1] if "、" in heading)
