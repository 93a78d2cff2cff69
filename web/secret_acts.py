"""Acts whose answer is a secret: shown on the page that follows at once, and kept nowhere. A form sent twice is told that its answer was shown."""

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from rules.errors import DubanError
from rules.texts import _
from runtime.database import transaction
from services.occasion import Occasion
from services.once import Asked, answer_of, note_done
from web.access_view import ShownOnce
from web.acting import occasion_of, refused
from web.forms import SentForm
from web.rendering import Page, show
from web.visiting import Visitor


def act_in_secret(
    request: Request,
    visitor: Visitor,
    sent: SentForm,
    do: Callable[[Session, Occasion], ShownOnce],
    again: Callable[[Session], Page],
) -> Response:
    """Carry the form out and show what it answers, this once; refused, show the form again. Codes: shown-once."""
    asked, occasion = Asked(visitor.account_id, sent.key, sent.hash), occasion_of(visitor)
    try:
        with transaction(visitor.context.engine) as session:
            if answer_of(session, asked) is not None:
                raise DubanError("shown-once", _("已经办理过，结果只显示一次；没有记下的，请重新办理一次，原来的随即作废"))
            shown = do(session, occasion)
            note_done(session, asked, {}, occasion.at)
    except DubanError as error:
        return refused(request, visitor, sent, again, error)
    return show(request, visitor, Page("access/shown_once.html.j2", shown, _("请立即记下")))
