"""Log-ins that are open: found again by their secret at every request, and ended: by their holder, by time, or because the account changed.

A log-in that time has ended is simply not found; that it ended is entered when somebody logs in next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlmodel import Session, col

from models.access import LogIn
from models.account import Account, AccountRole, AccountState
from models.unit import Unit
from rules.access_acts import AccessAct, day_here
from rules.access_policy import AccessPolicy
from rules.errors import DubanError
from rules.rights import Actor
from rules.texts import _
from services.access.access_log import Noted, note
from services.access.secrets import hashed
from services.changes import table_of

_SEEN_EVERY = timedelta(minutes=1)
_ENDED_AT_ONCE = 100
# So long an address is known as one that its holder comes from.
_KEPT = timedelta(days=90)


class FirstOf(StrEnum):
    """What an account must do before any other page is opened to it."""

    PASSWORD = "password"
    SECOND_FACTOR = "second-factor"


@dataclass(frozen=True)
class LoggedIn:
    """The log-in behind a request. `first` is what comes before everything else, None where nothing does; `is_seen_stale` that it should be marked as seen again."""

    id: int
    account_id: int
    name: str
    role: AccountRole
    unit_id: int | None
    unit: str | None
    language: str
    form_token: str
    has_second_factor: bool
    first: FirstOf | None
    is_seen_stale: bool

    @property
    def actor(self) -> Actor:
        """Return who acts in this log-in."""
        return Actor(self.account_id, self.name, self.role, self.unit_id)


@dataclass(frozen=True)
class LogInRow:
    """One of an account's own open log-ins, as its holder sees it."""

    id: int
    address: str
    agent: str
    started_at: datetime
    seen_at: datetime
    has_second_factor: bool


def _asked_for() -> sa.Select[Any]:
    login, account, unit = table_of(LogIn), table_of(Account), table_of(Unit)
    columns = (
        *(login.c.id, login.c.account_id, login.c.form_token, login.c.has_second_factor, login.c.seen_at),
        *(account.c.name, account.c.role, account.c.unit_id, account.c.language, account.c.must_change_password, account.c.password_set_on),
        *(account.c.needs_second_factor, account.c.totp_secret, unit.c.name.label("unit")),
    )
    joined = login.join(account, account.c.id == login.c.account_id).outerjoin(unit, unit.c.id == account.c.unit_id)
    return (
        sa.select(*columns)
        .select_from(joined)
        .where(
            *(login.c.token_hash == sa.bindparam("hash"), login.c.ended_at.is_(None), account.c.state == AccountState.ACTIVE),
            *(login.c.seen_at > sa.bindparam("seen_after"), login.c.started_at > sa.bindparam("started_after")),
        )
    )


# Every request asks it; putting the statement together anew costs four times its answer.
_ASKED_FOR = _asked_for()


def find_log_in(connection: Connection | Session, secret: str, at: datetime, policy: AccessPolicy) -> LoggedIn | None:
    """Return the open log-in of this secret, in one query; None where it never was, has ended, has lain idle too long or is too old, or its account may not act."""
    limits = {"hash": hashed(secret), "seen_after": at - policy.idle, "started_after": at - policy.absolute}
    row = connection.execute(_ASKED_FOR, limits).one_or_none()
    return _found(row, at, policy) if row else None


def _found(row: Any, at: datetime, policy: AccessPolicy) -> LoggedIn:
    return LoggedIn(
        id=row.id,
        account_id=row.account_id,
        name=row.name,
        role=row.role,
        unit_id=row.unit_id,
        unit=row.unit,
        language=row.language,
        form_token=row.form_token,
        has_second_factor=row.has_second_factor,
        first=_first_of(row, at, policy),
        is_seen_stale=at - row.seen_at >= _SEEN_EVERY,
    )


def _first_of(row: Any, at: datetime, policy: AccessPolicy) -> FirstOf | None:
    if row.must_change_password or policy.is_expired(row.password_set_on, day_here(at)):
        return FirstOf.PASSWORD
    needs_it = policy.needs_second_factor(row.role, asked=row.needs_second_factor)
    return FirstOf.SECOND_FACTOR if needs_it and not (row.totp_secret and row.has_second_factor) else None


def _alive(at: datetime, policy: AccessPolicy) -> tuple[sa.ColumnElement[bool], ...]:
    return col(LogIn.ended_at).is_(None), col(LogIn.seen_at) > at - policy.idle, col(LogIn.started_at) > at - policy.absolute


def note_seen(session: Session, log_in_id: int, at: datetime) -> None:
    """Mark a log-in as used now; asked for by `is_seen_stale`, at most once a minute."""
    session.execute(sa.update(LogIn).where(col(LogIn.id) == log_in_id, col(LogIn.seen_at) < at).values(seen_at=at))


def mark_second_factor(session: Session, log_in_id: int) -> None:
    """Note that a code was given in this log-in, by setting the second factor up."""
    session.execute(sa.update(LogIn).where(col(LogIn.id) == log_in_id).values(has_second_factor=True))


def end_log_in(session: Session, log_in_id: int, actor: Actor, at: datetime) -> None:
    """End the log-in that its holder leaves. A second time is harmless."""
    open_one = sa.update(LogIn).where(col(LogIn.id) == log_in_id, col(LogIn.account_id) == actor.account_id, col(LogIn.ended_at).is_(None))
    address = session.execute(open_one.values(ended_at=at).returning(col(LogIn.address))).scalar_one_or_none()
    if address is not None:
        note(session, Noted(AccessAct.LOG_OUT, actor, address), at)


def end_own_log_in(session: Session, log_in_id: int, actor: Actor, at: datetime) -> None:
    """End another of one's own log-ins, on a browser that was lost or left open. Codes: unknown-log-in."""
    own = sa.select(col(LogIn.id)).where(
        col(LogIn.id) == log_in_id, col(LogIn.account_id) == actor.account_id, col(LogIn.ended_at).is_(None)
    )
    if session.execute(own).first() is None:
        raise DubanError("unknown-log-in", _("没有这个登录，或已经退出"))
    end_log_in(session, log_in_id, actor, at)


def end_all(session: Session, account_id: int, at: datetime, *, except_id: int | None = None) -> int:
    """End all log-ins of an account, but for the one given, and return how many; whoever asks for it records why."""
    open_ones = sa.update(LogIn).where(col(LogIn.account_id) == account_id, col(LogIn.ended_at).is_(None))
    if except_id is not None:
        open_ones = open_ones.where(col(LogIn.id) != except_id)
    return len(session.execute(open_ones.values(ended_at=at).returning(col(LogIn.id))).all())


def end_lapsed(session: Session, policy: AccessPolicy, at: datetime) -> None:
    """End some log-ins that time has ended, oldest first, and enter each; those that ended long ago are removed, with the addresses they came from."""
    session.execute(sa.delete(LogIn).where(col(LogIn.ended_at) < at - _KEPT))
    lapsed = sa.or_(col(LogIn.seen_at) <= at - policy.idle, col(LogIn.started_at) <= at - policy.absolute)
    found = sa.select(LogIn, Account).join(Account, col(Account.id) == col(LogIn.account_id)).where(col(LogIn.ended_at).is_(None), lapsed)
    for log_in, account in session.execute(found.order_by(col(LogIn.id)).limit(_ENDED_AT_ONCE)).tuples().all():
        log_in.ended_at = at
        session.add(log_in)
        why = "idle" if log_in.seen_at <= at - policy.idle else "too-old"
        actor = Actor(account.id, account.name, account.role, account.unit_id)
        note(session, Noted(AccessAct.LOG_IN_ENDED, actor, log_in.address, {"why": why}), at)


def list_own_log_ins(session: Session, account_id: int, at: datetime, policy: AccessPolicy) -> Sequence[LogInRow]:
    """Return the account's open log-ins, the last used first."""
    found = sa.select(LogIn).where(col(LogIn.account_id) == account_id, *_alive(at, policy)).order_by(col(LogIn.seen_at).desc())
    rows = session.execute(found).scalars().all()
    return [LogInRow(row.id or 0, row.address, row.agent, row.started_at, row.seen_at, row.has_second_factor) for row in rows]
