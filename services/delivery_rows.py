"""Messages by their numbers, for the lists of what a delivery sent and what it could not send."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Message, MessageState


@dataclass(frozen=True)
class MessageRow:
    """One message: to whom it goes and by which channel, how it stands, and the last error."""

    id: int
    name: str
    address: str
    channel: str
    subject: str
    state: MessageState
    error: str


def message_rows(session: Session, ids: Sequence[int]) -> list[MessageRow]:
    """Return these messages in order of their numbers."""
    found = session.scalars(sa.select(Message).where(col(Message.id).in_(ids)).order_by(col(Message.id)))
    return [MessageRow(row.id or 0, row.name, row.address, row.channel, row.subject, row.state, row.error or "") for row in found]
