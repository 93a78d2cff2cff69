"""The second look before a paper leaves the house: what will happen, to whom, and the paper itself. Shown below the form that asks for it, or, without script, as
a page of its own; nothing is written by it.
"""

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from rules.errors import DubanError
from web.acting import refused
from web.forms import SentForm
from web.office_views import Ask
from web.rendering import Page, show
from web.visiting import Visitor, reading


def second_look(
    request: Request, visitor: Visitor, sent: SentForm, look: Callable[[Session], tuple[Ask, str]], again: Callable[[Session], Page]
) -> Response:
    """Return the page that asks once more. `look` makes it with its title, by the refusals of the act itself; refused, the form comes back with what was typed."""
    try:
        with reading(visitor) as session:
            ask, title = look(session)
    except DubanError as error:
        answer = refused(request, visitor, sent, again, error)
        # The form's whole page comes back, not only the part below it.
        answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "body", "innerHTML show:top"
        return answer
    is_part = request.headers.get("HX-Target") == "ask"
    return show(request, visitor, Page("desk/ask_part.html.j2" if is_part else "desk/ask.html.j2", ask, title))
