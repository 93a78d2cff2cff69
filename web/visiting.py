"""Who asks: the visitor behind a request, found by the cookie of his log-in. Pages take `Visiting`; without a log-in they are never entered."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session
from starlette.types import Scope

from models.account import AccountRole
from rules.calendar import use_calendar
from rules.errors import DubanError
from rules.rights import Act, Actor, may
from rules.texts import _, current_language
from runtime.clock import now, today
from runtime.context import Context
from runtime.database import snapshot, transaction
from runtime.settings import Settings
from services.access.log_ins import LoggedIn, find_log_in, note_seen
from services.kept_days import kept_days

# Pages that somebody reaches who must first set a password of his own or a second factor.
# The cookie with the number of the sentence to be shown once.
SAID = "duban-said"
_BEFORE_ALL = ("/password", "/second-factor", "/log-out", "/language")


class NotLoggedIn(Exception):
    """Nobody is logged in here, or the log-in has ended: he is asked to log in and comes back."""


class MustFirst(Exception):
    """Something has to be done before any page is opened; `to` is where."""

    def __init__(self, to: str) -> None:
        self.to = to


@dataclass(frozen=True)
class Visitor:
    """Somebody logged in, and what his pages work with. `said` is the number of the sentence his last act left to be shown once."""

    log_in: LoggedIn
    context: Context
    said: int | None = None

    @property
    def actor(self) -> Actor:
        """Return whom rights are asked for."""
        return self.log_in.actor

    @property
    def account_id(self) -> int:
        """Return the account's id."""
        return self.log_in.account_id

    @property
    def name(self) -> str:
        """Return the account's name."""
        return self.log_in.name

    @property
    def role(self) -> AccountRole:
        """Return the account's one role."""
        return self.log_in.role

    @property
    def unit(self) -> str | None:
        """Return the name of the unit that the account is bound to."""
        return self.log_in.unit

    @property
    def language(self) -> str:
        """Return the language this request is answered in."""
        return current_language()

    @property
    def form_token(self) -> str:
        """Return what every form of this log-in carries, so that no other site can send one."""
        return self.log_in.form_token

    @property
    def log_in_id(self) -> int:
        """Return the id of this log-in."""
        return self.log_in.id

    @property
    def settings(self) -> Settings:
        """Return the installation's settings."""
        return self.context.settings

    @property
    def is_office(self) -> bool:
        """Tell whether he works in a plan office or a supervisor's office."""
        return self.role in (AccountRole.PLAN_OFFICE, AccountRole.SUPERVISOR)

    def may(self, act: Act) -> bool:
        """Tell whether his role has a right at all, as far as it reaches over the whole house."""
        return may(self.actor, act)

    def day(self, request: Request) -> date:
        """Return the day the page is asked for by `?on=`, else today. Codes: bad-date, future-date."""
        written = request.query_params.get("on")
        if not written:
            return today()
        try:
            day = date.fromisoformat(written)
        except ValueError:
            raise DubanError("bad-date", _("看不懂日期“{written}”，请写成 2013-09-30").format(written=written[:20])) from None
        if day > today():
            raise DubanError("future-date", _("{day} 还没有到，只能看到今天为止的情况").format(day=day))
        return day


def cookie_name(request: Request) -> str:
    """Return the name of the log-in's cookie; over TLS browsers themselves refuse one of this name that another host set."""
    return cookie_of(request.url.scheme)


def cookie_of(scheme: str) -> str:
    """Return the name of the log-in's cookie by how the request came."""
    return "__Host-duban" if scheme == "https" else "duban"


def kept_log_in(scope: Scope, log_in: LoggedIn) -> None:
    """Note in the request whose it is, so that it is not asked for again."""
    scope["state"]["log_in"] = log_in


def client_address(request: Request) -> str:
    """Return the address that asks, as the server sees it; a proxy's word counts only where the settings trust the proxy."""
    return request.client.host[:45] if request.client else ""


def log_in_of(request: Request) -> LoggedIn:
    """Return the log-in behind the request's cookie. Raises NotLoggedIn."""
    context: Context = request.app.state.context
    secret = request.cookies.get(cookie_name(request))
    if not secret:
        raise NotLoggedIn
    with context.engine.connect() as connection:
        found = find_log_in(connection, secret, now(), context.policy)
    if found is None:
        raise NotLoggedIn
    return found


async def visitor_of(request: Request) -> Visitor:
    """Return who asks. Raises NotLoggedIn, and MustFirst where a password or a second factor is still to be set."""
    context: Context = request.app.state.context
    found: LoggedIn | None = getattr(request.state, "log_in", None)
    if found is not None:
        pass
    elif context.engine.dialect.name == "sqlite":
        # It reads a file and never waits for a writer: a thread would cost more than the answer.
        found = log_in_of(request)
    else:
        found = await run_in_threadpool(log_in_of, request)
    if found.is_seen_stale:
        await run_in_threadpool(_note_seen, context, found.id)
    if found.first and not request.url.path.startswith(_BEFORE_ALL):
        raise MustFirst(f"/{found.first}")
    request.state.visitor = visitor = Visitor(found, context, _said(request))
    return visitor


def _note_seen(context: Context, log_in_id: int) -> None:
    with transaction(context.engine) as session:
        note_seen(session, log_in_id, now())


Visiting = Annotated[Visitor, Depends(visitor_of)]


@contextmanager
def reading(visitor: Visitor) -> Iterator[Session]:
    """Give a session that sees the database as it is now throughout the block; working days are counted as the house counts them."""
    with snapshot(visitor.context.engine, visitor.settings.page_seconds) as session:
        # The server lives longer than the house's calendar stays as it is.
        use_calendar(kept_days(session))
        yield session


def _said(request: Request) -> int | None:
    written = request.cookies.get(SAID, "")
    return int(written) if written.isdecimal() and len(written) < 12 else None
