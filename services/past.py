"""Rows as they were on a day: what later acts wrote is taken back, with the values that stood before in their entries.

The present costs nothing: only entries after the day are read, and nothing of them is kept but what stood before. What an act does to a task's state and
reports is told by `lives` and `reported` instead.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

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
# Few: an entry about a whole plan tells of thousands of rows.
_ENTRIES_AT_ONCE = 50


class Undone(NamedTuple):
    """What a row was, its values as an entry tells them: `is_made` where it was not there yet, `is_whole` where all are told, since the row is gone now."""

    values: Mapping[str, Any]
    is_whole: bool = False
    is_made: bool = False


# Of each table its rows by their ids.
_Tables = dict[str, dict[int, Undone]]


@dataclass(frozen=True)
class Past:
    """What later acts did, by table and row, ready to be taken back. It tells of the tables of `kinds`, or of every one."""

    undone: Mapping[str, Mapping[int, Undone]] = field(default_factory=dict)
    kinds: Collection[type[SQLModel]] | None = None

    def of(self, kind: type[SQLModel]) -> Mapping[int, Undone]:
        """Return what was done to rows of a table, by their ids."""
        assert self.kinds is None or kind in self.kinds, kind
        return self.undone.get(table_of(kind).name, {})

    def rows(self, kind: type[SQLModel], found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return rows of today, each with its `id`, as they were: newer ones left out, changed values as before, removed rows put back at the end."""
        table, undone = table_of(kind), self.of(kind)
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


def past_on(session: Session, day: date, plan_ids: Sequence[int] | None = None) -> Past:
    """Return what must be taken back to see rows as they were at the end of `day`, of these plans and the house, or of all."""
    return pasts_on(session, [day], plan_ids)[day]


def pasts_on(
    session: Session,
    days: Collection[date],
    plan_ids: Sequence[int] | None = None,
    *,
    kinds: Collection[type[SQLModel]] | None = None,
    altering_only: bool = False,
) -> Mapping[date, Past]:
    """Return the same of each of some days, the entries after the first of them read once; with `kinds` only what was done to these tables.

    `altering_only` passes over what makes plans and tasks, and the acceptance of reports: enough for tasks that were there, and an index tells it at once.
    """
    undone: dict[date, _Tables] = {day: defaultdict(dict) for day in days}
    tables = None if kinds is None else {table_of(kind).name for kind in kinds}
    # Mostly today is asked for: then nothing is later.
    entries = _entered_after(session, min(days), plan_ids, altering_only=altering_only) if min(days) < _last_day(session) else ()
    alike: dict[Hashable, Undone] = {}
    for acted_on, changes in entries:
        after = [of_day for day, of_day in undone.items() if day < acted_on]
        # An act may write a row more than once; what stood before its first writing counts.
        for change in reversed(changes):
            for of_day in after if tables is None or change["table"] in tables else ():
                rows = of_day[change["table"]]
                rows[change["id"]] = _shared(_before(change, rows.get(change["id"])), alike)
    _complete_moved(session, undone.values())
    return {day: Past(of_day, kinds) for day, of_day in undone.items()}


def _shared(was: Undone, alike: dict[Hashable, Undone]) -> Undone:
    """Return the one that rows share which were alike. A thousand tasks moved from the same day are told of in the memory of one."""
    # Words and days only: a number would be taken for another of its value.
    if all(value is None or isinstance(value, str) for value in was.values.values()):
        return alike.setdefault((was.is_whole, was.is_made, *was.values.items()), was)
    return was


def _complete_moved(session: Session, undone: Collection[_Tables]) -> None:
    """Tell the whole of rows that belonged elsewhere, since today's reader of their old place does not find them."""
    for table in sorted({table for of_day in undone for table in of_day}):
        every = [of_day[table] for of_day in undone if table in of_day]
        moved = [
            (rows, row_id) for rows in every for row_id, was in rows.items() if not was.is_whole and _owners(table) & was.values.keys()
        ]
        whole = _as_entered(session, _table(table), sorted({row_id for _rows, row_id in moved}))
        for rows, row_id in moved:
            if row_id in whole:
                rows[row_id] = Undone({**whole[row_id], **rows[row_id].values}, is_whole=True, is_made=rows[row_id].is_made)


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
    session: Session, since: date, plan_ids: Sequence[int] | None, *, altering_only: bool
) -> Iterator[tuple[date, Sequence[Mapping[str, Any]]]]:
    """Yield what later acts wrote, the last first."""
    wanted = _IS_ALTERING if altering_only else _WROTE_ROWS
    later = sa.select(_ENTRY.acted_on, _ENTRY.changes).where(_ENTRY.acted_on > since, wanted).order_by(_ENTRY.id.desc())
    if plan_ids is not None:
        later = later.where(_ENTRY.chain.in_([HOUSE, *(chain_of(plan_id) for plan_id in plan_ids)]))
    # A server's cursor costs it some round trips: they are worth it where the whole house is looked at.
    found = session.execute(later, execution_options={"stream_results": plan_ids is None, "max_row_buffer": _ENTRIES_AT_ONCE})
    for acted_on, changes in chain.from_iterable(found.tuples().partitions(_ENTRIES_AT_ONCE)):
        yield acted_on, changes or ()


def _as_entered(session: Session, table: sa.Table, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    """Return rows as an entry would tell them."""
    rows = (row for some in portions(ids) for row in session.execute(sa.select(table).where(table.c.id.in_(some))).mappings())
    return {row["id"]: {name: plain(value) for name, value in row.items() if name != "id"} for row in rows}


def _before(change: Mapping[str, Any], after: Undone | None) -> Undone:
    if change["after"] is None:
        return Undone(change["before"], is_whole=True)
    told = {} if after is None or after.is_made else after.values
    is_whole = after is not None and after.is_whole
    if change["before"] is None:
        return Undone(told, is_whole, is_made=True)
    return Undone({**told, **change["before"]}, is_whole)
