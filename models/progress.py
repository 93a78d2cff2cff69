"""What a unit reports on a task for a period, and the evidence it hands in."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import enum_column, json_column

IS_RETURNED = "state = 'returned'"


class ReportState(StrEnum):
    """How far a progress report has got in review."""

    FILED = "filed"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class ProgressReport(SQLModel, table=True):
    """A unit's report on a task for one period (`2013Q3`). Correcting it makes a new revision; the latest one counts, none is overwritten.

    `correction` is the reason why a closed period was reported again, `review` what the supervisor said of a report.
    """

    __tablename__ = "progress_report"
    __table_args__ = (
        UniqueConstraint("task_id", "period", "revision"),
        Index("ix_progress_report_task_id_period_ends_on", "task_id", "period_ends_on", "revision", "filed_on"),
        Index("ix_progress_report_returned", "task_id", sqlite_where=text(IS_RETURNED), postgresql_where=text(IS_RETURNED)),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    period: str = Field(max_length=8)
    period_ends_on: date
    revision: int = 1
    text: str = ""
    problem: str | None = None
    next_step: str | None = None
    filed_on: date
    state: ReportState = Field(default=ReportState.FILED, sa_column=enum_column(ReportState))
    correction: str | None = None
    review: str | None = None


class ReportedValue(SQLModel, table=True):
    """The value of one target in a report: what has been reached from the task's start to the period's end, not the period's own share.

    `part` is the unit or region it holds for where a target asks for so much of each (每个县至少1家), empty for the whole.
    """

    __tablename__ = "reported_value"
    __table_args__ = (UniqueConstraint("report_id", "target_id", "part"), CheckConstraint("value >= 0", name="quantity_not_negative"))

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="progress_report.id")
    target_id: int = Field(foreign_key="target.id", index=True)
    part: str = Field(default="", max_length=120)
    value: float


class SupportPart(SQLModel, table=True):
    """What a supporting unit hands to the lead unit for a period: its words and its share of the figures, by target id. The lead reports for all."""

    __tablename__ = "support_part"
    __table_args__ = (
        UniqueConstraint("task_id", "unit_id", "period", "revision"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    period: str = Field(max_length=8)
    revision: int = 1
    text: str = ""
    problem: str | None = None
    values: dict[str, float] = Field(default_factory=dict, sa_column=json_column())
    handed_in_on: date


class Evidence(SQLModel, table=True):
    """A file handed in with a report, a supporting unit's part, or a roster member. The bytes lie in the evidence store under `sha256`; `name` is the file's
    name as given, without folders.
    """

    __table_args__ = (
        UniqueConstraint("report_id", "sha256"),
        UniqueConstraint("part_id", "sha256"),
        UniqueConstraint("roster_entry_id", "sha256"),
        CheckConstraint(
            "(CASE WHEN report_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN part_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN roster_entry_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_owner",
        ),
        CheckConstraint("size_bytes >= 0", name="size_not_negative"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
    )

    id: int | None = Field(default=None, primary_key=True)
    report_id: int | None = Field(default=None, foreign_key="progress_report.id")
    part_id: int | None = Field(default=None, foreign_key="support_part.id")
    roster_entry_id: int | None = Field(default=None, foreign_key="roster_entry.id")
    sha256: str = Field(max_length=64, index=True)
    name: str = Field(max_length=255)
    media_type: str = Field(max_length=100)
    size_bytes: int
