"""What a unit reports on a task for a period, and the evidence it hands in."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import enum_column


class ReportState(StrEnum):
    """How far a progress report has got in review."""

    FILED = "filed"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class ProgressReport(SQLModel, table=True):
    """A unit's report on a task for one period (`2013Q3`). Correcting it makes a new revision; the latest one counts, none is overwritten."""

    __tablename__ = "progress_report"
    __table_args__ = (
        UniqueConstraint("task_id", "period", "revision"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
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


class ReportedValue(SQLModel, table=True):
    """The value of one target in a report: what has been reached from the task's start to the period's end, not the period's own share."""

    __tablename__ = "reported_value"
    __table_args__ = (UniqueConstraint("report_id", "target_id"), CheckConstraint("value >= 0", name="quantity_not_negative"))

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="progress_report.id")
    target_id: int = Field(foreign_key="target.id", index=True)
    value: float


class Evidence(SQLModel, table=True):
    """A file handed in with a report. The bytes lie in the evidence store under `sha256`; `name` is the file's name as given, without folders."""

    __table_args__ = (
        UniqueConstraint("report_id", "sha256"),
        CheckConstraint("size_bytes >= 0", name="size_not_negative"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
    )

    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="progress_report.id")
    sha256: str = Field(max_length=64, index=True)
    name: str = Field(max_length=255)
    media_type: str = Field(max_length=100)
    size_bytes: int
