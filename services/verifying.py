"""The proof: every chain whole, every table as the ledger makes it, every published paper still standing on the ledger it was written from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Text, cast, or_, select
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.publication import Publication, PublicationFile, PublicationKind
from rules.errors import DubanError
from services.ledger import Break, count_entries, first_break
from services.papers.agreements import SIGN_AGREEMENT
from services.papers.filing import view_sha256
from services.rebuilding import Difference, differences
from services.store import Store

MOST_SHOWN = 20


@dataclass(frozen=True)
class LostGround:
    """A publication that no longer fits: its chain's entry is another one now (`chain` and `seq` say which), or the paper itself was changed or removed, or a
    file of it (`file`) was lost.
    """

    year: int
    number: int
    period: str
    why: str
    chain: str = ""
    seq: int = 0
    kind: str = PublicationKind.BULLETIN.value
    file: str = ""


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


def verify(session: Session, store: Store | None = None) -> Proof:
    """Hold ledger, tables and publications against each other. What the tables should be is told only by a ledger that is whole itself.

    With a `store` the files of publications are read, too, and held against their hashes.
    """
    broken = first_break(session)
    found = () if broken else tuple(islice(differences(session), MOST_SHOWN))
    return Proof(count_entries(session), broken, found, tuple(_lost(session, store)))


def _lost(session: Session, store: Store | None) -> Iterator[LostGround]:
    papers = {(paper.kind.value, paper.year, paper.number): paper for paper in session.execute(select(Publication)).scalars()}
    files, signatures = _files(session), _signatures(session)
    for said in _said_of_papers(session):
        kind = said.get("kind", PublicationKind.BULLETIN.value)
        paper = papers.pop((kind, said["year"], said["number"]), None)
        lost = partial(LostGround, said["year"], said["number"], paper.period if paper else said.get("period", ""), kind=kind)
        if paper is None:
            yield lost("removed")
        else:
            if _is_changed(paper, said) or (paper.signed_on, paper.signer) != signatures.get(paper.id or 0, (None, None)):
                yield lost("changed")
            yield from (lost("file", file=name) for name in _lost_files(said.get("files", {}), files.get(paper.id or 0, {}), store))
        for chain, head in said.get("heads", {}).items():
            now = select(col(LedgerEntry.hash)).where(col(LedgerEntry.chain) == chain, col(LedgerEntry.seq) == head["seq"])
            if session.execute(now).scalar_one_or_none() != head["hash"]:
                yield lost("ground", chain, head["seq"])
    for paper in papers.values():
        yield LostGround(paper.year, paper.number, paper.period, "added", kind=paper.kind.value)


def _said_of_papers(session: Session) -> Sequence[Mapping[str, Any]]:
    """Return what entries say of papers that were filed with them."""
    words = cast(col(LedgerEntry.after), Text)
    filed = or_(col(LedgerEntry.act) == "publish-bulletin", words.like('%"publication"%') & words.like('%"view_sha256"%'))
    return session.execute(select(col(LedgerEntry.after)).where(filed).order_by(col(LedgerEntry.id))).scalars().all()


def _signatures(session: Session) -> Mapping[int, tuple[date, str]]:
    """Return what entries say of papers signed by their other party: on which day, and by whom."""
    entries = select(col(LedgerEntry.acted_on), col(LedgerEntry.after)).where(col(LedgerEntry.act) == SIGN_AGREEMENT)
    return {after["publication"]: (day, after["signer"]) for day, after in session.execute(entries.order_by(col(LedgerEntry.id))).tuples()}


def _is_changed(paper: Publication, said: Mapping[str, Any]) -> bool:
    head = said.get("ledger_head", paper.ledger_head)
    return paper.ledger_head != head or said.get("view_sha256") not in (None, view_sha256(paper.view))


def _files(session: Session) -> Mapping[int, Mapping[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    columns = select(col(PublicationFile.publication_id), col(PublicationFile.name), col(PublicationFile.sha256))
    for publication_id, name, digest in session.execute(columns).tuples():
        found[publication_id][name] = digest
    return found


def _lost_files(said: Mapping[str, str], kept: Mapping[str, str], store: Store | None) -> Iterator[str]:
    yield from sorted(name for name in said.keys() | kept.keys() if said.get(name) != kept.get(name))
    for name, digest in sorted(said.items()) if store else ():
        if kept.get(name) == digest and store is not None and not _is_kept(store, digest):
            yield name


def _is_kept(store: Store, digest: str) -> bool:
    try:
        store.read(digest)
    except DubanError:
        return False
    return True
