"""The first page and the health answer. Both only read."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from rules.calendar import use_calendar
from rules.texts import use_language
from runtime.clock import today
from runtime.context import Context
from runtime.database import reading
from runtime.flow_board import FlowBoard, SchedulerState
from services.holidays import kept_days
from services.overview import overview_of
from services.rule_sets import rule_set_on
from web.front import Glance, front_page
from web.rendering import render

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def front(request: Request, lang: Annotated[Literal["zh", "en"] | None, Query()] = None) -> HTMLResponse:
    """Return the first page as of today, in the asked language or the installation's."""
    context, board = _state_of(request)
    day = today()
    with use_language(lang or context.settings.lang):
        with reading(context.engine) as session:
            # The server lives longer than the house's calendar stays as it is.
            use_calendar(kept_days(session))
            overview = overview_of(session, day, rule_set_on(session, day))
        return HTMLResponse(render("front.html.j2", front_page(Glance(day, overview, board.view, context.settings))))


@router.get("/healthz")
def health(request: Request) -> JSONResponse:
    """Return how the parts stand: 503 only where the pages themselves cannot work, since a restart does not help a schedule that is degraded."""
    context, board = _state_of(request)
    is_open = _is_database_open(context)
    is_well = is_open and board.view.state in (SchedulerState.READY, SchedulerState.OFF)
    answer = {
        "status": "ok" if is_well else "degraded",
        "database": "ok" if is_open else "unreachable",
        "scheduler": board.view.state.value,
        "problem": board.view.problem,
        "flows": {line.flow: line.next_at.isoformat() if line.next_at else None for line in board.view.lines},
    }
    return JSONResponse(answer, 200 if is_open else 503)


def _is_database_open(context: Context) -> bool:
    try:
        with reading(context.engine) as session:
            session.execute(text("SELECT 1 FROM plan LIMIT 1"))
    except SQLAlchemyError:
        return False
    return True


def _state_of(request: Request) -> tuple[Context, FlowBoard]:
    return request.app.state.context, request.app.state.board
