"""Corrections of a draft, one at a time: what a person does to it in the browser, as a pure step from draft to draft.

Findings are not touched here; whoever corrects checks again. An item keeps its id whatever becomes of it, so that it is still known where it was read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from intake.draft import DraftPlan, ItemDraft, PlanDraft
from intake.review.reshaping import merged_items, new_id, split_item, with_first_lead, with_unit_renamed
from rules.errors import DubanError
from rules.texts import _

# What the tables behind a plan hold; longer words are a mistake of pasting.
LONGEST: Mapping[str, int] = {"title": 300, "number": 40, "place": 500, "doc_no": 60, "issuer": 200, "text": 50_000}
LONGEST_NAME = 120

Part = TypeVar("Part", PlanDraft, ItemDraft)


@dataclass(frozen=True)
class ChangePlan:
    """Set facts of the plan."""

    values: Mapping[str, object]


@dataclass(frozen=True)
class ChangeItem:
    """Set fields of an item; those not named stay."""

    item: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class AddItem:
    """Put a new item behind another, at the very front without one."""

    after: str | None
    values: Mapping[str, object]


@dataclass(frozen=True)
class DeleteItem:
    """Take an item out."""

    item: str


@dataclass(frozen=True)
class SplitItem:
    """Make two items of one: the text from character `at` on becomes a second item with the same units, days and place."""

    item: str
    at: int


@dataclass(frozen=True)
class MergeItem:
    """Put an item together with the one before it, whose title and number stay."""

    item: str


@dataclass(frozen=True)
class MoveItem:
    """Move an item up (negative) or down by so many places."""

    item: str
    by: int


@dataclass(frozen=True)
class RenameUnit:
    """Give a unit another name wherever it stands; what the document wrote is kept."""

    name: str
    to: str


@dataclass(frozen=True)
class FirstLeads:
    """Let the first unit lead in every item to be issued that has no lead."""


Correction = ChangePlan | ChangeItem | AddItem | DeleteItem | SplitItem | MergeItem | MoveItem | RenameUnit | FirstLeads


def corrected(draft: DraftPlan, correction: Correction) -> DraftPlan:
    """Return the draft with one correction made. Codes: unknown-item, item-without-title, text-too-long, nothing-to-split, nothing-above."""
    if isinstance(correction, ChangePlan):
        return draft.model_copy(update={"plan": _valid(PlanDraft, draft.plan.model_dump(), correction.values)})
    return draft.model_copy(update={"items": tuple(_items(draft, correction))})


def concerned(draft: DraftPlan, correction: Correction) -> frozenset[str]:
    """Return the ids of the items whose present state a correction rests on; the plan's own facts are the empty id."""
    match correction:
        case ChangePlan():
            return frozenset({""})
        case ChangeItem() | DeleteItem() | SplitItem():
            return frozenset({correction.item})
        case MergeItem():
            at = _place(draft.items, correction.item)
            return frozenset(item.id for item in draft.items[max(at - 1, 0) : at + 1])
    return frozenset()


def _items(draft: DraftPlan, correction: Correction) -> Sequence[ItemDraft]:
    items = list(draft.items)
    match correction:
        case ChangeItem():
            at = _place(items, correction.item)
            items[at] = _valid(ItemDraft, items[at].model_dump(), correction.values)
        case AddItem():
            at = 0 if correction.after is None else _place(items, correction.after) + 1
            items.insert(at, _added(items, correction, at))
        case DeleteItem():
            del items[_place(items, correction.item)]
        case SplitItem():
            at = _place(items, correction.item)
            items[at : at + 1] = split_item(items, items[at], correction.at)
        case MergeItem():
            at = _place(items, correction.item)
            if at == 0:
                raise DubanError("nothing-above", _("这是第一个事项，上面没有可以合并的事项"))
            items[at - 1 : at + 1] = [merged_items(items[at - 1], items[at])]
        case MoveItem():
            at = _place(items, correction.item)
            items.insert(max(at + correction.by, 0), items.pop(at))
        case RenameUnit():
            items = [with_unit_renamed(item, correction.name, correction.to) for item in items]
        case FirstLeads():
            items = [with_first_lead(item) for item in items]
    return items


def item_of(draft: DraftPlan, item_id: str) -> ItemDraft:
    """Return one item. Codes: unknown-item."""
    return draft.items[_place(draft.items, item_id)]


def _place(items: Sequence[ItemDraft], item_id: str) -> int:
    for at, item in enumerate(items):
        if item.id == item_id:
            return at
    raise DubanError("unknown-item", _("草案里没有这个事项，可能已被删去或合并；请刷新页面后再办"))


def _valid(kind: type[Part], before: dict[str, object], values: Mapping[str, object]) -> Part:
    for field, longest in LONGEST.items():
        value = values.get(field)
        if isinstance(value, str) and len(value) > longest:
            raise DubanError("text-too-long", _("填写的内容有 {count} 字，最多 {most} 字，请精简").format(count=len(value), most=longest))
    try:
        made = kind.model_validate({**before, **values})
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise DubanError("draft-not-valid", _("“{field}”填写的内容不合格式，请改正").format(field=where)) from error
    if isinstance(made, ItemDraft):
        _refuse_unusable(made)
    return made


def _refuse_unusable(item: ItemDraft) -> None:
    if not item.title.strip():
        raise DubanError("item-without-title", _("事项须有标题，请填写"))
    for unit in item.units:
        if len(unit.name) > LONGEST_NAME:
            raise DubanError(
                "text-too-long", _("填写的内容有 {count} 字，最多 {most} 字，请精简").format(count=len(unit.name), most=LONGEST_NAME)
            )


def _added(items: Sequence[ItemDraft], correction: AddItem, at: int) -> ItemDraft:
    path = items[at - 1].path if at else ()
    return _valid(ItemDraft, {"id": new_id(items, "n"), "path": path, "text": "", "title": ""}, correction.values)
