"""Answers that succeed: a model as JSON with its ETag, a page of a listing with the address of the next, a file to keep."""

import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from pydantic import BaseModel, Field

from services.keyset import KeyPage

Item = TypeVar("Item", bound=BaseModel)
Row = TypeVar("Row")

_FRESH = {"Cache-Control": "private, no-cache"}


class PageOf(BaseModel, Generic[Item]):
    """A part of a listing, in the order of ids, which never changes: whoever follows `next` to its end gets everything that was there at the start, once."""

    items: list[Item] = Field(description="The rows. There may be fewer than `limit` while `next` is given.")
    next: str | None = Field(description="What to ask next as `after`; null at the end.")


def page_out(page: KeyPage[Row], line: Callable[[Row], Item]) -> PageOf[Item]:
    """Return a page of a list as it goes out."""
    return PageOf(items=[line(row) for row in page.rows], next=None if page.next is None else str(page.next))


def shown(request: Request, model: BaseModel, mark: str = "") -> Response:
    """Return a model, or 304 where the caller has it already. `mark` goes before the tag's hash and tells where a task stands."""
    return _tagged(request, model.model_dump_json().encode(), mark)


def shown_json(request: Request, content: dict[str, Any]) -> Response:
    """Return a document as it is, or 304 where the caller has it already."""
    return _tagged(request, json.dumps(content, ensure_ascii=False).encode(), "")


def _tagged(request: Request, content: bytes, mark: str) -> Response:
    headers = {**_FRESH, "ETag": f'"{mark}{sha256(content).hexdigest()[:32]}"'}
    if _has(request.headers.get("If-None-Match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


def listed(request: Request, page: PageOf[Item]) -> Response:
    """Return a page of a listing, with a Link to the next where there is one."""
    headers = dict(_FRESH)
    if page.next is not None:
        query = [(name, value) for name, value in request.query_params.multi_items() if name != "after"] + [("after", page.next)]
        headers["Link"] = f'<{request.url.path}?{urlencode(query)}>; rel="next"'
    return Response(page.model_dump_json(), headers=headers, media_type="application/json")


def file(request: Request, name: str, content: bytes, digest: str) -> Response:
    """Return a file as it is kept. It is never shown by a browser as a page of this house, whatever is in it."""
    headers = {
        **_FRESH,
        "ETag": f'"{digest}"',
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(digest)).decode()}:",
    }
    if _has(request.headers.get("If-None-Match", ""), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/octet-stream")


def _has(told: str, tag: str) -> bool:
    """Tell whether the tag is among those the program has; one that a proxy has weakened is the same."""
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in told.split(","))
