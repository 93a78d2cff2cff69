"""What the outbox says of each person on each channel: what he was told, the message that can still be rewritten, and the one in the way of another."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Message, MessageState, Reminder
from rules.texts import _
from services.contacts import Recipient


@dataclass(frozen=True)
class Outbox:
    """What the outbox says: the (rule, period) pairs said to a recipient on a channel about a task, and of each person there (by key and by address) the
    message that can still be rewritten and the one in the way.
    """

    said: Mapping[tuple[str, str, int], set[tuple[str, str]]]
    waiting: Mapping[tuple[str, str], int]
    in_the_way: Mapping[tuple[str, str], str]

    def told(self, key: str, channel: str) -> set[tuple[str, str]]:
        """Return what a recipient was told on a channel, whatever the task."""
        return {pair for (recipient, name, _task), pairs in self.said.items() if (recipient, name) == (key, channel) for pair in pairs}


def read_outbox(session: Session, day: date) -> Outbox:
    """Read the outbox. A message that never began to be handed over has said nothing yet: its lines count as unsaid and it can be rewritten."""
    never_tried = sa.and_(col(Message.state) == MessageState.PENDING, col(Message.attempts) == 0)
    waiting: dict[tuple[str, str], int] = {}
    in_the_way: dict[tuple[str, str], str] = {}
    is_current = sa.or_(
        col(Message.day) == day, col(Message.state).in_((MessageState.PENDING, MessageState.CLAIMED, MessageState.HANDING_OVER))
    )
    columns = col(Message.id), col(Message.recipient), col(Message.address), col(Message.channel), col(Message.day), never_tried
    current = sa.select(*columns).where(is_current, col(Message.about) == "")
    for message_id, recipient, address, channel, its_day, is_untouched in session.execute(current.order_by(col(Message.id))):
        ways = [(mark, channel) for mark in (recipient, *([_address_mark(address)] if address else []))]
        if is_untouched:
            waiting |= dict.fromkeys(ways, message_id)
        else:
            why = _("当天已有一封消息，下一个工作日再发") if its_day == day else _("上一封消息还没有发出，发出后再发")
            in_the_way |= dict.fromkeys(ways, why)
    names = ("recipient", "channel", "task_id", "rule", "period")
    lines = sa.select(*(getattr(Reminder, name) for name in names)).join(Message)
    said: dict[tuple[str, str, int], set[tuple[str, str]]] = defaultdict(set)
    for recipient, channel, task_id, rule, period in session.execute(lines.where(sa.not_(never_tried))):
        said[recipient, channel, task_id].add((rule, period))
    return Outbox(said, waiting, in_the_way)


def marks_of(recipient: Recipient) -> list[str]:
    """Return what a person is known by: the recipient's key, and the address, which two contacts may share. A group's robot without address is nobody in particular."""
    return [recipient.key, *([_address_mark(recipient.address)] if recipient.address else [])]


def _address_mark(address: str) -> str:
    return f"to {address.casefold()}"
