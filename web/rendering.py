"""Templates to HTML: escaping on, a missing name is an error, and what differs from request to request is filled in last.

A rendered page holds marks in the places of the form token, the one-time keys and the sentence shown once, so that it can be kept (`web.kept`) and
filled in for the next request.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from rules.texts import _, current_language
from rules.words import day_words
from runtime.clock import now, today
from runtime.database import reading
from services.once import answer_with_id
from web.navigation import links_of
from web.refusals import Refusal
from web.visiting import Visitor
from web.words import moment_words

# Nobody can write these into a text: they are made anew with every start.
_TOKEN, _KEY, _SAID = (f"@{secrets.token_hex(12)}@" for _ignored in range(3))
_MARKS = re.compile(f"({_TOKEN}|{_KEY}|{_SAID})")
_SAID_FOR = timedelta(minutes=3)
_TOKEN_MARK, _KEY_MARK, _SAID_MARK = _TOKEN.encode(), _KEY.encode(), _SAID.encode()
_STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Page:
    """A page before it is rendered: its template and what that shows. `typed` and `refusal` bring a form back as it was sent, with what is wrong with it."""

    template: str
    view: object
    title: str
    status: int = 200
    typed: Mapping[str, str] = field(default_factory=dict)
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Sheet:
    """A rendered page cut at its marks, which stand between the pieces: what an answer is put together from."""

    pieces: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Return how many bytes it holds."""
        return sum(map(len, self.pieces))

    @property
    def has_said(self) -> bool:
        """Return whether it has a place for what is said once: a part of a page mostly has none."""
        return _SAID_MARK in self.pieces

    def filled(self, form_token: str, said: str) -> bytes:
        """Return the page with a log-in's form token, new one-time keys, and what is said once."""
        base, token = secrets.token_urlsafe(12), form_token.encode()
        parts = list(self.pieces)
        for number in range(1, len(parts), 2):
            mark = parts[number]
            parts[number] = token if mark == _TOKEN_MARK else f"{base}.{number}".encode() if mark == _KEY_MARK else said.encode()
        return b"".join(parts)


def show(request: Request, visitor: Visitor | None, page: Page) -> HTMLResponse:
    """Return the page as an answer."""
    return filled(visitor, rendered(request, visitor, page), page.status)


def rendered(request: Request, visitor: Visitor | None, page: Page) -> Sheet:
    """Return the page with its marks still in it."""
    context = {
        "view": page.view,
        "title": page.title,
        "visitor": visitor,
        "typed": page.typed,
        "refusal": page.refusal,
        "number": request.scope.get("state", {}).get("request_id", ""),
        "here": request.url.path,
        "asked": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "links": links_of(visitor, request.url.path) if visitor else (),
        "office": request.app.state.context.settings.office or _("计划督办"),
        "language": {"zh": "zh-CN"}.get(current_language(), current_language()),
        "other_language": ("en", "English") if current_language() == "zh" else ("zh", "中文"),
        "today": today(),
        "form_token": Markup(_TOKEN),
        "said_mark": Markup(_SAID),
        "_": _,
    }
    html = environment().get_template(page.template).render(context)
    return Sheet(tuple(piece.encode() for piece in _MARKS.split(html)))


def filled(visitor: Visitor | None, sheet: Sheet, status: int = 200) -> HTMLResponse:
    """Return a rendered page with what belongs to this request alone.

    What is said once is used up only by a page that shows it: a completion that answers while the page of an act is on its way leaves it.
    """
    is_saying = visitor is not None and visitor.said is not None and sheet.has_said
    said = _said(visitor) if visitor and is_saying else ""
    answer = sheet_answer(sheet, visitor.form_token if visitor else "", f'<p class="said" role="status">{escape(said)}</p>' if said else "")
    answer.status_code = status
    if is_saying:
        answer.delete_cookie("duban-said", path="/")
    return answer


def sheet_answer(sheet: Sheet, form_token: str, said: str = "") -> HTMLResponse:
    """Return a rendered page as an answer."""
    return HTMLResponse(sheet.filled(form_token, said))


def _said(visitor: Visitor) -> str:
    if visitor.said is None:
        return ""
    with reading(visitor.context.engine) as session:
        answer = answer_with_id(session, visitor.account_id, visitor.said, now() - _SAID_FOR)
    return str(answer.get("said", "")) if answer else ""


@cache
def environment() -> Environment:
    """Return the templates' environment."""
    loader = PackageLoader("web", "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False)
    made.globals.update(static=static, url=url, once=lambda: Markup(_KEY))
    made.filters.update(day=day_words, moment=moment_words)
    return made


def url(path: str, **query: object) -> str:
    """Return a path with a query; what is None or empty is left out."""
    asked = [(name, str(value)) for name, value in query.items() if value not in (None, "")]
    return f"{path}?{urlencode(asked)}" if asked else path


@cache
def static(name: str) -> str:
    """Return the address of a packaged file; it changes with the content, so that browsers may keep it."""
    content = htmx_file().read_bytes() if name == "htmx.js" else (_STATIC / name).read_bytes()
    return f"/static/{name}?v={sha256(content).hexdigest()[:12]}"


def htmx_file() -> Path:
    """Return the place of htmx, which comes as a package of its own."""
    return Path(str(files("js_lib_htmx"))) / "static" / "htmx" / "htmx.min.js"
