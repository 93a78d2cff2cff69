"""What a unit asks for: more time, another lead, a pause, an end, other targets. One mechanism with kinds."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.columns import enum_column, json_column


class RequestKind(StrEnum):
    """What is asked for."""

    EXTENSION = "extension"
    REASSIGNMENT = "reassignment"
    SUSPENSION = "suspension"
    CANCELLATION = "cancellation"
    TARGET_CHANGE = "target_change"


class RequestState(StrEnum):
    """How far a request has got."""

    FILED = "filed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Request(SQLModel, table=True):
    """A request on a task. `wanted` is what was asked for, `granted` the definite values it was approved with; only one of a kind waits at a time."""

    __table_args__ = (
        Index("ix_request_state", "state"),
        Index(
            "uq_request_one_waiting",
            "task_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'filed'"),
            postgresql_where=text("state = 'filed'"),
        ),
        CheckConstraint("state NOT IN ('approved', 'refused') OR decided_on IS NOT NULL", name="decided_has_day"),
        CheckConstraint("length(reason) > 0", name="reason_given"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    kind: RequestKind = Field(sa_column=enum_column(RequestKind))
    state: RequestState = Field(default=RequestState.FILED, sa_column=enum_column(RequestState))
    reason: str
    progress: str = ""
    wanted: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    granted: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    filed_on: date
    filed_by: str = Field(max_length=60)
    decided_on: date | None = None
    decided_by: str | None = Field(default=None, max_length=60)
    decision: str | None = None
