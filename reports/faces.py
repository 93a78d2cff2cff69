"""The formats a paper can be written in: one table, looked up by the command line, the pages and the flows.

Each face brings its own heavy library, imported only when that face is made.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from reports.paper import Paper
from rules.errors import DubanError
from rules.texts import _


@dataclass(frozen=True)
class Printing:
    """What a house prints with: the folder of Word templates its people changed, and a folder of fonts beside those of the system."""

    templates: Path | None = None
    fonts: Path | None = None


PLAIN = Printing()


@dataclass(frozen=True)
class Face:
    """How one format is made: `write` takes the paper and what the house prints with."""

    write: Callable[[Paper, Printing], bytes]
    media_type: str
    ending: str


def render(paper: Paper, format_name: str, printing: Printing = PLAIN) -> bytes:
    """Return the paper's bytes in the format of that name; DubanError `format-not-written` names the formats there are."""
    return face_of(format_name).write(paper, printing)


def face_of(format_name: str, among: Iterable[str] | None = None) -> Face:
    """Return the face of that name, where `among` allows it; DubanError `format-not-written` where there is none."""
    allowed = tuple(FACES if among is None else among)
    if format_name not in allowed:
        message = _("不能输出为 {format}；可用的格式：{formats}").format(format=format_name, formats=_("、").join(allowed))
        raise DubanError("format-not-written", message)
    return FACES[format_name]


def _html(paper: Paper, printing: Printing) -> bytes:
    from reports.to_html import paper_html

    del printing
    return paper_html(paper).encode()


def _docx(paper: Paper, printing: Printing) -> bytes:
    from reports.to_docx import paper_docx

    return paper_docx(paper, printing.templates, printing.fonts)


def _pdf(paper: Paper, printing: Printing) -> bytes:
    from reports.to_pdf import paper_pdf

    return paper_pdf(paper, printing.fonts)


def _xlsx(paper: Paper, printing: Printing) -> bytes:
    from reports.to_xlsx import paper_xlsx

    del printing
    return paper_xlsx(paper)


def _md(paper: Paper, printing: Printing) -> bytes:
    from reports.to_md import paper_md

    del printing
    return paper_md(paper).encode()


def _json(paper: Paper, printing: Printing) -> bytes:
    # The view is the contract: what is printed around it is no part of it.
    del printing
    # Half a surrogate pair, which UTF-8 cannot hold, is written as JSON's own escape.
    return (json.dumps(paper.data, ensure_ascii=False, indent=2) + "\n").encode(errors="backslashreplace")


_OPEN_XML = "application/vnd.openxmlformats-officedocument"

FACES: dict[str, Face] = {
    "html": Face(_html, "text/html; charset=utf-8", ".html"),
    "docx": Face(_docx, f"{_OPEN_XML}.wordprocessingml.document", ".docx"),
    "pdf": Face(_pdf, "application/pdf", ".pdf"),
    "xlsx": Face(_xlsx, f"{_OPEN_XML}.spreadsheetml.sheet", ".xlsx"),
    "md": Face(_md, "text/markdown; charset=utf-8", ".md"),
    "json": Face(_json, "application/json", ".json"),
}
