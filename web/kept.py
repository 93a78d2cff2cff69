"""Rendered pages, kept while nothing they are made of has changed.

What a page shows follows from the ledger, the day and who asks. So a page made once serves until an act is entered in a chain that it is made from; the
ledger's position is part of the key, and nothing ever has to be thrown away by hand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock

from cachetools import LRUCache
from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from runtime.clock import today
from services.positions import position_of
from web.rendering import Page, filled, rendered
from web.visiting import Visitor, reading

_MOST_BYTES = 64 << 20

Key = tuple[object, ...]


@dataclass
class Shelf:
    """The pages of one process, the least asked for thrown away first; never more than so many bytes."""

    pages: LRUCache[Key, str] = field(default_factory=lambda: LRUCache(_MOST_BYTES, getsizeof=lambda html: 4 * len(html)))
    lock: Lock = field(default_factory=Lock)

    def get(self, key: Key) -> str | None:
        """Return a page, None where it is not here."""
        with self.lock:
            return self.pages.get(key)

    def put(self, key: Key, html: str) -> None:
        """Keep a page; one too large for the shelf is not kept."""
        with self.lock:
            if 4 * len(html) <= self.pages.maxsize:
                self.pages[key] = html


def kept(
    request: Request, visitor: Visitor, about: Iterable[int] | None, make: Callable[[Session], Page], mark: object = None
) -> HTMLResponse:
    """Return the page from the shelf, or make it and keep it.

    `about` are the plans it is made from, None for all; the house's own acts count always. `mark` is whatever else it depends on that the ledger does not hold.
    """
    shelf: Shelf = request.app.state.shelf
    with visitor.context.engine.connect() as connection:
        position = position_of(connection, about)
    key = (request.url.path, request.url.query, visitor.account_id, visitor.language, today(), position, mark)
    html = shelf.get(key)
    if html is None:
        with reading(visitor) as session:
            page = make(session)
        html = rendered(request, visitor, page)
        if page.status == 200:
            shelf.put(key, html)
    return filled(visitor, html)
