"""Column kinds shared by all tables: what the database itself refuses, on SQLite and PostgreSQL alike.

SQLModel tables validate nothing by themselves, so every limit is a constraint here and a check in the service that writes.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on both sides, stored in UTC. A naive value is refused, since nobody could say when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy's signature)
        """Return the instant in UTC for storing."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (SQLAlchemy's signature)
        """Return the stored instant, aware; SQLite forgets the offset."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_column(kind: type[StrEnum], *, nullable: bool = False) -> "Column[Any]":
    """Return a column that stores the values of `kind` as text under a CHECK, so that no other word can be stored."""
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("_")
    stored = Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
        length=24,
    )
    return Column(stored, nullable=nullable)


def instant_column(*, nullable: bool = False) -> "Column[Any]":
    """Return a column for an instant."""
    return Column(UtcDateTime(), nullable=nullable)


def json_column(*, nullable: bool = False) -> "Column[Any]":
    """Return a column for a JSON value that is never searched in. An absent value is NULL in the database too, not the word null."""
    return Column(JSON(none_as_null=True), nullable=nullable)
