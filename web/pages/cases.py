"""`/cases`: what the rules propose, the cases, one case whole. Its papers are looked at here; what people do on it is in `case_acts`."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from models.case import CaseKind, CaseState
from reports.case_paper import case_paper
from reports.imprint import Imprint
from rules.errors import DubanError
from rules.rights import RIGHTS, Act, may, refuse_without_right
from rules.texts import _
from runtime.clock import today
from services.cases.case_files import compile_case_file
from services.cases.case_list import CaseFilter, case_page, show_case
from services.cases.case_rows import parties_of_unit
from services.cases.opening import Ground, open_on_basis, open_proposed
from services.cases.proposals import list_proposals
from services.keyset import PageAsk
from services.occasion import Occasion
from services.reach import refuse_unseen
from web.acting import Deed, act
from web.asked import After
from web.case_view import case_sheet, cases_page
from web.forms import Sent
from web.papers import paper_answer
from web.rendering import Page, show
from web.visiting import Visiting, Visitor, reading

router = APIRouter()


@router.get("/cases", response_class=HTMLResponse)
def cases(request: Request, visitor: Visiting, state: Annotated[str, Query(max_length=20)] = "", after: After = None) -> HTMLResponse:
    """List the cases, a page at a time, and on the first what the rules propose."""
    with reading(visitor) as session:
        return show(request, visitor, _list(session, visitor, state, after))


@router.post("/cases")
def open_case(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """Open a case of a proposal, or of a task on a basis that a person states."""

    def do(session: Session, occasion: Occasion) -> int:
        refuse_without_role(visitor)
        key, number = sent.text("proposal"), sent.number("task")
        if key:
            return open_proposed(session, key, occasion, sent.text("basis"))
        if number is None:
            raise DubanError("bad-number", _("请写明任务的编号"))
        refuse_unseen(session, occasion.actor, int(number))
        kind = CaseKind.PRAISE if sent.text("kind") == CaseKind.PRAISE.value else CaseKind.ACCOUNTABILITY
        ground = Ground(sent.text("basis"), kind, sent.text("unit") or None, (), sent.text("effect"))
        return open_on_basis(session, int(number), ground, occasion)

    return act(request, visitor, sent, Deed(do, lambda case: f"/cases/{case}", _("已立案。"), lambda session: _list(session, visitor, "")))


@router.get("/cases/{case_id:int}", response_class=HTMLResponse)
def one(request: Request, visitor: Visiting, case_id: int) -> HTMLResponse:
    """Show one case whole."""
    with reading(visitor) as session:
        return show(request, visitor, page_of_case(session, visitor, case_id))


@router.get("/cases/{case_id:int}/file", response_class=HTMLResponse)
def file(visitor: Visiting, case_id: int) -> HTMLResponse:
    """Show the case file as a paper, as of today."""
    with reading(visitor) as session:
        found = compile_case_file(session, case_id, today(), visitor.actor)
        return paper_answer(case_paper(found, Imprint(office=visitor.context.press.office)))


def refuse_without_role(visitor: Visitor) -> None:
    """Refuse, with no-right, whoever's role has nothing to do with cases of the office."""
    if visitor.role not in RIGHTS[Act.OPEN_CASE]:
        refuse_without_right(visitor.actor, Act.OPEN_CASE)


def page_of_case(session: Session, visitor: Visitor, case_id: int) -> Page:
    """Return the page of one case. Codes: unknown-case, no-right."""
    day, actor = today(), visitor.actor
    file = compile_case_file(session, case_id, day, actor)
    row = show_case(session, case_id, day, actor)
    judges = may(actor, Act.CONCLUDE_CASE, parties_of_unit(session, row.unit_id))
    return Page("case/case.html.j2", case_sheet(row, file, actor.name, judges=judges), row.number)


def _list(session: Session, visitor: Visitor, state: str, after: int | None = None) -> Page:
    refuse_without_role(visitor)
    day, actor = today(), visitor.actor
    wanted = CaseState(state) if state in set(CaseState) else None
    page = case_page(session, CaseFilter(wanted, is_present=True), day, PageAsk(after), actor)
    proposals = list_proposals(session, day, actor=actor) if after is None else []
    view = cases_page(page, wanted, proposals, can_open=actor.role in RIGHTS[Act.OPEN_CASE])
    return Page("case/list.html.j2", view, _("案卷"))
