"""A message that did not surely arrive, settled by a person: he has asked, and knows whether it did, or nothing more is to be done about it."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Delivery, MessageState
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.delivered import locked_undelivered, tasks_by_plan
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.office_lines import SETTLE_MESSAGE


def settle_message(session: Session, message_id: int, has_arrived: bool, reason: str, occasion: Occasion) -> None:
    """Write down what a person found out about an uncertain, failed or bounced message: it is asked about no more, and one that arrived counts as sent.

    Codes: not-to-settle, no-reason.
    """
    refuse_without_right(occasion.actor, Act.REMIND)
    message = locked_undelivered(session, message_id)
    if message is None:
        text = _("消息 {number} 不是“不知是否送达”“发送失败”或“被退回”，没有要了结的")
        raise DubanError("not-to-settle", text.format(number=message_id))
    said = reason.strip()
    if not said:
        raise DubanError("no-reason", _("请用 --reason 写明是怎样核实的"))
    before = {"state": message.state.value}
    if has_arrived:
        # The entry below tells of it; the outbox has no other to write.
        message.state, message.sent_at, message.is_entered = MessageState.SENT, message.sent_at or _last_tried_at(session, message_id), True
    elif message.state is MessageState.UNCERTAIN:
        message.state, message.error = MessageState.FAILED, said
    message.owner = None
    session.add(message)
    after = {"message": message_id, "recipient": message.recipient, "state": message.state.value, "reason": said}
    events = [
        Event(SETTLE_MESSAGE, f"message {message_id}", plan_id=plan_id, before=before, after={**after, "tasks": tasks})
        for (plan_id, _message_id), tasks in tasks_by_plan(session, [message_id]).items()
    ]
    record_all(session, occasion, events)


def _last_tried_at(session: Session, message_id: int) -> datetime | None:
    return session.scalars(sa.select(sa.func.max(col(Delivery.started_at))).where(col(Delivery.message_id) == message_id)).one()
