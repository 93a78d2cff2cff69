"""The JSON of what a ledger entry tells: one spelling for its hash, written once however long it is.

An import's entry tells of every row it wrote. The text made for its hash is kept with it and goes into the database as it is, instead of being made a second time.
"""

import json
from datetime import UTC, datetime
from functools import cached_property
from typing import Any


class ToldRows(list[dict[str, Any]]):
    """The rows an entry tells of, with their JSON beside them. Not altered once its JSON was asked for."""

    @cached_property
    def json(self) -> str:
        """Return the rows as hashes are made of them."""
        return sealed_json(list(self))


def sealed_json(value: object) -> str:
    """Return the one spelling that hashes are made of: docs/ledger.md."""
    if isinstance(value, ToldRows):
        return value.json
    return _ENCODE(value)


def stored_json(value: object) -> str:
    """Return a JSON column's value as the database is to hold it."""
    return value.json if isinstance(value, ToldRows) else json.dumps(value)


def spelt(value: object) -> str:
    """Return a day or an instant in the one spelling that hashes are made of, however the database gives it back."""
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else str(value)


# Made once: to set one up takes as long as an entry's own JSON.
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=spelt).encode
