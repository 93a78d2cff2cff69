"""A paper shown in a page: as a document of its own in a frame that runs nothing, loads nothing and belongs to no site. The bytes of filed papers are downloads."""

from urllib.parse import quote

from fastapi.responses import HTMLResponse, Response

from reports.faces import FACES
from reports.paper import Paper
from reports.to_html import paper_html
from runtime.channels import routes_of
from services.cases.serving import CaseDesk
from services.notice_issuing import NoticePress
from web.visiting import Visitor

_ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"


def paper_answer(paper: Paper) -> HTMLResponse:
    """Return the paper as an HTML document under a policy of its own: its look stands in it, nothing in it may run."""
    return framed(paper_html(paper))


def framed(html: str) -> HTMLResponse:
    """Return a paper's HTML, made now or kept since it was filed, for a frame in a page."""
    return HTMLResponse(html, headers={"Content-Security-Policy": _ALONE})


def file_answer(name: str, content: bytes) -> Response:
    """Return a filed paper's bytes as a download under its own name."""
    ending = name.rpartition(".")[2]
    kind = FACES[ending].media_type if ending in FACES else "application/octet-stream"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type=kind, headers=headers)


def notice_press(visitor: Visitor) -> NoticePress:
    """Return what notices go out by."""
    context = visitor.context
    return NoticePress(context.store, routes_of(context.settings), context.settings.office, context.press.printing)


def case_desk(visitor: Visitor) -> CaseDesk:
    """Return what papers of cases go out by."""
    return CaseDesk(visitor.context.press, routes_of(visitor.settings))
