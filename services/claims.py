"""Which messages a delivery takes, and what it gives back. A claim is a conditional update: of two processes that want a message one gets it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Message, MessageFile, MessageState
from models.unit import Unit
from notify.channel import Mail

MAX_ATTEMPTS = 6
FIRST_DELAY = timedelta(minutes=5)


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
    """Take up to `count` waiting messages of a channel, the oldest first, and return them with all that is needed to hand them over.

    One whose next attempt lies further ahead than any delay is taken too: the clock was put back since.
    """
    moment = col(Message.next_attempt_at)
    is_time = sa.or_(moment.is_(None), moment <= at, moment > at + delay_after(MAX_ATTEMPTS))
    waiting = sa.select(col(Message.id)).where(col(Message.channel) == channel, col(Message.state) == MessageState.PENDING, is_time)
    ids = session.scalars(waiting.order_by(col(Message.id)).limit(count).with_for_update(skip_locked=True)).all()
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
    table = sa.inspect(Message).local_table
    rows = sa.select(table, col(Unit.name).label("unit")).select_from(table).outerjoin(Unit, col(Unit.id) == table.c.unit_id)
    files = _files_of(session, ids)
    found = session.execute(rows.where(table.c.id.in_(ids)).order_by(table.c.id)).mappings()
    return [Claimed(_mail_of(row, at), row["attempts"], files.get(row["id"], ())) for row in found]


def _files_of(session: Session, ids: Sequence[int | None]) -> Mapping[int, tuple[tuple[str, str], ...]]:
    files: dict[int, tuple[tuple[str, str], ...]] = {}
    rows = sa.select(col(MessageFile.message_id), col(MessageFile.name), col(MessageFile.sha256)).where(
        col(MessageFile.message_id).in_(ids)
    )
    for message_id, name, sha256 in session.execute(rows.order_by(col(MessageFile.id))):
        files[message_id] = (*files.get(message_id, ()), (name, sha256))
    return files


def _mail_of(row: Mapping[Any, Any], at: datetime) -> Mail:
    same = {name: row[name] for name in ("id", "message_id", "name", "address", "day", "subject", "text", "html")}
    return Mail(unit=row["unit"] or row["name"], at=at, **same)
