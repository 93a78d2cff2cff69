"""What an entry changed, from what to what, in words: due days, units, targets, the lead, quotas, milestones and the planned curve.

Before and after are taken from the rows the entry wrote where it has them: they are what really changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.target_words import figure
from rules.texts import _
from rules.words import day_words

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """What entries name by number: targets by measure and unit of measure, units, indicators and lists of the eligible by their names."""

    targets: Mapping[int, tuple[str, str | None]] = field(default_factory=dict)
    units: Mapping[int, str] = field(default_factory=dict)
    indicators: Mapping[int, str] = field(default_factory=dict)
    lists: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """One entry as it was written."""

    act: str
    before: Said = field(default_factory=dict)
    after: Said = field(default_factory=dict)
    changes: Sequence[Said] = ()


def change_sentences(told: Told, names: Names) -> Iterator[str]:
    """Give what the entry changed, each change a sentence."""
    yield from _lead(told)
    yield from _days(told)
    yield from _words(told)
    yield from _units(told, names)
    yield from _targets(told, names)
    yield from _shares(told)
    yield from _quota(told, names)
    yield from _links(told, names)
    if told.act == "plan-curve":
        yield from _curve(told)


def _lead(told: Told) -> Iterator[str]:
    if "old_lead" in told.after:
        yield _("由{old}改为{new}牵头").format(old=told.after["old_lead"], new=told.after["lead"])
        if told.after.get("kept_as_support"):
            yield _("{unit}改为配合单位").format(unit=told.after["old_lead"])
    if told.after.get("successor"):
        units = _("、").join(unit for unit in told.before.get("units") or {} if unit != told.after["successor"])
        text = _("{units}的责任由{unit}接续") if units else _("由{unit}接续")
        yield text.format(units=units, unit=told.after["successor"])


def _days(told: Told) -> Iterator[str]:
    was, now = _row_change(told, "task")
    for name, text, plain in (
        ("starts_on", _("开始日期由{old}改为{new}"), _("开始日期改为{new}")),
        ("due_on", _("期限由{old}改为{new}"), _("期限改为{new}")),
    ):
        old, new = was.get(name) or told.before.get(name), now.get(name) or told.after.get(name)
        if old and new and old != new:
            yield text.format(old=_day(old), new=_day(new))
        elif new and told.act in ("move-due-day", "amend-task"):
            yield plain.format(new=_day(new))


def _words(told: Told) -> Iterator[str]:
    for name, text in (
        ("label", _("时段由“{old}”改为“{new}”")),
        ("text", _("内容由“{old}”改为“{new}”")),
        ("criterion", _("完成标准由“{old}”改为“{new}”")),
    ):
        if name in told.before and name in told.after and told.before[name] != told.after[name]:
            yield text.format(old=told.before[name] or _("无"), new=told.after[name] or _("无"))


def _units(told: Told, names: Names) -> Iterator[str]:
    if not told.after.get("units"):
        return
    new = units_words(told.after["units"], names)
    if told.before.get("units"):
        yield _("单位由{old}改为{new}").format(old=units_words(told.before["units"], names), new=new)
    else:
        yield _("责任单位：{units}").format(units=new)


def units_words(roles: Mapping[str, str], names: Names) -> str:
    """Return units with the lead first; entries name them by number or by name."""
    ordered = sorted(roles, key=lambda unit: roles[unit] != "lead")
    named = [(names.units.get(int(unit), unit) if unit.isdecimal() else unit, roles[unit] == "lead") for unit in ordered]
    return _("、").join(_("{unit}（牵头）").format(unit=unit) if leads else unit for unit, leads in named)


def _targets(told: Told, names: Names) -> Iterator[str]:
    if told.after.get("targets") is not None:
        new = target_texts(told.after["targets"])
        if told.before.get("targets") is not None:
            yield _("目标由“{old}”改为“{new}”").format(old=target_texts(told.before["targets"]), new=new)
        elif told.after["targets"]:
            yield _("目标：{targets}").format(targets=new)
        return
    for change in told.changes:
        if change["table"] == "target" and change["before"] and change["after"] and {"value", "low", "high"} & change["after"].keys():
            measure, unit = names.targets.get(change["id"], (_("目标"), None))
            old, new = (_figures(change[side], unit) for side in ("before", "after"))
            yield _("{measure}由{old}改为{new}").format(measure=measure, old=old, new=new)


def target_texts(targets: Sequence[Said]) -> str:
    """Return targets as the document says them."""
    return _("；").join(str(target.get("text") or target.get("measure")) for target in targets) or _("无")


def _figures(values: Said, unit: str | None) -> str:
    found = [values[name] for name in ("value", "low", "high") if values.get(name) is not None]
    return "—".join(figure(value, unit) for value in found) or _("无")


def _shares(told: Told) -> Iterator[str]:
    """Give what was handed down: on the upper task every unit's share, on a lower one its own."""
    shares = told.after.get("children") or ({"": told.after} if "figures" in told.after else {})
    for share in shares.values():
        figures = _("，").join(f"{measure} {amount}" for measure, amount in share["figures"].items())
        said = {"unit": share["unit"], "due_on": _day(share["due_on"]), "figures": figures}
        yield (_("{unit}：{figures}，{due_on}前") if figures else _("{unit}：{due_on}前")).format(**said)
    if told.after.get("parent"):
        yield _("由任务{parent}分解").format(parent=told.after["parent"])


def _quota(told: Told, names: Names) -> Iterator[str]:
    said = told.after
    if said.get("eligible_list_ids"):
        lists = _("、").join(names.lists.get(one, str(one)) for one in said["eligible_list_ids"])
        yield _("从{lists}中选").format(lists=lists)
    if said.get("least_per_region"):
        yield _("每个地区至少{count}个").format(count=said["least_per_region"])
    if said.get("least_coverage"):
        whole = names.lists.get(said.get("whole_list_id") or 0, "")
        yield _("{whole}覆盖率不低于{percent}").format(whole=whole, percent=figure(said["least_coverage"], "%"))


def _links(told: Told, names: Names) -> Iterator[str]:
    if told.act != "link-indicator":
        return
    for name, text, ended in (
        ("observed_by", _("以指标“{indicator}”的数值为准"), _("不再以指标“{indicator}”为准")),
        ("against", _("与指标“{indicator}”比较"), _("不再与指标“{indicator}”比较")),
    ):
        was = told.before.get(name)
        if told.after.get(name):
            yield text.format(indicator=told.after[name])
        elif was:
            yield ended.format(indicator=names.indicators.get(was, was))


def _curve(told: Told) -> Iterator[str]:
    points = _("，").join(f"{_day(on)} {figure(percent, '%')}" for on, percent in sorted(told.after.items()) if on[:4].isdecimal())
    yield _("计划进度：{points}").format(points=points) if points else _("计划进度恢复为均匀推进")


def _row_change(told: Told, table: str) -> tuple[Said, Said]:
    found = next((one for one in told.changes if one["table"] == table and one["before"] and one["after"]), None)
    return (found["before"], found["after"]) if found else ({}, {})


def _day(written: str) -> str:
    return day_words(date.fromisoformat(written))
