"""Passwords: checked against the house's policy, hashed with argon2, hashed anew when the parameters of hashing were raised.

Looking at a password takes as long for a name that there is not as for one that there is.
"""

import secrets
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlmodel import Session, col

from models.access import OldPassword
from models.account import Account
from models.unit import Unit
from rules.access_acts import AccessAct
from rules.access_policy import LONGEST, AccessPolicy, HashCost, refuse_weak
from rules.errors import DubanError
from rules.texts import _
from services.access.access_log import access_event
from services.access.log_ins import end_all
from services.ledger import Event, record_all
from services.occasion import Occasion

if TYPE_CHECKING:
    from argon2 import PasswordHasher

_COST = HashCost()
# Each takes 64 MiB while it is reckoned; a crowd that guesses must not take the machine's memory.
_AT_ONCE = BoundedSemaphore(4)


@dataclass(frozen=True)
class OwnPassword:
    """What the holder of an account types to get another password. `log_in_id` is the log-in he does it in, which goes on while all others end."""

    account_id: int
    old: str
    new: str
    address: str = ""
    log_in_id: int | None = None


def hash_password(password: str, cost: HashCost = _COST) -> str:
    """Return the hash that is kept of a password."""
    with _AT_ONCE:
        return _hasher(cost).hash(password)


def is_password(password_hash: str | None, password: str, cost: HashCost = _COST) -> bool:
    """Tell whether the password is the one hashed; None or an unreadable hash is nobody's, which takes just as long to say."""
    if len(password) > LONGEST:
        password = ""
    from argon2.exceptions import InvalidHashError, VerificationError

    compared_with = password_hash or _nobodys_hash(cost)
    try:
        with _AT_ONCE:
            return _hasher(cost).verify(compared_with, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def refuse_wrong_password(session: Session, account_id: int, password: str) -> None:
    """Refuse unless this is the account's password: whoever finds a browser left open shall take nothing away that outlives the log-in. Codes: wrong-password."""
    kept = session.execute(sa.select(col(Account.password_hash)).where(col(Account.id) == account_id)).scalar_one()
    if not is_password(kept, password):
        raise DubanError("wrong-password", _("口令不对，没有办理"))


def wants_rehash(password_hash: str, cost: HashCost) -> bool:
    """Tell whether the hash was made with other parameters than new ones are."""
    return _hasher(cost).check_needs_rehash(password_hash)


@cache
def _hasher(cost: HashCost) -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(cost.passes, cost.memory_kib, cost.lanes)


@cache
def _nobodys_hash(cost: HashCost) -> str:
    return hash_password(secrets.token_urlsafe(), cost)


def one_time_password() -> str:
    """Return a password that an administrator hands over; it must be changed when it is first used."""
    return secrets.token_urlsafe(12)


def change_own_password(session: Session, typed: OwnPassword, policy: AccessPolicy, occasion: Occasion) -> None:
    """Give an account the password that its holder chose, and end its other log-ins.

    Codes: wrong-password, password-same, password-used, and those of `rules.access_policy.refuse_weak`.
    """
    account = locked_account(session, typed.account_id)
    if not is_password(account.password_hash, typed.old):
        raise DubanError("wrong-password", _("原口令不对，口令没有改"))
    if typed.new == typed.old:
        raise DubanError("password-same", _("新口令与原口令相同，请换一个"))
    before = {"must_change_password": account.must_change_password}
    put_password(session, account, typed.new, policy, occasion)
    end_all(session, typed.account_id, occasion.at, except_id=typed.log_in_id)
    record_all(
        session,
        occasion,
        [
            Event("set-password", f"account {account.name}", before=before, after={"must_change_password": False}),
            access_event(AccessAct.SET_PASSWORD, typed.address),
        ],
    )


def put_password(session: Session, account: Account, password: str, policy: AccessPolicy, occasion: Occasion) -> None:
    """Check a password that somebody chose and put it on the account; the caller records it. Codes: password-used, and those of `refuse_weak`."""
    unit = session.get(Unit, account.unit_id) if account.unit_id else None
    refuse_weak(password, (account.name, *((unit.name,) if unit else ())), policy)
    _refuse_used(session, account, password, policy)
    if policy.remembered and account.password_hash and account.id is not None:
        session.add(OldPassword(account_id=account.id, password_hash=account.password_hash, set_at=occasion.at))
    account.password_hash = hash_password(password, policy.hash_cost)
    account.must_change_password = False
    account.password_set_on = occasion.day
    session.add(account)


def _refuse_used(session: Session, account: Account, password: str, policy: AccessPolicy) -> None:
    """The password of now counts among those that are remembered."""
    if not policy.remembered:
        return
    of_account = sa.select(col(OldPassword.password_hash)).where(col(OldPassword.account_id) == account.id)
    older = session.execute(of_account.order_by(col(OldPassword.id).desc()).limit(policy.remembered - 1)).scalars()
    if any(is_password(hashed, password) for hashed in (account.password_hash, *older)):
        raise DubanError("password-used", _("最近 {count} 个用过的口令不能再用，请换一个").format(count=policy.remembered))


def locked_account(session: Session, account_id: int) -> Account:
    """Return an account with its row locked: of two who change it at once, one waits."""
    wanted = sa.select(Account).where(col(Account.id) == account_id).with_for_update()
    found = session.execute(wanted.execution_options(populate_existing=True)).scalar_one()
    assert isinstance(found, Account)
    return found
