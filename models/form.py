"""Workbooks handed to units without an account, and their way back."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import json_column


class Form(SQLModel, table=True):
    """One workbook for a unit and a period. `content` says which tasks it asks about and what stood in the ledger then, so that an old form is known for one.

    `field_count` is how many cells the unit was asked to fill: what the burden meter adds up. `returned_sha256` is the file last taken in.
    """

    __table_args__ = (
        UniqueConstraint("unit_id", "period", "edition"),
        CheckConstraint("edition >= 1", name="edition_counts_from_one"),
        CheckConstraint("field_count >= 0", name="field_count_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    period: str = Field(max_length=8)
    edition: int = 1
    made_on: date
    field_count: int = 0
    content: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    returned_on: date | None = None
    returned_sha256: str | None = Field(default=None, max_length=64)
