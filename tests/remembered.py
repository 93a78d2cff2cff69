"""What many tests begin with is done once: the rows an act wrote are kept, and put in again wherever the database stands as it stood then.

The heads of the ledger seal every row of the house, so databases with equal heads are taken for equal; rows that no entry tells of must not matter to the act.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Table, bindparam, text
from sqlmodel import Session, SQLModel, col, select

from models.ledger import LedgerHead

Outcome = TypeVar("Outcome")
Rows = Mapping[tuple[Any, ...], Mapping[str, Any]]


@dataclass(frozen=True)
class Written:
    """What an act returned, and the rows it made or changed, by table."""

    outcome: Any
    made: Mapping[Table, list[dict[str, Any]]]
    changed: Mapping[Table, list[dict[str, Any]]]


_written: dict[tuple[Any, ...], Written] = {}


def remembered(session: Session, name: str, act: Callable[[], Outcome]) -> Outcome:
    """Do an act, or put in what it wrote when it was first done in this run on a database that stood the same.

    `name` stands for the act and all its arguments. What it returns is shared by tests, so it must be frozen.
    """
    session.flush()
    heads = session.exec(select(LedgerHead.chain, LedgerHead.seq, LedgerHead.hash).order_by(col(LedgerHead.chain))).all()
    key = (session.get_bind().dialect.name, name, *(tuple(head) for head in heads))
    if key not in _written:
        before = all_rows(session)
        outcome = act()
        session.flush()
        _written[key] = _difference(outcome, before, all_rows(session))
        return outcome
    _put_in(session, _written[key])
    found: Outcome = _written[key].outcome
    return found


def all_rows(session: Session) -> dict[Table, Rows]:
    """Return every row of the database, by its table and key."""
    return {table: _rows(session, table) for table in SQLModel.metadata.sorted_tables}


def _rows(session: Session, table: Table) -> Rows:
    keys = [column.name for column in table.primary_key]
    return {tuple(row[key] for key in keys): dict(row) for row in session.execute(table.select()).mappings()}


def _difference(outcome: Any, before: Mapping[Table, Rows], after: Mapping[Table, Rows]) -> Written:
    made = {table: [dict(row) for key, row in rows.items() if key not in before[table]] for table, rows in after.items()}
    changed = {
        table: [dict(row) for key, row in rows.items() if key in before[table] and row != before[table][key]]
        for table, rows in after.items()
    }
    assert all(before[table].keys() <= rows.keys() for table, rows in after.items()), "an act that removes rows is not remembered"
    return Written(outcome, _only_full(made), _only_full(changed))


def _only_full(rows: Mapping[Table, list[dict[str, Any]]]) -> dict[Table, list[dict[str, Any]]]:
    return {table: some for table, some in rows.items() if some}


def _put_in(session: Session, written: Written) -> None:
    connection = session.connection()
    for table, rows in written.made.items():
        connection.execute(table.insert(), rows)
    for table, rows in written.changed.items():
        keys = [column.name for column in table.primary_key]
        wanted = table.update().where(*(table.c[key] == bindparam(f"key_{key}") for key in keys))
        connection.execute(wanted, [{**row, **{f"key_{key}": row[key] for key in keys}} for row in rows])
    if connection.dialect.name == "postgresql":
        last = {table.name: max(row["id"] for row in rows) for table, rows in written.made.items() if "id" in table.c}
        connection.execute(text("SELECT " + ", ".join(f"setval('{name}_id_seq', {number})" for name, number in last.items())))
    session.expire_all()
