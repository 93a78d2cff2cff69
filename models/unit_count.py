"""How many tasks each unit leads: kept counts, so that an overview need not read the tasks."""

from datetime import date

from sqlalchemy import PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from models.columns import enum_column
from models.task import TaskState


class UnitCount(SQLModel, table=True):
    """The tasks of plans in force that a unit leads, by state and due day: facts, from which a count for any day is a sum. A cell without tasks has no row.

    Of tasks that are done `due_on` is the first day of the year they were due in. The rows follow from the tasks and stand in no ledger entry; a recount gives
    the same (`services/unit_counts.py`).
    """

    __tablename__ = "unit_count"
    __table_args__ = (PrimaryKeyConstraint("unit_id", "state", "due_on"), {"sqlite_with_rowid": False})

    unit_id: int = Field(foreign_key="unit.id")
    state: TaskState = Field(sa_column=enum_column(TaskState))
    due_on: date
    task_count: int
