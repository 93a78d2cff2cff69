"""Numbering on behind rows that were written with their numbers, as a restore, a rebuilding and a copy write them."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session


def number_on(session: Session, tables: Iterable[sa.Table]) -> None:
    """Let new rows of these tables be numbered behind those that are there. SQLite does so by itself; on PostgreSQL each table's sequence is set."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in tables:
        if "id" in table.c:
            last = sa.select(sa.func.max(table.c.id)).scalar_subquery()
            number = sa.func.pg_get_serial_sequence(f'"{table.name}"', "id")
            session.execute(sa.select(sa.func.setval(number, sa.func.coalesce(last, 1), last.is_not(None))))
