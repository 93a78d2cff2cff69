"""Cases of accountability and of praise: what is put together from the ledger, what people conclude, and what the unit answers."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import enum_column, json_column


class CaseKind(StrEnum):
    """What a case proposes: to hold to account, or to praise."""

    ACCOUNTABILITY = "accountability"
    PRAISE = "praise"


class CaseState(StrEnum):
    """How far a case has got (domain handbook, part 3): drafted → approved → served → (objection → decided) → rectified → verified.

    `OPENED` has no conclusion yet; `DROPPED` ends a case without one, with a reason.
    """

    OPENED = "opened"
    DRAFTED = "drafted"
    APPROVED = "approved"
    SERVED = "served"
    OBJECTED = "objected"
    DECIDED = "decided"
    RECTIFIED = "rectified"
    VERIFIED = "verified"
    DROPPED = "dropped"


class ObjectionOutcome(StrEnum):
    """What became of an objection: the conclusion stands, or is put differently."""

    UPHELD = "upheld"
    CHANGED = "changed"


class AccountabilityCase(SQLModel, table=True):
    """A case about one unit and one or more of its tasks. The program gathers facts and says which published rule fired; people conclude and decide.

    `rule` and `grounds` say which rule fired on which entries of the ledger, empty where a person opened the case on another `basis`. `conclusion` says what was
    found, on the matter and never on a person; `proposal` what is proposed, `competent_body` who may decide on it. `demand` is the rectification asked for until `demand_by`.
    """

    __tablename__ = "accountability_case"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        Index("ix_accountability_case_unit_id", "unit_id"),
        CheckConstraint("length(basis) > 0", name="basis_given"),
        CheckConstraint(
            "state IN ('opened', 'dropped') OR (conclusion IS NOT NULL AND drafted_on IS NOT NULL)", name="drafted_has_conclusion"
        ),
        CheckConstraint(
            "state IN ('opened', 'drafted', 'dropped') OR (approved_on IS NOT NULL AND approver IS NOT NULL)", name="approved_by_somebody"
        ),
        CheckConstraint("state IN ('opened', 'drafted', 'approved', 'dropped') OR served_on IS NOT NULL", name="served_has_day"),
        CheckConstraint("state <> 'objected' OR (objected_on IS NOT NULL AND objection IS NOT NULL)", name="objected_has_words"),
        CheckConstraint("outcome IS NULL OR (objected_on IS NOT NULL AND decided_on IS NOT NULL)", name="outcome_of_an_objection"),
        CheckConstraint("state <> 'verified' OR verified_on IS NOT NULL", name="verified_has_day"),
        CheckConstraint("state <> 'dropped' OR reason IS NOT NULL", name="dropped_has_reason"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: CaseKind = Field(sa_column=enum_column(CaseKind))
    state: CaseState = Field(default=CaseState.OPENED, sa_column=enum_column(CaseState))
    year: int
    number: int
    unit_id: int = Field(foreign_key="unit.id")
    notice_id: int | None = Field(default=None, foreign_key="notice.id")
    rule: str | None = Field(default=None, max_length=40)
    grounds: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    basis: str
    opened_on: date
    effect: str = ""
    statement: str | None = None
    statement_on: date | None = None
    conclusion: str | None = None
    proposal: str = ""
    competent_body: str = ""
    demand: str = ""
    demand_by: date | None = None
    drafted_on: date | None = None
    drafter: str | None = Field(default=None, max_length=60)
    approved_on: date | None = None
    approver: str | None = Field(default=None, max_length=60)
    served_on: date | None = None
    receiver: str | None = Field(default=None, max_length=60)
    objected_on: date | None = None
    objection: str | None = None
    decided_on: date | None = None
    outcome: ObjectionOutcome | None = Field(default=None, sa_column=enum_column(ObjectionOutcome, nullable=True))
    decision: str | None = None
    rectified_on: date | None = None
    rectification: str | None = None
    verified_on: date | None = None
    verification: str | None = None
    reason: str | None = None


class CaseTask(SQLModel, table=True):
    """A task a case is about."""

    __tablename__ = "case_task"
    __table_args__ = (UniqueConstraint("case_id", "task_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="accountability_case.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True)
