"""`/log-in` and `/log-out`: coming and going. Works without script; a refusal never says which part was wrong."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from rules.errors import DubanError
from rules.texts import _
from runtime.clock import now
from runtime.context import Context
from runtime.database import transaction
from services.access.entering import Begun, LogInInput, admit, begin_log_in, prove
from services.access.log_ins import end_log_in
from web.access_view import LogInView
from web.forms import OpenForm, Sent
from web.pages.home import local
from web.refusals import refusal_of
from web.rendering import Page, show
from web.visiting import NotLoggedIn, Visiting, client_address, cookie_name, log_in_of

router = APIRouter()
_YEAR = 365 * 24 * 3600


@router.get("/log-in", response_class=HTMLResponse)
def ask(
    request: Request, to: Annotated[str, Query(alias="next", max_length=2000)] = "/", lost: bool = False, fresh: bool = False
) -> Response:
    """Ask for name and password. Who is logged in goes on at once."""
    try:
        log_in_of(request)
    except NotLoggedIn:
        return show(request, None, Page("access/log_in.html.j2", LogInView(local(to), is_lost=lost, is_fresh=fresh), _("登录")))
    return RedirectResponse(local(to), 303)


@router.post("/log-in", response_class=HTMLResponse)
def come_in(request: Request, sent: OpenForm) -> Response:
    """Log in: the cookie's secret is a new one every time.

    1. The attempt is let in and counted. 2. The password is looked at while nothing is locked. 3. The log-in is begun or refused; either way it is entered.
    """
    context: Context = request.app.state.context
    policy = context.policy
    agent = request.headers.get("user-agent", "")
    # Passwords are taken as they come: blanks at their ends are theirs.
    typed = LogInInput(sent.text("name"), sent.raw("password"), sent.text("code"), client_address(request), agent)
    to = local(sent.text("next") or "/")
    with transaction(context.engine) as session:
        outcome = admit(session, typed, policy, now())
    if not isinstance(outcome, DubanError):
        admitted, proof = outcome, prove(outcome, typed, policy)
        with transaction(context.engine) as session:
            begun = begin_log_in(session, admitted, (typed, proof), policy, now())
            if isinstance(begun, Begun):
                _end_old_one(session, request)
        if isinstance(begun, Begun):
            return _let_in(request, begun, to)
        outcome = begun
    page = Page("access/log_in.html.j2", LogInView(to), _("登录"), 422, sent.typed, refusal_of(outcome))
    return show(request, None, page)


def _end_old_one(session: Session, request: Request) -> None:
    """End the log-in that this browser had until now: whoever holds its cookie still would otherwise stay in."""
    try:
        old = log_in_of(request)
    except NotLoggedIn:
        return
    end_log_in(session, old.id, old.actor, now())


def _let_in(request: Request, begun: Begun, to: str) -> Response:
    is_secure = request.url.scheme == "https"
    answer = RedirectResponse(to, 303)
    answer.set_cookie(cookie_name(request), begun.secret, path="/", httponly=True, samesite="lax", secure=is_secure)
    if "duban-lang" not in request.cookies:
        answer.set_cookie("duban-lang", begun.language, max_age=_YEAR, path="/", httponly=True, samesite="lax", secure=is_secure)
    return answer


@router.post("/log-out")
def leave(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """End this log-in."""
    del sent
    with transaction(visitor.context.engine) as session:
        end_log_in(session, visitor.log_in_id, visitor.actor, now())
    answer = RedirectResponse("/log-in", 303)
    answer.delete_cookie(cookie_name(request), path="/", httponly=True, secure=request.url.scheme == "https")
    # What the browser kept of this person's forms goes too.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer
