"""What changed for a unit between two of its assignment sheets, task by task and part by part, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from reports.assignment import Change, ChangeKind
from reports.words import NOTHING
from rules.texts import _

Told = Mapping[int, Mapping[str, Any]]


def changes_between(before: Told, after: Told) -> tuple[Change, ...]:
    """Return what the later sheet says differently, in the order of the tasks. `before` and `after` are what `told_of` reads out of sheets."""
    return tuple(_changes(before, after))


def _changes(before: Told, after: Told) -> Iterator[Change]:
    for task in sorted({*before, *after}):
        if task not in after:
            yield Change(task, _title(before[task]), ChangeKind.DROPPED)
        elif task not in before:
            yield Change(task, _title(after[task]), ChangeKind.ADDED)
        elif before[task] != after[task]:
            yield Change(task, _title(after[task]), ChangeKind.CHANGED, _parts(before[task], after[task]))


def _title(told: Mapping[str, Any]) -> str:
    return _("{item}（{label}）").format(item=told["title"], label=told["label"])


def _parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    # Another role brings other parts with it; it says enough by itself.
    told = ["role"] if "role" in names else names
    return tuple((name, _words(name, before.get(name)), _words(name, after.get(name))) for name in told)


def _words(name: str, value: Any) -> str:
    if not value:
        return NOTHING
    if name == "role":
        return _("牵头") if value == "led" else _("配合")
    if name == "goals":
        return _("；").join(_("{measure} {wanted}").format(measure=measure, wanted=words) for measure, words in value)
    if name == "supports":
        return _("、").join(value)
    return str(value)
