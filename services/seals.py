"""Seals: where every chain of the ledger ended on a day, written down outside the database, so that a ledger rewritten as a whole is found too.

A seal is made from one snapshot that was proven whole, entered in the house's chain, and written as a small file. The file says what it covers and proves itself.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.every import METADATA
from models.ledger import LedgerEntry, LedgerHead
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.entry_json import spelt
from services.ledger import Event, record
from services.occasion import Occasion
from services.portions import portions
from services.verifying import Proof, verify

SCHEMA = "duban/seal/1"
SEAL = "seal"
# Rows that come and go without an entry: their number proves nothing.
_UNCOUNTED = frozenset({"job_slot", "ledger_head"})


@dataclass(frozen=True)
class Seal:
    """A seal as it is written: `sha256` covers everything else in `content`."""

    day: date
    content: Mapping[str, Any]
    sha256: str

    def as_json(self) -> str:
        """Return the seal's file."""
        return json.dumps({**self.content, "sha256": self.sha256}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@dataclass(frozen=True)
class BrokenSeal:
    """A seal's file that does not fit. `why`: `unreadable`, `changed` (the file itself), `shorter` (the chain ends before `seq`), `other` (another entry there)."""

    file: str
    why: str
    chain: str = ""
    seq: int = 0


class BrokenLedgerError(DubanError):
    """The ledger is not whole, so it is not sealed; `proof` says where."""

    def __init__(self, proof: Proof) -> None:
        self.proof = proof
        super().__init__(
            "ledger-broken", _("台账与数据库对不上（{where}），没有封存；请运行 duban ledger verify").format(where=_first(proof))
        )


def make_seal(snapshot: Session, day: date, at: datetime) -> Seal:
    """Prove the ledger whole and return its seal; nothing is written. Refused with ledger-broken, naming the first place that does not fit.

    `snapshot` must see one state throughout, else a chain that grows meanwhile looks broken.
    """
    proof = verify(snapshot)
    if not proof.is_whole:
        raise BrokenLedgerError(proof)
    heads = snapshot.execute(sa.select(LedgerHead).where(col(LedgerHead.seq) > 0).order_by(col(LedgerHead.chain))).scalars()
    content = {
        "schema": SCHEMA,
        "day": day.isoformat(),
        "at": spelt(at),
        "entries": proof.entries,
        "chains": {head.chain: {"seq": head.seq, "hash": head.hash} for head in heads},
        "tables": {table.name: _count(snapshot, table) for table in _counted_tables()},
    }
    return Seal(day, content, _digest(content))


def enter_seal(session: Session, seal: Seal, occasion: Occasion) -> None:
    """Enter the seal in the house's chain."""
    refuse_without_right(occasion.actor, Act.SEAL)
    said = {"sha256": seal.sha256, "entries": seal.content["entries"], "chains": len(seal.content["chains"])}
    record(session, occasion, Event(SEAL, f"seal {seal.day.isoformat()}", after=said))


def write_seal(seal: Seal, folder: Path) -> Path:
    """Write the seal's file, whole or not at all, and return its place. What is there stays: a second seal of the day gets a number."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{seal.sha256}.part"
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            file.write(seal.as_json())
            file.flush()
            os.fsync(file.fileno())
        for number in count(1):
            place = folder / (f"{seal.day.isoformat()}.json" if number == 1 else f"{seal.day.isoformat()}-{number}.json")
            try:
                # Unlike a rename, a link never replaces what stands there.
                os.link(unfinished, place)
            except FileExistsError:
                continue
            return place
    except OSError as error:
        text = _("“{name}”写不进去（{reason}），请换一个地方")
        raise DubanError("file-not-written", text.format(name=folder, reason=error.strerror)) from None
    finally:
        unfinished.unlink(missing_ok=True)
    raise AssertionError("numbers never end")


def broken_seals(session: Session, folder: Path) -> Iterator[BrokenSeal]:
    """Hold every seal's file in the folder against the ledger as it is and name what does not fit."""
    for place in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        yield from _broken(session, place)


def count_seals(folder: Path) -> int:
    """Return how many seals' files the folder holds."""
    return sum(1 for _place in folder.glob("*.json")) if folder.is_dir() else 0


def last_seal_day(folder: Path) -> date | None:
    """Return the day of the newest seal's file by its name, None where there is none."""
    days = [day for place in (folder.glob("*.json") if folder.is_dir() else ()) if (day := _day_of(place)) is not None]
    return max(days, default=None)


def _day_of(place: Path) -> date | None:
    try:
        return date.fromisoformat(place.stem[:10])
    except ValueError:
        return None


def _broken(session: Session, place: Path) -> Iterator[BrokenSeal]:
    try:
        content = json.loads(place.read_text(encoding="utf-8"))
        said = content.pop("sha256")
        chains = {str(chain): (int(end["seq"]), str(end["hash"])) for chain, end in content["chains"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        yield BrokenSeal(place.name, "unreadable")
        return
    if said != _digest(content):
        yield BrokenSeal(place.name, "changed")
        return
    now = _hashes_at(session, [(chain, seq) for chain, (seq, _hash) in sorted(chains.items())])
    for chain, (seq, hash_) in sorted(chains.items()):
        if now.get(chain) != hash_:
            yield BrokenSeal(place.name, "other" if chain in now else "shorter", chain, seq)


def _hashes_at(session: Session, ends: Sequence[tuple[str, int]]) -> dict[str, str]:
    """Return the hash that each chain has at its place now; some hundreds of seals are read one after the other, so each asks only a few times."""
    found: dict[str, str] = {}
    for some in portions(ends):
        at = sa.tuple_(col(LedgerEntry.chain), col(LedgerEntry.seq)).in_(some)
        found |= dict(session.execute(sa.select(col(LedgerEntry.chain), col(LedgerEntry.hash)).where(at)).tuples().all())
    return found


def _digest(content: Mapping[str, Any]) -> str:
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _counted_tables() -> list[sa.Table]:
    return [table for table in METADATA.sorted_tables if table.name not in _UNCOUNTED]


def _count(session: Session, table: sa.Table) -> int:
    return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _first(proof: Proof) -> str:
    if proof.broken:
        return _("{chain} 第 {seq} 条").format(chain=proof.broken.chain, seq=proof.broken.seq)
    if proof.differences:
        return _("表 {table} 第 {row} 行").format(table=proof.differences[0].table, row=proof.differences[0].row_id)
    return _("{year} 年第 {number} 期通报").format(year=proof.publications[0].year, number=proof.publications[0].number)
