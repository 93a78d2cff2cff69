"""The counter before the pages: a page that is kept and still holds is handed over at once, without looking for its function.

Whoever asks is known by his log-in as ever; whatever is not plain sailing (no log-in, a password to set first, a sentence to show once) goes the ordinary way.
"""

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from rules.errors import DubanError
from runtime.clock import now
from runtime.context import Context
from services.access.log_ins import find_log_in
from web.kept import Shelf, address_of
from web.rendering import sheet_answer
from web.visiting import SAID, cookie_of, kept_log_in

# These are nobody's pages: they do not ask who comes.
_NO_PAGES = ("/static/", "/api/")


class Counter:
    """Stands between the gate and the pages."""

    def __init__(self, pages: ASGIApp, context: Context, shelf: Shelf) -> None:
        self._pages, self._context, self._shelf = pages, context, shelf
        # SQLite reads a file and never waits for a writer: a thread would cost more than the answer.
        self._waits = context.engine.dialect.name != "sqlite"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        found = None
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["path"].startswith(_NO_PAGES):
            try:
                found = await run_in_threadpool(self._found, scope) if self._waits else self._found(scope)
            except DubanError:
                # What is wrong with the database is told by the pages, which know how.
                found = None
        await (found or self._pages)(scope, receive, send)

    def _found(self, scope: Scope) -> HTMLResponse | None:
        written = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
        cookies = cookie_parser(written.decode("latin-1")) if written else {}
        secret = cookies.get(cookie_of(scope["scheme"]))
        if not secret:
            return None
        with self._context.engine.connect() as connection:
            log_in = find_log_in(connection, secret, now(), self._context.policy)
            if log_in is None:
                return None
            kept_log_in(scope, log_in)
            if log_in.first or log_in.is_seen_stale or SAID in cookies:
                return None
            sheet = self._shelf.fresh(address_of(scope, log_in), connection)
        return sheet_answer(sheet, log_in.form_token) if sheet else None
