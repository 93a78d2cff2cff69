"""`/`: everybody's own first page. `/language/…`: the language of this browser."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from web.navigation import home_of
from web.visiting import Visiting

router = APIRouter()
_YEAR = 365 * 24 * 3600


@router.get("/")
def home(visitor: Visiting) -> RedirectResponse:
    """Go to the page that the visitor's role begins at."""
    return RedirectResponse(home_of(visitor.role), 303)


@router.get("/language/{language}")
def language(request: Request, language: Literal["zh", "en"], to: Annotated[str, Query(alias="next")] = "/") -> RedirectResponse:
    """Answer this browser in another language from here on, and go back to the page it came from."""
    answer = RedirectResponse(local(to), 303)
    answer.set_cookie("duban-lang", language, max_age=_YEAR, path="/", httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer


def local(path: str) -> str:
    """Return a path of this house; anything that could lead to another one becomes `/`."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if is_local else "/"
