"""What was published, frozen, and the runs that did it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import enum_column, instant_column, json_column


class PublicationKind(StrEnum):
    """The papers that are published."""

    BULLETIN = "bulletin"


class Publication(SQLModel, table=True):
    """A paper as it was published: its frozen view and the ledger's head at that moment. `scope` is `all` or the plan it is about (`plan-7`)."""

    __table_args__ = (
        UniqueConstraint("kind", "scope", "period", "version"),
        UniqueConstraint("kind", "year", "number"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: PublicationKind = Field(sa_column=enum_column(PublicationKind))
    scope: str = Field(max_length=24)
    period: str = Field(max_length=8)
    version: int = 1
    year: int
    number: int
    published_on: date
    published_at: datetime = Field(sa_column=instant_column())
    view: dict[str, Any] = Field(sa_column=json_column())
    ledger_head: str = Field(max_length=64)


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
