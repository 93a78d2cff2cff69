"""What was sent about a task: reminders and notices, to whom, by which channel, and whether it arrived by a day. Addresses are masked for whoever need not know them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from models.account import AccountRole
from models.notice import Message, MessageState, Notice, Reminder
from models.unit import Contact, ContactDuty, Unit
from rules.rights import Actor
from services.reach import UnitTree, read_tree

_HERE = ZoneInfo("Asia/Shanghai")
_SHOWN = ("id", "recipient", "unit_id", "channel", "name", "address", "day", "about", "subject", "state", "sent_at", "bounced_at")


@dataclass(frozen=True)
class SentMessage:
    """One message about the task. `duty` is what its reader does in the unit, None for an office's own people or a unit as a whole.

    `rules` are the rules of its lines on this task, with the period each is for. `is_own`: it went to the house's own people.
    """

    id: int
    day: date
    unit: str
    name: str
    duty: ContactDuty | None
    channel: str
    address: str
    about: str
    subject: str
    state: MessageState
    sent_at: datetime | None
    bounced_at: datetime | None
    rules: tuple[tuple[str, str], ...]
    is_own: bool


def messages_about(session: Session, task_id: int, day: date, actor: Actor | None) -> Mapping[int, SentMessage]:
    """Return the messages that speak of the task and that the actor may know of, by their numbers, as far as they had got by the end of `day`.

    A unit is not told what the house says to itself.
    """
    lines = _lines(session, task_id)
    notices = [f"notice-{number}" for number in session.scalars(sa.select(col(Notice.id)).where(col(Notice.task_id) == task_id))]
    columns = [getattr(Message, name) for name in _SHOWN]
    rows = sa.select(*columns, col(Unit.name).label("unit")).outerjoin(Unit, col(Unit.id) == col(Message.unit_id))
    rows = rows.where(sa.or_(col(Message.id).in_(lines.keys()), col(Message.about).in_(notices))).order_by(col(Message.id))
    found = session.execute(rows).mappings().all()
    duties, tree = _duties(session, [row["recipient"] for row in found]), read_tree(session)
    told = (_as_of(day, _message(row, lines.get(row["id"], ()), duties, _knows(actor, row["unit_id"], tree))) for row in found)
    return {one.id: one for one in told if not (one.is_own and actor is not None and actor.role is AccountRole.UNIT)}


def masked(address: str) -> str:
    """Return an address that shows enough to be recognised and not enough to be used: li***@example.cn, 138****34."""
    name, at, host = address.partition("@")
    if at:
        return f"{name[:2] if len(name) > 3 else name[:1]}***@{host}"
    return f"{address[:3]}****{address[-2:]}" if len(address) >= 7 else "****" * bool(address)


def _as_of(day: date, one: SentMessage) -> SentMessage:
    """Return the message as far as it had got: what was sent or came back later is taken back."""
    if one.bounced_at is not None and one.bounced_at.astimezone(_HERE).date() > day:
        one = replace(one, state=MessageState.SENT, bounced_at=None)
    if one.sent_at is not None and one.sent_at.astimezone(_HERE).date() > day:
        one = replace(one, state=MessageState.PENDING, sent_at=None)
    return one


def _lines(session: Session, task_id: int) -> Mapping[int, tuple[tuple[str, str], ...]]:
    rows = sa.select(col(Reminder.message_id), col(Reminder.rule), col(Reminder.period)).where(col(Reminder.task_id) == task_id)
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for message_id, rule, period in session.execute(rows.order_by(col(Reminder.id))).tuples():
        if (rule, period) not in found[message_id]:
            found[message_id].append((rule, period))
    return {message_id: tuple(pairs) for message_id, pairs in found.items()}


def _duties(session: Session, keys: list[str]) -> Mapping[str, ContactDuty]:
    ids = [int(key.removeprefix("contact-")) for key in keys if key.startswith("contact-")]
    rows = sa.select(col(Contact.id), col(Contact.duty)).where(col(Contact.id).in_(ids))
    return {f"contact-{contact_id}": duty for contact_id, duty in session.execute(rows).tuples()}


def _knows(actor: Actor | None, unit_id: int | None, tree: UnitTree) -> bool:
    """Tell whether the actor deals with these addresses himself: an office whose area it is, or the unit whose contacts they are and those above it."""
    if actor is None:
        return True
    if actor.unit_id is None:
        return actor.role in (AccountRole.PLAN_OFFICE, AccountRole.SUPERVISOR, AccountRole.SYSTEM)
    return unit_id is not None and actor.unit_id in tree.above(unit_id)


def _message(row: Mapping[Any, Any], rules: tuple[tuple[str, str], ...], duties: Mapping[str, ContactDuty], is_known: bool) -> SentMessage:
    said = {name: row[name] for name in ("id", "day", "name", "channel", "about", "subject", "state", "sent_at", "bounced_at")}
    return SentMessage(
        **said,
        unit=row["unit"] or "",
        duty=duties.get(row["recipient"]),
        address=row["address"] if is_known else masked(row["address"]),
        rules=rules,
        is_own=row["unit_id"] is None,
    )
