"""A second reading: what people had confirmed in the first review goes on where the document did not change.

The one thing to know: three drafts are compared. What differs between the first reading and its review was done by people; what differs between the first
reading and the new one was done by the document. Only the former is carried on, and only for items whose own words stayed as they were.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from intake.draft import DraftPlan, ItemDraft, PlanDraft
from intake.review.differences import ITEM_FIELDS, Difference, differences
from intake.review.pairing import own_words, paired


@dataclass(frozen=True)
class Earlier:
    """An earlier draft as people left it, and as the document was first read where that is known (review workbooks know it)."""

    reviewed: DraftPlan
    first: DraftPlan | None = None

    @property
    def as_read(self) -> DraftPlan:
        """What a new reading is compared with."""
        return self.first or self.reviewed


@dataclass(frozen=True)
class CarriedOn:
    """The new draft with what was carried on, what that changed, and the titles of items where something people had decided could not
    be: the document changed there, and a person must look again.
    """

    draft: DraftPlan
    carried: tuple[Difference, ...]
    to_review_again: tuple[str, ...]


def carried_on(earlier: Earlier, new: DraftPlan) -> CarriedOn:
    """Return the new reading with the earlier review in it.

    Without a first reading (a JSON draft) only whether an item is issued and who leads is carried on: nothing else tells people from the document. Items
    people added are put at the end; those they deleted stay and are not issued.
    """
    reviewed = {item.id: item for item in earlier.reviewed.items}
    items: list[ItemDraft] = []
    again: list[str] = []
    for first, item in paired(earlier.as_read.items, new.items):
        if first and item:
            known = _Known(first if earlier.first else None, reviewed.get(first.id))
            carried = _with_review(known, item) if own_words(first) == own_words(item) else item
            items.append(carried)
            again += [item.title] if _is_lost(known, carried) else []
        elif item:
            items.append(item)
    items += _added_by_people(earlier, {item.id for item in items})
    draft = new.model_copy(update={"plan": _plan(earlier, new.plan), "items": tuple(items)})
    return CarriedOn(draft, differences(new, draft), tuple(again))


@dataclass(frozen=True)
class _Known:
    """What is known of an item: as first read, None where no workbook kept it, and as people left it, None where they deleted it."""

    first: ItemDraft | None
    reviewed: ItemDraft | None


def _with_review(known: _Known, new: ItemDraft) -> ItemDraft:
    if known.reviewed is None:
        return new.model_copy(update={"issue": False})
    if known.first is not None:
        return new.model_copy(update=_corrections(known.first, known.reviewed, new, ITEM_FIELDS))
    has_same_units = sorted(unit.name for unit in known.reviewed.units) == sorted(unit.name for unit in new.units)
    return new.model_copy(update={"issue": known.reviewed.issue, **({"units": known.reviewed.units} if has_same_units else {})})


def _is_lost(known: _Known, carried: ItemDraft) -> bool:
    """Tell whether something people decided about an item is not in what was carried on."""
    first, reviewed = known.first, known.reviewed
    if reviewed is None:
        return carried.issue
    if first is None:
        return reviewed.issue != carried.issue or _leads(reviewed) != _leads(carried)
    decided = [field for field in ITEM_FIELDS if not _same(getattr(first, field), getattr(reviewed, field))]
    return any(not _same(getattr(reviewed, field), getattr(carried, field)) for field in decided)


def _leads(item: ItemDraft) -> set[str]:
    return {unit.name for unit in item.units if unit.role == "lead"}


def _plan(earlier: Earlier, new: PlanDraft) -> PlanDraft:
    if earlier.first is None:
        return new
    return new.model_copy(update=_corrections(earlier.first.plan, earlier.reviewed.plan, new, tuple(PlanDraft.model_fields)))


def _corrections(first: Any, reviewed: Any, new: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    """Return the fields that people changed and the document did not."""
    return {
        field: getattr(reviewed, field)
        for field in fields
        if _same(getattr(first, field), getattr(new, field)) and not _same(getattr(first, field), getattr(reviewed, field))
    }


def _same(one: object, other: object) -> bool:
    """Tell whether two values are the same but for what a cell does not keep: spaces at the ends, empty against missing."""
    return _settled(one) == _settled(other)


def _settled(value: object) -> object:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, tuple):
        return [_settled(part) for part in value]
    if isinstance(value, BaseModel):
        return {name: _settled(getattr(value, name)) for name in type(value).model_fields}
    return value


def _added_by_people(earlier: Earlier, used: set[str]) -> list[ItemDraft]:
    if earlier.first is None:
        return []
    known = {item.id for item in earlier.first.items}
    added: list[ItemDraft] = []
    for item in earlier.reviewed.items:
        if item.id not in known:
            item_id = item.id if item.id not in used else next(f"n{n}" for n in range(1, len(used) + 2) if f"n{n}" not in used)
            used.add(item_id)
            added.append(item.model_copy(update={"id": item_id}))
    return added
