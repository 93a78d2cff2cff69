"""Yearly appraisal as data: schemes that say how points are counted, and the marks that people give by hand."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import json_column


class ScoringScheme(SQLModel, table=True):
    """A scheme adopted by the office: from `first_year` on, appraisals of that `code` count by `content`. A version is never changed."""

    __tablename__ = "scoring_scheme"
    __table_args__ = (UniqueConstraint("code", "first_year"), UniqueConstraint("code", "version"))

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40)
    version: str = Field(max_length=40)
    title: str = Field(max_length=120)
    first_year: int
    adopted_on: date
    content: dict[str, Any] = Field(sa_column=json_column())
    sha256: str = Field(max_length=64)


class ManualMark(SQLModel, table=True):
    """What a person put in for one item of a scheme, unit and year: a value the scheme counts with, and why. Another one later goes before it; none is erased.

    `case_id` is the concluded case that a mark for falsified figures rests on.
    """

    __tablename__ = "manual_mark"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="reason_given"),
        UniqueConstraint("scheme", "year", "unit_id", "item", "version"),
    )

    id: int | None = Field(default=None, primary_key=True)
    scheme: str = Field(max_length=40)
    year: int
    unit_id: int = Field(foreign_key="unit.id", index=True)
    item: str = Field(max_length=40)
    version: int = 1
    value: float
    reason: str
    marked_on: date
    marker: str = Field(max_length=60)
    case_id: int | None = Field(default=None, foreign_key="accountability_case.id")
