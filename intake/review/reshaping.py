"""Items of a draft taken apart and put together: what each part keeps, and what becomes of units and figures that both have."""

from collections.abc import Sequence

from intake.draft import ItemDraft, TaskDraft, UnitDraft
from intake.phrases import split_outside, squeeze
from rules.errors import DubanError
from rules.texts import _

TITLE_LENGTH = 30
MOST_CUTS = 200
STOPS = "。；;！!\n"
RANKS = ("lead", "responsible", "support")


def new_id(items: Sequence[ItemDraft], start: str) -> str:
    """Return an id that no item has; a part keeps the beginning of its whole's (`p8_1` of `p8`)."""
    used = {item.id for item in items}
    return next(made for number in range(1, len(used) + 2) if (made := f"{start}{number}") not in used)


def split_item(items: Sequence[ItemDraft], item: ItemDraft, at: int) -> list[ItemDraft]:
    """Return the two items that one becomes, cut before character `at`. Figures go where their words stand; the second keeps the years, but not what was planned for each.

    Codes: nothing-to-split.
    """
    first, second = item.text[:at].strip(), item.text[at:].strip()
    if not first or not second:
        raise DubanError("nothing-to-split", _("从这里分开，有一边是空的；请选择正文中间的位置"))
    rest = {
        "id": new_id(items, f"{item.id.partition('_')[0]}_"),
        "number": None,
        "title": title_of(second),
        "text": second,
        "targets": tuple(target for target in item.targets if _stands_in(target.text, second)),
        "tasks": tuple(task.model_copy(update={"text": second, "targets": ()}) for task in item.tasks),
    }
    kept = tuple(target for target in item.targets if not _stands_in(target.text, second) or _stands_in(target.text, first))
    return [item.model_copy(update={"text": first, "targets": kept}), item.model_copy(update=rest)]


def _stands_in(words: str, text: str) -> bool:
    return squeeze(words) in squeeze(text)


def title_of(text: str) -> str:
    """Return the first words of a text as an item's title."""
    return next(iter(split_outside(text, "，。；：\n")), text)[:TITLE_LENGTH] or "—"


def cut_points(text: str) -> list[int]:
    """Return where a text may be split: behind every sentence but the last; of a very long text behind the first `MOST_CUTS`."""
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    return [at + 1 for at, sign in enumerate(text) if sign in STOPS and first <= at < last - 1][:MOST_CUTS]


def merged_items(above: ItemDraft, below: ItemDraft) -> ItemDraft:
    """Return one item for two: number, title and path of the first, the words, units, years and figures of both."""
    values = {
        "text": "\n".join(text for text in (above.text, below.text) if text),
        "units": _together(above.units, below.units),
        "targets": (*above.targets, *(target for target in below.targets if target not in above.targets)),
        "tasks": _tasks_together(above.tasks, below.tasks),
        "place": above.place or below.place,
        "starts_on": min((day for day in (above.starts_on, below.starts_on) if day), default=None),
        "due_on": max((day for day in (above.due_on, below.due_on) if day), default=None),
        "recurrence": above.recurrence or below.recurrence,
        "issue": above.issue or below.issue,
        "source": above.source.model_copy(update={"last_line": below.source.last_line or above.source.last_line}),
        "confidence": min(above.confidence, below.confidence),
    }
    return above.model_copy(update=values)


def _together(above: Sequence[UnitDraft], below: Sequence[UnitDraft]) -> tuple[UnitDraft, ...]:
    """Return the units of both; one that stands in both has its higher role."""
    found: dict[str, UnitDraft] = {}
    for unit in (*above, *below):
        known = found.get(unit.name)
        if known is None or RANKS.index(unit.role) < RANKS.index(known.role):
            found[unit.name] = unit
    return tuple(found.values())


def _tasks_together(above: Sequence[TaskDraft], below: Sequence[TaskDraft]) -> tuple[TaskDraft, ...]:
    found = {(task.label, task.starts_on, task.due_on): task for task in above}
    for task in below:
        key = (task.label, task.starts_on, task.due_on)
        if key in found:
            text = "\n".join(dict.fromkeys((found[key].text, task.text)))
            task = found[key].model_copy(update={"text": text, "targets": (*found[key].targets, *task.targets)})
        found[key] = task
    return tuple(found.values())


def with_unit_renamed(item: ItemDraft, name: str, to: str) -> ItemDraft:
    """Return the item with a unit under another name; one that stands there already takes it in, with the higher role."""
    if not any(unit.name == name for unit in item.units):
        return item
    units = tuple(unit.model_copy(update={"name": to}) if unit.name == name else unit for unit in item.units)
    return item.model_copy(update={"units": _together(units, ())})


def with_first_lead(item: ItemDraft) -> ItemDraft:
    """Return the item with its first unit leading where it is to be issued and nobody leads."""
    if not item.issue or not item.units or any(unit.role == "lead" for unit in item.units):
        return item
    first = item.units[0].model_copy(update={"role": "lead"})
    return item.model_copy(update={"units": (first, *item.units[1:])})
