"""A bulletin put away and taken out again: every field as plain values, so that a draft's figures stay what they were on its day, whatever happens later."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from reports.bulletin import Bulletin


def frozen(bulletin: Bulletin) -> dict[str, Any]:
    """Return the bulletin as plain values with nothing left out; `thawed` makes an equal one of them."""
    values: dict[str, Any] = _frozen(bulletin)
    return values


def thawed(values: Mapping[str, Any]) -> Bulletin:
    """Return the bulletin that was frozen."""
    made = _thawing(Bulletin)(values)
    assert isinstance(made, Bulletin)
    return made


def frozen_sha256(values: Mapping[str, Any], edits: Mapping[str, Any] | None = None) -> str:
    """Return the hash of frozen figures, or of figures and an office's words together, which is what an approval is of."""
    content = values if edits is None else {"view": values, "edits": edits}
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _frozen(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_frozen(part) for part in value]
    if is_dataclass(value):
        return {name: _frozen(getattr(value, name)) for name in _names(value.__class__)}
    return value.isoformat() if isinstance(value, date) else value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


@cache
def _thawing(kind: Any) -> Callable[[Any], Any]:
    """Return what makes a value of this type from its plain form; found out once for each type."""
    if kind is date:
        return date.fromisoformat
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        parts = [(name, _thawing(hints[name])) for name in _names(kind)]
        return lambda value: kind(**{name: thaw(value[name]) for name, thaw in parts if name in value})
    if get_origin(kind) is UnionType:
        thaw_one = _thawing(next(one for one in get_args(kind) if one is not NoneType))
        return lambda value: None if value is None else thaw_one(value)
    if get_origin(kind) is tuple:
        thaw_part = _thawing(get_args(kind)[0])
        return lambda value: tuple([thaw_part(part) for part in value])
    return lambda value: value
