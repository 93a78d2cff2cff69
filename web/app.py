"""The web application: pages that read, without log-in, for people on this machine, and calendars at secret addresses.

Nothing here changes anything. Who may reach it is the server's matter: it listens on this machine only and answers to this machine's own names only.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.staticfiles import StaticFiles

from rules.errors import DubanError
from runtime.context import Context
from runtime.flow_board import FlowBoard
from web.pages import calendar, front

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def create_app(context: Context, board: FlowBoard) -> FastAPI:
    """Return the application over an open context; `board` is what the scheduler tells of the flows."""
    app = FastAPI(title="duban", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.context, app.state.board = context, board
    app.include_router(front.router)
    app.include_router(calendar.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    app.add_exception_handler(DubanError, _refusal)
    app.middleware("http")(_with_headers)
    return app


async def _with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _refusal(_request: Request, error: Exception) -> PlainTextResponse:
    return PlainTextResponse(str(error), 409)
