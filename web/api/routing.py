"""How the API's routes are made: guarded, under a tag, with the token named as what they need."""

from typing import Any

from fastapi import APIRouter, Security
from fastapi.security import HTTPBearer

from web.api.admission import FileRoute, GuardedRoute

_TOKEN = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A token of an account, made on the account's own page. Scope `read` looks, `write` also acts; the account's rights hold for it as for its pages.",
)


def guarded(tag: str, *, takes_files: bool = False) -> APIRouter:
    """Return a router whose routes only a caller with a good token reaches; the schema says so by the security that is named here."""
    return APIRouter(tags=[tag], route_class=FileRoute if takes_files else GuardedRoute, dependencies=[Security(_TOKEN)])


UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "The caller has it already: its ETag came in If-None-Match."}}
REPLAYED: dict[str, Any] = {
    "headers": {
        "Idempotent-Replayed": {
            "description": "`true` where this was done before under the same key, and this is the answer of then.",
            "schema": {"type": "string", "enum": ["true"]},
        },
        "Location": {"description": "Where what was made lies, if anything.", "schema": {"type": "string"}},
    }
}
A_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, byte for byte. Its SHA-256 is in Repr-Digest (RFC 9530) and, in hexadecimal, its ETag.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    **UNCHANGED,
}
