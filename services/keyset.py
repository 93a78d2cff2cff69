"""A page of a list that grows without end, chosen by the database: rows after the last one shown, in the order of their numbers, so many and no more.

Nothing is counted off: the tenth page costs what the first does, and who follows the pages misses none that was there when he began. Each list says itself which
numbers are wanted and how their rows are read (`request_page`, `notice_page` …); how pages follow each other is said here alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Select
from sqlmodel import Session

PAGE_ROWS = 100
# Where few rows pass what only reading them tells, this many are read for one page; whoever asks goes on from there.
_MOST_READ = 2500


class Numbered(Protocol):
    """A row with a number of its own."""

    @property
    def id(self) -> int:
        """Return the number."""


Row = TypeVar("Row")
OwnNumber = TypeVar("OwnNumber", bound=Numbered)


@dataclass(frozen=True)
class PageAsk:
    """Which page is asked for: the rows beyond the one with the number `after` (None: from the start), at most `most` of them, from the newest on unless `is_rising`."""

    after: int | None = None
    most: int = PAGE_ROWS
    is_rising: bool = False


@dataclass(frozen=True)
class KeyPage(Generic[Row]):
    """The rows of a page in their order, and the number that the next page goes on after (None: there is none). There may be fewer than asked for while there is a next."""

    rows: tuple[Row, ...]
    next: int | None


def page_of(session: Session, wanted: Select[Any], ask: PageAsk, read: Callable[[Sequence[int]], Mapping[int, Row]]) -> KeyPage[Row]:
    """Return a page of the rows whose numbers `wanted` selects; its one column is the key. `read` gives the rows of some numbers, without those that are not to be seen."""
    (key,) = wanted.selected_columns
    rows: list[tuple[int, Row]] = []
    after, left = ask.after, _MOST_READ
    while left > 0:
        beyond = wanted if after is None else wanted.where(key > after if ask.is_rising else key < after)
        # One row more than the page holds tells whether there is a next one.
        ids = session.execute(beyond.order_by(key if ask.is_rising else key.desc()).limit(ask.most + 1)).scalars().all()
        seen = read(ids) if ids else {}
        rows += [(number, seen[number]) for number in ids if number in seen]
        if len(rows) > ask.most:
            return KeyPage(tuple(row for _number, row in rows[: ask.most]), rows[ask.most - 1][0])
        if len(ids) <= ask.most:
            return KeyPage(tuple(row for _number, row in rows), None)
        after, left = ids[-1], left - len(ids)
    return KeyPage(tuple(row for _number, row in rows), after)


def by_number(rows: Sequence[OwnNumber]) -> Mapping[int, OwnNumber]:
    """Return the rows by their numbers."""
    return {row.id: row for row in rows}
