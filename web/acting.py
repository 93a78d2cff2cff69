"""Carrying out what a form asks for: one transaction, once for each form however often it is sent, and the form again with all that was typed where it is refused."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from rules.calendar import use_calendar
from rules.errors import DubanError
from runtime.clock import now, today
from runtime.database import reading, transaction
from services.kept_days import kept_days
from services.occasion import Occasion
from services.once import Asked, answer_of, note_done
from services.positions import refuse_changed
from services.reach import refuse_unseen
from web.forms import SentForm
from web.refusals import refusal_of, status_of
from web.rendering import Page, show
from web.turned_away import note_turned_away
from web.visiting import Visitor


@dataclass(frozen=True)
class Deed:
    """What a form does. `do` is the act, `to` the page that follows (its path, or a function of what the act returned), `said` the sentence shown there once.

    `again` makes the form's page anew, in a session that sees what is so now; it is shown with what was typed and why it was refused. `task_id` is the task that is acted on:
    one that the visitor may not read does not exist for him, and what others did since the form was shown is told.
    """

    do: Callable[[Session, Occasion], object]
    to: str | Callable[[object], str]
    said: str | Callable[[object], str]
    again: Callable[[Session], Page]
    task_id: int | None = None


def act(request: Request, visitor: Visitor, sent: SentForm, deed: Deed) -> Response:
    """Carry the form out and go on to the page that follows, or show the form again.

    1. What was done under the form's key already is answered again. 2. A task that changed since the form was shown is refused. 3. The act and its answer are kept
    together. Of two that come at the same instant, the second waits and finds the first one's answer.
    """
    done: tuple[str, int] | None
    try:
        done = _done(visitor, sent, deed)
    except IntegrityError:
        # The twin was faster: its answer is there now, or the trouble was another one.
        done = _answered(visitor, sent)
        if done is None:
            raise
    except DubanError as error:
        return refused(request, visitor, sent, deed.again, error)
    answer = _going_on(request, done[0])
    answer.set_cookie(
        "duban-said", str(done[1]), max_age=180, path="/", httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return answer


def _going_on(request: Request, to: str) -> Response:
    """Send to the page that follows. Where the script would swap the whole body, the browser itself opens the page: it may need styles and scripts that this one has not."""
    if request.headers.get("HX-Boosted") and not request.headers.get("HX-Target"):
        return Response(status_code=200, headers={"HX-Redirect": to, "Duban-Done": "1"})
    return RedirectResponse(to, 303)


def refused(request: Request, visitor: Visitor, sent: SentForm, again: Callable[[Session], Page], error: DubanError) -> Response:
    """Return the form's page with what was typed and why it was refused; what may not be seen is not shown there either."""
    status = status_of(error)
    if status == 404:
        raise error
    with reading(visitor.context.engine) as session:
        use_calendar(kept_days(session))
        page = again(session)
    if status == 403:
        note_turned_away(request, error.code)
    answer = show(request, visitor, replace(page, status=status, typed=sent.typed, refusal=refusal_of(error)))
    # The page stays where it was: a reload of the address the form was sent to would find nothing there.
    answer.headers["HX-Push-Url"] = "false"
    return answer


def occasion_of(visitor: Visitor) -> Occasion:
    """Return the circumstances of an act that this visitor does now."""
    return Occasion(visitor.actor, today(), now())


def _done(visitor: Visitor, sent: SentForm, deed: Deed) -> tuple[str, int]:
    asked, occasion = _asked(visitor, sent), occasion_of(visitor)
    with transaction(visitor.context.engine) as session:
        earlier = answer_of(session, asked)
        if earlier is not None:
            return str(earlier["to"]), int(earlier["id"])
        use_calendar(kept_days(session))
        if deed.task_id is not None:
            refuse_unseen(session, visitor.actor, deed.task_id)
            if sent.seen is not None:
                refuse_changed(session, deed.task_id, sent.seen)
        result = deed.do(session, occasion)
        to = deed.to if isinstance(deed.to, str) else deed.to(result)
        said = deed.said if isinstance(deed.said, str) else deed.said(result)
        return to, note_done(session, asked, {"to": to, "said": said}, occasion.at)


def _answered(visitor: Visitor, sent: SentForm) -> tuple[str, int] | None:
    with reading(visitor.context.engine) as session:
        earlier = answer_of(session, _asked(visitor, sent))
    return (str(earlier["to"]), int(earlier["id"])) if earlier is not None else None


def _asked(visitor: Visitor, sent: SentForm) -> Asked:
    return Asked(visitor.account_id, sent.key, sent.hash)
