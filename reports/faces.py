"""The formats a bulletin can be written in: one table, looked up by the command line, the pages and the flow.

Each face brings its own heavy library, imported only when that face is made.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass

from reports.bulletin import Bulletin, as_json
from reports.imprint import PREVIEW, Imprint
from rules.errors import DubanError
from rules.texts import _


@dataclass(frozen=True)
class Face:
    """How one format is made: `write` takes the bulletin and its imprint."""

    write: Callable[[Bulletin, Imprint], bytes]
    media_type: str
    ending: str


def render(bulletin: Bulletin, format_name: str, imprint: Imprint = PREVIEW) -> bytes:
    """Return the bulletin's bytes in the format of that name; DubanError `format-not-written` names the formats there are."""
    return face_of(format_name).write(bulletin, imprint)


def face_of(format_name: str) -> Face:
    """Return the face of that name; DubanError `format-not-written` where there is none."""
    face = FACES.get(format_name)
    if face is None:
        message = _("通报不能输出为 {format}；可用的格式：{formats}").format(format=format_name, formats=_("、").join(FACES))
        raise DubanError("format-not-written", message)
    return face


def _html(bulletin: Bulletin, imprint: Imprint) -> bytes:
    from reports.to_html import bulletin_html

    return bulletin_html(bulletin, imprint).encode()


def _docx(bulletin: Bulletin, imprint: Imprint) -> bytes:
    from reports.to_docx import bulletin_docx

    return bulletin_docx(bulletin, imprint)


def _xlsx(bulletin: Bulletin, imprint: Imprint) -> bytes:
    from reports.to_xlsx import bulletin_xlsx

    return bulletin_xlsx(bulletin, imprint)


def _json(bulletin: Bulletin, imprint: Imprint) -> bytes:
    # The view is the contract: what is printed around it is no part of it.
    del imprint
    return (json.dumps(as_json(bulletin), ensure_ascii=False, indent=2) + "\n").encode()


_OPEN_XML = "application/vnd.openxmlformats-officedocument"

FACES: dict[str, Face] = {
    "html": Face(_html, "text/html; charset=utf-8", ".html"),
    "docx": Face(_docx, f"{_OPEN_XML}.wordprocessingml.document", ".docx"),
    "xlsx": Face(_xlsx, f"{_OPEN_XML}.spreadsheetml.sheet", ".xlsx"),
    "json": Face(_json, "application/json", ".json"),
}
