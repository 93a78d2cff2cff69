"""A view as JSON holds it: the one way from a frozen dataclass to the plain values that are kept, sent and compared."""

from datetime import date
from typing import Any


def plain(value: object) -> Any:
    """Return a value as JSON holds it: a view by the names of its parts, days as ISO text, tuples as lists. Words of an enum are text already."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
