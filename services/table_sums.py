"""A table's content as a number of rows and a hash that every kind of database gives alike: what proves that two databases hold the same.

A row counts as it is spelt in JSON: days and instants (in UTC) as text, words of an enum as their value, objects with their keys in order; rows in the order of
their keys, byte by byte, whatever order the database would give texts.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from services.changes import plain

Batch = Sequence[sa.Row[Any]]
AT_ONCE = 2_000
# Only days and instants are turned into text: what else a column holds is JSON, or a word of an enum, which is text already.
_spelt = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain).encode


@dataclass(frozen=True)
class TableSum:
    """What a table holds."""

    table: str
    rows: int
    sha256: str


@dataclass
class Summing:
    """A sum being made from a table's rows in their order. `tell` is told how many rows were added."""

    table: str
    tell: Callable[[int], None]
    _rows: int = 0
    _digest: Any = field(default_factory=sha256)

    def over(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        """Hand the rows on, adding them."""
        for rows in batches:
            # Without the list's own brackets it does not matter how many rows come at once.
            self._digest.update(f"{_spelt([tuple(row) for row in rows])[1:-1]},".encode(errors="surrogatepass"))
            self._rows += len(rows)
            self.tell(len(rows))
            yield rows

    @property
    def sum(self) -> TableSum:
        """Return the sum of all that was added."""
        return TableSum(self.table, self._rows, self._digest.hexdigest())


@contextmanager
def rows_in_order(session: Session, table: sa.Table) -> Iterator[Iterator[Batch]]:
    """Give a table's rows in the order of their keys, some at a time, so that no table is ever in memory as a whole."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    keys = [sa.collate(key, "C") if is_postgresql and isinstance(key.type, sa.String) else key for key in table.primary_key.columns]
    found = session.connection().execute(sa.select(table).order_by(*keys).execution_options(yield_per=AT_ONCE))
    try:
        yield found.partitions()
    finally:
        found.close()


def sum_of(session: Session, table: sa.Table, tell: Callable[[int], None]) -> TableSum:
    """Return what a table holds as the session sees it."""
    summing = Summing(table.name, tell)
    with rows_in_order(session, table) as batches:
        for _rows in summing.over(batches):
            pass
    return summing.sum
