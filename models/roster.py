"""Quotas filled with names: who is eligible, who was nominated, selected and confirmed."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import enum_column, json_column


class EligibleList(SQLModel, table=True):
    """A list members are chosen from, or counted against (all counties of a province). `basis` is the document or appraisal it comes from."""

    __tablename__ = "eligible_list"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120, unique=True)
    basis: str = ""
    made_on: date


class EligibleMember(SQLModel, table=True):
    """One name of a list and the region (prefecture) it lies in."""

    __tablename__ = "eligible_member"
    __table_args__ = (UniqueConstraint("list_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="eligible_list.id")
    name: str = Field(max_length=120)
    region: str | None = Field(default=None, max_length=60)


class Quota(SQLModel, table=True):
    """A target that is reached by named members: its value is the count of the confirmed ones.

    `eligible_list_ids` are the lists one of which must name a member (empty: anyone). `whole_list_id` is what coverage
    is counted against, `least_coverage` the per cent of it that must be covered over all years of the item. `least_per_region` asks for so many, over all
    years too, in every region of the whole list, or, without one, of the lists that members are chosen from.
    """

    __table_args__ = (
        CheckConstraint("least_per_region IS NULL OR least_per_region >= 1", name="least_counts_from_one"),
        CheckConstraint("least_coverage IS NULL OR (least_coverage > 0 AND least_coverage <= 100)", name="coverage_in_per_cent"),
        CheckConstraint("least_coverage IS NULL OR whole_list_id IS NOT NULL", name="coverage_of_something"),
    )

    id: int | None = Field(default=None, primary_key=True)
    target_id: int = Field(foreign_key="target.id", unique=True)
    eligible_list_ids: list[int] = Field(default_factory=list, sa_column=json_column())
    least_per_region: int | None = None
    whole_list_id: int | None = Field(default=None, foreign_key="eligible_list.id")
    least_coverage: float | None = None


class RosterState(StrEnum):
    """How far a member has got. A withdrawn one keeps its row; another may take its place."""

    NOMINATED = "nominated"
    SELECTED = "selected"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class RosterEntry(SQLModel, table=True):
    """A named member of a task's quota. `replaces_id` is the withdrawn member whose place it took; `note` says why it was withdrawn.

    A name stands once in a quota; one that was withdrawn may be nominated again and gets a row of its own.
    """

    __tablename__ = "roster_entry"
    __table_args__ = (
        Index(
            "uq_roster_entry_one_standing",
            "quota_id",
            "name",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        UniqueConstraint("replaces_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    quota_id: int = Field(foreign_key="quota.id")
    name: str = Field(max_length=120)
    region: str | None = Field(default=None, max_length=60)
    state: RosterState = Field(default=RosterState.NOMINATED, sa_column=enum_column(RosterState))
    replaces_id: int | None = Field(default=None, foreign_key="roster_entry.id")
    nominated_on: date
    confirmed_on: date | None = None
    withdrawn_on: date | None = None
    note: str = ""
