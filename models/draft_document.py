"""Plans in the making: a document as it was read, and what people have put right in it since."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.columns import enum_column, instant_column, json_column


class DraftDocumentState(StrEnum):
    """How far a plan in the making has got."""

    OPEN = "open"
    ISSUED = "issued"
    DISCARDED = "discarded"


class DraftDocument(SQLModel, table=True):
    """A document that was read in the browser. Its bytes lie in the store under `file_sha256`.

    `as_read` is the draft as the document was read, `draft` as it stands now (both `draft-plan.schema.json`); `revision` counts the corrections, so that of two people who
    correct at once the later is told. `waivers` are findings let pass: code, item and the reason a person gave. `corrections` are the last ones made, each with what undoing
    it gives back.
    """

    __tablename__ = "draft_document"
    __table_args__ = (
        CheckConstraint("revision >= 0", name="revision_counts_from_nought"),
        CheckConstraint("(state = 'issued') = (plan_id IS NOT NULL)", name="issued_as_a_plan"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=255)
    file_sha256: str = Field(max_length=64)
    size_bytes: int
    base_year: int | None = None
    state: DraftDocumentState = Field(default=DraftDocumentState.OPEN, sa_column=enum_column(DraftDocumentState))
    account_id: int = Field(foreign_key="account.id")
    made_at: datetime = Field(sa_column=instant_column())
    changed_at: datetime = Field(sa_column=instant_column())
    as_read: dict[str, Any] = Field(sa_column=json_column())
    draft: dict[str, Any] = Field(sa_column=json_column())
    waivers: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    corrections: list[dict[str, Any]] = Field(default_factory=list, sa_column=json_column())
    revision: int = 0
    plan_id: int | None = Field(default=None, foreign_key="plan.id")
