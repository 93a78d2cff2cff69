"""Mail that came back: which message it was, whether for good, and why.

A report after RFC 3464 says so in fields. Much of what Chinese mail systems and old servers send back is plain text with the first message quoted in it; there
the sender and the subject tell a return from a person's answer, and anything that is not surely a return is none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr
from html import unescape

from rules.texts import _

_TEXT_LENGTH = 200_000
_REASON_LENGTH = 200
_HEADER_LENGTH = 2000
_HEADER_PIECES = 40
_IDS = re.compile(r"<([^<>\s@]{1,120})@[^<>\s]{1,200}>")
_QUOTED_ID = re.compile(r"message-id[^<\n]{0,20}<([^<>\s@]{1,120})@[^<>\s]{1,200}>", re.IGNORECASE)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.:-])([45]\d\d)(?=[ -]+\S)")
_SENDERS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "mdaemon")
_RETURNED = re.compile(
    r"退信|退回|投递失败|发送失败|无法投递|无法送达|未送达|投递状态|undeliver|not delivered|delivery (status|failure|has failed|report)"
    r"|failure notice|could not (send|be sent|be delivered)|returned mail|mail delivery failed|delivery incomplete",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>@]{0,2000}>")
_DELAYED = re.compile(r"延迟|稍后重试|继续尝试|delayed|will (be retried|retry|keep trying)|still trying|warning: could not", re.IGNORECASE)


@dataclass(frozen=True)
class Bounce:
    """A returned mail. `message_ids` may be the message's, the likeliest first, without their domain; `status` is 5.1.1 or 550, empty where none is named.

    `is_final`: the server has given up; otherwise it only says that it takes longer.
    """

    message_ids: tuple[str, ...]
    status: str
    is_final: bool
    reason: str


def read_bounce(content: bytes) -> Bounce | None:
    """Return what a mail file says of a message that came back; None for any other mail, a receipt or an answer by a person or a machine."""
    mail = message_from_bytes(content, policy=policy.compat32)
    report = next((part for part in mail.walk() if part.get_content_type() == "message/delivery-status"), None)
    found = _from_report(mail, report) if report is not None else _from_text(mail)
    return found if found is not None and found.message_ids else None


def _from_report(mail: Message, report: Message) -> Bounce | None:
    blocks = report.get_payload()
    fields = [block for block in blocks if isinstance(block, Message)] if isinstance(blocks, list) else []
    said = [block for block in fields if _header(block, "Action") or _header(block, "Status")]
    failed = [block for block in said if _header(block, "Action").lower() in ("failed", "delayed", "")]
    if not failed:
        return None
    # A mail of ours has one recipient; of several fields the one that has given up counts.
    block = next((block for block in failed if _header(block, "Action").lower() == "failed"), failed[0])
    status = _first(_STATUS, _header(block, "Status"))
    action = _header(block, "Action").lower()
    is_final = action == "failed" or (not action and not status.startswith("4"))
    diagnostic = _header(block, "Diagnostic-Code").partition(";")[2] or _header(block, "Diagnostic-Code")
    return Bounce(_ids_of(mail), status, is_final, _reason(diagnostic, status))


def _from_text(mail: Message) -> Bounce | None:
    sender, subject = parseaddr(_header(mail, "From"))[1].lower(), _header(mail, "Subject")
    is_machine = sender.startswith(_SENDERS) or _header(mail, "Return-Path").strip() == "<>"
    if not is_machine or _header(mail, "Auto-Submitted").lower().startswith("auto-replied"):
        return None
    text = "\n".join(_texts(mail))[:_TEXT_LENGTH]
    if not _RETURNED.search(subject) and not _RETURNED.search(text[:4000]):
        return None
    # What the server said stands before the mail that is quoted.
    quoted = _QUOTED_ID.search(text)
    said = text[: quoted.start()] if quoted else text
    status = _first(_STATUS, said) or _first(_REPLY_CODE, said)
    is_final = not status.startswith("4") and not _DELAYED.search(f"{subject}\n{said}")
    line = next((line for line in said.splitlines() if status and status in line), "")
    return Bounce(_ids_of(mail), status, is_final, _reason(line or subject, status))


def _ids_of(mail: Message) -> tuple[str, ...]:
    found: list[str] = []
    for part in mail.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            original = inner[0] if isinstance(inner, list) and inner else None
            found += _IDS.findall(_header(original, "Message-ID")) if isinstance(original, Message) else []
        elif part.get_content_maintype() != "text" and not part.is_multipart():
            # The first mail as a file, or its headers alone.
            found += _QUOTED_ID.findall(_text_of(part)[:_TEXT_LENGTH])
    for header in ("In-Reply-To", "References", "X-Original-Message-ID"):
        found += _IDS.findall(_header(mail, header))
    for text in _texts(mail):
        found += _QUOTED_ID.findall(text[:_TEXT_LENGTH])
    return tuple(dict.fromkeys(found))


def _texts(mail: Message) -> Iterator[str]:
    for part in _own_parts(mail):
        if part.get_content_maintype() == "text":
            text = _text_of(part)
            yield unescape(_TAG.sub(" ", text)) if part.get_content_subtype() == "html" else text


def _own_parts(part: Message) -> Iterator[Message]:
    """Give what the server wrote, without the mail that it encloses."""
    inner = part.get_payload() if part.get_content_maintype() != "message" else None
    if not isinstance(inner, list):
        yield part
        return
    for one in inner:
        if isinstance(one, Message):
            yield from _own_parts(one)


def _text_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    return _decoded(content[: _TEXT_LENGTH * 2], part.get_content_charset())


def _decoded(content: bytes, charset: str | None) -> str:
    for name in (charset or "utf-8", "utf-8", "gb18030"):
        try:
            return content.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("utf-8", "replace")


def _header(part: Message | None, name: str) -> str:
    """Return a header's words, decoded; what cannot be decoded is left as it stands."""
    raw = _raw_header(part, name)[:_HEADER_LENGTH] if part is not None else ""
    if raw.count("=?") > _HEADER_PIECES:
        return raw.strip()
    try:
        pieces = [words if isinstance(words, str) else words.decode(charset or "utf-8", "replace") for words, charset in decode_header(raw)]
    except (LookupError, ValueError, MessageError):
        return raw.strip()
    return "".join(pieces).strip()


def _raw_header(part: Message, name: str) -> str:
    # Some systems write Chinese into a header as it is, without saying in which code.
    found = next((str(value) for key, value in part.raw_items() if key.lower() == name.lower()), "")
    return _decoded(found.encode("utf-8", "surrogateescape"), None)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _reason(words: str, status: str) -> str:
    short = " ".join(words.split())[:_REASON_LENGTH]
    return short or (_("状态 {status}").format(status=status) if status else _("没有说明原因"))
