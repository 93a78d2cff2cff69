"""The web application: pages for people who log in, an interface for programs with tokens, and calendars at secret addresses.

Pages are thin: they read the request, call services, which decide every right, and show what comes back.
"""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Scope

import web.pages
from rules.errors import DubanError
from runtime.context import Context
from runtime.flow_board import FlowBoard
from runtime.readiness import Readiness
from web import faults
from web.api.app import create_api, nothing_here
from web.board_shelf import BoardShelf
from web.counter import Counter
from web.gate import Gate
from web.kept import Shelf
from web.measured import Measured
from web.metrics import Metrics
from web.plan_shelf import PlanShelf
from web.rendering import htmx_file
from web.visiting import MustFirst, NotLoggedIn

# Routes are tried one after the other; these first.
_ASKED_MOST = ("work", "tasks", "plans", "task_acts")


class _Static(StaticFiles):
    """Packaged files. An address that names the content's hash may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file."""
        answer: Response = FileResponse(htmx_file()) if path == "htmx.js" else await super().get_response(path, scope)
        is_named = b"v=" in scope.get("query_string", b"")
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_named else "no-cache"
        return answer


def create_app(context: Context, board: FlowBoard) -> Measured:
    """Return the application over an open context; `board` is what the scheduler tells of the flows."""
    pages = create_pages(context, board)
    return Measured(Gate(Counter(pages, context, pages.state.shelf), context.settings), context.settings, pages.state.metrics)


def create_pages(context: Context, board: FlowBoard) -> FastAPI:
    """Return the pages without the gate before them."""
    app = FastAPI(title="duban", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.context, app.state.board, app.state.shelf = context, board, Shelf()
    app.state.plan_shelf, app.state.boards = PlanShelf(), BoardShelf()
    app.state.metrics, app.state.readiness = Metrics(context, board), Readiness(context, board)
    # Put in as they are: a router that is included is asked anew for every request.
    app.router.routes.extend(route for router in routers() for route in router.routes)
    app.mount("/api/v1", create_api(context))
    app.mount("/api", nothing_here(context))
    app.mount("/static", _Static(directory=Path(__file__).parent / "static"), name="static")
    app.add_exception_handler(NotLoggedIn, _ask_to_log_in)
    app.add_exception_handler(MustFirst, _send_on)
    app.add_exception_handler(DubanError, faults.refusal)
    app.add_exception_handler(HTTPException, faults.unknown_page)
    app.add_exception_handler(RequestValidationError, faults.bad_address)
    app.add_exception_handler(ClientDisconnect, faults.hung_up)
    app.add_exception_handler(Exception, faults.bug)
    return app


def routers() -> Iterator[APIRouter]:
    """Give the router of every module of pages, and the one for programs. Where two could answer, the address says which: numbers are `{task_id:int}`."""
    found = [module.name for module in pkgutil.iter_modules(web.pages.__path__)]
    for name in sorted(found, key=lambda name: (name not in _ASKED_MOST, name)):
        router = getattr(import_module(f"web.pages.{name}"), "router", None)
        if router is not None:
            yield router


def _ask_to_log_in(request: Request, _error: Exception) -> Response:
    """Send to the log-in, and back afterwards; a form that was sent comes back to the page it stood on."""
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in ("GET", "HEAD"):
        back = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "/"
        back = "/" + back.split("://", 1)[-1].partition("/")[2] if "://" in back else "/"
    to = f"/log-in?next={quote(back, safe='/')}" + ("" if request.method in ("GET", "HEAD") else "&lost=1")
    return _going(request, to)


def _send_on(request: Request, error: Exception) -> Response:
    assert isinstance(error, MustFirst)
    return _going(request, error.to)


def _going(request: Request, to: str) -> Response:
    if request.headers.get("HX-Request"):
        return Response(status_code=200, headers={"HX-Redirect": to})
    return RedirectResponse(to, 303)
