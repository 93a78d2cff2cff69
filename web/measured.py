"""Around every request: its number, the line it leaves in the log, and the figures it is counted in. Addresses and what was sent are in none of them.

Written against ASGI itself, since it stands before every request.
"""

import logging
import re
import secrets
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from cachetools import LRUCache
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.logs import log, standing
from runtime.settings import Settings
from web.metrics import Metrics

_NUMBER = re.compile(rb"[A-Za-z0-9._-]{8,64}")
# What is answered without a route: a page that is not there, or one that the gate let nobody in to.
NO_ROUTE = "none"
# Whoever asks and goes away again before there is an answer.
_GONE = 499
_MOST_PATHS = 20_000
_logger = logging.getLogger("duban.web")


class Measured:
    """Stands before the gate."""

    def __init__(self, application: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._application, self._metrics = application, metrics
        self._has_proxy = bool(settings.proxies)
        # A page that is kept is handed over without looking for its route, which was looked for when it was made.
        self._routes: LRUCache[str, str] = LRUCache(_MOST_PATHS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        number, status = self._number(scope), _GONE

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", number.encode())]
            await send(message)

        scope.setdefault("state", {})["request_id"] = number
        begun = perf_counter()
        with standing(request=number):
            try:
                await self._application(scope, receive, sending)
            finally:
                seconds, route = perf_counter() - begun, self._route(scope)
                self._metrics.count(scope["method"], route, status, seconds)
                log(_logger, "request", _fields(scope, route, status, seconds))

    def _number(self, scope: Scope) -> str:
        """Return the proxy's number of the request, where a trusted proxy handed it on, else a new one."""
        # Only for what such a proxy tells of a visitor does the server itself set port 0.
        if self._has_proxy and (scope.get("client") or ("", 1))[1] == 0:
            told = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
            if _NUMBER.fullmatch(told):
                return told.decode("ascii")
        return secrets.token_hex(8)

    def _route(self, scope: Scope) -> str:
        path = scope["path"]
        route = getattr(scope.get("route"), "path", None)
        if route is not None:
            named = f"{scope.get('root_path', '')}{route}"
            self._routes[path] = named
            return named
        return "/static" if path.startswith("/static/") else self._routes.get(path, NO_ROUTE)


def _fields(scope: Scope, route: str, status: int, seconds: float) -> Mapping[str, Any]:
    return {
        "method": scope["method"] if scope["method"].isalpha() else "other",
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
