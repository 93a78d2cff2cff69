"""Serving a conclusion: numbered, frozen, kept with its case file, and sent to the unit, by a person's act and in one transaction. Previewed before it."""

from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.case import AccountabilityCase, CaseKind, CaseState
from models.publication import Publication, PublicationKind
from models.unit import ContactDuty
from notify.channel import Routes
from reports.case import CaseFile
from reports.case_paper import case_paper
from reports.conclusion import ConclusionForm, ConclusionView, conclusion_of
from reports.conclusion_paper import conclusion_paper
from reports.faces import render
from reports.imprint import Imprint
from reports.paper import Paper
from rules.case_transitions import CaseEvent, case_state_after
from rules.case_words import objection_until
from rules.errors import DubanError
from rules.rights import Act
from rules.texts import _
from services.cases.case_files import compile_case_file
from services.cases.case_rows import LONGEST_NAME, locked_case, move_case, plans_of
from services.ledger import head_of
from services.occasion import Occasion
from services.papers.filing import Filed, Filing, Numbered, Press, file_paper
from services.papers.sending import PostingPlan, Sending, enclosures_of, plan_sending, queue_paper

FORMATS = ("docx", "html", "json")
SENT = "docx"
DUTIES = (ContactDuty.HEAD,)


@dataclass(frozen=True)
class Service:
    """Who signs for the conclusion at the unit, and whom the unit may ask. Praise is handed up and needs no receiver."""

    receiver: str = ""
    contact: str | None = None


@dataclass(frozen=True)
class CaseDesk:
    """What papers go out by: the press and the ways out of the house."""

    press: Press
    routes: Routes


@dataclass(frozen=True)
class Prepared:
    """A paper as it would go out, without number, and to whom."""

    paper: Paper
    postings: PostingPlan


@dataclass(frozen=True)
class Served:
    """A paper that went out: how it was filed, to whom, and the messages that wait in the outbox."""

    filed: Filed
    postings: PostingPlan
    message_ids: tuple[int, ...]


def preview_service(session: Session, case_id: int, service: Service, desk: CaseDesk, occasion: Occasion) -> Prepared:
    """Return what `serve_case` would send, with the same refusals; nothing is written."""
    case = _servable(session, case_id, service, occasion, is_read_only=True)
    view = _view(session, case, service, occasion)
    return Prepared(conclusion_paper(view, imprint_of(desk, service.contact, None)), postings_of(session, case, desk, occasion.day))


def serve_case(session: Session, case_id: int, service: Service, desk: CaseDesk, occasion: Occasion) -> Served:
    """Serve the approved conclusion on the occasion's day, from which the days to object count.

    1. The case is locked and looked at. 2. The paper is made for this day, numbered and kept, the case file beside it. 3. Row, messages and entry are written together.
    Codes: unknown-case, case-not-now, bad-receiver.
    """
    case = _servable(session, case_id, service, occasion)
    view = _view(session, case, service, occasion)
    file = compile_case_file(session, case_id, occasion.day)
    filed = file_case_paper(session, case, view, desk, Going(occasion, service.contact, approver=case.approver))
    postings = postings_of(session, case, desk, occasion.day)
    words = _("现送达{title}，请查收附件；有异议的，请在文中写明的期限内书面提出。").format(title=filed.paper.title_line)
    message_ids = send_case_paper(session, filed, postings, (desk, words), occasion)
    kept = _keep_file(file, desk)
    case.served_on, case.receiver = occasion.day, service.receiver.strip() or None
    said = {**filed.as_entry(), "receiver": case.receiver, "messages": list(message_ids), "case_file": kept}
    move_case(session, case, CaseEvent.SERVE, said, occasion)
    return Served(filed, postings, message_ids)


@dataclass(frozen=True)
class Going:
    """The circumstances of a paper that goes out; `corrects_id` is the publication a decision is about."""

    occasion: Occasion
    contact: str | None = None
    approver: str | None = None
    corrects_id: int | None = None


def file_case_paper(session: Session, case: AccountabilityCase, view: ConclusionView, desk: CaseDesk, going: Going) -> Filed:
    """Number, freeze and keep a case's paper; the caller enters it."""
    filing = Filing(
        kind=PublicationKind.CONCLUSION,
        scope=scope_of(case.id or 0),
        period=str(case.year),
        compose=lambda place: conclusion_paper(view, imprint_of(desk, going.contact, place)),
        formats=FORMATS,
        ledger_head=head_of(session, plans_of(session, case.id or 0)),
        approver=going.approver,
        corrects_id=going.corrects_id,
    )
    return file_paper(session, filing, desk.press, going.occasion)


def send_case_paper(
    session: Session, filed: Filed, postings: PostingPlan, out: tuple[CaseDesk, str], occasion: Occasion
) -> tuple[int, ...]:
    """Queue the messages that carry a filed paper; `out` is the desk and the words they say. None where nobody gets one."""
    if not postings.postings:
        return ()
    desk, words = out
    enclosures = enclosures_of(session, filed.publication_id, (SENT,))
    about = f"paper-{filed.publication_id}"
    sending = Sending(about, filed.paper.title_line, filed.place.doc_no, desk.press.office, (words,), enclosures)
    return tuple(queue_paper(session, sending, postings, occasion))


def postings_of(session: Session, case: AccountabilityCase, desk: CaseDesk, day: date) -> PostingPlan:
    """Return who gets a case's paper: the head of the unit; praise is handed up on paper and goes to no unit."""
    if case.kind is CaseKind.PRAISE:
        return PostingPlan(remarks=(_("表扬建议呈报有权机关，不发给单位"),))
    return plan_sending(session, [case.unit_id], DUTIES, day, desk.routes)


def imprint_of(desk: CaseDesk, contact: str | None, place: Numbered | None) -> Imprint:
    """Return what a case's paper carries beside its words."""
    plain = Imprint(office=desk.press.office, contact=contact)
    return plain if place is None else replace(plain, year=place.year, number=place.number, doc_no=place.doc_no)


def scope_of(case_id: int) -> str:
    """Return the scope under which a case's papers are filed."""
    return f"case-{case_id}"


def first_conclusion(session: Session, case_id: int) -> Publication:
    """Return the conclusion as it was first served."""
    filed = (
        col(Publication.kind) == PublicationKind.CONCLUSION,
        col(Publication.scope) == scope_of(case_id),
        col(Publication.version) == 1,
    )
    first: Publication = session.execute(sa.select(Publication).where(*filed)).scalar_one()
    return first


def _servable(session: Session, case_id: int, service: Service, occasion: Occasion, *, is_read_only: bool = False) -> AccountabilityCase:
    case = locked_case(session, case_id, occasion, Act.CONCLUDE_CASE, is_read_only=is_read_only)
    case_state_after(case.state, CaseEvent.SERVE, case.kind)
    name = service.receiver.strip()
    is_needed = case.kind is CaseKind.ACCOUNTABILITY
    if len(name) > LONGEST_NAME or (is_needed and not name and not is_read_only):
        raise DubanError("bad-receiver", _("请写明签收人，不超过 {most} 个字").format(most=LONGEST_NAME))
    return case


def _view(session: Session, case: AccountabilityCase, service: Service, occasion: Occasion) -> ConclusionView:
    """Return the conclusion's view for today, with the days to object counted from today."""
    file = compile_case_file(session, case.id or 0, occasion.day)
    form = ConclusionForm.PRAISE if case.kind is CaseKind.PRAISE else ConclusionForm.CONCLUSION
    until = objection_until(occasion.day, file.objection_days) if form is ConclusionForm.CONCLUSION else None
    words = replace(file.words, receiver=service.receiver.strip() or None, objection_until=until)
    return conclusion_of(replace(file, state=CaseState.SERVED, words=words), form)


def _keep_file(file: CaseFile, desk: CaseDesk) -> dict[str, str]:
    """Keep the case file as it stands at service, and return its name and hash for the entry."""
    paper = case_paper(file, Imprint(office=desk.press.office))
    content = render(paper, "docx", desk.press.printing)
    return {"name": f"{paper.name}.docx", "sha256": desk.press.store.keep(content)}
