"""Mail that came back is held against the messages that went out: each is marked as bounced and goes out once more where a fallback is named.

Reading the same mail twice changes nothing. A mail that only says that it takes longer is reported and changes nothing either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.account import Account
from models.notice import Message, MessageState
from models.unit import Contact, Unit
from notify.bounces import Bounce, read_bounce
from notify.channel import Routes
from rules.rights import Act, refuse_without_right
from services.delivered import lock_plans, tasks_by_plan
from services.fallbacks import fall_back
from services.ledger import Event, record_all
from services.occasion import Occasion

# It left the house in each of these, or may have; one that came back has surely left it.
_LEFT = (MessageState.SENT, MessageState.UNCERTAIN)
_ENDED = (MessageState.SENT, MessageState.FAILED, MessageState.BOUNCED)
_ERROR_LENGTH = 240


@dataclass(frozen=True)
class BouncedMail:
    """A file that tells of one of our messages: which, to whom, why. `fallback_id` is the message that goes out instead."""

    file: str
    message_id: int
    name: str
    address: str
    reason: str
    fallback_id: int | None = None


@dataclass
class BounceReport:
    """What the files were: messages now marked, those marked before, those only delayed; returned mail that is not ours, and mail that is none."""

    bounced: list[BouncedMail] = field(default_factory=list)
    known: list[BouncedMail] = field(default_factory=list)
    delayed: list[BouncedMail] = field(default_factory=list)
    not_ours: list[str] = field(default_factory=list)
    no_bounce: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FailingAddress:
    """An address whose last message did not arrive, and that is still written to; `unit` is None for the house's own people."""

    channel: str
    address: str
    name: str
    unit: str | None
    message_id: int
    state: MessageState
    error: str | None


def note_bounces(session: Session, files: Iterable[tuple[str, bytes]], routes: Routes, occasion: Occasion) -> BounceReport:
    """Read returned mails (name and content each) and mark the messages they tell of."""
    refuse_without_right(occasion.actor, Act.REMIND)
    report = BounceReport()
    for name, content in files:
        bounce = read_bounce(content)
        if bounce is None:
            report.no_bounce.append(name)
            continue
        message = _message_of(session, bounce)
        if message is None:
            report.not_ours.append(name)
        else:
            _note(session, _Returned(name, bounce, message), routes, occasion, report)
    return report


def failing_addresses(session: Session) -> Sequence[FailingAddress]:
    """Return the addresses in use whose last message failed for good or bounced, the latest first."""
    ended = col(Message.state).in_(_ENDED)
    last = sa.select(sa.func.max(col(Message.id))).where(ended).group_by(col(Message.channel), col(Message.address))
    rows = sa.select(Message, col(Unit.name)).outerjoin(Unit, col(Unit.id) == Message.unit_id)
    failed = rows.where(col(Message.id).in_(last), col(Message.state) != MessageState.SENT).order_by(col(Message.id).desc())
    in_use = _addresses_in_use(session)
    return [
        FailingAddress(message.channel, message.address, message.name, unit, message.id or 0, message.state, message.error)
        for message, unit in session.execute(failed).tuples()
        if message.address in in_use
    ]


@dataclass(frozen=True)
class _Returned:
    file: str
    bounce: Bounce
    message: Message


def _message_of(session: Session, bounce: Bounce) -> Message | None:
    for message_id in bounce.message_ids:
        message = session.exec(select(Message).where(Message.message_id == message_id)).one_or_none()
        if message is not None:
            return message
    return None


def _note(session: Session, returned: _Returned, routes: Routes, occasion: Occasion, report: BounceReport) -> None:
    message, bounce = returned.message, returned.bounce
    said = BouncedMail(returned.file, message.id or 0, message.name, message.address, _reason(bounce))
    if not bounce.is_final:
        report.delayed.append(said)
        return
    # Plans before messages, as everywhere; what another process marked meanwhile is read again.
    lock_plans(session, [said.message_id])
    session.refresh(message, with_for_update=True)
    if message.state not in _LEFT:
        report.known.append(said)
        return
    before = {"state": message.state.value}
    message.state, message.bounced_at, message.error = MessageState.BOUNCED, occasion.at, said.reason[:_ERROR_LENGTH]
    session.add(message)
    session.flush()
    after = {"message": said.message_id, "recipient": message.recipient, "channel": message.channel, "reason": message.error}
    entries = [
        Event("bounce", f"message {said.message_id}", plan_id=plan_id, before=before, after={**after, "tasks": tasks})
        for (plan_id, _message_id), tasks in tasks_by_plan(session, [said.message_id]).items()
    ]
    record_all(session, occasion, entries)
    fallback_id = fall_back(session, said.message_id, routes, occasion)
    report.bounced.append(BouncedMail(said.file, said.message_id, said.name, said.address, said.reason, fallback_id))


def _reason(bounce: Bounce) -> str:
    return bounce.reason if bounce.status in bounce.reason else f"{bounce.status} {bounce.reason}"


def _addresses_in_use(session: Session) -> set[str]:
    """Return every address that messages may go to now; the empty one is a robot's that calls upon nobody."""
    columns = (Contact.address, Contact.fallback_address, Account.address)
    found = {address for column in columns for address in session.scalars(sa.select(col(column)).distinct()) if address}
    return {*found, ""}
