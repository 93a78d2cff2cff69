"""Rule sets and the holiday calendar as data: the numbers that judge, each version with the day it takes effect."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import json_column


class RuleSetVersion(SQLModel, table=True):
    """A version adopted by the office. Days before the first one are judged by the program's own set; a version is never changed.

    `scope` is `house`, a kind of source (`source-minutes`) or one plan (`plan-7`); the narrower goes before the wider, and only says when to remind and to urge.
    """

    __tablename__ = "rule_set_version"
    __table_args__ = (
        UniqueConstraint("scope", "effective_on"),
        CheckConstraint("effective_on >= adopted_on", name="never_backwards"),
    )

    id: int | None = Field(default=None, primary_key=True)
    version: str = Field(max_length=40, unique=True)
    scope: str = Field(default="house", max_length=24)
    effective_on: date
    adopted_on: date
    content: dict[str, Any] = Field(sa_column=json_column())
    sha256: str = Field(max_length=64)


class CalendarDay(SQLModel, table=True):
    """A day that differs from Monday to Friday in a year the program's own calendar does not know: a public holiday, or a make-up working day."""

    __tablename__ = "calendar_day"

    id: int | None = Field(default=None, primary_key=True)
    day: date = Field(unique=True)
    is_working: bool
    name: str = Field(max_length=40)
