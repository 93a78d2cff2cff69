"""Many rows of one kind written by one statement, and noted for the entry that will tell of them as those that the session writes are."""

from collections.abc import Iterator, Mapping, Sequence
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
    if not rows:
        return []
    session.flush()
    table = table_of(kind)
    numbers = _next_numbers(session, table, len(rows))
    columns = {"id": numbers, **_by_column(table, _defaults(kind), rows)}
    _insert(session.connection(), table, columns)
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
    compiled: Any = sa.insert(table).compile(dialect=connection.dialect, column_keys=[*columns])
    names = compiled.positiontup if compiled.positional else [*columns]
    told = zip(*[_as_stored(table.columns[name], columns[name], connection.dialect) for name in names], strict=True)
    rows: Any = list(told) if compiled.positional else [dict(zip(names, row, strict=True)) for row in told]
    connection.exec_driver_sql(str(compiled), rows)


def _as_stored(column: sa.Column[Any], values: Sequence[Any], dialect: sa.Dialect) -> Sequence[Any]:
    convert = column.type.dialect_impl(dialect).bind_processor(dialect)
    if convert is None:
        return values
    return [convert(value) for value in values]


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
