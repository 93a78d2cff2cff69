"""The draft's page: its items, every word of them chosen, with their findings beside them, and joined to the document on the left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from intake.draft import DraftPlan, ItemDraft, TaskDraft
from intake.review.differences import field_name, target_words
from intake.review.register import Register
from models.draft_document import DraftDocument
from rules.texts import _
from rules.words import day_words
from services.draft_documents import draft_in_words
from web.draft_blocks import BlockView, DocumentPane
from web.draft_findings import FindingView, Standing, findings_of, standing_of
from web.draft_words import every_choices, place_label, role_word

UNSURE = 0.8


@dataclass(frozen=True)
class UnitView:
    """A unit of an item. `written` is the document's wording where it is another; `is_new` where the register has no such name."""

    name: str
    role: str
    written: str | None
    is_new: bool
    is_lead: bool


@dataclass(frozen=True)
class TaskView:
    """One year or phase of an item."""

    label: str
    days: str
    text: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class ItemCard:
    """An item as it stands: everything chosen and worded. `source` is the anchor of the place it was read at."""

    id: str
    number: str
    title: str
    text: str
    path: str
    place: str
    days: str
    round: str
    units: tuple[UnitView, ...]
    targets: tuple[str, ...]
    tasks: tuple[TaskView, ...]
    source: str | None
    source_label: str
    is_unsure: bool
    is_issued: bool
    findings: tuple[FindingView, ...]


@dataclass(frozen=True)
class DraftPage:
    """A draft beside its document. `blocks` are empty where only the right pane is asked for; `joined` are the items read at each anchor."""

    id: int
    name: str
    title: str
    facts: tuple[tuple[str, str], ...]
    standing: Standing
    general: tuple[FindingView, ...]
    can_confirm_leads: bool
    items: tuple[ItemCard, ...]
    blocks: tuple[BlockView, ...]
    joined: Mapping[str, tuple[tuple[str, str], ...]]
    is_cut: bool


def draft_page(row: DraftDocument, pane: DocumentPane, register: Register) -> DraftPage:
    """Return the whole page."""
    draft = draft_in_words(row, register)
    cards = item_cards(row, draft, pane, register)
    general = tuple(finding for finding in findings_of(row, draft) if finding.item is None)
    joined: dict[str, list[tuple[str, str]]] = {}
    for card in cards:
        if card.source:
            joined.setdefault(card.source, []).append((card.id, card.number or card.title[:6]))
    assert row.id is not None
    return DraftPage(
        id=row.id,
        name=row.name,
        title=draft.plan.title or row.name,
        facts=_facts(draft),
        standing=standing_of(row, draft),
        general=general,
        can_confirm_leads=any(finding.code == "lead-not-marked" for finding in draft.findings),
        items=cards,
        blocks=pane.blocks,
        joined={anchor: tuple(links) for anchor, links in joined.items()},
        is_cut=pane.is_cut,
    )


def item_cards(
    row: DraftDocument, draft: DraftPlan, pane: DocumentPane, register: Register, only: frozenset[str] | None = None
) -> tuple[ItemCard, ...]:
    """Return the cards of the draft's items, or of those in `only`."""
    known: dict[str, bool] = {}
    about: dict[str, list[FindingView]] = {}
    for finding in findings_of(row, draft):
        if finding.item is not None:
            about.setdefault(finding.item, []).append(finding)
    return tuple(
        _card(item, pane, _units(item, register, known), tuple(about.get(item.id, ())))
        for item in draft.items
        if only is None or item.id in only
    )


def _facts(draft: DraftPlan) -> tuple[tuple[str, str], ...]:
    names = ("doc_no", "issuer", "signed_on", "issued_on", "starts_on", "ends_on")
    values = [(field_name(name), getattr(draft.plan, name)) for name in names]
    if not draft.plan.title:
        # A title is the page's heading; without one the file's name stands there, which is none.
        values.insert(0, (_("计划名称"), None))
    return tuple((name, day_words(value) if isinstance(value, date) else value or "—") for name, value in values)


def _card(item: ItemDraft, pane: DocumentPane, units: tuple[UnitView, ...], findings: tuple[FindingView, ...]) -> ItemCard:
    source = pane.anchor_of(item.id)
    return ItemCard(
        id=item.id,
        number=item.number or "",
        title=item.title,
        text=item.text if item.text != item.title else "",
        path=" › ".join(item.path),
        place=item.place or "",
        days=_days(item.starts_on, item.due_on),
        round=_round(item),
        units=units,
        targets=tuple(target_words(target) for target in item.targets),
        tasks=tuple(_task(task) for task in item.tasks),
        source=source,
        source_label=place_label(item.source, is_found=source is not None),
        is_unsure=item.confidence < UNSURE,
        is_issued=item.issue,
        findings=findings,
    )


def _task(task: TaskDraft) -> TaskView:
    return TaskView(task.label, _days(task.starts_on, task.due_on), task.text, tuple(target_words(target) for target in task.targets))


def _days(starts_on: date | None, due_on: date | None) -> str:
    if starts_on and due_on:
        return _("{start}至{end}").format(start=day_words(starts_on), end=day_words(due_on))
    if due_on:
        return _("{day}前").format(day=day_words(due_on))
    return _("{day}起").format(day=day_words(starts_on)) if starts_on else ""


def _round(item: ItemDraft) -> str:
    if item.recurrence is None:
        return ""
    every = dict(every_choices())[item.recurrence.every]
    times = item.recurrence.at_least
    return every if times is None else _("{every}至少 {times} 次").format(every=every, times=f"{times:.12g}")


def _units(item: ItemDraft, register: Register, known: dict[str, bool]) -> tuple[UnitView, ...]:
    found: list[UnitView] = []
    for unit in item.units:
        if unit.name not in known:
            known[unit.name] = unit.open or bool(register.fitting(unit.name))
        written = _("文件写作：{name}").format(name=unit.as_written) if unit.as_written != unit.name else None
        found.append(UnitView(unit.name, role_word(unit.role), written, not known[unit.name] and bool(register.units), unit.role == "lead"))
    return tuple(found)
