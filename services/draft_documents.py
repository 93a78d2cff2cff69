"""Plans in the making: a document is received, listed, opened and given up. Nothing of it is a fact of a plan until it is issued, so nothing here is in the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from intake.checks import check_draft
from intake.draft import DraftPlan, draft_as_json, draft_from_json
from intake.reading import read_file
from intake.review.register import Register, unit_findings
from intake.safety import SafeFile, load
from intake.severity import gravest_first
from models.account import Account
from models.draft_document import DraftDocument, DraftDocumentState
from rules.errors import DubanError
from rules.rights import Act, Actor, may, refuse_without_right
from rules.texts import _, current_language, use_language
from services.keyset import KeyPage, PageAsk, by_number, page_of
from services.occasion import Occasion
from services.store import Store
from services.unit_matching import register_of

LONGEST_NAME = 255
# Nobody holds more than this against a document by eye.
MOST_ITEMS = 3000
MOST_ID = 2**31 - 1


@dataclass(frozen=True)
class Upload:
    """A document read, not yet kept: the file that passed the door, its draft, and the year given for months without one."""

    file: SafeFile
    draft: DraftPlan
    base_year: int | None = None


@dataclass(frozen=True)
class Received:
    """Where a document is corrected; `is_known` tells that it was being corrected already."""

    id: int
    is_known: bool


@dataclass(frozen=True)
class DraftRow:
    """A plan in the making as it is listed."""

    id: int
    name: str
    title: str
    account: str
    made_at: datetime
    changed_at: datetime
    revision: int


def read_upload(path: Path, base_year: int | None = None) -> Upload:
    """Read the document at `path`. May take seconds and needs no database; whatever is wrong with the file is one refusal, as in `intake.reading`, or
    too-many-items.
    """
    file = load(path)
    draft = read_file(file, base_year)[0]
    refuse_too_many(draft)
    return Upload(file, draft, base_year)


def refuse_too_many(draft: DraftPlan) -> None:
    """Refuse a draft with more items than anybody could check: too-many-items."""
    if len(draft.items) > MOST_ITEMS:
        text = _("“{name}”读出 {count} 个事项，最多 {most} 个；请按专项或部门拆成几份文件再读入")
        raise DubanError("too-many-items", text.format(name=draft.source.name, count=len(draft.items), most=MOST_ITEMS))


def receive(session: Session, upload: Upload, occasion: Occasion, store: Store) -> Received:
    """Keep a document that was read, to be corrected and issued. One that is being corrected already, with the same base year, is not begun a second time.

    Side effect: the bytes are in the store before the row is committed; without the row nobody reaches them.
    """
    refuse_without_right(occasion.actor, Act.ISSUE_PLAN)
    assert occasion.actor.account_id is not None
    same = select(col(DraftDocument.id)).where(
        col(DraftDocument.file_sha256) == upload.file.sha256,
        col(DraftDocument.state) == DraftDocumentState.OPEN,
        col(DraftDocument.base_year) == upload.base_year,
    )
    known = session.execute(same.order_by(col(DraftDocument.id).desc())).scalars().first()
    if known is not None:
        return Received(known, True)
    row = DraftDocument(
        name=upload.file.name[-LONGEST_NAME:],
        file_sha256=store.keep(upload.file.data),
        size_bytes=len(upload.file.data),
        base_year=upload.base_year,
        account_id=occasion.actor.account_id,
        made_at=occasion.at,
        changed_at=occasion.at,
        as_read=draft_as_json(upload.draft),
        draft=kept_draft(upload.draft, upload.draft, register_of(session)),
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    return Received(row.id, False)


def page_of_drafts(session: Session, ask: PageAsk, actor: Actor) -> KeyPage[DraftRow]:
    """Return a page of the plans in the making. Codes: no-right."""
    refuse_without_right(actor, Act.ISSUE_PLAN)
    in_hand = select(col(DraftDocument.id)).where(col(DraftDocument.state) == DraftDocumentState.OPEN)
    return page_of(session, in_hand, ask, lambda ids: by_number(_listed(session, ids)))


def _listed(session: Session, ids: Sequence[int]) -> list[DraftRow]:
    title = col(DraftDocument.draft)["plan"]["title"].as_string()
    facts = (col(DraftDocument.made_at), col(DraftDocument.changed_at), col(DraftDocument.revision))
    rows = (
        select(col(DraftDocument.id), col(DraftDocument.name), title, col(Account.name), *facts)
        .join(Account, col(Account.id) == col(DraftDocument.account_id))
        .where(col(DraftDocument.id).in_(ids))
    )
    return [DraftRow(draft_id, name, title or "", *rest) for draft_id, name, title, *rest in session.execute(rows)]


def draft_document(session: Session, draft_id: int, actor: Actor, *, is_locked: bool = False) -> DraftDocument:
    """Return a row, locked for a change where asked. What does not exist and what the actor may not see is one refusal: unknown-draft."""
    wanted = select(DraftDocument).where(col(DraftDocument.id) == draft_id)
    row: DraftDocument | None = None
    if may(actor, Act.ISSUE_PLAN) and draft_id <= MOST_ID:
        row = session.execute(wanted.with_for_update() if is_locked else wanted).scalar_one_or_none()
    if row is None:
        raise DubanError("unknown-draft", _("没有这份草案，请在“读入文件”页查看"))
    return row


def open_document(session: Session, draft_id: int, actor: Actor) -> DraftDocument:
    """Return a row that is to be changed, locked; one that was issued or given up is refused with draft-closed."""
    row = draft_document(session, draft_id, actor, is_locked=True)
    if row.state is DraftDocumentState.ISSUED:
        raise DubanError("draft-closed", _("这份草案已经下达为计划 {plan}，不能再改").format(plan=row.plan_id))
    if row.state is DraftDocumentState.DISCARDED:
        raise DubanError("draft-closed", _("这份草案已经作废，不能再改；需要时请重新读入文件"))
    return row


def draft_of_row(row: DraftDocument) -> DraftPlan:
    """Return the draft as it stands."""
    return draft_from_json(row.draft, row.name)


def checked(draft: DraftPlan, as_read: DraftPlan, register: Register) -> DraftPlan:
    """Return the draft with its findings made anew; what only the document shows is taken from the first reading, so that undoing brings it back."""
    read_again = draft.model_copy(update={"findings": as_read.findings})
    found = (*check_draft(read_again), *unit_findings(draft, register))
    return draft.model_copy(update={"findings": gravest_first(found)})


def kept_draft(draft: DraftPlan, as_read: DraftPlan, register: Register) -> dict[str, Any]:
    """Return the draft as it is kept: checked, its findings in the one language that all who correct it share."""
    with use_language("zh"):
        return draft_as_json(checked(draft, as_read, register))


def draft_in_words(row: DraftDocument, register: Register) -> DraftPlan:
    """Return the draft as it stands, its findings in the reader's language."""
    draft = draft_of_row(row)
    return draft if current_language() == "zh" else checked(draft, draft_from_json(row.as_read, row.name), register)


def discard(session: Session, draft_id: int, occasion: Occasion) -> None:
    """Give a draft up. Its document stays in the store."""
    row = open_document(session, draft_id, occasion.actor)
    row.state = DraftDocumentState.DISCARDED
    row.changed_at = occasion.at
    session.add(row)


def waiver_of(waivers: Sequence[Mapping[str, Any]], code: str, item: str | None) -> Mapping[str, Any] | None:
    """Return the waiver that lets a finding pass, None where none does."""
    return next((one for one in waivers if one["code"] == code and one["item"] in (None, item)), None)
