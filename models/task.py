"""Tasks, who answers for them and what they must reach."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import enum_column


class TaskState(StrEnum):
    """The stored state of a task; overdue, due soon and the light are derived, never stored."""

    DRAFT = "draft"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class Task(SQLModel, table=True):
    """One year or phase of an item. Both days belong to the task; `original_due_on` never moves.

    `parent_id` is the task a unit handed down in parts, `criterion` says in words when a task without figures is done.
    """

    __table_args__ = (
        CheckConstraint("due_on >= starts_on", name="days_in_order"),
        CheckConstraint("return_count >= 0", name="return_count_not_negative"),
        Index("ix_task_state_due_on", "state", "due_on"),
        Index("ix_task_due_on", "due_on"),
        # Of few tasks: an index of empty places would tell the database that any of them leads to all tasks.
        Index("ix_task_parent_id", "parent_id", sqlite_where=text("parent_id IS NOT NULL"), postgresql_where=text("parent_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(foreign_key="plan.id", index=True)
    item_id: int = Field(foreign_key="plan_item.id", index=True)
    parent_id: int | None = Field(default=None, foreign_key="task.id")
    label: str = Field(max_length=60)
    text: str
    starts_on: date
    due_on: date
    original_due_on: date
    state: TaskState = Field(default=TaskState.ASSIGNED, sa_column=enum_column(TaskState))
    return_count: int = 0
    criterion: str | None = None


class AssignmentRole(StrEnum):
    """A unit's part in a task. `RESPONSIBLE` is a unit named without a role; it supports the lead."""

    LEAD = "lead"
    SUPPORT = "support"
    RESPONSIBLE = "responsible"


class Assignment(SQLModel, table=True):
    """A unit's part in a task. A second lead cannot be stored."""

    __table_args__ = (
        UniqueConstraint("task_id", "unit_id"),
        Index(
            "uq_assignment_one_lead",
            "task_id",
            unique=True,
            sqlite_where=text("role = 'lead'"),
            postgresql_where=text("role = 'lead'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    role: AssignmentRole = Field(sa_column=enum_column(AssignmentRole))


class Comparator(StrEnum):
    """How an actual value is held against a target."""

    EQ = "eq"
    GE = "ge"
    GT = "gt"
    LE = "le"
    LT = "lt"
    ABOUT = "about"
    RANGE = "range"
    ALL = "all"
    EXCEEDS_SERIES = "exceeds-series"


class Basis(StrEnum):
    """What a target's figure is: a flow within the year, the sum reached by its end, or a rate or state at its end."""

    PERIOD = "period"
    CUMULATIVE = "cumulative"
    LEVEL = "level"


# What a target's own reports do not tell, or not for themselves; written out, since an index is used only where the question has its very words.
IS_INTRICATE = (
    "indicator_id IS NOT NULL OR comparator = 'exceeds-series' OR substr(scope, 1, 1) IN ('每', '各')"
    " OR (basis = 'cumulative' AND baseline IS NULL)"
)


class Target(SQLModel, table=True):
    """A quantity to be reached by an item as a whole or by one task, never by both.

    `indicator_id` is the series that observes it where no unit counts it; `against_id` the series it must exceed (comparator `exceeds-series`).
    """

    __table_args__ = (
        CheckConstraint("(item_id IS NULL) <> (task_id IS NULL)", name="one_owner"),
        CheckConstraint("(value IS NULL OR value >= 0) AND (low IS NULL OR low >= 0)", name="quantity_not_negative"),
        CheckConstraint("high IS NULL OR low IS NULL OR high >= low", name="range_in_order"),
        Index("ix_target_item_id", "item_id", sqlite_where=text("item_id IS NOT NULL"), postgresql_where=text("item_id IS NOT NULL")),
        Index("ix_target_intricate", "task_id", "basis", sqlite_where=text(IS_INTRICATE), postgresql_where=text(IS_INTRICATE)),
    )

    id: int | None = Field(default=None, primary_key=True)
    item_id: int | None = Field(default=None, foreign_key="plan_item.id")
    task_id: int | None = Field(default=None, foreign_key="task.id", index=True)
    text: str
    measure: str = Field(max_length=200)
    unit_of_measure: str | None = Field(default=None, max_length=40)
    comparator: Comparator = Field(default=Comparator.EQ, sa_column=enum_column(Comparator))
    value: float | None = None
    low: float | None = None
    high: float | None = None
    year: int | None = None
    basis: Basis | None = Field(default=None, sa_column=enum_column(Basis, nullable=True))
    scope: str | None = Field(default=None, max_length=200)
    baseline: float | None = None
    indicator_id: int | None = Field(default=None, foreign_key="indicator.id")
    against_id: int | None = Field(default=None, foreign_key="indicator.id")


class Milestone(SQLModel, table=True):
    """A step of a task with its day and its weight. `done_on` is the day it was reached, as the lead unit reported it."""

    __table_args__ = (CheckConstraint("weight > 0", name="weight_counts"), UniqueConstraint("task_id", "title"))

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    title: str = Field(max_length=200)
    due_on: date
    weight: float = 1.0
    done_on: date | None = None


class PlannedPoint(SQLModel, table=True):
    """A point of a task's planned curve: the per cent that should be done at the end of `day`. Between two points the line is straight."""

    __tablename__ = "planned_point"
    __table_args__ = (UniqueConstraint("task_id", "day"), CheckConstraint("percent >= 0 AND percent <= 100", name="per_cent"))

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    day: date
    percent: float
