"""Refusals as RFC 9457 problems: one shape for everything that does not succeed, in the language that was asked for.

`type` is the code's name for ever (`urn:duban:error:unknown-task`); `instance` is the request's own number, which the log knows too.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from rules.errors import DubanError
from rules.texts import _
from web.api.caller import note_turned_away
from web.api.words import detail_of, field_fault, title_of

PROBLEM_TYPE = "application/problem+json"
_logger = logging.getLogger("duban.api")

_FORBIDDEN = frozenset(
    {
        "no-right",
        "not-your-task",
        "not-your-area",
        "not-your-unit",
        "own-submission",
        "own-request",
        "lead-reports",
        "account-locked",
        "no-unit",
    }
)
# What somebody else did first, or what the matter's state does not allow now.
_CONFLICTS = frozenset(
    {
        *("not-now", "past-date", "plan-closed", "period-closed", "already-waiting", "already-decided", "already-reviewed"),
        *("notice-not-waiting", "notice-stays-inside", "due-day-passed", "too-many-extensions", "task-ended", "case-open"),
    }
)
_OTHERS = {
    "changed-meanwhile": 412,
    "file-too-large": 413,
    "bad-key": 400,
    "digest-mismatch": 400,
    "database-busy": 503,
    "database-full": 503,
    "database-slow": 503,
    "database-unreachable": 503,
}


class Fault(BaseModel):
    """One field that cannot be used."""

    pointer: str = Field(
        description="JSON pointer of the field: `#/reason` in the body, `#/query/limit`, `#/path/task_id`, `#/header/If-Match`."
    )
    detail: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """A refusal (RFC 9457)."""

    type: str = Field(
        description="The code as a name that never changes: `urn:duban:error:` and the code.", examples=["urn:duban:error:not-now"]
    )
    title: str = Field(description="What kind of refusal it is, in the language asked for.")
    status: int = Field(description="The HTTP status, again.", ge=400, le=599)
    detail: str = Field(description="What was refused and what to do, in the language asked for.")
    instance: str = Field(description="This request's own number (`urn:duban:request:…`), which the server's log knows too.")
    code: str = Field(description="The code alone, as docs/errors.md lists it.", examples=["not-now"])
    errors: list[Fault] | None = Field(default=None, description="The fields that cannot be used, where it lies with single ones.")


class Refused(Exception):
    """A refusal that the API itself makes: of how it was asked, not of what."""

    def __init__(self, status: int, code: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.headers = status, code, dict(headers or {})


def status_of(error: DubanError) -> int:
    """Return the status of a service's refusal: 404 for what does not exist or may not be seen, 403 rights, 409 what cannot be now, else 422."""
    if error.code.startswith("unknown-") and error.code != "unknown-measure":
        return 404
    if error.code in _FORBIDDEN:
        return 403
    return _OTHERS.get(error.code, 409 if error.code in _CONFLICTS else 422)


def problem(
    request: Request, status: int, code: str, detail: str, errors: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """Return a refusal as the client gets it."""
    said = Problem(
        type=f"urn:duban:error:{code}",
        title=title_of(status),
        status=status,
        detail=detail,
        instance=f"urn:duban:request:{request.state.request_id}",
        code=code,
        errors=list(errors) or None,
    )
    content = said.model_dump_json(exclude_none=True)
    return Response(content, status, {"Cache-Control": "no-store", **(headers or {})}, PROBLEM_TYPE)


def refused(request: Request, error: Exception) -> Response:
    """Answer what the API itself refuses."""
    assert isinstance(error, Refused)
    return problem(request, error.status, error.code, detail_of(error.code), headers=error.headers)


def refused_by_a_service(request: Request, error: Exception) -> Response:
    """Answer what a service refuses, in the API's words."""
    assert isinstance(error, DubanError)
    status = status_of(error)
    if status in (403, 404):
        note_turned_away(request, error.code)
    if status == 503:
        _logger.warning("request %s: %s", request.state.request_id, error)
    return problem(
        request, status, error.code, detail_of(error.code, error.message), headers={"Retry-After": "5"} if status == 503 else None
    )


def not_understood(request: Request, error: Exception) -> Response:
    """Answer a body, query, path or header that does not fit, naming every field of it."""
    assert isinstance(error, RequestValidationError)
    found: Sequence[Mapping[str, Any]] = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return problem(request, 400, "bad-json", detail_of("bad-json"))
    faults = [Fault(pointer=_pointer(one["loc"]), detail=field_fault(one)) for one in found]
    return problem(request, 422, "bad-fields", detail_of("bad-fields"), faults)


def no_such_route(request: Request, error: Exception) -> Response:
    """Answer a path or a method that there is not."""
    assert isinstance(error, HTTPException)
    codes = {404: "unknown-path", 405: "method-not-allowed", 413: "body-too-large", 415: "bad-media-type"}
    code = codes.get(error.status_code, "bad-request")
    return problem(request, error.status_code, code, detail_of(code, _("请求不能办理")), headers=error.headers)


def refused_at_the_gate(request: Request, status: int, detail: str) -> Response:
    """Answer what the gate before all pages refuses, in the gate's words."""
    codes = {413: "body-too-large", 429: "too-many-requests"}
    return problem(request, status, codes.get(status, "bad-request"), detail, headers={"Retry-After": "60"} if status == 429 else None)


def _pointer(place: Sequence[object]) -> str:
    """Return where a field is: `#/values/0/value` for the body's, with its place before the name for others."""
    parts = [str(part) for part in place]
    if parts and parts[0] == "body":
        parts = parts[1:]
    return "#" + "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
