"""The rows a transaction writes, each with its values before and after, gathered while SQLAlchemy writes them.

Every change of a business table must be taken by a ledger entry: a commit that leaves one untaken is refused, so nothing can change without an entry.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, cast

from sqlalchemy import Column, Date, Enum, Table, event, inspect
from sqlalchemy.orm import Session, UOWTransaction
from sqlmodel import SQLModel

from models.columns import UtcDateTime
from models.task import Task

# What never enters the ledger; an account made again from it needs a new password and a new second factor.
SECRET = {"password_hash", "totp_secret", "totp_step"}
_GATHERED = "row_changes"


class RowChange(NamedTuple):
    """One row written. `before` is None for a row made, `after` None for one removed; otherwise both hold only what changed."""

    table: str
    row_id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    task_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the change as it is written into an entry."""
        return {"table": self.table, "id": self.row_id, "before": self.before, "after": self.after}


def take_changes(session: Session) -> list[RowChange]:
    """Return the changes flushed since the last taking, and count them as taken."""
    session.flush()
    return cast(list[RowChange], session.info.pop(_GATHERED, []))


def note_written(session: Session, changes: Iterable[RowChange]) -> None:
    """Note rows written past the session's objects, so that the next entry tells of them too, and none is committed without."""
    session.info.setdefault(_GATHERED, []).extend(changes)


def table_of(kind: type[SQLModel]) -> Table:
    """Return the table behind a model."""
    return cast(Table, getattr(kind, "__table__"))  # noqa: B009  (SQLModel does not declare it)


def plain(value: object) -> Any:
    """Return a column's value as JSON can hold it: days as text, words of an enum as their value."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


@event.listens_for(Session, "after_flush")
def _gather(session: Session, _flush: UOWTransaction) -> None:
    gathered = session.info.setdefault(_GATHERED, [])
    gathered += _changes(session.new, _made)
    gathered += _changes(session.dirty, _altered)
    gathered += _changes(session.deleted, _removed)


@event.listens_for(Session, "before_commit")
def _refuse_untaken(session: Session) -> None:
    session.flush()
    untaken = session.info.get(_GATHERED)
    if untaken:
        raise AssertionError(f"changed without a ledger entry: {', '.join(sorted({change.table for change in untaken}))}")


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_GATHERED, None)


def _changes(rows: Iterable[object], reading: Any) -> list[RowChange]:
    from services.ledgered import LEDGERED

    return [change for row in rows if isinstance(row, LEDGERED) for change in [reading(row)] if change is not None]


def _made(row: Any) -> RowChange:
    return RowChange(_name(row), row.id, None, _values(row), _task_of(row))


def _removed(row: Any) -> RowChange:
    return RowChange(_name(row), row.id, _values(row), None, _task_of(row))


def _altered(row: Any) -> RowChange | None:
    before, after = {}, {}
    for column in table_of(type(row)).columns:
        history = inspect(row).attrs[column.key].history
        if column.key not in SECRET and history.has_changes() and history.deleted != history.added:
            before[column.key], after[column.key] = plain(history.deleted[0]) if history.deleted else None, plain(history.added[0])
    return RowChange(_name(row), row.id, before, after, _task_of(row)) if after else None


def _values(row: Any) -> dict[str, Any]:
    return {column.key: plain(getattr(row, column.key)) for column in table_of(type(row)).columns if column.key not in SECRET | {"id"}}


def _name(row: Any) -> str:
    return table_of(type(row)).name


def _task_of(row: Any) -> int | None:
    found = row.id if isinstance(row, Task) else getattr(row, "task_id", None)
    return cast(int | None, found)


def typed(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an entry as the columns' own kinds: the way back from `plain`."""
    return {name: _typed(table.columns[name], value) for name, value in values.items()}


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    return column.type.enum_class(value) if isinstance(column.type, Enum) and column.type.enum_class else value
