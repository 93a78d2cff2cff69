"""The proof: every chain whole, every table as the ledger makes it, every published bulletin still standing on the ledger it was written from."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import select
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.publication import Publication
from services.ledger import Break, count_entries, first_break
from services.publications import view_sha256
from services.rebuilding import Difference, differences

MOST_SHOWN = 20


@dataclass(frozen=True)
class LostGround:
    """A publication that no longer fits: its chain's entry is another one now (`chain` and `seq` say which), or the paper itself was changed or removed."""

    year: int
    number: int
    period: str
    why: str
    chain: str = ""
    seq: int = 0


@dataclass(frozen=True)
class Proof:
    """What verifying found: the first break of the chains, the first differences of the tables, and the publications that do not fit."""

    entries: int
    broken: Break | None
    differences: tuple[Difference, ...] = ()
    publications: tuple[LostGround, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was found."""
        return self.broken is None and not self.differences and not self.publications


def verify(session: Session) -> Proof:
    """Hold ledger, tables and publications against each other. What the tables should be is told only by a ledger that is whole itself."""
    broken = first_break(session)
    found = () if broken else tuple(islice(differences(session), MOST_SHOWN))
    return Proof(count_entries(session), broken, found, tuple(_lost(session)))


def _lost(session: Session) -> Iterator[LostGround]:
    papers = {(paper.year, paper.number): paper for paper in session.execute(select(Publication)).scalars()}
    entries = select(col(LedgerEntry.after)).where(col(LedgerEntry.act) == "publish-bulletin").order_by(col(LedgerEntry.id))
    for said in session.execute(entries).scalars().all():
        paper = papers.pop((said["year"], said["number"]), None)
        place = (said["year"], said["number"], said["period"])
        if paper is None:
            yield LostGround(*place, "removed")
        elif paper.ledger_head != said["ledger_head"] or said.get("view_sha256") not in (None, view_sha256(paper.view)):
            yield LostGround(*place, "changed")
        for chain, head in said.get("heads", {}).items():
            now = select(col(LedgerEntry.hash)).where(col(LedgerEntry.chain) == chain, col(LedgerEntry.seq) == head["seq"])
            if session.execute(now).scalar_one_or_none() != head["hash"]:
                yield LostGround(*place, "ground", chain, head["seq"])
    for paper in papers.values():
        yield LostGround(paper.year, paper.number, paper.period, "added")
