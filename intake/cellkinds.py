"""What cells hold, whatever stands above them: units, persons, times, figures, running numbers, or words.

A cell has one kind; a column has shares of kinds. Only the first `LOOKED_AT` different cells of a column are looked at.
"""

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from intake.celltimes import dated, term
from intake.periods import periods_in
from intake.phrases import readable, squeeze, tidy
from intake.subjects import NO_SUBJECT
from intake.units import units_in

CellKind = Literal["units", "persons", "time", "figures", "number", "words"]
LOOKED_AT = 40
LONGEST_UNITS, LONGEST_TIME, LONGEST_PERSONS = 200, 30, 60
STRONG_END = r"(?:部|局|委|办|厅|署|府|单位|部门|公司|集团|街道|委员会|办公室|管委会|[^\d]科|[^\d]处|[^\d]股|科室|镇|乡|专班|工会|妇联|残联|科协|团委|工商联|银行|支行)"
WEAK_END = r"(?:会|院|中心|室|司|组|团|社|所|站|队|区|县|市|州|盟|旗|村|居|校|学校|大学|馆|园|镇街|文联|侨联|机构|主体|企业|党工委|支部|村两委|县市)"
SIDE = re.compile(r"[（(][^（）()]{1,24}[）)]")
STRONG_NAME = re.compile(rf"[^\d%《》：。]{{1,24}}{STRONG_END}")
WEAK_NAME = re.compile(rf"[^\d%《》：。]{{1,16}}{WEAK_END}")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤甲乙丙丁戊"
POST = r"(?:(?:副?[省市县区州乡镇]长|(?:副|总)?书记|(?:副|常务副)?(?:主任|局长|主席|部长|秘书长|站长|所长|科长|处长|组长)|常委|委员|同志|部长|调研员)、?)"
PERSON = re.compile(rf"(?:[一-龥]{{0,8}}{POST}+)?[{SURNAMES}][一-龥×某Xx*○〇]{{1,2}}{POST}*|[一-龥、]{{0,12}}{POST}")
ONGOING = re.compile(r"(?:长期|持续|常态|全年|年内|立行立改|即知即改|每[年月季周]|贯穿|按月|按季|随时|当年|次年).{0,10}")
YEAR_AND_MONTH = re.compile(r"(?:19|20)\d{2}[./-](?:1[0-2]|0?[1-9])(?:[./-]\d{1,2})?")
FIGURES = re.compile(r"[≥≤<>＞＜约]?[\d,.]+(?:[-—~～至][\d,.]+)?[%‰]?")
RUNNING = re.compile(
    r"(?:第?\d{1,3}(?:-\d{1,2})?|[一二三四五六七八九十]{1,3})[)）.．、条项]?|[（(](?:\d{1,3}|[一二三四五六七八九十]{1,3})[)）]|[A-Z]{1,2}-?\d{1,3}"
)


@lru_cache(maxsize=8192)
def kind_of(text: str) -> CellKind:
    """Return what one cell holds; a small bare number is a figure, since only its column shows that it counts the rows."""
    bare = readable(squeeze(text))
    if YEAR_AND_MONTH.fullmatch(bare):
        return "time"
    if FIGURES.fullmatch(bare) or not re.search(r"[一-龥]", bare):
        return "number" if RUNNING.fullmatch(bare) and not bare.isdigit() else "figures"
    if RUNNING.fullmatch(bare):
        return "number"
    if _is_time(bare):
        return "time"
    if _are_units(text):
        return "units"
    if len(bare) > LONGEST_PERSONS:
        return "words"
    return "persons" if all(PERSON.fullmatch(part) for part in re.split(r"[、，,；;/\s]+", tidy(text)) if part) else "words"


def looked_at(texts: list[str]) -> list[str]:
    """Return the different filled cells of a column that decide what it holds."""
    return list(dict.fromkeys(text for text in texts if text.strip(" /—-－无")))[:LOOKED_AT]


def share_of(kind: CellKind, texts: list[str]) -> float:
    """Return which part of a column's different cells are of one kind, 0 where it is empty."""
    cells = looked_at(texts)
    if kind == "number":
        return float(_runs_on(cells))
    return Counter(kind_of(text) for text in cells)[kind] / len(cells) if cells else 0.0


def length_of(texts: list[str]) -> float:
    """Return the mean length of a column's different cells, in characters."""
    cells = looked_at(texts)
    return sum(map(len, cells)) / len(cells) if cells else 0.0


def _runs_on(cells: list[str]) -> bool:
    """Return whether cells number the rows: all are numbers, each the next or the same again."""
    if not cells or not all(RUNNING.fullmatch(squeeze(cell)) for cell in cells):
        return False
    digits = [int(found[0]) for cell in cells if (found := re.search(r"\d+", cell))]
    return all(second - first in (0, 1) for first, second in pairwise(digits)) and (len(digits) != 1 or digits == [1])


def _is_time(text: str) -> bool:
    if not text or len(text) > LONGEST_TIME:
        return False
    if ONGOING.fullmatch(text):
        return True
    words = dated(term(text, 2000))
    return sum(period.end - period.at for period in periods_in(words, 2000)) * 2 >= len(words)


def _are_units(text: str) -> bool:
    """Return whether most names in a cell are units'; a name with a verb in front of a weak ending (建设示范区) is none."""
    if len(text) > LONGEST_UNITS:
        return False
    names = [SIDE.sub("", unit.name) for unit in units_in(text)]
    named = sum(_is_unit(name) for name in names)
    said = sum(len(name) for name in names)
    return bool(names) and named * 3 >= len(names) * 2 and said * 2 >= len(squeeze(text))


def _is_unit(name: str) -> bool:
    if STRONG_NAME.fullmatch(name):
        return True
    return WEAK_NAME.fullmatch(name) is not None and NO_SUBJECT.match(name) is None
