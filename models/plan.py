"""A plan as issued: the document's facts and its items."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import enum_column, json_column


class PlanState(StrEnum):
    """Whether a plan's tasks are followed up."""

    IN_FORCE = "in_force"
    CLOSED = "closed"


class SourceKind(StrEnum):
    """What kind of document a plan is; limits for receipts and reminders may differ by it."""

    PLAN = "plan"
    DOCUMENT = "document"
    MINUTES = "minutes"
    INSTRUCTION = "instruction"
    PROPOSAL = "proposal"


class Plan(SQLModel, table=True):
    """An issued plan. `source_sha256` is the document it was read from: the same document is issued once."""

    __table_args__ = (
        UniqueConstraint("source_sha256", "version"),
        UniqueConstraint("doc_no", "version"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="period_in_order"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("length(source_sha256) = 64", name="sha256_whole"),
    )

    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=300)
    doc_no: str | None = Field(default=None, max_length=60)
    issuer: str | None = Field(default=None, max_length=200)
    signed_on: date | None = None
    issued_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    source_kind: SourceKind = Field(default=SourceKind.PLAN, sa_column=enum_column(SourceKind))
    source_name: str = Field(max_length=255)
    source_sha256: str = Field(max_length=64)
    version: int = 1
    state: PlanState = Field(default=PlanState.IN_FORCE, sa_column=enum_column(PlanState))


class PlanVersion(SQLModel, table=True):
    """A plan's document as it was issued or amended: the confirmed draft whole. Version 1 is the one issued."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id")
    version: int
    made_on: date
    source_name: str = Field(max_length=255)
    source_sha256: str = Field(max_length=64)
    reason: str = ""
    draft: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())


class PlanItem(SQLModel, table=True):
    """One row or clause of a plan. `key` is the item's id in the draft it came from, `place` where the work is done, `source` where it was read.

    `since_version` is the plan's version that brought it, `until_version` the one that dropped it (None: it stands).
    """

    __tablename__ = "plan_item"
    __table_args__ = (UniqueConstraint("plan_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    key: str = Field(max_length=60)
    position: int
    number: str | None = Field(default=None, max_length=40)
    path: list[str] = Field(default_factory=list, sa_column=json_column())
    title: str = Field(max_length=500)
    text: str
    place: str | None = None
    source: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    since_version: int = 1
    until_version: int | None = None
