"""Messages as they are listed and shown: what was said to whom, through which channel, every attempt, and whether it arrived."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.account import AccountRole
from models.notice import Delivery, DeliveryOutcome, Message, MessageFile, MessageState, Reminder
from models.unit import Unit
from notify.invitations import ABOUT
from rules.errors import DubanError
from rules.rights import Actor, role_name
from rules.texts import _
from services.office_lines import settled_messages
from services.reach import units_from
from services.remind_report import RemindedLine, stored_lines


@dataclass(frozen=True)
class MessageFilter:
    """Which messages are wanted; None lets all pass. `unit` is a part of a unit's name, `recipients` keys that are addressed or spoken to in a line, `id` one's number."""

    day: date | None = None
    unit: str | None = None
    state: MessageState | None = None
    channel: str | None = None
    recipients: frozenset[str] | None = None
    id: int | None = None


@dataclass(frozen=True)
class MessageRow:
    """A message as it is listed. `about` is empty for a digest, else the paper it carries; `is_settled`: a person has settled what was in doubt."""

    id: int
    day: date
    recipient: str
    unit: str
    name: str
    address: str
    channel: str
    about: str
    subject: str
    state: MessageState
    is_settled: bool
    sent_at: datetime | None
    message_id: str
    attempts: int
    next_attempt_at: datetime | None
    bounced_at: datetime | None
    error: str | None
    instead_of_id: int | None


@dataclass(frozen=True)
class Attempt:
    """One attempt to hand a message over."""

    started_at: datetime
    ended_at: datetime | None
    outcome: DeliveryOutcome
    error: str | None


@dataclass(frozen=True)
class MessageSheet:
    """Everything that is known of one message. `files` are names and sizes in bytes; `replaced_by` went out for it on another channel."""

    row: MessageRow
    text: str
    html: str
    lines: tuple[RemindedLine, ...]
    attempts: tuple[Attempt, ...]
    files: tuple[tuple[str, int], ...]
    replaced_by: int | None


def list_messages(session: Session, wanted: MessageFilter, actor: Actor | None = None) -> list[MessageRow]:
    """Return the messages that pass the filter, the newest first. Nobody named (None) is whoever holds the database: all; else see `refuse_reader`."""
    refuse_reader(actor)
    messages = _messages().where(*_conditions(wanted)).order_by(col(Message.id).desc())
    if actor is not None and actor.unit_id is not None:
        messages = messages.where(col(Message.unit_id).in_(units_from(actor.unit_id)))
    return _rows(session, messages)


def _texts(session: Session, message_id: int) -> tuple[str, str]:
    said = sa.select(col(Message.text), col(Message.html), col(Message.about)).where(col(Message.id) == message_id)
    text, html, about = session.execute(said).tuples().one()
    if about.startswith(f"{ABOUT}-"):
        # Its link opens the account of whoever it was sent to.
        return _("邀请链接只给收件人看，这里不显示"), ""
    return text, html


def show_message(session: Session, message_id: int, actor: Actor | None = None) -> MessageSheet:
    """Return one message with all that is known of it. Codes: unknown-message (also one the actor may not see), no-right."""
    found = list_messages(session, MessageFilter(id=message_id), actor)
    if not found:
        raise DubanError("unknown-message", _("没有消息 {number}，请用 duban message list 查看").format(number=message_id))
    texts = _texts(session, message_id)
    files = sa.select(col(MessageFile.name), col(MessageFile.size_bytes)).where(col(MessageFile.message_id) == message_id)
    replaced_by = session.scalars(sa.select(col(Message.id)).where(col(Message.instead_of_id) == message_id)).one_or_none()
    return MessageSheet(
        row=found[0],
        text=texts[0],
        html=texts[1],
        lines=stored_lines(session, [message_id]).get(message_id, ()),
        attempts=attempts_at(session, [message_id]).get(message_id, ()),
        files=tuple(session.execute(files.order_by(col(MessageFile.id))).tuples()),
        replaced_by=replaced_by,
    )


def attempts_at(session: Session, message_ids: Sequence[int]) -> Mapping[int, tuple[Attempt, ...]]:
    """Return every attempt to hand these messages over, in order, by message."""
    columns = (Delivery.message_id, Delivery.started_at, Delivery.ended_at, Delivery.outcome, Delivery.error)
    rows = sa.select(*map(col, columns)).where(col(Delivery.message_id).in_(message_ids)).order_by(col(Delivery.id))
    found: dict[int, list[Attempt]] = defaultdict(list)
    for message_id, started_at, ended_at, outcome, error in session.execute(rows).tuples():
        found[message_id].append(Attempt(started_at, ended_at, outcome, error))
    return {message_id: tuple(attempts) for message_id, attempts in found.items()}


def refuse_reader(actor: Actor | None) -> None:
    """Refuse whoever has no part in what messages say: a unit sees its own, an office those of its units."""
    if actor is not None and actor.role not in (AccountRole.UNIT, AccountRole.PLAN_OFFICE, AccountRole.SUPERVISOR, AccountRole.SYSTEM):
        raise DubanError("no-right", _("账号 {name}（{role}）无权办理此事").format(name=actor.name, role=role_name(actor.role)))


def _rows(session: Session, messages: sa.Select[Any]) -> list[MessageRow]:
    found = session.execute(messages).mappings().all()
    # Whoever handed a message over stays its owner; settling it, or sending it again, takes that off.
    settled = settled_messages(session, [row["id"] for row in found if row["owner"] is None and row["attempts"]])
    return [_row(row, settled) for row in found]


_PLAIN = tuple(name for name in MessageRow.__annotations__ if name not in ("unit", "is_settled"))


def _messages() -> sa.Select[Any]:
    columns = [getattr(Message, name) for name in (*_PLAIN, "owner")]
    return sa.select(*columns, col(Unit.name).label("unit")).outerjoin(Unit, col(Unit.id) == Message.unit_id)


def _conditions(wanted: MessageFilter) -> list[Any]:
    given = {Message.day: wanted.day, Message.state: wanted.state, Message.channel: wanted.channel, Message.id: wanted.id}
    conditions = [col(column) == value for column, value in given.items() if value is not None]
    if wanted.unit is not None:
        conditions.append(col(Unit.name).contains(wanted.unit, autoescape=True))
    if wanted.recipients is not None:
        spoken_to = sa.select(col(Reminder.message_id)).where(col(Reminder.recipient).in_(wanted.recipients))
        conditions.append(sa.or_(col(Message.recipient).in_(wanted.recipients), col(Message.id).in_(spoken_to)))
    return conditions


def _row(row: Mapping[Any, Any], settled: frozenset[int]) -> MessageRow:
    said = {name: row[name] for name in _PLAIN}
    return MessageRow(**said, unit=row["unit"] or "", is_settled=row["id"] in settled)
