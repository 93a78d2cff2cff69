"""The ledger: every act is an entry, chained by hash within its chain, written in the same transaction as what it tells of."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, insert
from sqlmodel import Session, col, select

from models.ledger import LedgerEntry
from models.plan import Plan
from services.occasion import Occasion

GENESIS = "0" * 64
HOUSE = "house"

# What an entry's hash covers: everything but the row's own number and the hash itself.
_SEALED = (
    *("chain", "seq", "at", "acted_on", "for_day", "actor", "unit_id", "act", "plan_id", "task_id", "subject", "before", "after"),
    "prev_hash",
)


@dataclass(frozen=True)
class Event:
    """What is to be written down. `for_day` is the day the act holds for, where that is not the day it is done."""

    act: str
    subject: str
    plan_id: int | None = None
    task_id: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    for_day: date | None = None


@dataclass(frozen=True)
class Break:
    """The first entry of a chain that does not fit: changed, or its neighbours missing, added or reordered."""

    chain: str
    seq: int
    why: str


def chain_of(plan_id: int | None) -> str:
    """Return the name of the chain that a plan's acts are written in; what concerns no plan goes to the house's."""
    return HOUSE if plan_id is None else f"plan-{plan_id}"


def record(session: Session, occasion: Occasion, event: Event) -> None:
    """Write one entry."""
    record_all(session, occasion, [event])


def record_all(session: Session, occasion: Occasion, events: Iterable[Event]) -> None:
    """Write entries in the given order, each chain continued from its last entry.

    1. The plan's row is locked, so that two writers of one chain wait for each other (SQLite writers do anyway). 2. The chain's last hash is read.
    3. The entries are sealed in memory and inserted at once.
    """
    session.flush()
    for plan_id, group in groupby(sorted(events, key=lambda event: event.plan_id or 0), key=lambda event: event.plan_id):
        if plan_id is not None:
            session.exec(select(Plan.id).where(Plan.id == plan_id).with_for_update()).one()
        seq, last = _last_of(session, chain_of(plan_id))
        rows = []
        for event in group:
            seq += 1
            rows.append(_sealed_row(occasion, event, seq, last))
            last = rows[-1]["hash"]
        session.execute(insert(LedgerEntry), rows)


def head_of(session: Session, plan_ids: Iterable[int]) -> str:
    """Return the hash that stands for all acts on these plans up to now: a plan's last hash, or for several the hash over all of them."""
    heads = [_last_of(session, chain_of(plan_id))[1] for plan_id in sorted(plan_ids)]
    return heads[0] if len(heads) == 1 else sha256("\n".join(heads).encode()).hexdigest()


def first_break(session: Session) -> Break | None:
    """Read every chain from its first entry and return the first entry that does not fit, None where all is whole."""
    columns = [getattr(LedgerEntry, name) for name in (*_SEALED, "hash")]
    rows = session.execute(sa.select(*columns).order_by(col(LedgerEntry.chain), col(LedgerEntry.seq)))
    for chain, entries in groupby(rows, key=lambda row: str(row.chain)):
        last = GENESIS
        for expected, entry in enumerate(entries, 1):
            why = _misfit(entry, expected, last)
            if why:
                return Break(chain, entry.seq, why)
            last = entry.hash
    return None


def _misfit(entry: Row[Any], expected: int, last: str) -> str | None:
    if entry.seq != expected:
        return "missing"
    if entry.prev_hash != last:
        return "unlinked"
    return None if entry.hash == _seal({name: getattr(entry, name) for name in _SEALED}) else "changed"


def _last_of(session: Session, chain: str) -> tuple[int, str]:
    last = select(LedgerEntry.seq, LedgerEntry.hash).where(LedgerEntry.chain == chain).order_by(col(LedgerEntry.seq).desc()).limit(1)
    return session.exec(last).one_or_none() or (0, GENESIS)


def _sealed_row(occasion: Occasion, event: Event, seq: int, prev_hash: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "chain": chain_of(event.plan_id),
        "seq": seq,
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
        "after": dict(event.after),
        "prev_hash": prev_hash,
    }
    return {**row, "hash": _seal(row)}


def _seal(row: Mapping[str, Any]) -> str:
    content = json.dumps([row[name] for name in _SEALED], ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return sha256(content.encode()).hexdigest()


def _plain(value: object) -> str:
    # One spelling for an instant, however the database gives it back.
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)


def count_entries(session: Session) -> int:
    """Return how many entries there are in all chains."""
    return int(session.execute(sa.select(sa.func.count()).select_from(LedgerEntry)).scalar_one())
