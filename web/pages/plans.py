"""`/plans`: the plans one may look into. `/plans/7`: a plan's responsibility table on any day, and its ledger as a workbook."""

from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from sqlmodel import Session
from starlette.background import BackgroundTask

from reports.task_book_xlsx import write_task_book
from rules.rights import Act
from rules.texts import _
from runtime.clock import today
from services.papers.task_books import book_tasks, open_book
from services.plan_lights import count_lights, seen_standings
from services.plan_list import followed_plans, plan_head
from services.plan_table import plan_table
from services.queries import TaskFilter
from web.kept import kept
from web.light_bar import light_bar
from web.plan_filters import asked_of, page_of, wanted_of
from web.plan_list_view import plan_list_view
from web.plan_shelf import lights_of, lights_of_some
from web.plan_view import plan_view
from web.rendering import Page, show
from web.visiting import Visiting, reading

router = APIRouter()
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# So many tasks are judged while the list of plans waits; the rest follows when it is looked at.
_AT_ONCE = 600


@router.get("/plans")
def plans(request: Request, visitor: Visiting) -> HTMLResponse:
    """List the plans."""

    def make(session: Session) -> Page:
        lines = followed_plans(session, visitor.actor)
        known = lights_of_some(request, session, {line.id: line.task_count for line in lines}, today(), _AT_ONCE)
        counted = {plan_id: count_lights(seen_standings(session, lights, visitor.actor)) for plan_id, lights in known.items()}
        return Page("plan/list.html.j2", plan_list_view(lines, counted, may_import=visitor.may(Act.ISSUE_PLAN)), _("计划"))

    return kept(request, visitor, None, make)


@router.get("/plans/{plan_id:int}")
def plan(request: Request, visitor: Visiting, plan_id: int) -> HTMLResponse:
    """Show a plan's table."""
    day, asked = visitor.day(request), asked_of(request.query_params)

    def make(session: Session) -> Page:
        head = plan_head(session, plan_id, day, visitor.actor)
        lights = lights_of(request, session, plan_id, day)
        table = plan_table(session, lights, wanted_of(asked), page_of(request.query_params), visitor.actor)
        return Page("plan/table.html.j2", plan_view(head, table, asked, today()), head.title)

    return kept(request, visitor, [plan_id], make)


@router.get("/plans/{plan_id:int}/lights")
def plan_lights(request: Request, visitor: Visiting, plan_id: int) -> HTMLResponse:
    """Show a plan's lights alone, for the list of plans to put in."""
    with reading(visitor) as session:
        plan_head(session, plan_id, today(), visitor.actor)
        counted = count_lights(seen_standings(session, lights_of(request, session, plan_id, today()), visitor.actor))
    return show(request, visitor, Page("plan/lights.html.j2", light_bar(counted), ""))


@router.get("/plans/{plan_id:int}/book.xlsx")
def plan_book(request: Request, visitor: Visiting, plan_id: int) -> Response:
    """Give the plan's ledger of tasks as a workbook: every task the visitor may see, as it stands on the day."""
    day = visitor.day(request)
    folder = TemporaryDirectory(prefix="duban-book-")
    place = Path(folder.name) / "book.xlsx"
    try:
        with reading(visitor) as session:
            plan_head(session, plan_id, day, visitor.actor)
            book = open_book(session, TaskFilter(plan_id), day, visitor.actor)
            write_task_book(place, book.facts, book_tasks(session, book, plan_id))
    except BaseException:
        folder.cleanup()
        raise
    name = _("任务台账-计划{plan}-{day}.xlsx").format(plan=plan_id, day=day.isoformat())
    return FileResponse(place, media_type=_XLSX, filename=name, background=BackgroundTask(folder.cleanup))
