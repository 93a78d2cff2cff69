"""One attempt to hand a message over, as it is written down: begun before it, ended after it, each committed before anything else happens.

What came of one message is written in the transaction that begins the next, so that a process that is stopped leaves one message in doubt at most for each lane.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Delivery, DeliveryOutcome, Message, MessageState
from notify.channel import Channel, DeliveryError, parts_of
from rules.rates import wait_before_next
from rules.texts import _
from services.claims import MAX_ATTEMPTS, Claimed, delay_after
from services.prepared import Prepared
from services.turns import take_turn

_OWN = (col(Message.id) == sa.bindparam("of"), col(Message.owner) == sa.bindparam("by"))
_BEGIN = Prepared(
    sa.update(Message)
    .where(*_OWN, col(Message.state) == MessageState.CLAIMED)
    .values(state=MessageState.HANDING_OVER, attempts=col(Message.attempts) + 1, claimed_at=sa.bindparam("at"))
)
# Taken for dead and found alive: an uncertain message whose owner comes back is no longer uncertain.
_END = Prepared(
    sa.update(Message)
    .where(*_OWN, sa.or_(col(Message.state) == MessageState.HANDING_OVER, col(Message.state) == MessageState.UNCERTAIN))
    .values(
        state=sa.bindparam("now"),
        attempts=sa.bindparam("made"),
        sent_at=sa.bindparam("sent"),
        next_attempt_at=sa.bindparam("again"),
        error=sa.bindparam("why"),
    )
)
_BEGIN_DELIVERY = Prepared(
    sa.insert(Delivery)
    .values(message_id=sa.bindparam("of"), started_at=sa.bindparam("at"), outcome=DeliveryOutcome.STARTED, parts=sa.bindparam("in_parts"))
    .returning(col(Delivery.id))
)
_END_DELIVERY = Prepared(
    sa.update(Delivery)
    .where(col(Delivery.id) == sa.bindparam("of"))
    .values(ended_at=sa.bindparam("at"), outcome=sa.bindparam("came"), error=sa.bindparam("why"))
)


@dataclass(frozen=True)
class Ended:
    """What came of an attempt. `state` is where the message stands now; `attempts` how many are charged to it."""

    message_id: int
    delivery_id: int
    state: MessageState
    attempts: int
    outcome: DeliveryOutcome
    at: datetime
    error: str | None = None
    next_attempt_at: datetime | None = None


def begin(session: Session, claimed: Claimed, owner: str, at: datetime, parts: int) -> int | None:
    """Mark a claimed message as being handed over and return the number of the attempt's row; None where the claim was lost meanwhile."""
    connection = session.connection()
    if _BEGIN.run(connection, {"of": claimed.mail.id, "by": owner, "at": at}).rowcount == 0:
        return None
    return int(_BEGIN_DELIVERY.run(connection, {"of": claimed.mail.id, "at": at, "in_parts": parts}).fetchone()[0])


def end(session: Session, ended: Ended, owner: str) -> bool:
    """Write what came of an attempt; False where the message is no longer its owner's to speak of."""
    connection = session.connection()
    is_ours = bool(_END.run(connection, _of_message(ended, owner)).rowcount == 1)
    _END_DELIVERY.run(connection, _of_delivery(ended))
    return is_ours


def end_all(session: Session, ended: Sequence[Ended], owner: str) -> None:
    """Write what came of several attempts, in one go; what is no longer its owner's to speak of is left alone."""
    connection = session.connection()
    _END.run_many(connection, [_of_message(one, owner) for one in ended])
    _END_DELIVERY.run_many(connection, map(_of_delivery, ended))


def _of_message(ended: Ended, owner: str) -> Mapping[str, Any]:
    marks = {"now": ended.state, "made": ended.attempts, "again": ended.next_attempt_at, "why": ended.error}
    return {"of": ended.message_id, "by": owner, "sent": ended.at if ended.state is MessageState.SENT else None, **marks}


def _of_delivery(ended: Ended) -> Mapping[str, Any]:
    at = None if ended.state is MessageState.UNCERTAIN else ended.at
    return {"of": ended.delivery_id, "at": at, "came": ended.outcome, "why": ended.error}


def sent(claimed: Claimed, delivery_id: int, at: datetime) -> Ended:
    """Return the end of an attempt that was accepted."""
    return Ended(claimed.mail.id, delivery_id, MessageState.SENT, claimed.attempts + 1, DeliveryOutcome.SENT, at)


def refused(claimed: Claimed, delivery_id: int, at: datetime, error: DeliveryError) -> Ended:
    """Return the end of an attempt that failed: uncertain, failed for good (also after too many attempts), or to be tried again later."""
    attempts, why = claimed.attempts + 1, str(error)
    if error.uncertain:
        return Ended(claimed.mail.id, delivery_id, MessageState.UNCERTAIN, attempts, DeliveryOutcome.STARTED, at, why)
    outcome = DeliveryOutcome.PERMANENT_ERROR if error.permanent else DeliveryOutcome.PASSING_ERROR
    if error.permanent or attempts >= MAX_ATTEMPTS:
        return Ended(claimed.mail.id, delivery_id, MessageState.FAILED, attempts, outcome, at, why)
    return Ended(claimed.mail.id, delivery_id, MessageState.PENDING, attempts, outcome, at, why, at + delay_after(attempts))


def not_begun(claimed: Claimed, delivery_id: int, at: datetime, why: str) -> Ended:
    """Return the end of an attempt whose channel broke down before it: it is not charged to the message."""
    return Ended(claimed.mail.id, delivery_id, MessageState.PENDING, claimed.attempts, DeliveryOutcome.PASSING_ERROR, at, why)


def broken(channel: Channel, error: Exception) -> DeliveryError:
    """Return what a bug in a channel means: nobody knows how far it got, and the other messages must still leave."""
    return DeliveryError(_("程序错误：{error}").format(error=type(error).__name__), uncertain=not channel.drops_twins)


def wait_for(session: Session, channel: Channel, claimed: Claimed, at: datetime) -> timedelta:
    """Return how long the channel must rest before this message, by what all processes handed over; the asker holds the channel until it commits.

    What lies further ahead than the longest of the rates was written before the clock was put back and counts no more.
    """
    if not channel.rates:
        return timedelta()
    take_turn(session, f"channel {channel.name}")
    window = timedelta(seconds=max(rate.seconds for rate in channel.rates))
    recent = sa.select(col(Delivery.started_at), col(Delivery.parts)).join(Message, col(Message.id) == Delivery.message_id)
    recent = recent.where(
        col(Message.channel) == channel.name, col(Delivery.started_at) > at - window, col(Delivery.started_at) < at + window
    )
    handed_over = [started_at for started_at, parts in session.execute(recent).tuples() for _part in range(parts)]
    return wait_before_next(handed_over, at, channel.rates, parts_of(channel, claimed.mail))
