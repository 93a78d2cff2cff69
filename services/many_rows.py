"""Many rows of one kind written by one statement, and noted for the entry that will tell of them as those that the session writes are."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
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
    others = _defaults(kind)
    whole = [{**others, **row, "id": number} for number, row in zip(numbers, rows, strict=True)]
    session.connection().execute(sa.insert(table), whole)
    spelt = [column.name for column in table.columns if isinstance(column.type, sa.Date | sa.Enum | UtcDateTime)]
    note_written(session, [_change(table.name, row, spelt) for row in whole])
    return numbers


def _next_numbers(session: Session, table: sa.Table, count: int) -> list[int]:
    if session.get_bind().dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(f'"{table.name}"', "id")
        return list(session.execute(sa.select(sa.func.nextval(sequence)).select_from(sa.func.generate_series(1, count))).scalars())
    last = session.execute(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))).scalar_one()
    return list(range(last + 1, last + count + 1))


def _defaults(kind: type[SQLModel]) -> dict[str, Any]:
    fields = {name: field for name, field in kind.model_fields.items() if not field.is_required()}
    return {name: field.get_default(call_default_factory=True) for name, field in fields.items()}


def _change(table: str, row: Mapping[str, Any], spelt: Sequence[str]) -> RowChange:
    values = {name: value for name, value in row.items() if name != "id"}
    for name in spelt:
        values[name] = plain(values[name])
    return RowChange(table, row["id"], None, values, row["id"] if table == table_of(Task).name else row.get("task_id"))
