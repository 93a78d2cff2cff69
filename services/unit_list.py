"""A list of units as people hand it in, read and held against the register: every mistake by its row, before anything is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from models.unit import Unit, UnitLevel
from rules.texts import _
from services.row_files import FileRow, read_rows
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


@dataclass
class ListedUnit:
    """One unit as the list has it, perhaps over several rows."""

    row: int
    name: str
    aliases: list[str] = field(default_factory=list)
    parent: str = ""
    level: UnitLevel = UnitLevel.UNKNOWN
    region: str | None = None
    contacts: dict[str, str] = field(default_factory=dict)


def read_list(path: Path) -> tuple[dict[str, ListedUnit], list[tuple[int, str]]]:
    """Return the units of a list by name, several rows of one unit as one, and what each row alone shows to be wrong."""
    rows = read_rows(path, COLUMNS)
    return _listed(rows), [mistake for row in rows for mistake in _row_mistakes(row)]


def _row_mistakes(row: FileRow) -> Iterator[tuple[int, str]]:
    if not row["名称"]:
        yield row.number, _("没有单位名称")
    for name in (row["名称"], *_split(row["别名"])):
        if len(name) > LONGEST_NAME:
            yield row.number, _("名称超过 {most} 字").format(most=LONGEST_NAME)
    if row["层级"] not in LEVELS:
        yield row.number, _("不认识层级“{level}”，请写“国家”“省”“市”“县”或“乡”").format(level=row["层级"])
    if row["邮箱"] and not is_address(row["邮箱"]):
        yield row.number, _("“{address}”不是电子邮件地址").format(address=row["邮箱"])
    if row["联系人"] and not row["邮箱"]:
        yield row.number, _("联系人“{name}”没有邮箱").format(name=row["联系人"])


def _listed(rows: Sequence[FileRow]) -> dict[str, ListedUnit]:
    found: dict[str, ListedUnit] = {}
    for row in rows:
        unit = found.setdefault(row["名称"], ListedUnit(row.number, row["名称"]))
        unit.aliases += [name for name in _split(row["别名"]) if name not in (*unit.aliases, unit.name)]
        unit.parent = unit.parent or row["上级单位"]
        unit.level = LEVELS.get(row["层级"], UnitLevel.UNKNOWN) if unit.level is UnitLevel.UNKNOWN else unit.level
        unit.region = unit.region or row["地区"][:60] or None
        if row["邮箱"]:
            unit.contacts[row["邮箱"]] = (row["联系人"] or unit.name)[:60]
    return found


def _split(cell: str) -> list[str]:
    for separator in "，,；;|/\n":
        cell = cell.replace(separator, "、")
    return [name.strip() for name in cell.split("、") if name.strip()]


def list_mistakes(listed: Mapping[str, ListedUnit], known: Mapping[str, int], registered: Mapping[int, Unit]) -> Iterator[tuple[int, str]]:
    """Name what does not fit the register or itself: names of another unit, unknown superiors, units under themselves."""
    owners: dict[str, str] = {name: name for name in listed}
    for unit in listed.values():
        for alias in unit.aliases:
            owner = owners.setdefault(alias, unit.name)
            if owner != unit.name:
                yield unit.row, _("“{alias}”已经指“{owner}”，不能再指“{unit}”").format(alias=alias, owner=owner, unit=unit.name)
            elif alias in known and known[alias] != known.get(unit.name):
                owner = registered[known[alias]].name
                yield unit.row, _("“{alias}”已经指“{owner}”，不能再指“{unit}”").format(alias=alias, owner=owner, unit=unit.name)
        if unit.parent and unit.parent not in owners and unit.parent not in known:
            yield unit.row, _("没有上级单位“{parent}”，请先列出或登记").format(parent=unit.parent)
    yield from _circles(listed, owners, known, registered)


def _circles(
    listed: Mapping[str, ListedUnit], owners: Mapping[str, str], known: Mapping[str, int], registered: Mapping[int, Unit]
) -> Iterator[tuple[int, str]]:
    """Name the units that would stand under themselves, each circle once."""
    above: dict[str, str] = {unit.name: registered[unit.parent_id].name for unit in registered.values() if unit.parent_id}
    for unit in listed.values():
        if unit.parent:
            own = registered[known[unit.name]].name if unit.name in known else unit.name
            parent = owners.get(unit.parent, unit.parent)
            above[own] = registered[known[parent]].name if parent in known else parent
    whole: set[str] = set()
    for name in above:
        way: list[str] = []
        at: str | None = name
        while at and at not in whole and at not in way:
            way.append(at)
            at = above.get(at)
        if at in way:
            row = next((unit.row for unit in listed.values() if unit.name in way[way.index(at) :]), 1)
            yield row, _("上下级成了一圈：{way}").format(way=" → ".join([*way[way.index(at) :], at]))
        whole |= set(way)
