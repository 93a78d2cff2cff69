"""What was published, frozen, and the runs that did it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import enum_column, instant_column, json_column


class PublicationKind(StrEnum):
    """The papers that are numbered and kept: each kind has its own series of numbers a year."""

    BULLETIN = "bulletin"
    AGREEMENT = "agreement"
    ASSIGNMENT = "assignment"
    URGING = "urging"
    REPLY = "reply"
    CONCLUSION = "conclusion"
    SCORECARD = "scorecard"


class Publication(SQLModel, table=True):
    """A paper as it was published: its frozen view and the ledger's head at that moment.

    `scope` says what it is about: `all` or the plans of a bulletin (`plan-7`), a unit (`unit-3`), a request (`request-12`), a case (`case-4`). `corrects_id` is the first
    publication that this one puts right, `version` counts them. `edits` are an office's own words, apart from the view. `signed_on` and `signer` come later, where
    a paper is signed by its other party.
    """

    __table_args__ = (
        UniqueConstraint("kind", "scope", "period", "version"),
        UniqueConstraint("kind", "year", "number"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("(version = 1) = (corrects_id IS NULL)", name="later_versions_correct"),
        CheckConstraint("signer IS NULL OR signed_on IS NOT NULL", name="signer_has_day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: PublicationKind = Field(sa_column=enum_column(PublicationKind))
    scope: str = Field(max_length=200)
    period: str = Field(max_length=8)
    version: int = 1
    year: int
    number: int
    doc_no: str = Field(default="", max_length=60)
    published_on: date
    published_at: datetime = Field(sa_column=instant_column())
    view: dict[str, Any] = Field(sa_column=json_column())
    edits: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    ledger_head: str = Field(max_length=64)
    corrects_id: int | None = Field(default=None, foreign_key="publication.id")
    approver: str | None = Field(default=None, max_length=60)
    signed_on: date | None = None
    signer: str | None = Field(default=None, max_length=60)


class DraftState(StrEnum):
    """How far a bulletin in the making has got. Whatever is edited after an approval needs a new one."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class BulletinDraft(SQLModel, table=True):
    """A bulletin in the making: its figures frozen on the day it was drafted, and the office's own words beside them (`edits`), never in them.

    One is open for a period and scope at a time. `view_sha256` is the hash of `view`; an approval is of exactly that view and those edits (`approved_sha256`).
    """

    __tablename__ = "bulletin_draft"
    __table_args__ = (
        Index(
            "uq_bulletin_draft_one_open",
            "scope",
            "period",
            unique=True,
            sqlite_where=text("state IN ('draft', 'approved')"),
            postgresql_where=text("state IN ('draft', 'approved')"),
        ),
        CheckConstraint("state <> 'approved' OR (approved_on IS NOT NULL AND approver IS NOT NULL)", name="approved_by_somebody"),
        CheckConstraint("state <> 'published' OR publication_id IS NOT NULL", name="published_as_something"),
    )

    id: int | None = Field(default=None, primary_key=True)
    scope: str = Field(max_length=200)
    period: str = Field(max_length=8)
    plan_ids: list[int] | None = Field(default=None, sa_column=json_column(nullable=True))
    state: DraftState = Field(default=DraftState.DRAFT, sa_column=enum_column(DraftState))
    drafted_on: date
    drafter: str = Field(max_length=60)
    view: dict[str, Any] = Field(sa_column=json_column())
    view_sha256: str = Field(max_length=64)
    edits: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    reason: str = ""
    corrects_id: int | None = Field(default=None, foreign_key="publication.id")
    approved_on: date | None = None
    approver: str | None = Field(default=None, max_length=60)
    approved_sha256: str | None = Field(default=None, max_length=64)
    publication_id: int | None = Field(default=None, foreign_key="publication.id")


class PublicationFile(SQLModel, table=True):
    """One file of a publication; the bytes lie in the store under `sha256`."""

    __tablename__ = "publication_file"
    __table_args__ = (UniqueConstraint("publication_id", "format"), CheckConstraint("size_bytes > 0", name="not_empty"))

    id: int | None = Field(default=None, primary_key=True)
    publication_id: int = Field(foreign_key="publication.id")
    format: str = Field(max_length=8)
    name: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    size_bytes: int


class SlotState(StrEnum):
    """How the work of a slot stands. A slot left `RUNNING` by a crash is taken over."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobSlot(SQLModel, table=True):
    """The gate of a flow: one row for each flow and slot (a day, a period), so that two runs of it do its work once."""

    __tablename__ = "job_slot"
    __table_args__ = (UniqueConstraint("flow", "slot"),)

    id: int | None = Field(default=None, primary_key=True)
    flow: str = Field(max_length=40)
    slot: str = Field(max_length=24)
    state: SlotState = Field(default=SlotState.RUNNING, sa_column=enum_column(SlotState))
    owner: str = Field(max_length=120)
    started_at: datetime = Field(sa_column=instant_column())
    finished_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    summary: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
