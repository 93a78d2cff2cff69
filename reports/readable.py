"""Free text made fit for a document: what units paste in brings control characters that no Office file may hold.

Only the faces use it; the JSON view keeps every text as it was stored.
"""

import re
from typing import cast

from reports.bulletin import Bulletin

# Blanks, control characters, line separators, halves of surrogate pairs and non-characters: XML 1.0 forbids most, a table cell wants none.
_UNFIT = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


def readable(bulletin: Bulletin) -> Bulletin:
    """Return the bulletin with every run of blanks and control characters in its texts as one blank."""
    return cast(Bulletin, _readable(bulletin))


def fit_text(text: str) -> str:
    """Return the text with every run of blanks and control characters as one blank."""
    return _UNFIT.sub(" ", text).strip()


def _readable(value: object) -> object:
    if isinstance(value, str):
        return fit_text(value)
    if isinstance(value, tuple):
        return tuple(_readable(part) for part in value)
    if hasattr(value, "__dataclass_fields__"):
        return type(value)(**{name: _readable(getattr(value, name)) for name in value.__dataclass_fields__})
    return value
