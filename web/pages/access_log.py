"""`/access-log`: who came in and who was turned away, for the audit administrator, page by page; the same as a file."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from tempfile import TemporaryFile
from typing import IO, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from rules.access_acts import AccessAct
from rules.errors import DubanError
from rules.texts import _
from runtime.clock import today
from runtime.database import transaction
from services.access.access_log import LogFilter, access_log_page, export_access_log
from services.keyset import PageAsk
from web.account_view import AccessLogView, act_choices, log_line
from web.acting import occasion_of
from web.forms import Sent
from web.rendering import Page, show, url
from web.visiting import Visiting, reading

router = APIRouter()
_ROWS = 50
# What a database holds as a number.
_LAST = 2**63 - 1
_CHUNK = 1 << 16
_ASKED = ("account", "act", "address", "from", "until")


@router.get("/access-log", response_class=HTMLResponse)
def access_log(request: Request, visitor: Visiting, before: Annotated[int | None, Query(ge=1, le=_LAST)] = None) -> Response:
    """Show the newest entries that were asked for, or those before an entry."""
    asked = {name: request.query_params.get(name, "").strip()[:60] for name in _ASKED}
    with reading(visitor) as session:
        page = access_log_page(session, filter_of(asked), PageAsk(before, _ROWS), visitor.actor)
    older = url("/access-log", **asked, before=page.next) if page.next else ""
    view = AccessLogView(tuple(log_line(row) for row in page.rows), asked, act_choices(), older)
    return show(request, visitor, Page("access/access_log.html.j2", view, _("访问记录")))


@router.post("/access-log/export")
def export(visitor: Visiting, sent: Sent) -> Response:
    """Give what was asked for as a CSV file. That it was exported is an entry itself."""
    wanted = filter_of({name: sent.text(name) for name in _ASKED})
    with ExitStack() as held, transaction(visitor.context.engine) as session:
        lines = export_access_log(session, wanted, occasion_of(visitor))
        written = held.enter_context(TemporaryFile("w+", encoding="utf-8", newline=""))
        written.writelines(lines)
        # From here on whoever sends it closes it.
        held.pop_all()
    written.seek(0)
    name = f"access-log-{today().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_pieces(written), media_type="text/csv; charset=utf-8", headers=headers)


def filter_of(asked: dict[str, str]) -> LogFilter:
    """Return what was asked for; an act that there is none of asks for all. Codes: bad-date."""
    act = AccessAct(asked["act"]) if asked["act"] in set(AccessAct) else None
    return LogFilter(asked["account"] or None, act, asked["address"] or None, _day(asked["from"]), _day(asked["until"]))


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise DubanError("bad-date", _("看不懂日期“{written}”，请写成 2013-09-30").format(written=written[:20])) from None


def _pieces(written: IO[str]) -> Iterator[str]:
    with written:
        while piece := written.read(_CHUNK):
            yield piece
