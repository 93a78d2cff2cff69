"""A list of units as people hand it in, read and held against the register: every mistake by its row, before anything is written."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.unit import Unit, UnitLevel
from rules.texts import _
from services.row_files import FileRow, RowMistake, read_with_formulas
from services.units import is_address

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "名称": ("单位名称", "单位", "单位全称", "全称"),
    "别名": ("简称", "简称/别名", "简称、别名", "其他名称"),
    "上级单位": ("上级", "主管单位"),
    "层级": ("级别", "行政层级"),
    "地区": ("所在地区", "地市", "所属地区"),
    "联系人": ("联络员", "姓名"),
    "邮箱": ("电子邮箱", "邮件", "电子邮件", "E-mail", "Email"),
}
LEVELS = {
    "国家": UnitLevel.STATE,
    "中央": UnitLevel.STATE,
    "部委": UnitLevel.STATE,
    "国家级": UnitLevel.STATE,
    "省": UnitLevel.PROVINCE,
    "省级": UnitLevel.PROVINCE,
    "自治区": UnitLevel.PROVINCE,
    "直辖市": UnitLevel.PROVINCE,
    "市": UnitLevel.PREFECTURE,
    "市级": UnitLevel.PREFECTURE,
    "地市": UnitLevel.PREFECTURE,
    "州": UnitLevel.PREFECTURE,
    "县": UnitLevel.COUNTY,
    "县级": UnitLevel.COUNTY,
    "区": UnitLevel.COUNTY,
    "县区": UnitLevel.COUNTY,
    "区县": UnitLevel.COUNTY,
    "乡": UnitLevel.TOWNSHIP,
    "镇": UnitLevel.TOWNSHIP,
    "乡镇": UnitLevel.TOWNSHIP,
    "乡级": UnitLevel.TOWNSHIP,
    "街道": UnitLevel.TOWNSHIP,
    "": UnitLevel.UNKNOWN,
}
LONGEST_NAME = 120
_BETWEEN = re.compile(r"[、，,；;|/\n]")


@dataclass(slots=True)
class ListedUnit:
    """One unit as the list has it, perhaps over several rows."""

    row: int
    name: str
    aliases: list[str] = field(default_factory=list)
    parent: str = ""
    level: UnitLevel = UnitLevel.UNKNOWN
    region: str | None = None
    contacts: dict[str, str] = field(default_factory=dict)


def read_list(path: Path) -> tuple[dict[str, ListedUnit], list[RowMistake]]:
    """Return the units of a list by name, several rows of one unit as one, and what each row alone shows to be wrong."""
    rows, mistakes = read_with_formulas(path, COLUMNS)
    listed: dict[str, ListedUnit] = {}
    for row in rows:
        aliases = _split(row["别名"])
        mistakes += _row_mistakes(row, aliases)
        name = row["名称"]
        unit = listed.get(name)
        if unit is None:
            unit = listed[name] = ListedUnit(row.number, name)
        _enlist(unit, row, aliases)
    return listed, mistakes


def _row_mistakes(row: FileRow, aliases: Sequence[str]) -> Iterator[RowMistake]:
    name, level, address, person = row["名称"], row["层级"], row["邮箱"], row["联系人"]
    if not name:
        yield RowMistake(row.number, _("没有单位名称"), "名称")
    for spelt in (name, *aliases):
        if len(spelt) > LONGEST_NAME:
            column = "名称" if spelt is name else "别名"
            yield RowMistake(row.number, _("名称超过 {most} 字").format(most=LONGEST_NAME), column, spelt)
    if level not in LEVELS:
        why = _("不认识层级“{level}”，请写“国家”“省”“市”“县”或“乡”").format(level=level)
        yield RowMistake(row.number, why, "层级", level)
    if address and not is_address(address):
        yield RowMistake(row.number, _("“{address}”不是电子邮件地址").format(address=address), "邮箱", address)
    if person and not address:
        yield RowMistake(row.number, _("联系人“{name}”没有邮箱").format(name=person), "邮箱")


def _enlist(unit: ListedUnit, row: FileRow, aliases: Iterable[str]) -> None:
    for alias in aliases:
        if alias not in unit.aliases and alias != unit.name:
            unit.aliases.append(alias)
    unit.parent = unit.parent or row["上级单位"]
    if unit.level is UnitLevel.UNKNOWN:
        unit.level = LEVELS.get(row["层级"], UnitLevel.UNKNOWN)
    unit.region = unit.region or row["地区"][:60] or None
    address = row["邮箱"]
    if address:
        unit.contacts[address] = (row["联系人"] or unit.name)[:60]


def _split(cell: str) -> list[str]:
    if _BETWEEN.search(cell) is None:
        return [cell] if cell else []
    return [name for part in _BETWEEN.split(cell) if (name := part.strip())]


def list_mistakes(listed: Mapping[str, ListedUnit], known: Mapping[str, int], registered: Mapping[int, Unit]) -> Iterator[RowMistake]:
    """Name what does not fit the register or itself: names of another unit, unknown superiors, units under themselves."""
    owners: dict[str, str] = {name: name for name in listed}
    for unit in listed.values():
        for alias in unit.aliases:
            owner = owners.setdefault(alias, unit.name)
            if owner == unit.name and alias in known and known[alias] != known.get(unit.name):
                owner = registered[known[alias]].name
            if owner != unit.name:
                why = _("“{alias}”已经指“{owner}”，不能再指“{unit}”").format(alias=alias, owner=owner, unit=unit.name)
                yield RowMistake(unit.row, why, "别名", alias)
        if unit.parent and unit.parent not in owners and unit.parent not in known:
            why = _("没有上级单位“{parent}”，请先列出或登记").format(parent=unit.parent)
            yield RowMistake(unit.row, why, "上级单位", unit.parent)
    yield from _circles(listed, owners, known, registered)


def _circles(
    listed: Mapping[str, ListedUnit], owners: Mapping[str, str], known: Mapping[str, int], registered: Mapping[int, Unit]
) -> Iterator[RowMistake]:
    """Name the units that would stand under themselves, each circle once."""
    above: dict[str, str] = {unit.name: registered[unit.parent_id].name for unit in registered.values() if unit.parent_id}
    for unit in listed.values():
        if unit.parent:
            own = registered[known[unit.name]].name if unit.name in known else unit.name
            parent = owners.get(unit.parent, unit.parent)
            above[own] = registered[known[parent]].name if parent in known else parent
    whole: set[str] = set()
    for name in above:
        way: dict[str, None] = {}
        at: str | None = name
        while at and at not in whole and at not in way:
            way[at] = None
            at = above.get(at)
        if at in way:
            circle = [*way][[*way].index(at) :]
            row = min((listed[one].row for one in circle if one in listed), default=1)
            yield RowMistake(row, _("上下级成了一圈：{way}").format(way=" → ".join([*circle, at])), "上级单位", above[circle[0]])
        whole.update(way)
