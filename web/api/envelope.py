"""Around every request: its number, the language it is answered in, and what every answer carries. A bug becomes a problem that tells nothing of the inside."""

import logging
from uuid import uuid4

from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rules.texts import LANGUAGES, use_language
from runtime.logs import log
from web.api.problems import problem
from web.api.words import detail_of

_logger = logging.getLogger("duban.api")


class Envelope:
    """The outermost layer of the API; `language` is the installation's, for who asks for none."""

    def __init__(self, app: ASGIApp, language: str) -> None:
        self._app, self._language = app, language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["state"] = {"request_id": uuid4().hex, **scope.get("state", {}), "headers": {}}
        request = Request(scope)
        language = language_of(request.headers.get("Accept-Language", ""), self._language)
        with use_language(language):
            await self._answer(request, receive, _Sending(send, request, language))

    async def _answer(self, request: Request, receive: Receive, send: "_Sending") -> None:
        try:
            await self._app(request.scope, receive, send)
        except ClientDisconnect:
            log(_logger, "broken-off", {})
        except Exception:
            _logger.exception("failed")
            if send.has_begun:
                raise
            answer = problem(request, 500, "unexpected-error", detail_of("unexpected-error"))
            await answer(request.scope, receive, send)


class _Sending:
    """Sends an answer on, with the headers that all answers have and those that the request gathered on its way."""

    def __init__(self, send: Send, request: Request, language: str) -> None:
        self._send, self._request, self._language, self.has_begun = send, request, language, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            said = {
                "Content-Language": {"zh": "zh-CN"}.get(self._language, self._language),
                "Vary": "Authorization, Accept-Language",
                **self._request.state.headers,
            }
            message["headers"] = [*message["headers"], *((name.lower().encode(), value.encode("latin-1")) for name, value in said.items())]
        await self._send(message)


def language_of(accepted: str, usual: str) -> str:
    """Return the language asked for most that there is, else the usual one."""
    best, weight = usual, 0.0
    for part in accepted.split(",")[:20]:
        name, _semicolon, quality = part.partition(";")
        language = name.strip().partition("-")[0].lower()
        try:
            wanted = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if language in LANGUAGES and wanted > weight:
            best, weight = language, wanted
    return best
