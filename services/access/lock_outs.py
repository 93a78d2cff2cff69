"""Lock-outs: who fails too often is kept out for a while. Nothing is locked for good, and a holder's own address is not locked by what strangers do elsewhere.

An attempt is written as a failure before its password is looked at, so that attempts made at once are all counted; it becomes a success afterwards. What is refused by a
lock is not counted: else a stranger could keep it closed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col

from models.access import LogIn, LogInAttempt
from models.account import Account
from rules.access_policy import LockOutPolicy
from services.turns import take_turn

_KEPT = timedelta(days=1)


def locked_until(session: Session, name: str, tried: tuple[str, str], policy: LockOutPolicy, at: datetime) -> datetime | None:
    """Return until when this name is kept out at this address, None where it is not. `tried` is the name's hash and the address."""
    name_hash, address = tried
    by_name, by_address = col(LogInAttempt.name_hash) == name_hash, col(LogInAttempt.address) == address
    _let_one_count(session, name_hash, address)
    pair = sa.and_(by_name, by_address, _after_success(session, by_name, by_address))
    locks = [_lock(session, pair, policy.of_pair, policy, at)]
    if not _came_in_before(session, name, address):
        locks += [_lock(session, by_name, policy.of_name, policy, at), _lock(session, by_address, policy.of_address, policy, at)]
    return max((lock for lock in locks if lock is not None and lock > at), default=None)


def _after_success(session: Session, by_name: sa.ColumnElement[bool], by_address: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return the condition of coming after the pair's last success. The wide counts know no success: whoever guesses at many names may have a name of his own."""
    last = sa.select(sa.func.max(col(LogInAttempt.id))).where(by_name, by_address, col(LogInAttempt.is_success))
    return col(LogInAttempt.id) > (session.execute(last).scalar_one() or 0)


def _lock(session: Session, whose: sa.ColumnElement[bool], most: int, policy: LockOutPolicy, at: datetime) -> datetime | None:
    """Return when the lock of these attempts ends, where the last `most` that failed did so within the window."""
    failed = sa.select(col(LogInAttempt.at)).where(whose, ~col(LogInAttempt.is_success), col(LogInAttempt.at) <= at)
    failed_at: Sequence[datetime] = session.execute(failed.order_by(col(LogInAttempt.at).desc()).limit(most)).scalars().all()
    if len(failed_at) < most or failed_at[0] - failed_at[-1] > policy.window:
        return None
    return failed_at[0] + policy.lock


def _came_in_before(session: Session, name: str, address: str) -> bool:
    known = sa.select(col(LogIn.id)).join(Account, col(Account.id) == col(LogIn.account_id))
    known = known.where(col(Account.name) == name, col(LogIn.address) == address)
    return session.execute(known.limit(1)).first() is not None


def _let_one_count(session: Session, name_hash: str, address: str) -> None:
    for key in sorted((name_hash, address)):
        take_turn(session, f"log-in {key}")


def write_attempt(session: Session, tried: tuple[str, str], at: datetime) -> int:
    """Write an attempt as failed and return its number; attempts that count no more are removed."""
    session.execute(sa.delete(LogInAttempt).where(col(LogInAttempt.at) < at - _KEPT))
    attempt = LogInAttempt(at=at, name_hash=tried[0], address=tried[1], is_success=False)
    session.add(attempt)
    session.flush()
    assert attempt.id is not None
    return attempt.id


def mark_success(session: Session, attempt_id: int) -> None:
    """Make an attempt a success: failures before it count no more."""
    session.execute(sa.update(LogInAttempt).where(col(LogInAttempt.id) == attempt_id).values(is_success=True))
