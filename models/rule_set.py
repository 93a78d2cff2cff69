"""Rule sets as data: the numbers that judge, each version with the day it takes effect."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.columns import json_column


class RuleSetVersion(SQLModel, table=True):
    """A version adopted by the office. Days before the first one are judged by the program's own set; a version is never changed."""

    __tablename__ = "rule_set_version"
    __table_args__ = (CheckConstraint("effective_on >= adopted_on", name="never_backwards"),)

    id: int | None = Field(default=None, primary_key=True)
    version: str = Field(max_length=40, unique=True)
    effective_on: date = Field(unique=True)
    adopted_on: date
    content: dict[str, Any] = Field(sa_column=json_column())
    sha256: str = Field(max_length=64)
