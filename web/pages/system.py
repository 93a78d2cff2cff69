"""`/system`: how the program itself stands, for its administrators: the scheduler, its flows, the outbox, and where papers are put."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.house_state import house_state
from web.rendering import Page, show
from web.system_view import Machine, system_page
from web.visiting import Visiting, reading

router = APIRouter()


@router.get("/system", response_class=HTMLResponse)
def system(request: Request, visitor: Visiting) -> HTMLResponse:
    """Show how the program stands."""
    refuse_without_right(visitor.actor, Act.READ_SYSTEM)
    with reading(visitor) as session:
        state = house_state(session)
    sections = system_page(Machine(state, request.app.state.board.view, visitor.settings))
    return show(request, visitor, Page("overview/system.html.j2", sections, _("系统")))
