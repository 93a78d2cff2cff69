"""The archive as people look into it: which numbered papers there are, and one of them by its number. Offices see all, a unit what was written to it."""

from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlmodel import Session, col

from models.case import AccountabilityCase, CaseKind
from models.publication import Publication, PublicationKind
from models.request import Request
from rules.errors import DubanError
from rules.rights import RIGHTS, Act, Actor, may, refuse_without_right
from rules.texts import _
from services.keyset import KeyPage, PageAsk, by_number, page_of
from services.papers.filing import Archived, archived
from services.reach import UnitTree, read_tree
from services.units import units_by_name


@dataclass(frozen=True)
class PaperFilter:
    """Which papers are wanted; None lets all pass. `year` is the year of the number, `unit_id` a unit it was written to.

    `ids` are their numbers, where a page of them was chosen before.
    """

    kind: PublicationKind | None = None
    year: int | None = None
    unit_id: int | None = None
    ids: tuple[int, ...] | None = None


def list_papers(session: Session, wanted: PaperFilter, actor: Actor | None = None) -> list[Archived]:
    """Return the numbered papers that pass the filter, oldest first. Nobody named (None) is whoever holds the database: all. Code: no-right."""
    found = [one for one in archived(session, wanted.kind, ids=wanted.ids) if wanted.year in (None, one.year)]
    if wanted.unit_id is not None:
        found = [one for one in found if wanted.unit_id in units_of(session, one)]
    if actor is None or actor.unit_id is None:
        if actor is not None:
            refuse_without_right(actor, Act.READ)
        return found
    if actor.role not in RIGHTS[Act.READ]:
        refuse_without_right(actor, Act.READ)
    tree = read_tree(session)
    return [one for one in found if _may_see(session, one, actor, tree)]


def paper_page(session: Session, wanted: PaperFilter, ask: PageAsk, actor: Actor) -> KeyPage[Archived]:
    """Return a page of the numbered papers that pass the filter and that the actor may see. Code: no-right."""
    if actor.role not in RIGHTS[Act.READ]:
        refuse_without_right(actor, Act.READ)
    stored = {Publication.kind: wanted.kind, Publication.year: wanted.year}
    numbers = sa.select(col(Publication.id)).where(*(col(column) == value for column, value in stored.items() if value is not None))
    return page_of(session, numbers, ask, lambda ids: by_number(list_papers(session, replace(wanted, ids=tuple(ids)), actor)))


def paper_numbered(session: Session, doc_no: str, actor: Actor | None = None) -> Archived:
    """Return the paper of a document number, however its brackets are typed, or of the archive's own number. Refused with unknown-paper where the actor sees none."""
    asked = _plain_number(doc_no)
    for one in list_papers(session, PaperFilter(), actor):
        if asked in (_plain_number(one.doc_no), str(one.id)):
            return one
    raise DubanError("unknown-paper", _("没有印发件“{doc_no}”，请用 duban paper list 查看").format(doc_no=doc_no))


def units_of(session: Session, paper: Archived) -> frozenset[int]:
    """Return the units a paper was written to: none for what stays in the house (a scorecard, a proposal of praise)."""
    if paper.kind is PublicationKind.SCORECARD:
        return frozenset()
    if paper.kind is PublicationKind.CONCLUSION:
        case = session.get(AccountabilityCase, _number_in(paper.scope))
        return frozenset() if case is None or case.kind is CaseKind.PRAISE else frozenset({case.unit_id})
    if paper.kind is PublicationKind.REPLY:
        request = session.get(Request, _number_in(paper.scope))
        return frozenset() if request is None else frozenset({request.unit_id})
    if paper.kind is PublicationKind.BULLETIN:
        view = session.get_one(Publication, paper.id).view
        return frozenset(units_by_name(session, [unit["name"] for unit in view.get("units", ())]).values())
    if paper.kind is PublicationKind.URGING:
        return frozenset({int(session.get_one(Publication, paper.id).view["unit_id"])})
    return frozenset({_number_in(paper.scope)})


def _may_see(session: Session, paper: Archived, actor: Actor, tree: UnitTree) -> bool:
    return any(may(actor, Act.READ, tree.parties(unit_id)) for unit_id in units_of(session, paper))


def _number_in(scope: str) -> int:
    """Return the number a scope ends with: `case-4`, `request-12`, `plan-1 unit-3`."""
    return int(scope.rpartition("-")[2])


def _plain_number(doc_no: str) -> str:
    return "".join(doc_no.split()).translate(str.maketrans("[]［］()（）", "〔〕" * 4))
