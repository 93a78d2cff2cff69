"""Checks of the responsible units: is a lead marked, is anybody named, is one organ written in two ways, which sets are still open."""

import re
from collections.abc import Iterator
from functools import lru_cache

from intake.checking.naming import issued, item_name
from intake.draft import DraftPlan, Finding, ItemDraft, UnitDraft
from rules.texts import _

# Common short forms and what they stand for; both sides are brought to the right-hand form before names are compared.
SHORT_FORMS: tuple[tuple[str, str], ...] = (
    ("人力资源和社会保障", "人力资源社会保障"),
    ("人力社保", "人力资源社会保障"),
    ("人社", "人力资源社会保障"),
    ("发展和改革委员会", "发展改革委"),
    ("发展改革委员会", "发展改革委"),
    ("发改委", "发展改革委"),
    ("发改局", "发展改革局"),
    ("科学技术协会", "科协"),
    ("科学技术", "科技"),
    ("工业和信息化委员会", "工信委"),
    ("工业和信息化", "工信"),
    ("经济和信息化", "经信"),
    ("住房和城乡建设", "住建"),
    ("住房城乡建设", "住建"),
    ("卫生健康委员会", "卫健委"),
    ("卫生健康", "卫健"),
    ("市场监督管理", "市监"),
    ("市场监管", "市监"),
    ("机构编制委员会办公室", "编办"),
    ("文化和旅游", "文旅"),
    ("文化旅游", "文旅"),
    ("交通运输", "交通"),
    ("国有资产监督管理委员会", "国资委"),
    ("广播电视局", "广电局"),
    ("人民政府", "政府"),
    ("县市区", "县（市、区）"),
    ("县（市）区", "县（市、区）"),
    ("委员会", "委"),
)


def leads_not_marked(draft: DraftPlan) -> Iterator[Finding]:
    """Units without a lead: one finding for the whole where the document marks none at all, else one for each item that lacks it."""
    lacking = [item for item in issued(draft) if item.units and not _leads(item)]
    if not lacking:
        return
    if not any(_leads(item) for item in draft.items):
        message = _("各责任单位均未标明牵头；拟以每项首列单位为牵头，请在审核工作簿“计划”页填“是”确认，或在“事项”页逐项改列")
        yield Finding(code="lead-not-marked", severity="error", message=message)
        return
    message = _("{item}未标明牵头单位；拟以首列的“{unit}”为牵头，请确认或改列")
    for item in lacking:
        text = message.format(item=item_name(item), unit=item.units[0].name)
        yield Finding(code="lead-not-marked", severity="error", message=text, item=item.id)


def several_leads(draft: DraftPlan) -> Iterator[Finding]:
    """Two or more leads: a task has exactly one."""
    message = _("{item}有{count}个牵头单位（{units}）；每项只能有一个，请留一个，其余改为配合")
    for item in issued(draft):
        leads = _leads(item)
        if len(leads) > 1:
            text = message.format(item=item_name(item), count=len(leads), units=_("、").join(unit.name for unit in leads))
            yield Finding(code="several-leads", severity="error", message=text, item=item.id)


def no_units(draft: DraftPlan) -> Iterator[Finding]:
    """Nobody named: an error where the item is to be issued, else a question; one finding for a table that names no unit at all."""
    rows = [item for item in draft.items if item.source.table is not None]
    has_empty_table = bool(rows) and not any(item.units for item in rows)
    if has_empty_table:
        message = _("表中没有责任单位（没有“责任单位”“牵头单位”一类的栏，或栏内为空）；请在审核工作簿中补上")
        yield Finding(code="no-responsible-unit", severity="warning", message=message)
    for item in draft.items:
        if item.units or (has_empty_table and item.source.table is not None and not item.issue):
            continue
        message = _("{item}没有责任单位；请补上，或确认它不单独交办")
        severity = "error" if item.issue else "warning"
        yield Finding(code="no-responsible-unit", severity=severity, message=message.format(item=item_name(item)), item=item.id)


def open_sets(draft: DraftPlan) -> Iterator[Finding]:
    """Sets whose members are named later; one finding lists them once."""
    names = sorted({unit.name for item in issued(draft) for unit in item.units if unit.open})
    if names:
        message = _("以下单位是一类而不是一个，交办后须逐一确定：{names}")
        yield Finding(code="open-unit-set", severity="info", message=message.format(names=_("；").join(names)))


def unit_wordings(draft: DraftPlan) -> Iterator[Finding]:
    """One organ under two names, and separators that strayed into a name."""
    places: dict[str, dict[str, list[ItemDraft]]] = {}
    for item in draft.items:
        for unit in item.units:
            places.setdefault(same_organ(unit.name), {}).setdefault(unit.name, []).append(item)
            if _has_stray_separator(unit):
                message = _("{item}的责任单位“{written}”多了一个顿号，按“{name}”读；请核对")
                text = message.format(item=item_name(item), written=unit.as_written, name=unit.name)
                yield Finding(code="unit-name-wording", severity="warning", message=text, item=item.id)
    for names in places.values():
        if len(names) > 1:
            rarest = min(names.values(), key=len)
            message = _("{names}似为同一单位；请统一名称")
            text = message.format(names=_("、").join(f"“{name}”" for name in sorted(names)))
            yield Finding(code="unit-name-wording", severity="warning", message=text, item=rarest[0].id if len(rarest) == 1 else None)


@lru_cache(maxsize=4096)
def same_organ(name: str) -> str:
    """Return a name with its short forms brought to one form, for comparing only."""
    for written, form in SHORT_FORMS:
        name = name.replace(written, form)
    return name


def _leads(item: ItemDraft) -> list[UnitDraft]:
    return [unit for unit in item.units if unit.role == "lead"]


def _has_stray_separator(unit: UnitDraft) -> bool:
    return unit.as_written.count("、") > unit.name.count("、") and re.sub("、", "", unit.as_written) == re.sub("、", "", unit.name)
