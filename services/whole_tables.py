"""Tables read whole, from their first row to their last: which of them hold any, and the statement that reads one, made once for each."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from rules.errors import DubanError
from rules.texts import _


def filled(session: Session, tables: Iterable[sa.Table]) -> set[str]:
    """Return the names of those tables that hold a row, asked in one statement; what the session still holds is written first."""
    session.flush()
    return set(session.connection().execute(_asking(tuple(table.name for table in tables))).scalars())


def refuse_filled(session: Session, tables: Iterable[sa.Table]) -> None:
    """Refuse a database in which any of these tables holds a row. Codes: database-filled."""
    if filled(session, tables):
        raise DubanError("database-filled", _("目标数据库里已经有内容；请指定一个空的数据库"))


@cache
def _asking(names: tuple[str, ...]) -> sa.TextClause:
    return sa.text(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names))


@cache
def every_row(table: sa.Table) -> sa.Select[Any]:
    """Return the statement for all rows of a table in the order of their keys."""
    return sa.select(table).order_by(*table.primary_key)
