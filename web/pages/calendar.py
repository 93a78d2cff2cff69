"""`GET /calendar/<secret>.ics`: a unit's dates for a calendar program. The secret is the whole right to read, so it is in no log and no answer.

A secret that never was, one that has ended and a path that leads nowhere are answered alike.
"""

from hashlib import sha256

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from reports.to_icalendar import calendar_bytes
from rules.calendar import use_calendar
from runtime.clock import today
from runtime.context import Context
from runtime.database import snapshot
from services.calendar_feeds import feed_of
from services.kept_days import kept_days

router = APIRouter()


@router.api_route("/calendar/{secret}.ics", methods=["GET", "HEAD"])
def calendar(request: Request, secret: str) -> Response:
    """Return the calendar as of today, or 304 where the program that asks has it already."""
    context: Context = request.app.state.context
    with snapshot(context.engine, context.settings.page_seconds) as session:
        # The server lives longer than the house's calendar stays as it is.
        use_calendar(kept_days(session))
        view = feed_of(session, secret, today())
    if view is None:
        raise HTTPException(404)
    content = calendar_bytes(view)
    headers = {"ETag": f'"{sha256(content).hexdigest()[:32]}"', "Cache-Control": "private, no-cache"}
    if _has(request.headers.get("If-None-Match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def _has(told: str, tag: str) -> bool:
    """Tell whether the tag is among those the program has; one that a proxy has weakened is the same."""
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in told.split(","))
