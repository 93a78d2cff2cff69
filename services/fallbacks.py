"""A message that cannot be delivered goes out once more, on the channel its contact named for that case, as a message of its own with the same words."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.notice import Message, MessageFile, Reminder
from models.unit import Contact
from notify.channel import Routes
from notify.invitations import ABOUT
from services.delivered import tasks_by_plan
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.queueing import message_id_of


@dataclass(frozen=True)
class _Way:
    channel: str
    address: str


def fall_back(session: Session, message_id: int, routes: Routes, occasion: Occasion) -> int | None:
    """Queue the message that goes out for one that failed for good and return its number.

    None where there is nothing to do: no other channel is named or set up, the message itself was such a one, or its recipient was told there already.
    """
    first = session.get_one(Message, message_id)
    way = _other_way(session, first, routes)
    if way is None or _is_taken(session, first, way):
        return None
    lines = list(session.exec(select(Reminder).where(Reminder.message_id == message_id)))
    fresh = [line for line in lines if not _is_said(session, line, way)]
    if lines and not fresh:
        return None
    second = _copy_of(first, way)
    session.add(second)
    session.flush()
    assert second.id is not None
    for line in fresh:
        session.add(_said_by(second.id, line, way))
    for file in session.exec(select(MessageFile).where(MessageFile.message_id == message_id)).all():
        session.add(MessageFile(message_id=second.id, name=file.name, sha256=file.sha256, size_bytes=file.size_bytes))
    session.flush()
    record_all(session, occasion, _entries(session, second, message_id))
    return second.id


def way_of(contact: Contact, routes: Routes) -> tuple[str, str] | None:
    """Return channel and address that take over for a contact; None where none is named, set up, or usable without an address."""
    address = contact.fallback_address or ""
    channel = routes.reaching(contact.fallback_channel, address) if contact.fallback_channel else None
    return (channel.name, address) if channel else None


def _other_way(session: Session, first: Message, routes: Routes) -> _Way | None:
    if first.about.startswith(f"{ABOUT}-"):
        # What an invitation opens is one person's; a robot's group must not read it.
        return None
    kind, _dash, number = first.recipient.partition("-")
    contact = session.get(Contact, int(number)) if kind == "contact" and first.instead_of_id is None else None
    way = way_of(contact, routes) if contact else None
    return _Way(*way) if way and way[0] != first.channel else None


def _is_taken(session: Session, first: Message, way: _Way) -> bool:
    same = (col(Message.recipient) == first.recipient, col(Message.day) == first.day, col(Message.about) == first.about)
    instead = col(Message.instead_of_id) == first.id
    taken = sa.select(col(Message.id)).where(sa.or_(instead, sa.and_(*same, col(Message.channel) == way.channel)))
    return session.execute(taken).first() is not None


def _is_said(session: Session, line: Reminder, way: _Way) -> bool:
    key = (col(Reminder.rule) == line.rule, col(Reminder.task_id) == line.task_id, col(Reminder.period) == line.period)
    to = (col(Reminder.recipient) == line.recipient, col(Reminder.channel) == way.channel)
    return session.execute(sa.select(col(Reminder.id)).where(*key, *to)).first() is not None


def _copy_of(first: Message, way: _Way) -> Message:
    return Message(
        recipient=first.recipient,
        unit_id=first.unit_id,
        channel=way.channel,
        name=first.name,
        address=way.address,
        day=first.day,
        about=first.about,
        subject=first.subject,
        text=first.text,
        html=first.html,
        message_id=message_id_of(first.day, first.recipient, f"{first.message_id}|{way.channel}"),
        instead_of_id=first.id,
    )


def _said_by(message_id: int, line: Reminder, way: _Way) -> Reminder:
    return Reminder(
        message_id=message_id, task_id=line.task_id, rule=line.rule, period=line.period, recipient=line.recipient, channel=way.channel
    )


def _entries(session: Session, second: Message, first_id: int) -> list[Event]:
    said = {"message": second.id, "instead_of": first_id, "recipient": second.recipient, "channel": second.channel}
    return [
        Event("fall-back", f"message {second.id}", plan_id=plan_id, after={**said, "tasks": tasks})
        for (plan_id, _message_id), tasks in tasks_by_plan(session, [second.id or 0]).items()
    ]
