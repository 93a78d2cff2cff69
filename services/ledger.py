"""The ledger: every act is an entry, chained by hash within its chain, written in the same transaction as what it tells of.

An entry holds what the act says (`before`, `after`) and the rows it wrote (`changes`), from which the tables can be made again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Row
from sqlmodel import Session

from models.ledger import LedgerEntry, LedgerHead
from rules.errors import DubanError
from rules.texts import _
from services.changes import RowChange, table_of, take_changes
from services.entry_json import ToldRows, sealed_json
from services.occasion import Occasion
from services.portions import portions
from services.prepared import Prepared
from services.unit_counts import note_changes

GENESIS = "0" * 64
HOUSE = "house"
ACCESS = "access"
INVENTORY = "inventory"

# What an entry's hash covers: everything but the row's own number and the hash itself. Entries from before rows were written down have no changes.
SEALED = (
    *("chain", "seq", "at", "acted_on", "for_day", "actor", "unit_id", "act", "plan_id", "task_id", "subject", "before", "after"),
    *("prev_hash", "changes"),
)

_HEADS, _OF_ENTRY = table_of(LedgerHead).c, [column for column in table_of(LedgerEntry).columns if column.name != "id"]
_HEAD = Prepared(
    sa.select(_HEADS.chain, _HEADS.seq, _HEADS.hash, _HEADS.ordered_on).where(_HEADS.chain == sa.bindparam("of")).with_for_update()
)
_MOVE_HEAD = Prepared(
    sa.update(table_of(LedgerHead))
    .where(_HEADS.chain == sa.bindparam("of"))
    .values(seq=sa.bindparam("last"), hash=sa.bindparam("ends"), ordered_on=sa.bindparam("on"))
)
_ENTRIES = sa.insert(table_of(LedgerEntry))
_ENTRY = Prepared(_ENTRIES.values({column.name: sa.bindparam(column.name) for column in _OF_ENTRY}))
_EVERY_HEAD = sa.select(_HEADS.chain, _HEADS.seq, _HEADS.hash)
_EVERY_ENTRY = (
    sa.select(*(table_of(LedgerEntry).c[name] for name in (*SEALED, "hash")))
    .order_by(table_of(LedgerEntry).c.chain, table_of(LedgerEntry).c.seq)
    .execution_options(yield_per=1000)
)


@dataclass(frozen=True)
class Event:
    """What is to be written down. `for_day` is the day the act holds for, where that is not the day it is done.

    `chain` is `ACCESS` for what is told of coming and going; None is the chain of the plan, or of the house. No rows change by an entry of the access log.
    """

    act: str
    subject: str
    plan_id: int | None = None
    task_id: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    for_day: date | None = None
    chain: str | None = None

    @property
    def written_in(self) -> str:
        """Return the name of the chain that the entry belongs to."""
        return self.chain or chain_of(self.plan_id)


@dataclass(frozen=True)
class Break:
    """The first entry of a chain that does not fit, and why.

    `changed`: its content is not what its hash says; `unlinked`: it does not follow the entry before it; `missing`: one is gone before it, or at the end;
    `added`: it stands behind the chain's head; `head-changed`, `headless`: the head is another one, or gone.
    """

    chain: str
    seq: int
    why: str


def chain_of(plan_id: int | None) -> str:
    """Return the name of the chain that a plan's acts are written in; what concerns no plan goes to the house's."""
    return HOUSE if plan_id is None else f"plan-{plan_id}"


def record(session: Session, occasion: Occasion, event: Event, written: Sequence[RowChange] = ()) -> None:
    """Write one entry. `written` are rows written past the session, by statements of their own."""
    record_all(session, occasion, [event], written)


def record_all(session: Session, occasion: Occasion, events: Iterable[Event], written: Sequence[RowChange] = ()) -> None:
    """Write entries in the given order, each chain continued from its last entry.

    1. The rows changed since the last entry are shared out: to the entry on their task, else to the first. 2. The chain's head is locked, so that two
    writers of one chain wait for each other. 3. The entries are sealed in memory and inserted at once, and the head moves on.

    An act that writes rows is refused for a day before the last such act of its chain: reports made since then would have to change. In the house's own
    chain that holds for rows altered, not for new ones.
    """
    # What is told of access comes last: its chain is the one that everybody writes, and is locked for the shortest time.
    ordered = sorted(events, key=lambda event: (event.chain == ACCESS, event.plan_id or 0))
    changes = [*take_changes(session), *written]
    shared = _share_out(changes, ordered)
    # An inventory tells of rows that stood and were counted long before.
    note_changes(session, [] if any(event.act == INVENTORY for event in ordered) else changes)
    for chain, group in groupby(enumerate(ordered), key=lambda numbered: numbered[1].written_in):
        head = _locked_head(session, chain)
        rows = []
        for number, event in group:
            rows.append(_sealed_row(occasion, event, shared.get(number, ()), head))
            head = head._replace(seq=head.seq + 1, hash=rows[-1]["hash"])
        _enter(session, rows, _with_day(head, rows, occasion.day))


def _enter(session: Session, rows: Sequence[Mapping[str, Any]], head: "_Head") -> None:
    connection = session.connection()
    if len(rows) == 1:
        _ENTRY.run(connection, rows[0])
    else:
        connection.execute(_ENTRIES, rows)
    _MOVE_HEAD.run(connection, {"of": head.chain, "last": head.seq, "ends": head.hash, "on": head.ordered_on})


def _share_out(changes: Sequence[RowChange], events: Sequence[Event]) -> Mapping[int, Sequence[RowChange]]:
    if changes and not events:
        raise AssertionError("rows changed, but no entry tells of it")
    by_task = {event.task_id: number for number, event in reversed(list(enumerate(events)))}
    shared: dict[int, list[RowChange]] = defaultdict(list)
    for change in changes:
        shared[by_task.get(change.task_id, 0) if change.task_id else 0].append(change)
    return shared


class _Head(NamedTuple):
    chain: str
    seq: int
    hash: str
    ordered_on: date | None


def _locked_head(session: Session, chain: str) -> _Head:
    """Return the chain's head with its row locked; a new chain gets one. Two first writers meet at its primary key: one waits, then goes on from there."""
    found = _HEAD.rows(session, {"of": chain})
    if not found:
        from sqlalchemy.dialects import postgresql, sqlite

        new = {"chain": chain, "seq": 0, "hash": GENESIS}
        make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(make(LedgerHead).values(new).on_conflict_do_nothing())
        found = _HEAD.rows(session, {"of": chain})
    return _Head(*found[0])


def _with_day(head: _Head, rows: Sequence[Mapping[str, Any]], day: date) -> _Head:
    """Return the head with the last day that its acts keep to, and refuse an act for a day before it."""
    if not any(_keeps_order(head.chain, row["changes"]) for row in rows):
        return head
    if head.ordered_on is not None and day < head.ordered_on:
        text = _("台账已记到 {last}，不能再记 {day} 的事；请按今天的日期办理，补报以前的事请在内容中写明")
        raise DubanError("past-date", text.format(last=head.ordered_on, day=day))
    return head._replace(ordered_on=day)


def _keeps_order(chain: str, changes: Sequence[Mapping[str, Any]] | None) -> bool:
    # In the house's own chain new rows may come at any time: a plan of last year brings its units with it.
    return any(chain != HOUSE or change["before"] is not None for change in changes or ())


def head_of(session: Session, plan_ids: Iterable[int]) -> str:
    """Return the hash that stands for all acts on these plans up to now: a plan's last hash, or for several the hash over all of them."""
    chains = [chain_of(plan_id) for plan_id in sorted(plan_ids)]
    asked = sa.select(_HEADS.chain, _HEADS.hash)
    known = {chain: last for some in portions(chains) for chain, last in session.execute(asked.where(_HEADS.chain.in_(some))).tuples()}
    heads = [known.get(chain, GENESIS) for chain in chains]
    return heads[0] if len(heads) == 1 else sha256("\n".join(heads).encode()).hexdigest()


def heads_of(session: Session, plan_ids: Iterable[int]) -> dict[str, dict[str, Any]]:
    """Return where each of these plans' chains, and the house's, ends now, so that a paper can be held against the ledger later."""
    chains = [HOUSE, *(chain_of(plan_id) for plan_id in sorted(plan_ids))]
    heads = session.execute(
        sa.select(_HEADS.chain, _HEADS.seq, _HEADS.hash).where(_HEADS.chain.in_(chains)).order_by(_HEADS.chain)
    ).tuples()
    return {chain: {"seq": seq, "hash": last} for chain, seq, last in heads}


def first_break(session: Session) -> Break | None:
    """Read every chain from its first entry to its head and return the first entry that does not fit, None where all is whole."""
    rows = session.execute(_EVERY_ENTRY)
    heads = {head.chain: head for head in session.execute(_EVERY_HEAD)}
    try:
        return _first_break(rows, heads)
    finally:
        rows.close()


def _first_break(rows: Iterable[Row[Any]], heads: dict[str, Row[Any]]) -> Break | None:
    for chain, entries in groupby(rows, key=lambda row: str(row.chain)):
        last, expected = GENESIS, 0
        head = heads.pop(chain, None)
        for expected, entry in enumerate(entries, 1):
            why = _misfit(entry, expected, last)
            if why:
                return Break(chain, entry.seq, why)
            if head is None:
                return Break(chain, entry.seq, "headless")
            if entry.seq > head.seq:
                return Break(chain, entry.seq, "added")
            last = entry.hash
        assert head is not None
        if head.seq > expected:
            return Break(chain, expected + 1, "missing")
        if head.hash != last:
            return Break(chain, expected, "head-changed")
    lost = min((head for head in heads.values() if head.seq), key=lambda head: head.chain, default=None)
    return Break(lost.chain, 1, "missing") if lost else None


def _misfit(entry: Row[Any], expected: int, last: str) -> str | None:
    if entry.seq != expected:
        return "missing"
    if entry.prev_hash != last:
        return "unlinked"
    return None if entry.hash == _hash_of(*entry[:-1]) else "changed"


def _sealed_row(occasion: Occasion, event: Event, changes: Sequence[RowChange], head: _Head) -> dict[str, Any]:
    row: dict[str, Any] = {
        "chain": head.chain,
        "seq": head.seq + 1,
        "at": occasion.at,
        "acted_on": occasion.day,
        "for_day": event.for_day or occasion.day,
        "actor": occasion.actor.name,
        "unit_id": occasion.actor.unit_id,
        "act": event.act,
        "plan_id": event.plan_id,
        "task_id": event.task_id,
        "subject": event.subject[:120],
        "before": dict(event.before),
        "after": {**event.after, **({"form": occasion.form_id} if occasion.form_id else {})},
        "changes": ToldRows(change.as_json() for change in changes) or None,
        "prev_hash": head.hash,
    }
    row["hash"] = sealed_hash(row)
    return row


def sealed_hash(row: Mapping[str, Any]) -> str:
    """Return the hash of an entry given by column: the rule in docs/ledger.md."""
    return _hash_of(*[row[name] for name in SEALED])


def _hash_of(*sealed: Any) -> str:
    # The changes are the last of what is sealed.
    *values, changes = sealed
    content = sealed_json(values)
    if changes is not None:
        content = f"{content[:-1]},{sealed_json(changes)}]"
    return sha256(content.encode()).hexdigest()


def count_entries(session: Session) -> int:
    """Return how many entries there are in all chains."""
    return int(session.execute(sa.select(sa.func.count()).select_from(LedgerEntry)).scalar_one())
