"""Doing a thing once that is asked for twice: a double click, a form sent again after a lost connection, a program that repeats its request.

The answer is kept in the transaction of the act itself: it is there exactly when the act is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.once import DoneOnce
from rules.errors import DubanError
from rules.texts import _
from services.turns import take_turn

LONGEST_KEY = 80
# A key may be used again after this; nobody repeats a request a month later.
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """One request: whose, under which key, and the hash of all that was asked."""

    account_id: int
    key: str
    request_hash: str


def request_hash(*parts: str) -> str:
    """Return one hash for all parts; where one part ends and the next begins counts."""
    return sha256("".join(f"{len(part)}:{part}" for part in parts).encode(errors="surrogatepass")).hexdigest()


def answer_of(session: Session, asked: Asked) -> dict[str, Any] | None:
    """Return what was answered when this was done (and its `id`), None where it was not yet. Codes: key-reused (the key came with another request), bad-key."""
    if not 0 < len(asked.key) <= LONGEST_KEY:
        raise DubanError("bad-key", _("幂等键须为 1 至 {most} 个字符").format(most=LONGEST_KEY))
    # Another transaction under the same key ends first: its answer is found, and the act not refused as done already.
    take_turn(session, f"once {asked.account_id} {asked.key}")
    done = sa.select(col(DoneOnce.id), col(DoneOnce.request_hash), col(DoneOnce.answer)).where(
        col(DoneOnce.account_id) == asked.account_id, col(DoneOnce.key) == asked.key
    )
    found = session.execute(done).one_or_none()
    if found is None:
        return None
    if found.request_hash != asked.request_hash:
        raise DubanError("key-reused", _("这一次提交的内容与先前同一次提交的不同，没有办理；请刷新页面后重新填写"))
    return {**found.answer, "id": found.id}


def note_done(session: Session, asked: Asked, answer: Mapping[str, Any], at: datetime) -> int:
    """Keep the answer of what was just done and return its id. Of two at the same instant the second cannot be kept, so its act is taken back."""
    row = DoneOnce(account_id=asked.account_id, key=asked.key, request_hash=asked.request_hash, answer=dict(answer), done_at=at)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def answer_with_id(session: Session, account_id: int, done_id: int, since: datetime) -> dict[str, Any] | None:
    """Return what was answered to this account under the id, None for another's, an unknown one, or one from before `since`."""
    done = sa.select(col(DoneOnce.answer)).where(
        col(DoneOnce.id) == done_id, col(DoneOnce.account_id) == account_id, col(DoneOnce.done_at) >= since
    )
    found = session.execute(done).scalar_one_or_none()
    return None if found is None else dict(found)


def forget_old(session: Session, at: datetime) -> int:
    """Drop what was done longer ago than keys are kept, and return how many."""
    gone = session.connection().execute(sa.delete(DoneOnce).where(col(DoneOnce.done_at) < at - KEPT))
    return gone.rowcount
