"""A new message in the outbox. Its Message-ID is unique in the world and the same however often its row is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlmodel import Session

from models.notice import Message
from notify.letterhead import Rendered
from services.contacts import Recipient
from services.many_rows import insert_rows


@dataclass(frozen=True)
class Envelope:
    """Which way a message goes, and on which day. `about` names the paper it carries, empty for a digest; `seed` tells it from every other of its recipient."""

    channel: str
    address: str
    day: date
    seed: str
    about: str = ""


def queue_message(session: Session, recipient: Recipient, rendered: Rendered, envelope: Envelope) -> int:
    """Put a message into the outbox and return its number."""
    return queue_messages(session, [message_row(recipient, rendered, envelope)])[0]


def queue_messages(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Put messages, each as `message_row` gives it, into the outbox and return their numbers."""
    return insert_rows(session, Message, rows)


def message_row(recipient: Recipient, rendered: Rendered, envelope: Envelope) -> dict[str, Any]:
    """Return a message as its row in the outbox."""
    return {
        "recipient": recipient.key,
        "unit_id": recipient.unit_id,
        "channel": envelope.channel,
        "name": recipient.person or recipient.unit,
        "address": envelope.address,
        "day": envelope.day,
        "about": envelope.about,
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
        "message_id": message_id_of(envelope.day, recipient.key, envelope.seed, envelope.about),
    }


def message_id_of(day: date, recipient: str, seed: str, about: str = "") -> str:
    """Return a Message-ID without its domain: the day, the paper, the recipient, and a hash of `seed`."""
    return ".".join(filter(None, (f"{day:%Y%m%d}", about, recipient, sha256(seed.encode()).hexdigest()[:24])))
