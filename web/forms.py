"""A form that was sent: its fields, its files, and what proves that it came from one of our own pages."""

import hmac
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from rules.errors import DubanError
from rules.texts import _
from services.once import request_hash
from web.visiting import Visiting

_MOST_FIELDS, _MOST_FILES = 4000, 40
# Longer than anything that is typed, or read from a document to be corrected.
_LONGEST_TEXT = 50_000
# Bytes; file systems take 255, and a character of Chinese is three.
_LONGEST_NAME = 240
# Fields of the form itself, which nobody typed.
_OWN = {"form_token", "key", "seen"}
# Fields that hold a password or a code are shown to nobody again, and no hash of them is kept.
_SECRET = ("password", "code")


@dataclass
class SentForm:
    """One form as it was sent. Texts come without the blanks around them, line ends as one sign, and without characters that no keyboard writes."""

    fields: FormData
    path: str
    _open: ExitStack = field(default_factory=ExitStack)
    _folder: Path | None = None

    def text(self, name: str) -> str:
        """Return a field, empty where it was not sent."""
        value = self.fields.get(name, "")
        return _clean(value) if isinstance(value, str) else ""

    def raw(self, name: str) -> str:
        """Return a field exactly as it was sent, for passwords; empty where it was not sent."""
        value = self.fields.get(name, "")
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Return every value of a field that stands more than once, the empty ones too."""
        return [_clean(value) for value in self.fields.getlist(name) if isinstance(value, str)]

    def flag(self, name: str) -> bool:
        """Tell whether a box was ticked."""
        return bool(self.text(name))

    def day(self, name: str) -> date | None:
        """Return a field as a day, None where it is empty. Codes: bad-date."""
        written = self.text(name)
        try:
            return date.fromisoformat(written) if written else None
        except ValueError:
            raise DubanError("bad-date", _("看不懂日期“{written}”，请写成 2013-09-30").format(written=written[:20])) from None

    def number(self, name: str) -> float | None:
        """Return a field as a number, None where it is empty; thousands may be set apart. Codes: bad-number."""
        written = self.text(name).replace(",", "").replace("，", "")
        try:
            value = float(written) if written else None
        except ValueError:
            raise DubanError("bad-number", _("“{written}”不是数字").format(written=written[:40])) from None
        if value is not None and not abs(value) < 1e15:
            raise DubanError("bad-number", _("“{written}”不是数字").format(written=written[:40]))
        return value

    def files(self, name: str) -> list[Path]:
        """Write the files of a field into a folder that lives as long as this request, under their own names made safe, and return their places."""
        sent = [value for value in self.fields.getlist(name) if isinstance(value, UploadFile) and value.filename]
        return [self._written(number, one) for number, one in enumerate(sent)]

    @property
    def typed(self) -> Mapping[str, str]:
        """Return what was typed, to show it again."""
        return {name: value for name, value in self.fields.items() if isinstance(value, str) and _is_said(name)}

    @property
    def key(self) -> str:
        """Return the key under which the form is carried out once."""
        return self.text("key")

    @property
    def seen(self) -> int | None:
        """Return how far the task had come when the form was shown, None where the form does not say."""
        written = self.text("seen")
        return int(written) if written.isdecimal() and len(written) < 12 else None

    @property
    def hash(self) -> str:
        """Return one hash for where the form was sent and all that was typed; files count by name and size."""
        parts = [self.path]
        for name, value in self.fields.multi_items():
            if _is_said(name):
                parts += [name, value if isinstance(value, str) else f"{value.filename}/{value.size}"]
        return request_hash(*parts)

    async def close(self) -> None:
        """Remove everything that was written for this request."""
        self._open.close()
        await self.fields.close()

    def _written(self, number: int, file: UploadFile) -> Path:
        if self._folder is None:
            self._folder = Path(self._open.enter_context(TemporaryDirectory(prefix="duban-sent-")))
        place = self._folder / str(number) / safe_name(file.filename or "")
        place.parent.mkdir(exist_ok=True)
        file.file.seek(0)
        with place.open("wb") as target:
            copyfileobj(file.file, target)
        return place


def _is_said(name: str) -> bool:
    return name not in _OWN and not name.startswith(_SECRET)


def safe_name(name: str) -> str:
    """Return the file's own name without folders, control characters and the characters that some system forbids; its ending is kept."""
    plain = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join("_" if sign in '<>:"|?*' else sign for sign in plain if sign.isprintable()).strip(" .")
    if len(kept.encode()) > _LONGEST_NAME:
        ending = PurePosixPath(kept).suffix[:12]
        kept = kept.encode()[: _LONGEST_NAME - len(ending.encode())].decode(errors="ignore") + ending
    return kept or _("未命名")


async def _sent_form(request: Request, visitor: Visiting) -> AsyncIterator[SentForm]:
    fields = await request.form(max_fields=_MOST_FIELDS, max_files=_MOST_FILES)
    sent = SentForm(fields, request.url.path)
    try:
        if not hmac.compare_digest(sent.text("form_token").encode(), visitor.form_token.encode()):
            raise DubanError("foreign-form", _("这张表单不是从本系统的页面发出的，或者登录已经换过，没有办理；请刷新页面后再提交"))
        _refuse_long(fields)
        yield sent
    finally:
        await sent.close()


async def _open_form(request: Request) -> AsyncIterator[SentForm]:
    sent = SentForm(await request.form(max_fields=50, max_files=0), request.url.path)
    try:
        yield sent
    finally:
        await sent.close()


def _refuse_long(fields: FormData) -> None:
    longest = max((len(value) for _name, value in fields.multi_items() if isinstance(value, str)), default=0)
    if longest > _LONGEST_TEXT:
        text = _("填写的内容有 {count} 字，最多 {most} 字，请精简")
        raise DubanError("text-too-long", text.format(count=longest, most=_LONGEST_TEXT))


Sent = Annotated[SentForm, Depends(_sent_form)]
OpenForm = Annotated[SentForm, Depends(_open_form)]
"""A form of somebody not logged in (log-in, invitation); that it came from our own page is only told by the browser, which `web.gate` asks."""


def _clean(value: str) -> str:
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or sign.isprintable()).strip()
