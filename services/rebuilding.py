"""The tables made again from the ledger alone, and held against the tables as they are: what was changed behind the ledger's back is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry, LedgerHead
from services.changes import SECRET, RowChange, plain, table_of, typed
from services.ledger import INVENTORY, Event, record
from services.ledgered import LEDGERED_TABLES
from services.numbering import number_on
from services.occasion import Occasion
from services.unit_loads import recount, wrong_counts
from services.whole_tables import every_row, filled, refuse_filled


@dataclass(frozen=True)
class Difference:
    """A value that is not what the ledger says. `column` is empty where the whole row is missing or too many."""

    table: str
    row_id: int
    column: str
    is_now: Any
    should_be: Any


def rebuild(source: Session, empty: Session) -> int:
    """Write every row the ledger tells of into `empty`, a migrated database without rows, and return how many entries were replayed.

    The entries themselves go along, so the new database goes on where the old one stopped. What is in no entry is not made: passwords, messages, published papers,
    the bytes of files.
    """
    tables = [*LEDGERED_TABLES.values(), table_of(LedgerEntry)]
    refuse_filled(empty, tables)
    count = 0
    for changes in _all_changes(source):
        count += 1
        for change in sorted(changes, key=lambda change: _ORDER[change["table"]]):
            _replay(empty, LEDGERED_TABLES[change["table"]], change)
    for kind in (LedgerEntry, LedgerHead):
        rows = source.execute(sa.select(table_of(kind)).execution_options(yield_per=500)).mappings()
        for some in rows.partitions(500):
            empty.execute(sa.insert(table_of(kind)), [dict(row) for row in some])
    number_on(empty, tables)
    recount(empty)
    return count


def _replay(empty: Session, table: sa.Table, change: Mapping[str, Any]) -> None:
    if change["before"] is None:
        empty.execute(sa.insert(table).values(id=change["id"], **typed(table, change["after"])))
    elif change["after"] is None:
        empty.execute(sa.delete(table).where(table.c.id == change["id"]))
    else:
        empty.execute(sa.update(table).where(table.c.id == change["id"]).values(typed(table, change["after"])))


def differences(session: Session) -> list[Difference]:
    """Return where the tables are not what the ledger makes of them, in the order of tables and rows."""
    told: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in LEDGERED_TABLES}
    for changes in _all_changes(session):
        for change in changes:
            rows = told[change["table"]]
            if change["after"] is None:
                rows.pop(change["id"], None)
            else:
                rows[change["id"]] = {**rows.get(change["id"], {}), **change["after"]}
    full = filled(session, LEDGERED_TABLES.values())
    found = [
        one
        for name, table in LEDGERED_TABLES.items()
        if name in full or told[name]
        for one in _table_differences(session, table, told[name])
    ]
    # The counts follow from the tables: told of only where these are right.
    return found or [
        Difference("unit_count", unit_id, f"{state.value} {due_on}", kept, counted)
        for (unit_id, state, due_on), kept, counted in wrong_counts(session)
    ]


def take_inventory(session: Session, occasion: Occasion) -> bool:
    """Enter every row that no entry tells of, as a database made before rows were written down has them; tell whether there were any."""
    changes: list[RowChange] = []
    missing = {(found.table, found.row_id) for found in differences(session) if not found.column and found.should_be is None}
    for table in LEDGERED_TABLES.values():
        for row in session.execute(every_row(table)).mappings():
            if (table.name, row["id"]) in missing:
                values = {name: plain(value) for name, value in row.items() if name not in SECRET | {"id"}}
                changes.append(RowChange(table.name, row["id"], None, values))
    if changes:
        record(session, occasion, Event(INVENTORY, "rows from before they were written down"), changes)
    return bool(changes)


def _table_differences(session: Session, table: sa.Table, told: dict[int, dict[str, Any]]) -> Iterator[Difference]:
    seen = set()
    for row in session.execute(every_row(table)).mappings():
        seen.add(row["id"])
        should_be = told.get(row["id"])
        if should_be is None:
            yield Difference(table.name, row["id"], "", "row", None)
            continue
        for name, value in row.items():
            if name not in SECRET | {"id"} and plain(value) != should_be.get(name):
                yield Difference(table.name, row["id"], name, plain(value), should_be.get(name))
    for row_id in sorted(told.keys() - seen):
        yield Difference(table.name, row_id, "", None, "row")


def _all_changes(session: Session) -> Iterator[list[dict[str, Any]]]:
    yield from session.execute(_CHANGES).scalars()


_CHANGES = (
    sa.select(col(LedgerEntry.changes))
    .where(col(LedgerEntry.changes).is_not(None))
    .order_by(col(LedgerEntry.id))
    .execution_options(yield_per=500)
)
_ORDER = {name: number for number, name in enumerate(LEDGERED_TABLES)}
