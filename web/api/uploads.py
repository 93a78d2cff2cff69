"""Files on their way in: written to a temporary folder piece by piece, hashed on the way, never longer than a service would take."""

import hmac
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message as Headers
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from services.evidence import MOST_EVIDENCE_BYTES, MOST_FILES, MOST_TOGETHER_BYTES
from services.once import request_hash
from web.api.problems import Refused
from web.forms import safe_name

_PART = "file"
_PIECE = 1 << 20
# What the parts' own heads take beside the files.
_HEADS = 1 << 16


@dataclass(frozen=True)
class Uploaded:
    """Files that were taken in, and one hash for their names and contents: the same files sent again have the same, whatever their parts' borders."""

    paths: tuple[Path, ...]
    hash: str


@asynccontextmanager
async def uploaded(request: Request) -> AsyncIterator[Uploaded]:
    """Take in the files of a request, a multipart form's or the body itself; they are gone after the block.

    Refused: body-too-large, digest-mismatch, file-name-needed, file-needed, broken-form.
    """
    with TemporaryDirectory(prefix="duban-api-") as folder:
        if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "multipart/form-data":
            yield await _parts(request, Path(folder))
        else:
            yield await _body(request, Path(folder))


async def _body(request: Request, folder: Path) -> Uploaded:
    name = _name_of(request.headers.get("Content-Disposition", ""))
    place, digest, size = folder / name, sha256(), 0
    _refuse_long(request, MOST_EVIDENCE_BYTES)
    with place.open("wb") as target:
        async for chunk in request.stream():
            size += len(chunk)
            if size > MOST_EVIDENCE_BYTES:
                raise Refused(413, "body-too-large")
            digest.update(chunk)
            await run_in_threadpool(target.write, chunk)
    _refuse_other(request, digest.digest())
    return Uploaded((place,), request_hash(name, digest.hexdigest()))


async def _parts(request: Request, folder: Path) -> Uploaded:
    _refuse_long(request, MOST_TOGETHER_BYTES + _HEADS)
    measured = _Measured(request.receive)
    try:
        form = await Request(request.scope, measured).form(max_files=MOST_FILES, max_fields=0)
    except (MultiPartException, HTTPException, AssertionError, ValueError) as error:
        raise Refused(400, "broken-form") from error
    try:
        _refuse_other(request, measured.digest.digest())
        files = [value for name, value in form.multi_items() if name == _PART and isinstance(value, UploadFile)]
        if not files:
            raise Refused(422, "file-needed")
        return await run_in_threadpool(_written, files, folder)
    finally:
        await form.close()


def _written(files: list[UploadFile], folder: Path) -> Uploaded:
    paths, said = [], []
    for number, part in enumerate(files):
        place = folder / str(number) / safe_name(part.filename or "")
        place.parent.mkdir()
        digest = sha256()
        part.file.seek(0)
        with place.open("wb") as target:
            while piece := part.file.read(_PIECE):
                digest.update(piece)
                target.write(piece)
        paths.append(place)
        said += [place.name, digest.hexdigest()]
    return Uploaded(tuple(paths), request_hash(*said))


class _Measured:
    """A body's pieces, hashed as they pass; one that is too long is refused as soon as it is."""

    def __init__(self, receive: Any) -> None:
        self._receive, self._size, self.digest = receive, 0, sha256()

    async def __call__(self) -> Any:
        message = await self._receive()
        piece = message.get("body", b"")
        self._size += len(piece)
        if self._size > MOST_TOGETHER_BYTES + _HEADS:
            raise Refused(413, "body-too-large")
        self.digest.update(piece)
        return message


def _refuse_long(request: Request, most: int) -> None:
    told = request.headers.get("Content-Length", "0")
    if told.isdecimal() and int(told[:20]) > most:
        raise Refused(413, "body-too-large")


def _refuse_other(request: Request, digest: bytes) -> None:
    """Refuse a body that is not the one its Content-Digest (RFC 9530) is of; without one there is nothing to hold it against."""
    told = request.headers.get("Content-Digest")
    if told is None:
        return
    for one in told.split(","):
        name, _equals, value = one.strip().partition("=")
        if name.lower() == "sha-256":
            try:
                is_same = hmac.compare_digest(b64decode(value.strip().strip(":"), validate=True), digest)
            except ValueError:
                is_same = False
            if is_same:
                return
    raise Refused(400, "digest-mismatch")


def _name_of(disposition: str) -> str:
    """Return the file's own name out of a Content-Disposition header, plain or in UTF-8."""
    headers = Headers()
    headers["Content-Disposition"] = disposition
    name = headers.get_filename() if disposition else None
    if not name or not name.strip():
        raise Refused(422, "file-name-needed")
    return safe_name(name)
