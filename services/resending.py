"""A message sent again by a person's word: the one thing that may double, so nothing does it by itself."""

from sqlmodel import Session

from models.notice import Message, MessageState
from models.unit import Contact
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.delivered import locked_undelivered, tasks_by_plan
from services.ledger import Event, record_all
from services.occasion import Occasion


def resend_message(session: Session, message_id: int, occasion: Occasion) -> None:
    """Put a message that is uncertain, failed or bounced back into the outbox; the address is read anew from its contact."""
    refuse_without_right(occasion.actor, Act.REMIND)
    message = locked_undelivered(session, message_id)
    if message is None:
        text = _("消息 {number} 不是“待确认”“发送失败”或“被退回”，不需要重发")
        raise DubanError("not-to-resend", text.format(number=message_id))
    before = {"state": message.state.value, "attempts": message.attempts}
    message.address = _address_now(session, message)
    message.state, message.attempts, message.owner, message.next_attempt_at = MessageState.PENDING, 1, None, None
    message.bounced_at, message.is_entered = None, False
    session.add(message)
    said = {"message": message_id, "recipient": message.recipient, "channel": message.channel}
    events = [
        Event("resend", f"message {message_id}", plan_id=plan_id, before=before, after={**said, "tasks": tasks})
        for (plan_id, _message_id), tasks in tasks_by_plan(session, [message_id]).items()
    ]
    record_all(session, occasion, events)


def _address_now(session: Session, message: Message) -> str:
    kind, _dash, number = message.recipient.partition("-")
    contact = session.get(Contact, int(number)) if kind == "contact" else None
    if contact is None:
        return message.address
    return contact.address if message.instead_of_id is None else contact.fallback_address or ""
