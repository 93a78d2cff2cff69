"""What every request passes before anything of it is read: a good token, its rate, its scope, a key for what acts, and a body of a size and kind that is taken.

It stands in the route itself, so that somebody without a token cannot make the server read his body.
"""

import string
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from models.access import TokenScope
from runtime.clock import now
from runtime.context import Context
from runtime.database import reading, transaction
from services.access.tokens import find_token, note_token_seen
from web.api.caller import Caller, note_turned_away
from web.api.problems import Refused
from web.api.rates import Rates
from web.visiting import client_address

MOST_JSON_BYTES = 1 << 20
LONGEST_KEY = 64
_KEY_SIGNS = frozenset(string.digits + string.ascii_letters + string.punctuation)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class GuardedRoute(APIRoute):
    """A route that only a caller with a good token reaches, with a body of JSON or none."""

    def get_route_handler(self) -> Handler:
        """Return the route's handler with the guard before it."""
        answer = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            request.state.caller = await run_in_threadpool(_admit, request)
            await self.refuse_body(request)
            return await answer(request)

        return guarded

    async def refuse_body(self, request: Request) -> None:
        """Read the body and refuse one that is too long or no JSON."""
        body = await _limited_body(request, MOST_JSON_BYTES)
        if body and not _is_json(request.headers.get("Content-Type", "")):
            raise Refused(415, "bad-media-type", {"Accept-Post": "application/json"})


class FileRoute(GuardedRoute):
    """A route whose body is files, which the endpoint itself takes in piece by piece."""

    async def refuse_body(self, request: Request) -> None:
        """Leave the body to the endpoint."""


def _admit(request: Request) -> Caller:
    """Return who calls. Refused: no-token (401), too-many-requests (429), token-reads-only (403), idempotency-key-needed (400)."""
    rates: Rates = request.app.state.rates
    address = client_address(request)
    rates.refuse_guessing(address)
    caller = _holder(request, address)
    if caller is None:
        rates.count_failure(address)
        note_turned_away(request, "no-token")
        raise Refused(401, "no-token", {"WWW-Authenticate": 'Bearer realm="duban"'})
    is_act = request.method not in ("GET", "HEAD")
    request.state.headers.update(rates.count(caller.token_id, is_act=is_act))
    if is_act and caller.scope is not TokenScope.WRITE:
        request.state.caller = caller
        note_turned_away(request, "token-reads-only")
        raise Refused(403, "token-reads-only", {"WWW-Authenticate": 'Bearer realm="duban", error="insufficient_scope", scope="write"'})
    if is_act and not _is_key(key_of(request)):
        raise Refused(400, "idempotency-key-needed")
    return caller


def _holder(request: Request, address: str) -> Caller | None:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    context: Context = request.app.state.context
    if scheme.lower() != "bearer" or not secret.strip():
        return None
    at = now()
    with reading(context.engine) as session:
        found = find_token(session, secret.strip(), at)
    if found is None:
        return None
    if found.is_seen_stale:
        with transaction(context.engine) as session:
            note_token_seen(session, found, address, at)
    return Caller(context, found.actor, found.account_id, found.id, found.scope)


def key_of(request: Request) -> str:
    """Return the request's idempotency key, without the quotes of a structured field."""
    written = request.headers.get("Idempotency-Key", "").strip()
    return written[1:-1] if len(written) > 1 and written[0] == written[-1] == '"' else written


def _is_key(key: str) -> bool:
    return 0 < len(key) <= LONGEST_KEY and _KEY_SIGNS.issuperset(key)


async def _limited_body(request: Request, most: int) -> bytes:
    """Return the body, kept for whoever reads it next, and stop taking in one that is too long, whatever its head said of the length."""
    told = request.headers.get("Content-Length", "0")
    if told.isdecimal() and int(told[:20]) > most:
        raise Refused(413, "body-too-large")
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > most:
            raise Refused(413, "body-too-large")
    # What Request.body() keeps of a body it has read.
    request._body = bytes(taken)
    return request._body


def _is_json(media_type: str) -> bool:
    kind = media_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
