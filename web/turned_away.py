"""Writing down who was refused what he may not have, or what is not there for him; the access log knows the route, never what was typed."""

import logging

from fastapi import Request

from rules.access_acts import AccessAct
from rules.errors import DubanError
from rules.rights import Actor
from runtime.clock import now
from runtime.context import Context
from runtime.database import transaction
from runtime.logs import log
from services.access.access_log import Noted, note
from web.visiting import Visitor, client_address

_logger = logging.getLogger("duban.web")


def note_turned_away(request: Request, code: str) -> None:
    """Enter the refusal of a visitor; nobody logged in is not entered, since he was only asked to log in."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    if visitor is not None:
        enter_turned_away(request, visitor.actor, {"path": route_of(request), "code": code})


def route_of(request: Request, below: str = "") -> str:
    """Return the method and the route that was asked for, `below` the place where its application is mounted."""
    return f"{request.method} {below}{getattr(request.scope.get('route'), 'path', '')}"


def enter_turned_away(request: Request, actor: Actor | None, details: dict[str, str]) -> None:
    """Enter a refusal. A log that cannot be written now is told to the operator; whoever asked is answered all the same."""
    context: Context = request.app.state.context
    try:
        with transaction(context.engine) as session:
            note(session, Noted(AccessAct.TURNED_AWAY, actor, client_address(request), details), now())
    except DubanError as error:
        log(_logger, "not-entered-in-access-log", {"route": details["path"], "code": details["code"], "why": error.code}, logging.WARNING)
