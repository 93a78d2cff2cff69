"""Rows as they were on a day: what later acts wrote is taken back, with the values that stood before in their entries.

The present costs nothing: only entries after the day are read. What an act does to a task's state and reports is told by `lives` and `reported` instead.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from models.ledger import IS_ALTERING, WROTE_ROWS, LedgerEntry
from models.unit import Unit
from services.answers import answer_once
from services.changes import plain, table_of, typed
from services.ledger import HOUSE, chain_of
from services.portions import portions

# Columns of the table, not of its class: every reading asks, and the first statement that names a class prepares all of them.
_ENTRY = table_of(LedgerEntry).c
# As text: SQLite would be asked whether a boolean column is 1, which no index answers.
_WROTE_ROWS = sa.text(WROTE_ROWS)
_IS_ALTERING = sa.text(IS_ALTERING)


@dataclass(frozen=True)
class _Undone:
    """What a row was: `is_made` where it was not there yet, `is_whole` where every column is told, since the row is gone now."""

    values: Mapping[str, Any]
    is_whole: bool = False
    is_made: bool = False


@dataclass(frozen=True)
class Past:
    """What later acts did, by table and row, ready to be taken back."""

    undone: Mapping[str, Mapping[int, _Undone]] = field(default_factory=dict)

    def rows(self, kind: type[SQLModel], found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return rows of today, each with its `id`, as they were: newer ones left out, changed values as before, removed rows put back at the end."""
        table, undone = table_of(kind), self.undone.get(table_of(kind).name, {})
        if not undone:
            return [dict(row) for row in found]
        rows, seen = [], set()
        for row in found:
            seen.add(row["id"])
            was = undone.get(row["id"])
            if was is None:
                rows.append(dict(row))
            elif not was.is_made or kind is Unit:
                # A unit is older than its line in the register: a plan of last year may be entered today.
                rows.append({**row, **typed(table, was.values)})
        gone = [
            {"id": row_id, **typed(table, was.values)}
            for row_id, was in undone.items()
            if was.is_whole and not was.is_made and row_id not in seen
        ]
        return rows + gone


class Later:
    """What was entered after `since`, of these plans and the house, or of all; read at once, and taken back to the end of any day from then on.

    `altering_only` passes over what makes plans and tasks, and the acceptance of reports: enough for tasks that were there, and an index tells it at once.
    """

    def __init__(self, session: Session, since: date, plan_ids: Sequence[int] | None = None, *, altering_only: bool = False) -> None:
        self._session = session
        wanted = _IS_ALTERING if altering_only else _WROTE_ROWS
        # Mostly today is asked for: then nothing is later.
        self._entries = _entered_after(session, since, plan_ids, wanted) if since < _last_day(session) else ()
        self._whole: Mapping[str, Mapping[int, Mapping[str, Any]]] | None = None

    def past_on(self, day: date) -> Past:
        """Return what must be taken back to see rows as they were at the end of `day`, which is not before `since`."""
        undone: dict[str, dict[int, _Undone]] = defaultdict(dict)
        for acted_on, changes in self._entries:
            # An act may write a row more than once; what stood before its first writing counts.
            for change in reversed(changes) if acted_on > day else ():
                rows = undone[change["table"]]
                rows[change["id"]] = _before(change, rows.get(change["id"]))
        self._complete_moved(undone)
        return Past(undone)

    def _complete_moved(self, undone: Mapping[str, dict[int, _Undone]]) -> None:
        """Tell the whole of rows that belonged elsewhere, since today's reader of their old place does not find them."""
        for table, rows in undone.items():
            owners = _owners(table)
            for row_id, was in rows.items():
                if not was.is_whole and owners & was.values.keys():
                    whole = self._moved().get(table, {}).get(row_id)
                    if whole is not None:
                        rows[row_id] = _Undone({**whole, **was.values}, is_whole=True, is_made=was.is_made)

    def _moved(self) -> Mapping[str, Mapping[int, Mapping[str, Any]]]:
        """Return the rows that ever got another owner, as they stand today."""
        if self._whole is None:
            ids: dict[str, set[int]] = defaultdict(set)
            for _acted_on, changes in self._entries:
                for change in changes:
                    if change["after"] is not None and _owners(change["table"]) & (change["before"] or {}).keys():
                        ids[change["table"]].add(change["id"])
            self._whole = {table: _as_entered(self._session, _table(table), sorted(some)) for table, some in ids.items()}
        return self._whole


def past_on(session: Session, day: date, plan_ids: Sequence[int] | None = None) -> Past:
    """Return what must be taken back to see rows as they were at the end of `day`, of these plans and the house, or of all."""
    return Later(session, day, plan_ids).past_on(day)


def _table(name: str) -> sa.Table:
    # Only what an entry tells of needs the tables; most ask for today, and are told nothing.
    from services.ledgered import LEDGERED_TABLES

    return LEDGERED_TABLES[name]


@cache
def _owners(table: str) -> set[str]:
    """Return the columns that say what a row belongs to."""
    return {column.name for column in _table(table).columns if column.foreign_keys}


def _last_day(session: Session) -> date:
    """Return the day of the last act by its day, which an index tells at once."""
    last: date | None = answer_once(session, "last day", lambda: session.scalar(sa.select(sa.func.max(_ENTRY.acted_on))))
    return last or date.min


def _entered_after(
    session: Session, since: date, plan_ids: Sequence[int] | None, wanted: sa.TextClause
) -> list[tuple[date, Sequence[Mapping[str, Any]]]]:
    """Return what later acts wrote, the last first."""
    later = sa.select(_ENTRY.acted_on, _ENTRY.changes).where(_ENTRY.acted_on > since, wanted).order_by(_ENTRY.id.desc())
    if plan_ids is not None:
        later = later.where(_ENTRY.chain.in_([HOUSE, *(chain_of(plan_id) for plan_id in plan_ids)]))
    return [(acted_on, changes or ()) for acted_on, changes in session.execute(later).tuples()]


def _as_entered(session: Session, table: sa.Table, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    """Return rows as an entry would tell them."""
    rows = (row for some in portions(ids) for row in session.execute(sa.select(table).where(table.c.id.in_(some))).mappings())
    return {row["id"]: {name: plain(value) for name, value in row.items() if name != "id"} for row in rows}


def _before(change: Mapping[str, Any], after: _Undone | None) -> _Undone:
    if change["after"] is None:
        return _Undone(change["before"], is_whole=True)
    told = {} if after is None or after.is_made else after.values
    is_whole = after is not None and after.is_whole
    if change["before"] is None:
        return _Undone(told, is_whole, is_made=True)
    return _Undone({**told, **change["before"]}, is_whole)
