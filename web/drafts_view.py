"""The smaller pages of drafts: the list with its upload, the plan's facts, the reason a finding is let pass, the places an item may be split at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from intake.draft import DraftPlan, ItemDraft
from intake.review.correcting import item_of
from intake.review.reshaping import cut_points
from models.draft_document import DraftDocument
from rules.errors import DubanError
from rules.texts import _
from services.draft_documents import DraftRow, waiver_of
from web.draft_findings import Standing
from web.draft_view import ItemCard
from web.draft_words import advice, finding_text


@dataclass(frozen=True)
class DraftList:
    """The plans in the making, a page of them; `formats` says what files are read, `more` is the address of the next page."""

    rows: tuple[DraftRow, ...]
    formats: str
    more: str = ""


@dataclass(frozen=True)
class PlanForm:
    """The plan's own facts to be corrected."""

    id: int
    name: str
    revision: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class WaiverForm:
    """A finding and the reason it is let pass."""

    id: int
    code: str
    item: str
    about: str
    text: str
    advice: str
    reason: str
    also: str

    @classmethod
    def of(cls, row: DraftDocument, draft: DraftPlan, code: str, item: str) -> Self:
        """Return the form about one finding. Codes: unknown-finding."""
        assert row.id is not None
        finding = next((one for one in draft.findings if one.code == code and one.item == (item or None)), None)
        if finding is None:
            raise DubanError("unknown-finding", _("这一处检查意见已经不在了，可能已经改好；请刷新页面查看"))
        about = ""
        if item:
            found = item_of(draft, item)
            about = f"{found.number or ''} {found.title}".strip()
        waiver = waiver_of(row.waivers, code, item or None)
        twins = sum(one.code == code and one.item == (item or None) for one in draft.findings)
        also = _("这里同类的 {count} 处意见一并放行。").format(count=twins) if twins > 1 else ""
        return cls(row.id, code, item, about, finding_text(finding), advice(code), waiver["reason"] if waiver else "", also)


@dataclass(frozen=True)
class UnitForm:
    """A name that the register has not, to be changed to a registered one in all items."""

    id: int
    revision: int
    name: str
    told: str
    proposal: str
    unit_names: tuple[str, ...]


@dataclass(frozen=True)
class SplitForm:
    """An item's text in pieces: behind each stands where it would be cut."""

    id: int
    item: str
    name: str
    revision: int
    pieces: tuple[tuple[str, int | None], ...]
    is_fragment: bool

    @classmethod
    def of(cls, draft_id: int, revision: int, item: ItemDraft, *, is_fragment: bool) -> Self:
        """Return the form of one item."""
        cuts = cut_points(item.text)
        starts = [0, *cuts]
        pieces = tuple((item.text[start:end].strip(), cut) for start, end, cut in zip(starts, [*cuts, None], [*cuts, None], strict=True))
        return cls(draft_id, item.id, f"{item.number or ''} {item.title}".strip(), revision, pieces, is_fragment)


@dataclass(frozen=True)
class ChangedItems:
    """The items to be swapped after a correction: `item` stands in the place that was asked for, the others are put where they belong."""

    id: int
    standing: Standing
    item: str
    cards: tuple[ItemCard, ...]

    @property
    def first(self) -> ItemCard:
        """Return the item that was asked for."""
        return next(card for card in self.cards if card.id == self.item)

    @property
    def others(self) -> tuple[ItemCard, ...]:
        """Return the others."""
        return tuple(card for card in self.cards if card.id != self.item)
