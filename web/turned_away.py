"""Writing down who was refused what he may not have, or what is not there for him; the access log knows the route, never what was typed."""

import logging

from fastapi import Request

from rules.access_acts import AccessAct
from rules.errors import DubanError
from runtime.clock import now
from runtime.database import transaction
from services.access.access_log import Noted, note
from web.visiting import Visitor, client_address

_logger = logging.getLogger("duban.web")


def note_turned_away(request: Request, code: str) -> None:
    """Enter the refusal of a visitor; nobody logged in is not entered, since he was only asked to log in."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    if visitor is None:
        return
    path = getattr(request.scope.get("route"), "path", "")
    details = {"path": f"{request.method} {path}", "code": code}
    try:
        with transaction(visitor.context.engine) as session:
            note(session, Noted(AccessAct.TURNED_AWAY, visitor.actor, client_address(request), details), now())
    except DubanError as error:
        # The visitor is answered all the same.
        _logger.warning("%s %s was not entered in the access log: %s", details["path"], code, error)
