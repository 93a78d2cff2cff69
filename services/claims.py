"""Which messages a delivery takes, and what it gives back. A claim is a conditional update: of two processes that want a message one gets it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Message, MessageFile, MessageState
from models.unit import Unit
from notify.channel import Mail
from services.changes import table_of

MAX_ATTEMPTS = 6
FIRST_DELAY = timedelta(minutes=5)

_MESSAGES, _UNITS = table_of(Message).c, table_of(Unit).c
_AS_MAIL = sa.select(
    *(_MESSAGES.id, _MESSAGES.message_id, _UNITS.name, _MESSAGES.name, _MESSAGES.address, _MESSAGES.day),
    *(_MESSAGES.subject, _MESSAGES.text, _MESSAGES.html, _MESSAGES.attempts),
).select_from(table_of(Message).outerjoin(table_of(Unit), _UNITS.id == _MESSAGES.unit_id))
# One whose next attempt lies further ahead than any delay is taken too: the clock was put back since.
_IS_TIME = sa.or_(
    _MESSAGES.next_attempt_at.is_(None),
    _MESSAGES.next_attempt_at <= sa.bindparam("at"),
    _MESSAGES.next_attempt_at > sa.bindparam("furthest"),
)
_WAITING = (
    sa.select(_MESSAGES.id)
    .where(_MESSAGES.channel == sa.bindparam("channel"), _MESSAGES.state == MessageState.PENDING, _IS_TIME)
    .order_by(_MESSAGES.id)
    .limit(sa.bindparam("count"))
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True)
class Claimed:
    """A message taken for handing over. `attempts` were made before; `files` are names and hashes of what goes with it."""

    mail: Mail
    attempts: int
    files: tuple[tuple[str, str], ...] = ()


def delay_after(attempts: int) -> timedelta:
    """Return how long a message waits after so many attempts: five minutes, then twice as long each time."""
    return FIRST_DELAY * (1 << (attempts - 1))


def claim_some(session: Session, channel: str, count: int, owner: str, at: datetime) -> list[Claimed]:
    """Take up to `count` waiting messages of a channel, the oldest first, and return them with all that is needed to hand them over."""
    asked = {"channel": channel, "count": count, "at": at, "furthest": at + delay_after(MAX_ATTEMPTS)}
    ids = session.scalars(_WAITING, asked).all()
    if not ids:
        return []
    marks = {"state": MessageState.CLAIMED, "owner": owner, "claimed_at": at}
    session.execute(sa.update(Message).where(col(Message.id).in_(ids)).values(**marks), execution_options={"synchronize_session": False})
    return _read(session, ids, at)


def release(session: Session, ids: Sequence[int], owner: str) -> None:
    """Put claimed messages back into the outbox; one that is no longer this owner's is left alone."""
    own = (col(Message.id).in_(ids), col(Message.state) == MessageState.CLAIMED, col(Message.owner) == owner)
    free = {"state": MessageState.PENDING, "owner": None}
    session.execute(sa.update(Message).where(*own).values(**free), execution_options={"synchronize_session": False})


def _read(session: Session, ids: Sequence[int | None], at: datetime) -> list[Claimed]:
    files = _files_of(session, ids)
    found = session.connection().execute(_AS_MAIL.where(_MESSAGES.id.in_(ids)).order_by(_MESSAGES.id))
    return [
        Claimed(Mail(number, message_id, unit or name, name, address, day, at, subject, text, html), attempts, files.get(number, ()))
        for number, message_id, unit, name, address, day, subject, text, html, attempts in found
    ]


def _files_of(session: Session, ids: Sequence[int | None]) -> Mapping[int, tuple[tuple[str, str], ...]]:
    files: dict[int, tuple[tuple[str, str], ...]] = {}
    rows = sa.select(col(MessageFile.message_id), col(MessageFile.name), col(MessageFile.sha256)).where(
        col(MessageFile.message_id).in_(ids)
    )
    for message_id, name, sha256 in session.execute(rows.order_by(col(MessageFile.id))):
        files[message_id] = (*files.get(message_id, ()), (name, sha256))
    return files
