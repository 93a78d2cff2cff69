"""`/desk`: what waits for an office's decision. What should be known beside it takes longer and comes after the page."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from rules.periods import quarter_of
from rules.rights import RIGHTS, Act, refuse_without_right
from rules.texts import _
from runtime.clock import today
from services.burden import read_burden
from services.cases.proposals import list_proposals
from services.desk import desk_facts_of, desk_of
from services.rule_sets import rule_set_on
from web.desk_view import desk_page, later_parts
from web.kept import kept
from web.rendering import Page, show
from web.visiting import Visiting, reading

router = APIRouter()


@router.get("/desk", response_class=HTMLResponse)
def desk(request: Request, visitor: Visiting) -> HTMLResponse:
    """Show the desk as it is now. It is made anew each time: what could not be delivered is not in the ledger."""
    day = today()
    with reading(visitor) as session:
        found = desk_of(session, visitor.actor, day)
    return show(request, visitor, Page("desk/desk.html.j2", desk_page(found, visitor), _("督办台")))


@router.get("/desk/later", response_class=HTMLResponse)
def later(request: Request, visitor: Visiting) -> HTMLResponse:
    """Show what should be known beside the desk; it is kept until something is entered."""
    if visitor.role not in RIGHTS[Act.DECIDE_REQUEST]:
        refuse_without_right(visitor.actor, Act.DECIDE_REQUEST)

    def make(session: Session) -> Page:
        day, actor = today(), visitor.actor
        proposals = list_proposals(session, day, actor=actor) if visitor.role in RIGHTS[Act.OPEN_CASE] else None
        facts = desk_facts_of(session, actor, day, rule_set_on(session, day))
        parts = later_parts(facts, proposals, read_burden(session, quarter_of(day), day, actor))
        is_part = bool(request.headers.get("HX-Request"))
        return Page("desk/parts_later.html.j2" if is_part else "desk/later.html.j2", parts, _("督办台：其他情况"))

    return kept(request, visitor, None, make)
