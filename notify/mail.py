"""One message as an e-mail: headers, a text part and an HTML part, then its files. The same message gives the same e-mail however often it is composed.

It is written here, line by line: the library reads every header that it writes, which takes longer than a mail server needs for the whole message.
"""

import re
from binascii import b2a_base64
from collections.abc import Mapping, Sequence
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import PurePath
from smtplib import quoteaddr
from typing import Literal
from urllib.parse import quote

from notify.channel import DeliveryError, Mail
from rules.texts import _

Transfer = Literal["8bit", "base64"]

_ATOMS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_ADDRESS = re.compile(rf"{_ATOMS}(?:\.{_ATOMS})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_WIDTH = 76
_LINE_BREAK = re.compile(r"[\r\n]")

# Kept here, since what a machine's own list knows differs from machine to machine.
_OFFICE = "vnd.openxmlformats-officedocument."
_KINDS = {".docx": f"{_OFFICE}wordprocessingml.document", ".xlsx": f"{_OFFICE}spreadsheetml.sheet", ".pdf": "pdf", ".zip": "zip"}


def content_of(mail: Mail, sender: str, sender_name: str | None, transfer: Transfer = "base64") -> bytes:
    """Return the e-mail for `mail`, ready to be sent. A recipient without address becomes a named, empty group: readable everywhere, deliverable nowhere.

    `transfer` is how the parts are written: `8bit` stays readable in a file, `base64` passes every mail server. An address, name or subject that cannot stand
    in a header is a permanent error.
    """
    _refuse_unfit(mail)
    domain = sender.rpartition("@")[2]
    headers = {
        "From": f"{_phrase(sender_name)} <{sender}>" if sender_name else sender,
        "To": f"{_phrase(mail.name)} <{mail.address}>" if mail.address else f"{_phrase(mail.name)}:;",
        "Subject": _words(mail.subject),
        "Date": format_datetime(mail.at),
        "Message-ID": f"<{mail.message_id}@{domain}>",
        # Machines must not answer: no out-of-office notes, no receipts (RFC 3834).
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": f"<duban-reminders.{domain}>",
        "MIME-Version": "1.0",
    }
    return _written(headers, b"") + _body_of(mail, transfer)


def _refuse_unfit(mail: Mail) -> None:
    if _LINE_BREAK.search(f"{mail.name}{mail.subject}{mail.address}") or not _is_address(mail.address):
        raise DeliveryError(_("收件地址“{address}”写法不对").format(address=mail.address), permanent=True)


def _is_address(address: str) -> bool:
    if not address or _PLAIN_ADDRESS.fullmatch(address):
        return True
    try:
        Address(addr_spec=address)
    except (ValueError, MessageError, IndexError):
        return False
    return address.isascii()


def in_brackets(address: str) -> str:
    """Return an address as a mail server is told it: without what may stand around it in a header."""
    return f"<{address}>" if _PLAIN_ADDRESS.fullmatch(address) else quoteaddr(address)


def _phrase(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"' if name.isascii() else _words(name)


@lru_cache(maxsize=512)
def _words(words: str) -> str:
    return Header(words, None if words.isascii() else "utf-8", header_name="Subject").encode(linesep="\r\n")


def _body_of(mail: Mail, transfer: Transfer) -> bytes:
    # Part of no text: "=_" stands in no base64, and the rest is the message's own.
    boundary = f"=_{sha256(mail.message_id.encode()).hexdigest()[:32]}"
    both = _joined("alternative", f"{boundary}_a", [_text(mail.text, "plain", transfer), _text(mail.html, "html", transfer)])
    if not mail.files:
        return both
    return _joined("mixed", f"{boundary}_m", [both, *(_attached(file.name, file.content) for file in mail.files)])


def _joined(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    line = f"--{boundary}".encode()
    inner = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts)
    return _written({"Content-Type": f'multipart/{kind}; boundary="{boundary}"'}, b"\r\n" + inner + line + b"--\r\n")


def _text(words: str, kind: str, transfer: Transfer) -> bytes:
    lines = words.rstrip("\r\n").replace("\r\n", "\n").replace("\r", "\n") + "\n"
    content = (lines if transfer == "base64" else lines.replace("\n", "\r\n")).encode()
    return _part({"Content-Type": f'text/{kind}; charset="utf-8"'}, content, transfer)


def _attached(name: str, content: bytes) -> bytes:
    plain = PurePath(name).name
    kind = _KINDS.get(PurePath(plain).suffix.lower(), "octet-stream")
    disposition = f"attachment; filename*=utf-8''{quote(plain, safe='')}"
    return _part({"Content-Type": f"application/{kind}", "Content-Disposition": disposition}, content, "base64")


def _part(headers: Mapping[str, str], content: bytes, transfer: Transfer) -> bytes:
    body = content if transfer == "8bit" else _base64(content)
    return _written({**headers, "Content-Transfer-Encoding": transfer}, b"\r\n" + body)


def _base64(content: bytes) -> bytes:
    told = b2a_base64(content, newline=False)
    return b"".join([told[first : first + _WIDTH] + b"\r\n" for first in range(0, len(told), _WIDTH)])


def _written(headers: Mapping[str, str], rest: bytes) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + rest
