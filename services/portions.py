"""Long lists in portions: as many as one statement can name, or as many as are held in memory at a time."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Row = TypeVar("Row")


def portions(rows: Sequence[Row], size: int = 500) -> Iterator[Sequence[Row]]:
    """Yield the rows in their order, `size` of them at a time; nothing for none."""
    yield from (rows[first : first + size] for first in range(0, len(rows), size))
