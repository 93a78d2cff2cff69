"""The API's description of itself: OpenAPI 3.1, with what every route has in common written in once. Read without a token: it tells nothing of the house."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from web.api.problems import PROBLEM_TYPE, Problem

BASE = "/api/v1"
_READING = {
    401: "No good token.",
    403: "The account has no right to it.",
    404: "There is no such thing, or the account may not see it: the two are told alike.",
    422: "Something that was asked cannot be; `errors` names fields by JSON pointer where it lies with them.",
    429: "Too many requests; Retry-After says in how many seconds to go on.",
    503: "The database is busy or full; nothing was done.",
}
_ACTING = {
    **_READING,
    400: "The request cannot be read, has no Idempotency-Key, or its digest does not fit.",
    403: "The account has no right to the act, or the token only reads.",
    409: "It cannot be done now: the state does not allow it, or somebody was faster.",
    412: "The task has changed since it was read (If-Match).",
    413: "The body is too large.",
    415: "The body is of a kind that is not taken.",
}
_ABOUT = """\
Tasks of issued plans, what is asked of units, and what they report: the same services as the pages, the same rights, the same ledger.

Every request carries a token. Every act carries an `Idempotency-Key`: sent again with the same key it is answered again and done once. \
Listings go on with `next`. Refusals are problems (RFC 9457) whose `code` never changes; their words follow Accept-Language (zh, en). \
Days are those of Asia/Shanghai; a due day ends at 23:59:59.\
"""


def describe(api: FastAPI) -> dict[str, Any]:
    """Return the description, with the problems of every route and the headers of every answer."""
    made = get_openapi(title="duban", version="1", openapi_version="3.1.0", description=_ABOUT, routes=api.routes)
    made["servers"] = [{"url": BASE}]
    schemas = made["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(shape.pop("$defs"))
    schemas["Problem"] = shape
    for method, operation in _operations(made):
        problems, words = (_READING, "What was asked for.") if method == "get" else (_ACTING, "It is done, and this came of it.")
        for status, answer in operation["responses"].items():
            answer["description"] = words if status in ("200", "201") else answer["description"]
        operation["responses"] = {
            **{status: answer for status, answer in operation["responses"].items() if status != "422"},
            **{str(status): _problem(why, status) for status, why in sorted(problems.items())},
        }
    return made


def _operations(made: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in made["paths"].values():
        yield from path.items()


def _problem(words: str, status: int) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": words, "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    if status == 429:
        answer["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string", "pattern": "^[0-9]+$"}}}
    return answer
