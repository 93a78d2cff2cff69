"""Logging in. Whatever is wrong, the same sentence is said, after the same time.

Three steps, so that the database is not held while a password is looked at: the attempt is let in and written down (`admit`), the password is looked at (`prove`), the
log-in is begun or refused (`begin_log_in`). What is refused must be committed too: failures are counted and entered.
"""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlmodel import Session, select

from models.access import LogIn
from models.account import Account, AccountRole, AccountState
from rules.access_acts import AccessAct, day_here
from rules.access_policy import AccessPolicy
from rules.errors import DubanError
from rules.rights import Actor
from rules.texts import _
from services.access.access_log import NOBODY, Noted, note, one_line
from services.access.lock_outs import locked_until, mark_success, write_attempt
from services.access.log_ins import end_lapsed
from services.access.passwords import hash_password, is_password, wants_rehash
from services.access.second_factors import use_code
from services.access.secrets import hashed, new_secret

_LONGEST_AGENT = 200


@dataclass(frozen=True)
class LogInInput:
    """What somebody typed, and where he is: `code` of the second factor is empty for an account without one. `agent` is what the browser says it is."""

    name: str
    password: str
    code: str
    address: str
    agent: str = ""


@dataclass(frozen=True)
class Admitted:
    """An attempt that is written down and may be looked at. `password_hash` is the account's, None where there is none to compare with."""

    attempt_id: int
    account_id: int | None
    password_hash: str | None


@dataclass(frozen=True)
class Proof:
    """What looking at the password showed. `new_hash` is to be kept instead of the old one, where hashing has become harder since."""

    is_right: bool
    new_hash: str | None = None


@dataclass(frozen=True)
class Begun:
    """A log-in that has begun: the secret for the cookie, shown to nobody else, and whose it is."""

    secret: str
    log_in_id: int
    actor: Actor
    language: str


def admit(session: Session, typed: LogInInput, policy: AccessPolicy, at: datetime) -> Admitted | DubanError:
    """Write an attempt down and return it, or the refusal of whoever failed too often, right password or not.

    The refusal is returned, not raised: what was entered must be committed. Codes: locked-out.
    """
    tried = (hashed(typed.name), typed.address)
    account = _account_named(session, typed.name)
    refusal = _refusal_of_lock(session, typed.name, (tried, _actor_of(account)), policy, at)
    if refusal is not None:
        return refusal
    attempt_id = write_attempt(session, tried, at)
    return Admitted(attempt_id, account.id if account else None, account.password_hash if account else None)


def admit_own_proof(session: Session, actor: Actor, address: str, policy: AccessPolicy, at: datetime) -> int | DubanError:
    """Write down that somebody logged in gives his password or code once more, and return the attempt's number: he may not be the one who logged in.

    Failures count for themselves, apart from those of logging in; whoever proves himself marks the attempt with `mark_success`. The refusal is returned, as by `admit`.
    Codes: locked-out.
    """
    tried = (hashed(f"proof {actor.account_id}"), address)
    refusal = _refusal_of_lock(session, actor.name, (tried, actor), policy, at)
    return refusal or write_attempt(session, tried, at)


def _refusal_of_lock(
    session: Session, name: str, whose: tuple[tuple[str, str], Actor], policy: AccessPolicy, at: datetime
) -> DubanError | None:
    tried, actor = whose
    until = locked_until(session, name, tried, policy.lock_out, at)
    if until is None:
        return None
    note(session, Noted(AccessAct.LOCKED_OUT, actor, tried[1]), at)
    minutes = ceil((until - at).total_seconds() / 60)
    return DubanError("locked-out", _("失败次数太多，请过 {minutes} 分钟再试").format(minutes=minutes))


def prove(admitted: Admitted, typed: LogInInput, policy: AccessPolicy) -> Proof:
    """Look at the password; needs no database and takes as long for nobody's as for somebody's."""
    is_right = is_password(admitted.password_hash, typed.password, policy.hash_cost)
    if not is_right or admitted.password_hash is None or not wants_rehash(admitted.password_hash, policy.hash_cost):
        return Proof(is_right)
    return Proof(is_right=True, new_hash=hash_password(typed.password, policy.hash_cost))


def begin_log_in(
    session: Session, admitted: Admitted, given: tuple[LogInInput, Proof], policy: AccessPolicy, at: datetime
) -> Begun | DubanError:
    """Begin the log-in, or return the refusal. Both are entered, and both must be committed. `given` is what was typed and what it proved.

    Codes: log-in-refused, for every reason the same.
    """
    typed, proof = given
    account = _account_named(session, typed.name, locked=True)
    why = _why_not(account, admitted, given, at) or _too_late(account, policy, at)
    if why or account is None or account.id is None:
        note(session, Noted(AccessAct.LOG_IN_FAILED, _actor_of(account), typed.address, {"why": why}), at)
        return DubanError("log-in-refused", _("账号、口令或动态码不对，没有登录；忘记口令的，请与管理员联系"))
    mark_success(session, admitted.attempt_id)
    if proof.new_hash:
        account.password_hash = proof.new_hash
    session.add(account)
    secret = new_secret()
    log_in = LogIn(
        token_hash=hashed(secret),
        form_token=new_secret(),
        account_id=account.id,
        address=typed.address,
        agent=one_line(typed.agent, _LONGEST_AGENT),
        has_second_factor=account.totp_secret is not None,
        started_at=at,
        seen_at=at,
    )
    session.add(log_in)
    session.flush()
    note(session, Noted(AccessAct.LOG_IN, _actor_of(account), typed.address), at)
    end_lapsed(session, policy, at)
    assert log_in.id is not None
    return Begun(secret, log_in.id, _actor_of(account), account.language)


def _why_not(account: Account | None, admitted: Admitted, given: tuple[LogInInput, Proof], at: datetime) -> str:
    """Return the reason that the access log keeps, empty where there is none. A code is used up only behind a right password."""
    typed, proof = given
    if account is None:
        return "unknown"
    if not proof.is_right or account.password_hash != admitted.password_hash:
        return "wrong-password"
    if account.state is not AccountState.ACTIVE:
        return "not-active"
    return "wrong-code" if account.totp_secret and not use_code(account, typed.code, at) else ""


def _too_late(account: Account | None, policy: AccessPolicy, at: datetime) -> str:
    is_one_time = account is not None and account.must_change_password
    return "stale-password" if is_one_time and account and policy.is_stale(account.password_set_on, day_here(at)) else ""


def _account_named(session: Session, name: str, *, locked: bool = False) -> Account | None:
    wanted = select(Account).where(Account.name == name, Account.role != AccountRole.SYSTEM)
    if locked:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return session.exec(wanted).one_or_none()


def _actor_of(account: Account | None) -> Actor:
    return Actor(account.id, account.name, account.role, account.unit_id) if account else NOBODY
