"""Who calls: the account behind a token, and what its requests work with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from models.access import TokenScope
from rules.calendar import use_calendar
from rules.errors import DubanError
from rules.rights import Actor
from rules.texts import _
from runtime.clock import today
from runtime.context import Context
from runtime.database import snapshot
from services.kept_days import kept_days
from web.turned_away import enter_turned_away, route_of


@dataclass(frozen=True)
class Caller:
    """A program that came with a good token."""

    context: Context
    actor: Actor
    account_id: int
    token_id: int
    scope: TokenScope

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads and sees one state of the house throughout; working days are counted with the house's holidays."""
        with snapshot(self.context.engine, self.context.settings.page_seconds) as session:
            use_calendar(kept_days(session))
            yield session


def _caller(request: Request) -> Caller:
    found: Caller = request.state.caller
    return found


Calling = Annotated[Caller, Depends(_caller)]


def day_asked(on: date | None) -> date:
    """Return the day a resource is asked for, today where none is given. Codes: future-date."""
    if on is not None and on > today():
        raise DubanError("future-date", _("{day} 还没有到，只能看到今天为止的情况").format(day=on))
    return on or today()


def note_turned_away(request: Request, code: str) -> None:
    """Write into the access log that a caller was refused what he may not have, or what is not there for him; a token that is no good is nobody's."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None and "Authorization" not in request.headers:
        return
    details = {"path": route_of(request, "/api/v1"), "code": code, "token": str(caller.token_id) if caller else ""}
    enter_turned_away(request, caller.actor if caller else None, details)
