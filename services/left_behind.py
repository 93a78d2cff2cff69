"""What a delivery left half done when its process ended: taken up at once where the process is surely gone, else after a lease.

`claimed` has not left the house and goes back into the outbox. `handing_over` may have left it: it goes back only where the channel drops twins, and
otherwise becomes `uncertain`, for a person to decide.
"""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Message, MessageState
from rules.texts import _
from services.courier import Courier
from services.portions import portions

LEASE = timedelta(minutes=10)

_UNDER_WAY = (MessageState.CLAIMED, MessageState.HANDING_OVER)
_OWNERS = sa.select(col(Message.owner)).where(col(Message.state).in_(_UNDER_WAY)).distinct()


def take_up_left_behind(session: Session, courier: Courier) -> None:
    """Put right what gone processes left. An instant that lies a lease ahead was written before the clock was put back: its owner is asked no longer."""
    at = courier.now()
    owners = session.scalars(_OWNERS).all()
    if not owners:
        return
    gone = [owner for owner in owners if owner is not None and courier.is_gone(owner)]
    claimed_at = col(Message.claimed_at)
    abandoned = sa.or_(col(Message.owner).in_(gone), claimed_at < at - LEASE, claimed_at > at + LEASE)
    found = sa.select(col(Message.id), col(Message.state), col(Message.channel)).where(col(Message.state).in_(_UNDER_WAY), abandoned)
    rows = session.execute(found.order_by(col(Message.id)).with_for_update(skip_locked=True)).tuples().all()
    tolerant = {channel.name for channel in courier.routes if channel.drops_twins}
    free = [message_id for message_id, state, channel in rows if state is MessageState.CLAIMED or channel in tolerant]
    _mark(session, free, {"state": MessageState.PENDING, "owner": None, "next_attempt_at": None})
    # The owner stays: should it be alive after all, it may still say that the message was sent.
    doubtful = [message_id for message_id, _state, _channel in rows if message_id not in set(free)]
    _mark(session, doubtful, {"state": MessageState.UNCERTAIN, "error": _("交付中途程序中断，不能确定对方是否收到")})


def _mark(session: Session, ids: Sequence[int | None], marks: dict[str, object]) -> None:
    for some in portions(ids):
        marked = sa.update(Message).where(col(Message.id).in_(some))
        session.execute(marked.values(**marks), execution_options={"synchronize_session": False})
