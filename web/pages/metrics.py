"""`GET /metrics`: the figures for Prometheus, for this machine itself, and for who has the token of the settings."""

import hmac

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from rules.texts import _
from runtime.nearness import is_from_here
from runtime.settings import Settings

router = APIRouter()


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Return the figures."""
    if not _may_read(request, request.app.state.context.settings):
        return PlainTextResponse(_("只有本机，或带有令牌的程序，可以读取"), 401, {"WWW-Authenticate": "Bearer"})
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(request: Request, settings: Settings) -> bool:
    kind, _blank, token = request.headers.get("Authorization", "").partition(" ")
    if token and settings.metrics_token is not None and kind.lower() == "bearer":
        return hmac.compare_digest(token.encode(), settings.metrics_token.get_secret_value().encode())
    return is_from_here(request.scope)
