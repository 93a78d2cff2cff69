"""Cutting what is read whole, since it belongs to one task, into pages by the rows' ids; lists that grow are cut by the database (`services.keyset`)."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Row = TypeVar("Row")


def cut(rows: Iterable[Row], after: int | None, limit: int, number_of: Callable[[Row], int]) -> tuple[Sequence[Row], str | None]:
    """Return at most `limit` of the rows with a number above `after`, in the order of their numbers, and what the next page goes on after."""
    following = sorted((row for row in rows if number_of(row) > (after or 0)), key=number_of)
    some = following[:limit]
    return some, str(number_of(some[-1])) if len(following) > limit else None
