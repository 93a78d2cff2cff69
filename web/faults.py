"""What is answered where a request cannot be: pages for people, problem documents for programs. A trace is never shown; who was refused is written down."""

import logging

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

from rules.errors import DubanError
from rules.texts import _
from runtime.logs import log
from web.refusals import Refusal, refusal_of, status_of
from web.rendering import Page, show
from web.turned_away import note_turned_away
from web.visiting import Visitor

_logger = logging.getLogger("duban.web")


def refusal(request: Request, error: Exception) -> Response:
    """Answer a refusal that no form takes back."""
    assert isinstance(error, DubanError)
    status = status_of(error)
    if status in (403, 404):
        note_turned_away(request, error.code)
    if status == 503:
        log(_logger, "refused", {"code": error.code}, logging.WARNING)
    return _fault(request, refusal_of(error), status)


def unknown_page(request: Request, error: Exception) -> Response:
    """Answer an address that leads nowhere, or a method it does not know."""
    status = getattr(error, "status_code", 404)
    texts = {
        404: _("没有这一页。"),
        405: _("这个地址不接受这种请求。"),
        413: _("发来的内容太大，请分几次交。"),
    }
    return _fault(request, Refusal("unknown-page", texts.get(status, _("这个请求看不懂。"))), status)


def bad_address(request: Request, _error: Exception) -> Response:
    """Answer an address whose numbers or words cannot be read."""
    return _fault(request, Refusal("unknown-page", _("没有这一页。")), 404)


def hung_up(_request: Request, _error: Exception) -> Response:
    """Answer a form whose line broke before all of it had come. Nobody hears it; nothing was done, so it is no bug."""
    log(_logger, "broken-off", {})
    return Response(status_code=400)


def bug(request: Request, error: Exception) -> Response:
    """Answer a bug: its trace goes to the log under the number that the page shows."""
    number = request.scope["state"].get("request_id", "")
    _logger.error("failed", exc_info=error)
    text = _("程序出错了，没有办理。请把编号 {number} 告诉管理员。").format(number=number)
    return _fault(request, Refusal("internal", text), 500)


def _fault(request: Request, refusal: Refusal, status: int) -> Response:
    if "text/html" not in request.headers.get("Accept", ""):
        return PlainTextResponse(refusal.text, status)
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    return show(request, visitor, Page("fault.html.j2", None, _("办不了"), status, refusal=refusal))
