"""Free text made fit for a document: what units paste in brings control characters that no Office file may hold.

Only the faces use it; the JSON view keeps every text as it was stored. A line break is kept inside a table's cell and nowhere else.
"""

import re
from dataclasses import fields, replace
from typing import Any, TypeVar

from reports.paper import Paper, Row
from reports.words import Cell, Figure

# Blanks, control characters, line separators, halves of surrogate pairs and non-characters: XML 1.0 forbids most, a table cell wants none.
_UNFIT = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"

Part = TypeVar("Part")


def readable(paper: Paper) -> Paper:
    """Return the paper with every run of blanks and control characters in its texts as one blank, in a cell as one line break where it held one; `data` stays."""
    kept: dict[str, Any] = {one.name: _readable(getattr(paper, one.name)) for one in fields(paper) if one.name != "data"}
    return replace(paper, **kept)


def fit_text(text: str) -> str:
    """Return the text with every run of blanks and control characters as one blank."""
    return text if _is_fit(text) else _UNFIT.sub(" ", text).strip()


def fit_cell(cell: Cell) -> Cell:
    """Return the cell with its words fit for a document; a run of blanks that held a line break is one line break."""
    if isinstance(cell, str):
        return cell if _is_fit(cell) else _UNFIT.sub(_blank_or_break, cell).strip()
    if isinstance(cell, Figure):
        return Figure(cell.value, fit_text(cell.words))
    return cell


def _is_fit(text: str) -> bool:
    """Tell, sooner than by looking for what is unfit, that the text has nothing of it; the one printable blank is looked for by itself."""
    return text.isprintable() and "  " not in text and text[:1] != " " != text[-1:]


def _blank_or_break(found: re.Match[str]) -> str:
    return "\n" if any(letter in _BREAKS for letter in found[0]) else " "


def _readable(value: Part) -> Part:
    """Return the value with its texts made fit; what needs no change is given back as it is, so that a long table is not held twice."""
    made: Any = value
    if isinstance(value, str):
        made = fit_text(value)
    elif isinstance(value, Row):
        cells = tuple(map(fit_cell, value.cells))
        made = value if cells == value.cells else Row(cells, value.style)
    elif isinstance(value, tuple):
        parts = tuple(map(_readable, value))
        made = value if _same(parts, value) else parts
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, Figure):
        made = _parts_readable(value)
    return made  # type: ignore[no-any-return]


def _parts_readable(value: Any) -> Any:
    before = tuple(getattr(value, name) for name in value.__dataclass_fields__)
    parts = tuple(map(_readable, before))
    if _same(parts, before):
        return value
    return type(value)(**dict(zip(value.__dataclass_fields__, parts, strict=True)))


def _same(parts: tuple[object, ...], before: tuple[object, ...]) -> bool:
    return all(part is old or (isinstance(old, str) and part == old) for part, old in zip(parts, before, strict=True))
