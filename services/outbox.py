"""The outbox: each message leaves once. Claim, mark as being handed over, hand over, mark as sent, each step committed before the next.

Who was stopped between two steps is seen from the state that was left: `claimed` has not left the house and is simply taken up again;
`handing_over` may have left it, so it is sent again only where twins are dropped, and otherwise waits, as `uncertain`, for a person's word.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.notice import Delivery, DeliveryOutcome, Message, MessageState, Reminder
from models.plan import Plan
from models.task import Task
from models.unit import Contact, Unit
from notify.channel import Channel, ChannelDownError, DeliveryError, Mail
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.courier import Courier
from services.ledger import Event, record_all
from services.occasion import SYSTEM, Occasion

MAX_ATTEMPTS = 6
FIRST_DELAY = timedelta(minutes=5)
LEASE = timedelta(minutes=10)


@dataclass
class DeliveryReport:
    """What became of the messages of one run, by their numbers; `channel_errors` says by channel why it could not be used at all, or any longer."""

    sent: list[int] = field(default_factory=list)
    postponed: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    uncertain: list[int] = field(default_factory=list)
    channel_errors: dict[str, str] = field(default_factory=dict)


def deliver(courier: Courier, day: date) -> DeliveryReport:
    """Hand over every message that waits, channel by channel; running it again, or twice at once, doubles nothing.

    1. What earlier runs left behind is taken up or shown as uncertain. 2. Each channel with waiting messages is opened; where one is down, nothing of it is
    touched. 3. Each message goes its way alone: what happens to one does not stop the others, except that the channel breaks down.
    """
    report = DeliveryReport()
    for channel in courier.routes:
        _take_up_left_behind(courier, channel)
        _deliver_by(courier, channel, day, report)
    return report


def _deliver_by(courier: Courier, channel: Channel, day: date, report: DeliveryReport) -> None:
    waiting = _waiting_ids(courier, channel)
    if not waiting:
        return
    try:
        channel.open()
        for message_id in waiting:
            if _claim(courier, message_id):
                _hand_over(courier, channel, message_id, day, report)
    except ChannelDownError as error:
        report.channel_errors[channel.name] = str(error)
    finally:
        channel.close()


def resend_message(session: Session, message_id: int, occasion: Occasion) -> None:
    """Put a message that is uncertain or failed back into the outbox, by a person's word; the address is read anew from its contact."""
    refuse_without_right(occasion.actor, Act.REMIND)
    message = session.exec(select(Message).where(Message.id == message_id).with_for_update()).one_or_none()
    if message is None or message.state not in (MessageState.UNCERTAIN, MessageState.FAILED):
        raise DubanError("not-to-resend", _("消息 {number} 不是“待确认”或“发送失败”，不需要重发").format(number=message_id))
    before = {"state": message.state.value, "attempts": message.attempts}
    kind, _dash, number = message.recipient.partition("-")
    contact = session.get(Contact, int(number)) if kind == "contact" else None
    message.address = contact.address if contact else message.address
    message.state, message.attempts, message.owner, message.next_attempt_at = MessageState.PENDING, 1, None, None
    session.add(message)
    record_all(session, occasion, _events("resend", session, message_id, before=before))


def _take_up_left_behind(courier: Courier, channel: Channel) -> None:
    own_station = col(Message.owner).startswith(f"{courier.station}:", autoescape=True)
    abandoned = sa.or_(own_station, col(Message.claimed_at) < courier.now() - LEASE)
    free = {"state": MessageState.PENDING, "owner": None, "next_attempt_at": None}
    doubtful = {"state": MessageState.UNCERTAIN, "error": _("交付中途程序中断，不能确定对方是否收到")}
    with courier.open_transaction() as session:
        _update(session, free, Message.state == MessageState.CLAIMED, abandoned)
        if channel.drops_twins:
            _update(session, free, Message.state == MessageState.HANDING_OVER, abandoned, Message.channel == channel.name)
        # The owner stays: should it be alive after all, it may still say that the message was sent.
        _update(session, doubtful, Message.state == MessageState.HANDING_OVER, abandoned, Message.channel == channel.name)


def _waiting_ids(courier: Courier, channel: Channel) -> list[int]:
    is_time = sa.or_(col(Message.next_attempt_at).is_(None), col(Message.next_attempt_at) <= courier.now())
    waiting = sa.select(col(Message.id)).where(col(Message.channel) == channel.name, col(Message.state) == MessageState.PENDING, is_time)
    with courier.open_transaction() as session:
        return [message_id for message_id in session.scalars(waiting.order_by(col(Message.id))) if message_id is not None]


def _claim(courier: Courier, message_id: int) -> bool:
    claim = {"state": MessageState.CLAIMED, "owner": courier.owner, "claimed_at": courier.now()}
    with courier.open_transaction() as session:
        return _update(session, claim, Message.id == message_id, Message.state == MessageState.PENDING) == 1


def _hand_over(courier: Courier, channel: Channel, message_id: int, day: date, report: DeliveryReport) -> None:
    """Hand a claimed message over and write down what came of it, in the message and in the row of the attempt."""
    started = _start(courier, message_id)
    if started is None:
        return
    mail, delivery_id = started
    try:
        channel.send(mail)
    except ChannelDownError as error:
        _give_back(courier, mail, delivery_id, str(error))
        raise
    except DeliveryError as error:
        _write_failure(courier, mail, delivery_id, error, report)
    except Exception as error:
        # A bug in the channel: nobody knows how far it got, and the other messages must still leave.
        doubt = DeliveryError(_("程序错误：{error}").format(error=type(error).__name__), uncertain=not channel.drops_twins)
        _write_failure(courier, mail, delivery_id, doubt, report)
    else:
        _write_success(courier, mail, delivery_id, day, report)


def _start(courier: Courier, message_id: int) -> tuple[Mail, int] | None:
    """Mark the claimed message as being handed over and make the row of the attempt; None where the claim was lost meanwhile."""
    at = courier.now()
    marks = {"state": MessageState.HANDING_OVER, "attempts": Message.attempts + 1, "claimed_at": at}
    with courier.open_transaction() as session:
        if not _update(session, marks, Message.id == message_id, Message.state == MessageState.CLAIMED, Message.owner == courier.owner):
            return None
        delivery = Delivery(message_id=message_id, started_at=at)
        session.add(delivery)
        session.flush()
        message, unit = session.exec(select(Message, Unit.name).outerjoin(Unit).where(Message.id == message_id)).one()
        assert delivery.id is not None
        return _mail_of(message, unit or message.name, at), delivery.id


def _mail_of(message: Message, unit: str, at: datetime) -> Mail:
    assert message.id is not None
    return Mail(
        id=message.id,
        message_id=message.message_id,
        unit=unit,
        name=message.name,
        address=message.address,
        day=message.day,
        at=at,
        subject=message.subject,
        text=message.text,
        html=message.html,
    )


def _write_success(courier: Courier, mail: Mail, delivery_id: int, day: date, report: DeliveryReport) -> None:
    at = courier.now()
    marks = {"state": MessageState.SENT, "sent_at": at, "is_entered": True, "error": None, "next_attempt_at": None}
    with courier.open_transaction() as session:
        # Plans before messages, everywhere: two transactions that lock in one order cannot wait for each other.
        events = _events("deliver", session, mail.id)
        session.execute(
            sa.select(col(Plan.id)).where(col(Plan.id).in_([event.plan_id for event in events])).order_by(col(Plan.id)).with_for_update()
        )
        if _update(session, marks, *_mine(courier, mail)):
            record_all(session, Occasion(SYSTEM, day, at), events)
        _end(session, delivery_id, at, DeliveryOutcome.SENT, None)
    report.sent.append(mail.id)


def _write_failure(courier: Courier, mail: Mail, delivery_id: int, error: DeliveryError, report: DeliveryReport) -> None:
    at = courier.now()
    with courier.open_transaction() as session:
        attempts = session.scalars(sa.select(col(Message.attempts)).where(col(Message.id) == mail.id)).one()
        marks: dict[str, Any] = {"error": str(error), "next_attempt_at": None}
        if error.uncertain:
            marks["state"], listed = MessageState.UNCERTAIN, report.uncertain
        elif error.permanent or attempts >= MAX_ATTEMPTS:
            marks["state"], listed = MessageState.FAILED, report.failed
        else:
            marks["state"], listed = MessageState.PENDING, report.postponed
            marks["next_attempt_at"] = at + FIRST_DELAY * 2 ** (attempts - 1)
        _update(session, marks, *_mine(courier, mail))
        outcome = DeliveryOutcome.PERMANENT_ERROR if error.permanent else DeliveryOutcome.PASSING_ERROR
        _end(session, delivery_id, None if error.uncertain else at, DeliveryOutcome.STARTED if error.uncertain else outcome, str(error))
    listed.append(mail.id)


def _give_back(courier: Courier, mail: Mail, delivery_id: int, why: str) -> None:
    """Undo the handing over of a message whose channel broke down before it: the attempt is not the message's."""
    marks = {"state": MessageState.PENDING, "owner": None, "attempts": Message.attempts - 1, "error": why}
    with courier.open_transaction() as session:
        _update(session, marks, *_mine(courier, mail))
        _end(session, delivery_id, courier.now(), DeliveryOutcome.PASSING_ERROR, why)


def _mine(courier: Courier, mail: Mail) -> tuple[Any, ...]:
    # Taken for dead and found alive: an uncertain message whose owner comes back is no longer uncertain.
    states = col(Message.state).in_((MessageState.HANDING_OVER, MessageState.UNCERTAIN))
    return Message.id == mail.id, states, Message.owner == courier.owner


def _end(session: Session, delivery_id: int, at: datetime | None, outcome: DeliveryOutcome, error: str | None) -> None:
    session.execute(sa.update(Delivery).where(col(Delivery.id) == delivery_id).values(ended_at=at, outcome=outcome, error=error))


def _update(session: Session, marks: Mapping[str, Any], *conditions: Any) -> int:
    return session.connection().execute(sa.update(Message).where(*conditions).values(**marks)).rowcount


def _events(act: str, session: Session, message_id: int, before: Mapping[str, Any] | None = None) -> list[Event]:
    """Return one entry for each plan that the message speaks of."""
    lines = select(Task.plan_id, Task.id, Reminder.recipient, Reminder.channel).join(Reminder, col(Reminder.task_id) == Task.id)
    tasks: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for plan_id, task_id, recipient, channel in session.exec(lines.where(Reminder.message_id == message_id).order_by(col(Task.id))):
        if task_id not in tasks[plan_id, recipient, channel]:
            tasks[plan_id, recipient, channel].append(task_id or 0)
    return [
        Event(
            act,
            f"message {message_id}",
            plan_id=plan_id,
            before=before or {},
            after={"message": message_id, "recipient": recipient, "channel": channel, "tasks": found},
        )
        for (plan_id, recipient, channel), found in tasks.items()
    ]
