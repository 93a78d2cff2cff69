"""Rendered pages, kept while nothing they are made of has changed.

What a page shows follows from the ledger, the day and who asks. So a page made once serves until an act is entered in a chain that it is made from; each
time it is asked for, the ledger is asked whether it has moved on. Nothing ever has to be thrown away by hand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from cachetools import LRUCache
from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection
from sqlmodel import Session
from starlette.types import Scope

from rules.rights import Actor
from rules.texts import current_language
from runtime.clock import today
from services.access.log_ins import LoggedIn
from services.positions import position_of
from web.rendering import Page, Sheet, filled, rendered
from web.visiting import Visitor, reading

_MOST_BYTES = 64 << 20
# What an entry weighs beside its page.
_ENTRY_BYTES = 1_000

About = Iterable[int] | Callable[[Connection], Iterable[int]] | None
Mark = Callable[[Connection], object]


@dataclass(frozen=True)
class Address:
    """What a page is asked for by: all that it may depend on beside facts. `is_swapped`: it is put into a page that is open, and may then be a part of it."""

    path: str
    query: bytes
    is_swapped: bool
    actor: Actor
    language: str
    day: date


@dataclass(frozen=True)
class Basis:
    """What a page is made from: the plans (None: all), and whatever else the ledger does not hold. Asked anew, it tells whether the page still holds."""

    about: About
    mark: Mark | None

    def stands(self, connection: Connection) -> tuple[object, ...]:
        """Return where the ledger stands for it; the house's own acts count always."""
        plans = None if self.about is None else tuple(self.about(connection) if callable(self.about) else self.about)
        return plans, position_of(connection, plans)

    def marked(self, connection: Connection) -> object:
        """Return where the rest stands."""
        return self.mark(connection) if self.mark else None


@dataclass
class KeptPage:
    """A page, what it was made from, and where that stood then. `whole` is where the whole ledger stood when the page last held: while it stands there, so does every part of it."""

    sheet: Sheet
    basis: Basis
    whole: int
    stood: tuple[object, ...]
    mark: object

    def holds(self, connection: Connection) -> bool:
        """Tell whether the page can still be shown."""
        whole = position_of(connection)
        if whole != self.whole and self.basis.stands(connection) != self.stood:
            return False
        self.whole = whole
        return self.basis.marked(connection) == self.mark


@dataclass
class Shelf:
    """The pages of one process, the least asked for thrown away first; never more than so many bytes."""

    pages: LRUCache[Address, KeptPage] = field(default_factory=lambda: LRUCache(_MOST_BYTES, getsizeof=_weight))
    lock: Lock = field(default_factory=Lock)

    def fresh(self, address: Address, connection: Connection) -> Sheet | None:
        """Return a page that holds still, None where there is none."""
        with self.lock:
            page = self.pages.get(address)
        return page.sheet if page and page.holds(connection) else None

    def put(self, address: Address, page: KeptPage) -> None:
        """Keep a page; one too large for the shelf is not kept."""
        with self.lock:
            if _weight(page) <= self.pages.maxsize:
                self.pages[address] = page


def _weight(page: KeptPage) -> int:
    return page.sheet.size + _ENTRY_BYTES


def address_of(scope: Scope, log_in: LoggedIn) -> Address:
    """Return what is asked for, by whom."""
    is_swapped = any(name == b"hx-request" for name, _value in scope["headers"])
    return Address(scope["path"], scope["query_string"], is_swapped, log_in.actor, current_language(), today())


def kept(request: Request, visitor: Visitor, about: About, make: Callable[[Session], Page], mark: Mark | None = None) -> HTMLResponse:
    """Return the page from the shelf, or make it and keep it.

    `about` are the plans it is made from, None for all, or how to find them. `mark` asks for whatever else it depends on that the ledger does not hold. Both
    are kept with the page and asked again at every request, before the page's own function is entered (`web.counter`).
    """
    shelf: Shelf = request.app.state.shelf
    address, basis = address_of(request.scope, visitor.log_in), Basis(about, mark)
    with visitor.context.engine.connect() as connection:
        sheet = shelf.fresh(address, connection)
        if sheet is not None:
            return filled(visitor, sheet)
        # Asked before the page is made: an act in between makes it anew next time.
        whole, stood, mark_now = position_of(connection), basis.stands(connection), basis.marked(connection)
    with reading(visitor) as session:
        page = make(session)
    sheet = rendered(request, visitor, page)
    if page.status == 200:
        shelf.put(address, KeptPage(sheet, basis, whole, stood, mark_now))
    return filled(visitor, sheet)
