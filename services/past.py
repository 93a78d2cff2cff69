"""Rows as they were on a day: what later acts wrote is taken back, with the values that stood before in their entries.

The present costs nothing: only entries after the day are read. What an act does to a task's state and reports is told by `lives` and `reported` instead.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col

from models.ledger import LedgerEntry
from models.unit import Unit
from rules.transitions import TaskEvent
from services.changes import LEDGERED, plain, table_of, typed
from services.ledger import HOUSE, INVENTORY, chain_of

# These move a task along and add reports, which carry their own days; no due day, unit or target changes by them.
# An inventory enters rows that stood long before.
_PASSED_OVER = (INVENTORY, *(event.value for event in TaskEvent if event not in (TaskEvent.ISSUE, TaskEvent.REASSIGN)))


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
    if session.execute(sa.select(col(LedgerEntry.id)).where(col(LedgerEntry.acted_on) > day).limit(1)).first() is None:
        # Mostly today is asked for: by days nothing is found at once, by chains only at their ends.
        return Past()
    later = (
        sa.select(col(LedgerEntry.changes))
        .where(col(LedgerEntry.acted_on) > day, col(LedgerEntry.changes).is_not(None), col(LedgerEntry.act).not_in(_PASSED_OVER))
        .order_by(col(LedgerEntry.id).desc())
    )
    if plan_ids is not None:
        later = later.where(col(LedgerEntry.chain).in_([HOUSE, *(chain_of(plan_id) for plan_id in plan_ids)]))
    undone: dict[str, dict[int, _Undone]] = defaultdict(dict)
    for changes in session.execute(later).scalars():
        # An act may write a row more than once; what stood before its first writing counts.
        for change in reversed(changes or ()):
            rows = undone[change["table"]]
            rows[change["id"]] = _before(change, rows.get(change["id"]))
    _complete_moved(session, undone)
    return Past(undone)


def _complete_moved(session: Session, undone: Mapping[str, dict[int, _Undone]]) -> None:
    """Tell the whole of rows that belonged elsewhere, since today's reader of their old place does not find them."""
    for kind in LEDGERED:
        table = table_of(kind)
        owners = {column.name for column in table.columns if column.foreign_keys}
        moved = {row_id: was for row_id, was in undone.get(table.name, {}).items() if not was.is_whole and owners & was.values.keys()}
        for ids in _batched(sorted(moved)):
            for row in session.execute(sa.select(table).where(table.c.id.in_(ids))).mappings():
                whole = {name: plain(value) for name, value in row.items() if name != "id"}
                undone[table.name][row["id"]] = _Undone(
                    {**whole, **moved[row["id"]].values}, is_whole=True, is_made=moved[row["id"]].is_made
                )


def _batched(ids: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    """Return the ids in portions that one statement can name."""
    yield from (ids[first : first + size] for first in range(0, len(ids), size))


def _before(change: Mapping[str, Any], after: _Undone | None) -> _Undone:
    if change["after"] is None:
        return _Undone(change["before"], is_whole=True)
    told = {} if after is None or after.is_made else after.values
    is_whole = after is not None and after.is_whole
    if change["before"] is None:
        return _Undone(told, is_whole, is_made=True)
    return _Undone({**told, **change["before"]}, is_whole)
