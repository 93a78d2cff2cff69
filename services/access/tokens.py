"""Tokens: by one a program acts as an account, within the token's scope, until it expires or is ended. Shown once, kept as a hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.access import ApiToken, TokenScope
from models.account import Account, AccountRole, AccountState
from models.unit import Unit
from rules.access_acts import AccessAct
from rules.errors import DubanError
from rules.rights import Actor
from rules.texts import _
from services.access.access_log import Noted, note, one_line
from services.access.secrets import hashed, new_secret

LONGEST_DAYS = 366
_PREFIX = "duban_"
_LONGEST_NAME = 60
_SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class NewToken:
    """A token to be made: `name` says for which program, `days` how long it lives."""

    name: str
    scope: TokenScope
    days: int
    address: str = ""


@dataclass(frozen=True)
class TokenRow:
    """A token as its holder sees it; never the token itself."""

    id: int
    name: str
    scope: TokenScope
    made_at: datetime
    expires_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True)
class FoundToken:
    """The token behind a request. `is_seen_stale`: it should be marked as seen again; the first time is entered in the access log."""

    id: int
    name: str
    scope: TokenScope
    account_id: int
    account: str
    role: AccountRole
    unit_id: int | None
    unit: str | None
    language: str
    is_first_use: bool
    is_seen_stale: bool

    @property
    def actor(self) -> Actor:
        """Return who acts by this token."""
        return Actor(self.account_id, self.account, self.role, self.unit_id)


def make_token(session: Session, actor: Actor, wanted: NewToken, at: datetime) -> str:
    """Make a token for one's own account and return it; it is shown this once. Codes: bad-token-name, bad-token-days."""
    name = one_line(wanted.name, _LONGEST_NAME)
    if not name:
        raise DubanError("bad-token-name", _("请写明令牌给哪个程序用"))
    if not 1 <= wanted.days <= LONGEST_DAYS:
        raise DubanError("bad-token-days", _("令牌的有效期为 1 到 {most} 天").format(most=LONGEST_DAYS))
    assert actor.account_id is not None
    secret = _PREFIX + new_secret()
    lives_until = at + timedelta(days=wanted.days)
    token = ApiToken(
        account_id=actor.account_id, name=name, token_hash=hashed(secret), scope=wanted.scope, made_at=at, expires_at=lives_until
    )
    session.add(token)
    note(session, Noted(AccessAct.MAKE_TOKEN, actor, wanted.address, {"name": name, "scope": wanted.scope.value}), at)
    return secret


def list_tokens(session: Session, account_id: int, at: datetime) -> Sequence[TokenRow]:
    """Return an account's tokens that can be used, the newest first."""
    found = sa.select(ApiToken).where(col(ApiToken.account_id) == account_id, *_alive(at)).order_by(col(ApiToken.id).desc())
    return [
        TokenRow(row.id or 0, row.name, row.scope, row.made_at, row.expires_at, row.seen_at) for row in session.execute(found).scalars()
    ]


def end_token(session: Session, token_id: int, actor: Actor, address: str, at: datetime) -> None:
    """End one of one's own tokens. Codes: unknown-token."""
    own = sa.update(ApiToken).where(col(ApiToken.id) == token_id, col(ApiToken.account_id) == actor.account_id, *_alive(at))
    name = session.execute(own.values(ended_at=at).returning(col(ApiToken.name))).scalar_one_or_none()
    if name is None:
        raise DubanError("unknown-token", _("没有这个令牌，或已经停用"))
    note(session, Noted(AccessAct.END_TOKEN, actor, address, {"name": name}), at)


def end_all_tokens(session: Session, account_id: int, at: datetime) -> None:
    """End all tokens of an account; whoever asks for it records why."""
    session.execute(sa.update(ApiToken).where(col(ApiToken.account_id) == account_id, col(ApiToken.ended_at).is_(None)).values(ended_at=at))


def find_token(session: Session, secret: str, at: datetime) -> FoundToken | None:
    """Return the token of this secret, in one query; None where it never was, has expired or ended, or its account may not act or must first set a password."""
    token = ApiToken.__table__.c  # type: ignore[attr-defined]
    account = Account.__table__.c  # type: ignore[attr-defined]
    found = (
        sa.select(
            *(token.id, token.name, token.scope, token.account_id, token.seen_at, account.name.label("account"), account.role),
            *(account.unit_id, account.language, col(Unit.name).label("unit")),
        )
        .join(Account, account.id == token.account_id)
        .outerjoin(Unit, col(Unit.id) == account.unit_id)
        .where(token.token_hash == hashed(secret), account.state == AccountState.ACTIVE, ~account.must_change_password, *_alive(at))
    )
    row = session.execute(found).one_or_none()
    return _found(row, at) if row else None


def _found(row: Any, at: datetime) -> FoundToken:
    return FoundToken(
        id=row.id,
        name=row.name,
        scope=row.scope,
        account_id=row.account_id,
        account=row.account,
        role=row.role,
        unit_id=row.unit_id,
        unit=row.unit,
        language=row.language,
        is_first_use=row.seen_at is None,
        is_seen_stale=row.seen_at is None or at - row.seen_at >= _SEEN_EVERY,
    )


def note_token_seen(session: Session, token: FoundToken, address: str, at: datetime) -> None:
    """Mark a token as used now, and enter its first use; asked for by `is_seen_stale`."""
    before = col(ApiToken.seen_at).is_(None) if token.is_first_use else col(ApiToken.seen_at) < at
    seen = session.execute(sa.update(ApiToken).where(col(ApiToken.id) == token.id, before).values(seen_at=at).returning(col(ApiToken.id)))
    if seen.first() is not None and token.is_first_use:
        note(session, Noted(AccessAct.USE_TOKEN, token.actor, address, {"name": token.name}), at)


def _alive(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return col(ApiToken.ended_at).is_(None), col(ApiToken.expires_at) > at
