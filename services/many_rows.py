"""Many rows of one kind written by one statement, and noted for the entry that will tell of them, where the ledger does, as those that the session writes are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlmodel import Session, SQLModel

from models.columns import UtcDateTime
from models.task import Task
from services.changes import RowChange, note_written, plain, table_of


def insert_rows(session: Session, kind: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert the rows and return their numbers in the same order. A column that a row leaves out has the model's own default.

    What the session still holds is written first. The transaction must be one that writes: on SQLite its lock keeps the numbers free.
    """
    from services.ledgered import LEDGERED

    if not rows:
        return []
    session.flush()
    table = table_of(kind)
    numbers = _next_numbers(session, table, len(rows))
    columns = {"id": numbers, **_by_column(table, _defaults(kind), rows)}
    _insert(session.connection(), table, columns)
    if kind in LEDGERED:
        note_written(session, _changes(table, columns))
    return numbers


def _by_column(table: sa.Table, defaults: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    names = [column.name for column in table.columns if column.name != "id"]
    unknown = set().union(*rows[:1]) - {"id", *names}
    if unknown:
        raise AssertionError(f"{table.name} has no {', '.join(sorted(unknown))}")
    return {name: [row.get(name, defaults[name]) for row in rows] if name in defaults else [row[name] for row in rows] for name in names}


def _insert(connection: Connection, table: sa.Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert past SQLAlchemy's own loop over values, which takes as long as the database itself: a column is converted at once, and the driver gets bare rows."""
    insert = _insert_into(table, connection.dialect)
    values = [columns[name] if convert is None else [convert(value) for value in columns[name]] for name, convert in insert.columns.items()]
    told = zip(*values, strict=True)
    rows: Any = list(told) if insert.is_positional else [dict(zip(insert.columns, row, strict=True)) for row in told]
    connection.exec_driver_sql(insert.text, rows)


@dataclass(frozen=True)
class _Insert:
    """The statement in one database's words; its columns in the order they are named in, each with what makes a value fit for the driver."""

    text: str
    is_positional: bool
    columns: Mapping[str, Callable[[Any], Any] | None]


@lru_cache(maxsize=200)
def _insert_into(table: sa.Table, dialect: sa.Dialect) -> _Insert:
    names = [column.name for column in table.columns]
    compiled: Any = sa.insert(table).compile(dialect=dialect, column_keys=names)
    ordered = compiled.positiontup if compiled.positional else names
    columns = {name: table.columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in ordered}
    return _Insert(str(compiled), bool(compiled.positional), columns)


def _next_numbers(session: Session, table: sa.Table, count: int) -> list[int]:
    if session.get_bind().dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(f'"{table.name}"', "id")
        return list(session.execute(sa.select(sa.func.nextval(sequence)).select_from(sa.func.generate_series(1, count))).scalars())
    last = session.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))).scalar_one()
    return list(range(last + 1, last + count + 1))


def _defaults(kind: type[SQLModel]) -> dict[str, Any]:
    fields = {name: field for name, field in kind.model_fields.items() if not field.is_required()}
    return {name: field.get_default(call_default_factory=True) for name, field in fields.items()}


def _changes(table: sa.Table, columns: Mapping[str, Sequence[Any]]) -> Iterator[RowChange]:
    names = [name for name in columns if name != "id"]
    spelt = {name for name in names if isinstance(table.columns[name].type, sa.Date | sa.Enum | UtcDateTime)}
    values = zip(*[[plain(value) for value in columns[name]] if name in spelt else columns[name] for name in names], strict=True)
    numbers = columns["id"]
    tasks = numbers if table.name == table_of(Task).name else columns.get("task_id", [None] * len(numbers))
    for number, row, task_id in zip(numbers, values, tasks, strict=True):
        yield RowChange(table.name, number, None, dict(zip(names, row, strict=True)), task_id)
