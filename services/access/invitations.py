"""Invitations: a link by which somebody sets the password of an account, once, within seven days. For those who have no password yet, or lost it.

Who may invite whom follows from who answers for whom: the plan office invites units (a bound one, those below it), the system administrator offices too, administrators are
given a one-time password instead.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.access import Invitation
from models.account import Account, AccountRole, AccountState
from models.unit import Unit
from rules.access_acts import AccessAct, day_here
from rules.access_policy import AccessPolicy
from rules.errors import DubanError
from rules.rights import Act, Actor, Parties, refuse_without_right
from rules.texts import _
from services.access.access_log import Noted, access_event
from services.access.access_log import note as note_access
from services.access.log_ins import end_all
from services.access.passwords import locked_account, put_password
from services.access.secrets import hashed, new_secret
from services.access.tokens import end_all_tokens
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.reach import UnitTree, read_tree
from services.units import unit_named

LIVES_DAYS = 7
_LONGEST_NAME = 60
_NOWHERE = Parties(0)
_INVITED = {
    AccountRole.ADMINISTRATOR: (AccountRole.UNIT, AccountRole.PLAN_OFFICE, AccountRole.SUPERVISOR),
    AccountRole.PLAN_OFFICE: (AccountRole.UNIT,),
}


@dataclass(frozen=True)
class Invited:
    """A unit's account with the secret of its invitation, which is shown this once. `is_new`: the account was made with it."""

    unit_id: int
    unit: str
    account: str
    secret: str
    expires_at: datetime
    is_new: bool = True


@dataclass(frozen=True)
class OpenInvitation:
    """What the page behind a link shows before anything is typed."""

    account_id: int
    account: str
    unit: str | None
    expires_at: datetime


def invite(session: Session, name: str, occasion: Occasion) -> str:
    """Return the secret of a new invitation for the account; an earlier one ends. Its password goes on working until the invitation is used.

    Codes: no-right, not-your-area, unknown-account, account-locked.
    """
    account = session.exec(select(Account).where(Account.name == name, Account.role != AccountRole.SYSTEM).with_for_update()).one_or_none()
    unit_id = account.unit_id if account and account.role is AccountRole.UNIT else None
    _refuse_inviting(occasion.actor, read_tree(session), unit_id)
    if account is None or account.role not in _INVITED[occasion.actor.role]:
        raise DubanError("unknown-account", _("没有可以邀请的账号 {name}").format(name=name))
    if account.state is AccountState.LOCKED:
        raise DubanError("account-locked", _("账号 {name} 已停用").format(name=name))
    secret = _made(session, account, occasion)
    note_access(session, Noted(AccessAct.INVITE, occasion.actor, "", {"of": name}), occasion.at)
    return secret


def invite_units(
    session: Session,
    below: str | None,
    policy: AccessPolicy,
    occasion: Occasion,
    along: Callable[[Sequence[Unit]], Iterable[Unit]] = iter,
) -> list[Invited]:
    """Make an account, called like the unit, and an invitation for every unit that has none and is asked anything: all of them, or those below one.

    Sets of units whose members are not named yet, and units that have ended, get none. `along` goes through the units, and may show how far it is. Codes: no-right,
    not-your-area, unknown-unit.
    """
    units = units_to_invite(session, below, occasion.actor)
    taken = set(session.exec(select(Account.name)))
    made, events = [], []
    for unit in along(units):
        state = AccountState.WAITING if policy.new_accounts_wait else AccountState.ACTIVE
        name = _free_name(unit.name, taken)
        account = Account(name=name, role=AccountRole.UNIT, unit_id=unit.id, state=state, created_at=occasion.at)
        taken.add(account.name)
        session.add(account)
        session.flush()
        secret = _made(session, account, occasion)
        made.append(Invited(unit.id or 0, unit.name, account.name, secret, occasion.at + timedelta(days=LIVES_DAYS)))
        after = {"name": account.name, "role": account.role.value, "unit_id": unit.id}
        events += [Event("add-account", f"account {account.name}", after=after), access_event(AccessAct.INVITE, of=account.name)]
    record_all(session, occasion, events)
    return made


def units_to_invite(session: Session, below: str | None, actor: Actor) -> Sequence[Unit]:
    """Return the units that would be invited, for a look before. Codes: no-right, not-your-area, unknown-unit."""
    tree = read_tree(session)
    refuse_without_right(actor, Act.INVITE, None if below is None else tree.parties(_known(session, below)))
    upper_id = unit_named(session, below) if below else None
    return [unit for unit in _without_account(session) if upper_id is None or tree.is_below(unit.id or 0, upper_id)]


def find_invitation(session: Session, secret: str, at: datetime) -> OpenInvitation | None:
    """Return the invitation of this secret; None where it never was, was used, has ended or expired, or its account is locked: all alike."""
    found = (
        sa.select(col(Account.id), col(Account.name), col(Unit.name), col(Invitation.expires_at))
        .join(Account, col(Account.id) == col(Invitation.account_id))
        .outerjoin(Unit, col(Unit.id) == col(Account.unit_id))
        .where(col(Invitation.secret_hash) == hashed(secret), col(Account.state) != AccountState.LOCKED, *_open(at))
    )
    row = session.execute(found).tuples().one_or_none()
    return OpenInvitation(*row) if row else None


def use_invitation(session: Session, typed: tuple[str, str], address: str, policy: AccessPolicy, at: datetime) -> str:
    """Set the account's password by its invitation and return the account's name; `typed` is the secret and the new password. Log-ins and tokens from before end.

    Codes: unknown-invitation, and those of `rules.access_policy.refuse_weak`.
    """
    secret, password = typed
    invitation = find_invitation(session, secret, at)
    account = locked_account(session, invitation.account_id) if invitation else None
    # Looked at again behind the lock: of two who use it at once, the second is refused.
    if account is None or find_invitation(session, secret, at) is None:
        raise DubanError("unknown-invitation", _("这个邀请已经用过、已过期或不存在；请与发给您的机构联系，重新要一个"))
    occasion = Occasion(Actor(account.id, account.name, account.role, account.unit_id), day_here(at), at)
    before = {"must_change_password": account.must_change_password}
    put_password(session, account, password, policy, occasion)
    session.execute(sa.update(Invitation).where(col(Invitation.secret_hash) == hashed(secret)).values(used_at=at))
    assert account.id is not None
    end_all(session, account.id, at)
    end_all_tokens(session, account.id, at)
    event = Event("set-password", f"account {account.name}", before=before, after={"must_change_password": False})
    record_all(session, occasion, [event, access_event(AccessAct.USE_INVITATION, address)])
    return account.name


def end_invitations(session: Session, account_id: int, at: datetime) -> None:
    """End the open invitations of an account; whoever asks for it records why."""
    session.execute(sa.update(Invitation).where(col(Invitation.account_id) == account_id, *_open(at)).values(ended_at=at))


def _made(session: Session, account: Account, occasion: Occasion) -> str:
    assert account.id is not None
    end_invitations(session, account.id, occasion.at)
    secret = new_secret()
    lives_until = occasion.at + timedelta(days=LIVES_DAYS)
    invitation = Invitation(
        account_id=account.id,
        secret_hash=hashed(secret),
        made_by=occasion.actor.name,
        made_at=occasion.at,
        expires_at=lives_until,
    )
    session.add(invitation)
    session.flush()
    return secret


def _refuse_inviting(actor: Actor, tree: UnitTree, unit_id: int | None) -> None:
    """Asked before anything is looked at: whoever may not invite is not told which accounts there are. A bound office's own unit is not below it."""
    parties = tree.parties(unit_id) if unit_id is not None and unit_id != actor.unit_id else _NOWHERE
    refuse_without_right(actor, Act.INVITE, parties)


def _known(session: Session, name: str) -> int:
    found = session.exec(select(Unit.id).where(Unit.name == name)).one_or_none()
    return found or 0


def _without_account(session: Session) -> Sequence[Unit]:
    has_one = sa.select(col(Account.id)).where(col(Account.unit_id) == col(Unit.id), col(Account.role) == AccountRole.UNIT).exists()
    wanted = select(Unit).where(~has_one, ~col(Unit.is_open), col(Unit.valid_to).is_(None), col(Unit.successor_id).is_(None))
    return session.exec(wanted.order_by(col(Unit.id))).all()


def _free_name(unit: str, taken: set[str]) -> str:
    """Return the unit's name as an account's, with a number behind it where another account has it."""
    plain = unit[:_LONGEST_NAME]
    numbered = (f"{unit[: _LONGEST_NAME - 4]}-{number}" for number in range(2, 1000))
    return next(name for name in (plain, *numbered) if name not in taken)


def _open(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return col(Invitation.used_at).is_(None), col(Invitation.ended_at).is_(None), col(Invitation.expires_at) > at
