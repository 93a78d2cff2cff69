"""What many tests begin with is done once: the rows and files an act wrote are kept, and put in again wherever the database stands as it stood then.

The heads of the ledger seal every row of the house, so databases with equal heads are taken for equal; rows that no entry tells of must not matter to the act.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, Table, bindparam, text
from sqlmodel import Session, col, select

from models.every import METADATA
from models.ledger import LedgerHead
from services.unit_counts import settle_counts
from services.whole_tables import every_row, filled

Outcome = TypeVar("Outcome")
Given = ParamSpec("Given")
Rows = Mapping[tuple[Any, ...], Mapping[str, Any]]


@dataclass(frozen=True)
class Written:
    """What an act returned, the rows it made, changed or removed, by table, and the files it left in its folder."""

    outcome: Any
    made: Mapping[Table, list[dict[str, Any]]]
    changed: Mapping[Table, list[dict[str, Any]]]
    removed: Mapping[Table, list[dict[str, Any]]]
    files: Mapping[Path, bytes]


_HEADS = select(LedgerHead.chain, LedgerHead.seq, LedgerHead.hash).order_by(col(LedgerHead.chain))
_written: dict[tuple[Any, ...], Written] = {}


def remembered(session: Session, name: str, act: Callable[[], Outcome], folder: Path | None = None) -> Outcome:
    """Do an act, or put in what it wrote when it was first done in this run on a database that stood the same.

    `name` stands for the act and all its arguments but `folder`, where it keeps files. What it returns is shared by tests, so it must be frozen.
    """
    session.flush()
    settle_counts(session)
    heads = session.execute(_HEADS).all()
    key = (session.get_bind().dialect.name, name, *(tuple(head) for head in heads))
    if key not in _written:
        before = all_rows(session)
        outcome = act()
        session.flush()
        settle_counts(session)
        _written[key] = _difference(outcome, before, all_rows(session), _files(folder))
        return outcome
    _put_in(session, _written[key], folder)
    found: Outcome = _written[key].outcome
    return found


def once(act: Callable[Concatenate[Session, Given], Outcome]) -> Callable[Concatenate[Session, Given], Outcome]:
    """Let a fixture or a step of many tests be remembered. Its arguments are told apart by how they print, but for the folder that one of them keeps files in."""

    @wraps(act)
    def done(session: Session, *given: Given.args, **named: Given.kwargs) -> Outcome:
        arguments = (*given, *named.items())
        folder = next((place for one in (*given, *named.values()) if (place := _folder_of(one))), None)
        name = f"{act.__module__}.{act.__qualname__} {arguments!r}"
        if folder:
            # Whatever lies beside the store is the test's own as well.
            name = name.replace(str(folder), "").replace(str(folder.parent), "")
        return remembered(session, name, lambda: act(session, *given, **named), folder)

    return done


def _folder_of(argument: Any) -> Path | None:
    if isinstance(argument, Path):
        return argument
    held = next((getattr(argument, name) for name in ("folder", "store", "press") if hasattr(argument, name)), None)
    return None if held is None else _folder_of(held)


def _files(folder: Path | None) -> dict[Path, bytes]:
    return {place.relative_to(folder): place.read_bytes() for place in folder.rglob("*") if place.is_file()} if folder else {}


def all_rows(session: Session) -> dict[Table, Rows]:
    """Return every row of the database, by its table and key."""
    tables = METADATA.sorted_tables
    full = filled(session, tables)
    return {table: _rows(session, table) if table.name in full else {} for table in tables}


def _rows(session: Session, table: Table) -> Rows:
    keys = [column.name for column in table.primary_key]
    return {tuple(row[key] for key in keys): dict(row) for row in session.execute(every_row(table)).mappings()}


def _difference(outcome: Any, before: Mapping[Table, Rows], after: Mapping[Table, Rows], files: Mapping[Path, bytes]) -> Written:
    made = {table: [dict(row) for key, row in rows.items() if key not in before[table]] for table, rows in after.items()}
    changed = {
        table: [dict(row) for key, row in rows.items() if key in before[table] and row != before[table][key]]
        for table, rows in after.items()
    }
    removed = {table: [dict(row) for key, row in rows.items() if key not in after[table]] for table, rows in before.items()}
    return Written(outcome, _only_full(made), _only_full(changed), _only_full(removed), files)


def _only_full(rows: Mapping[Table, list[dict[str, Any]]]) -> dict[Table, list[dict[str, Any]]]:
    return {table: some for table, some in rows.items() if some}


def _put_in(session: Session, written: Written, folder: Path | None) -> None:
    for name, content in written.files.items():
        assert folder
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    connection = session.connection()
    for table, rows in written.made.items():
        connection.execute(table.insert(), rows)
    for table, rows in written.changed.items():
        connection.execute(table.update().where(*_by_key(table)), [{**row, **_key_of(table, row)} for row in rows])
    for table, rows in written.removed.items():
        connection.execute(table.delete().where(*_by_key(table)), [_key_of(table, row) for row in rows])
    if connection.dialect.name == "postgresql":
        last = {table.name: max(row["id"] for row in rows) for table, rows in written.made.items() if "id" in table.c}
        connection.execute(text("SELECT " + ", ".join(f"setval('{name}_id_seq', {number})" for name, number in last.items())))
    session.expire_all()


def _by_key(table: Table) -> list[ColumnElement[bool]]:
    return [column == bindparam(f"key_{column.name}") for column in table.primary_key]


def _key_of(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"key_{column.name}": row[column.name] for column in table.primary_key}
