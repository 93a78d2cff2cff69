"""The gate before all pages: language, security headers, size and rate limits, and refusing what another site sends.

Written against ASGI itself, since it stands before every request.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import SimpleCookie
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request

from rules.texts import LANGUAGES, _, use_language
from runtime.settings import Settings
from web.api.problems import refused_at_the_gate
from web.rates import Rate

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

MOST_BYTES = 220 << 20
# What somebody not logged in may send: a name, a password, a code.
_MOST_BYTES_OF_NOBODY = 64 << 10
_OPEN_TO_NOBODY = ("/log-in", "/invitations/")
_SAFE = ("GET", "HEAD", "OPTIONS")
_LOG_INS_A_MINUTE = 30
_LONGEST_LENGTH = 12
_FORM_OF_PARTS = re.compile(
    rb"""(?i:multipart/form-data)(?:; ?(?i:charset)="?(?i:utf-8)"?)?; ?(?i:boundary)="?[0-9A-Za-z'()+_,./:=?-]{1,200}"?(?:; ?(?i:charset)="?(?i:utf-8)"?)?"""
)
_HEADERS = {
    b"content-security-policy": (
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
        b"frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"SAMEORIGIN",
    # Not no-referrer: a browser would then send forms as from nowhere, and they could not be told from another site's.
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=()",
    b"cache-control": b"no-store",
}


class Gate:
    """Every request passes it. `settings` say how many a minute one address may send."""

    def __init__(self, application: Application, settings: Settings) -> None:
        self._application = application
        self._settings = settings
        self._pages = Rate(settings.requests_per_minute, monotonic)
        self._log_ins = Rate(_LOG_INS_A_MINUTE, monotonic)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        headers = dict(scope["headers"])
        scope.setdefault("state", {})
        with use_language(_language(headers, self._settings.lang)):
            refusal = self._refusal(scope, headers)
            if refusal:
                await _answer(scope, receive, send, *refusal)
            else:
                await self._application(scope, _measured(receive, _most_bytes(scope["path"])), _with_headers(scope, send))

    def _refusal(self, scope: Message, headers: dict[bytes, bytes]) -> tuple[int, str] | None:
        address = scope["client"][0] if scope.get("client") else ""
        if not self._pages.lets_in(address):
            return 429, _("请求太多，请过一分钟再试")
        if "\0" in scope["path"]:
            return 404, _("没有这一页。")
        if b"%00" in scope["query_string"]:
            return 400, _("这个请求看不懂。")
        if scope["method"] in _SAFE:
            return None
        if scope["path"] == "/log-in" and not self._log_ins.lets_in(address):
            return 429, _("登录太频繁，请过一分钟再试")
        if not _is_short(headers, _most_bytes(scope["path"])):
            return 413, _("一次发来的内容太大（最多 {most} KB），请分几次交").format(most=_most_bytes(scope["path"]) >> 10)
        if _is_odd_form(scope["headers"]):
            return 415, _("表单须用 UTF-8 编码发送，没有办理")
        if not scope["path"].startswith("/api/") and _is_foreign(headers):
            return 403, _("这张表单不是从本系统的页面发出的，没有办理")
        return None


def _is_foreign(headers: dict[bytes, bytes]) -> bool:
    """Tell whether a browser says that another site sent this. A browser too old to say either is held to the form's own token."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site not in (b"same-origin", b"none")
    origin = headers.get(b"origin") or headers.get(b"referer")
    return origin is not None and _host_of(origin) != headers.get(b"host", b"").decode("latin-1")


def _host_of(origin: bytes) -> str | None:
    try:
        return urlsplit(origin.decode("latin-1")).netloc
    except ValueError:
        return None


def _most_bytes(path: str) -> int:
    return _MOST_BYTES_OF_NOBODY if path.startswith(_OPEN_TO_NOBODY) else MOST_BYTES


def _is_short(headers: dict[bytes, bytes], most: int) -> bool:
    length = headers.get(b"content-length", b"0")
    return length.isdigit() and len(length) <= _LONGEST_LENGTH and int(length) <= most


def _is_odd_form(headers: list[tuple[bytes, bytes]]) -> bool:
    """Tell whether a form of parts says more of itself than its border: no browser names another coding than UTF-8, and some take minutes to read what is short."""
    kinds = [value for name, value in headers if name == b"content-type" and b"multi" in value.lower()]
    return any(_FORM_OF_PARTS.fullmatch(kind) is None for kind in kinds)


def _language(headers: dict[bytes, bytes], otherwise: str) -> str:
    cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")) if b"duban-lang" in headers.get(b"cookie", b"") else {}
    chosen = cookies["duban-lang"].value if "duban-lang" in cookies else otherwise
    return chosen if chosen in LANGUAGES else otherwise


def _with_headers(scope: Message, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _value in message["headers"]}
            message["headers"] = [*message["headers"], *((name, value) for name, value in _HEADERS.items() if name not in present)]
            if scope["scheme"] == "https" and b"strict-transport-security" not in present:
                message["headers"].append((b"strict-transport-security", b"max-age=31536000"))
        await send(message)

    return sending


def _measured(receive: Receive, most: int) -> Receive:
    """Return `receive` that ends a body longer than allowed, whatever its head said of the length."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return {"type": "http.disconnect"} if taken > most else message

    return receiving


async def _answer(scope: Message, receive: Receive, send: Send, status: int, text: str) -> None:
    if scope["path"].startswith("/api/"):
        await refused_at_the_gate(Request(scope), status, text)(scope, receive, _with_headers(scope, send))
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *((b"retry-after", b"60") for _once in range(status == 429))]
    sending = _with_headers(scope, send)
    await sending({"type": "http.response.start", "status": status, "headers": headers})
    await sending({"type": "http.response.body", "body": text.encode()})
