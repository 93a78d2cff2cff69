"""What the outbox says of each person on each channel: what he was told, the message that can still be rewritten, and the one in the way of another."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Message, MessageState, Reminder
from rules.texts import _
from services.contacts import Recipient
from services.portions import portions
from services.prepared import Prepared

# What a digest's message is before it began to be handed over: it has said nothing yet.
_NEVER_TRIED = sa.and_(col(Message.state) == MessageState.PENDING, col(Message.attempts) == 0)
_AT_ONCE = 5_000
SaidAbout = Mapping[tuple[str, str], Mapping[int, set[tuple[str, str]]]]


@dataclass(frozen=True)
class Outbox:
    """What the outbox says of each person on each channel (by key and by address): the message that can still be rewritten, and the one in the way."""

    waiting: Mapping[tuple[str, str], int]
    in_the_way: Mapping[tuple[str, str], str]


def read_outbox(session: Session, day: date) -> Outbox:
    """Read what waits, and what left on the day."""
    waiting: dict[tuple[str, str], int] = {}
    in_the_way: dict[tuple[str, str], str] = {}
    is_current = sa.or_(
        col(Message.day) == day, col(Message.state).in_((MessageState.PENDING, MessageState.CLAIMED, MessageState.HANDING_OVER))
    )
    columns = col(Message.id), col(Message.recipient), col(Message.address), col(Message.channel), col(Message.day), _NEVER_TRIED
    current = sa.select(*columns).where(is_current, col(Message.about) == "")
    for message_id, recipient, address, channel, its_day, is_untouched in session.execute(current.order_by(col(Message.id))):
        ways = [(mark, channel) for mark in (recipient, *([_address_mark(address)] if address else []))]
        if is_untouched:
            waiting |= dict.fromkeys(ways, message_id)
        else:
            why = _("当天已有一封消息，下一个工作日再发") if its_day == day else _("上一封消息还没有发出，发出后再发")
            in_the_way |= dict.fromkeys(ways, why)
    return Outbox(waiting, in_the_way)


def said_about(session: Session, task_ids: Sequence[int]) -> SaidAbout:
    """Return the (rule, period) pairs said about some tasks, by recipient and channel, and by task."""
    said: dict[tuple[str, str], dict[int, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    session.flush()
    for some in portions(task_ids, _AT_ONCE):
        # The driver's own rows: in a house that has told much there are as many as lines.
        asked = Prepared(_SAID.where(col(Reminder.task_id).in_(some)))
        for recipient, channel, task_id, rule, period in asked.run(session.connection(), {}):
            said[recipient, channel][task_id].add((rule, period))
    return said


def told(session: Session, keys: Sequence[str]) -> Mapping[tuple[str, str], set[tuple[str, str]]]:
    """Return the (rule, period) pairs that some recipients were told about whatever task, by recipient and channel."""
    pairs: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for recipient, channel, _task, rule, period in session.execute(_SAID.where(col(Reminder.recipient).in_(keys))):
        pairs[recipient, channel].add((rule, period))
    return pairs


_SAID = (
    sa.select(*map(col, (Reminder.recipient, Reminder.channel, Reminder.task_id, Reminder.rule, Reminder.period)))
    .join(Message, col(Message.id) == col(Reminder.message_id))
    .where(sa.not_(_NEVER_TRIED))
)


def marks_of(recipient: Recipient) -> list[str]:
    """Return what a person is known by: the recipient's key, and the address, which two contacts may share. A group's robot without address is nobody in particular."""
    return [recipient.key, *([_address_mark(recipient.address)] if recipient.address else [])]


def _address_mark(address: str) -> str:
    return f"to {address.casefold()}"
