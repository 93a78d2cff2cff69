"""Indicators and what was observed of them: values that come from statistics, not from a unit's own count."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel


class Indicator(SQLModel, table=True):
    """A series of observed values under one name (科技支出增长率, %). `source` is who publishes it."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=200, unique=True)
    unit_of_measure: str | None = Field(default=None, max_length=40)
    source: str = ""


class Observation(SQLModel, table=True):
    """What an indicator was on a day. Correcting it makes a new revision; the latest one known counts, none is overwritten."""

    __table_args__ = (
        UniqueConstraint("indicator_id", "observed_on", "revision"),
        CheckConstraint("revision >= 1", name="revision_counts_from_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    indicator_id: int = Field(foreign_key="indicator.id")
    observed_on: date
    revision: int = 1
    value: float
    source: str = ""
    recorded_on: date
