"""What an amendment or a unit's end changed on a task, in words for its history."""

from collections.abc import Mapping, Sequence
from typing import Any

from rules.texts import _


def amended_words(said: Mapping[str, Any]) -> list[str]:
    """Return what the entry says holds now: due day, units with the lead first, targets."""
    words = []
    if "successor" in said:
        words.append(_("由 {unit} 接续").format(unit=said["successor"]))
    if "due_on" in said:
        words.append(_("期限改为 {day}").format(day=said["due_on"]))
    if said.get("units"):
        words.append(_("单位改为 {units}").format(units=_units(said["units"])))
    if "targets" in said:
        words.append(_("目标改为 {targets}").format(targets=_targets(said["targets"])))
    return words


def _units(roles: Mapping[str, str]) -> str:
    lead_first = sorted(roles, key=lambda name: roles[name] != "lead")
    return _("、").join(_("{unit}（牵头）").format(unit=name) if roles[name] == "lead" else name for name in lead_first)


def _targets(targets: Sequence[Mapping[str, Any]]) -> str:
    return _("、").join(str(target.get("text") or target.get("measure")) for target in targets) or _("无")
