"""What becomes of accounts: their role, being locked and unlocked, approved, given another password, asked for a second factor. Powers stay apart.

The system administrator keeps accounts, the security administrator says who may do what; nobody decides about himself, and neither is ever locked as the last of its kind.
Whoever changes here is logged out everywhere, and his tokens and invitations end.
"""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.account import Account, AccountRole, AccountState
from rules.access_acts import AccessAct
from rules.errors import DubanError
from rules.rights import ADMINISTRATORS, Act, may, refuse_without_right, role_name
from rules.texts import _
from services.access.access_log import access_event
from services.access.invitations import end_invitations
from services.access.log_ins import end_all
from services.access.passwords import hash_password, one_time_password
from services.access.tokens import end_all_tokens
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.units import unit_named

_NEVER_WITHOUT = (AccountRole.ADMINISTRATOR, AccountRole.SECURITY_ADMINISTRATOR)


def set_role(session: Session, name: str, role: AccountRole, unit: str | None, occasion: Occasion) -> None:
    """Give an account of an office or a unit another such role, and the unit it is bound to.

    Codes: no-right, unknown-account, own-account, role-apart (an administrator's role is neither given nor taken: another account is made), unit-needed.
    """
    refuse_without_right(occasion.actor, Act.GRANT_RIGHTS)
    account = _another(session, name, occasion)
    if role in (*ADMINISTRATORS, AccountRole.SYSTEM) or account.role in ADMINISTRATORS:
        text = _("三种管理员的角色各自独立，不与其他角色互换（{name} 现为{role}）；需要时请另建账号，把原账号停用")
        raise DubanError("role-apart", text.format(name=name, role=role_name(account.role)))
    unit_id = unit_named(session, unit) if unit else None
    if role is AccountRole.UNIT and unit_id is None:
        raise DubanError("unit-needed", _("责任单位的账号须写明单位"))
    before = {"role": account.role.value, "unit_id": account.unit_id}
    account.role, account.unit_id = role, unit_id
    if role is AccountRole.UNIT:
        account.channel, account.address = "mail", None
    _end_everything(session, account, occasion)
    _enter(session, occasion, Event("set-role", f"account {name}", before=before, after={"role": role.value, "unit_id": unit_id}), account)


def lock_account(session: Session, name: str, occasion: Occasion) -> None:
    """Lock an account: whoever is logged in with it is logged out at once.

    Codes: no-right, unknown-account, account-locked, last-administrator.
    """
    refuse_without_right(occasion.actor, Act.LOCK_ACCOUNT)
    account = _found(session, name)
    if account.state is AccountState.LOCKED:
        raise DubanError("account-locked", _("账号 {name} 已停用").format(name=name))
    _refuse_last(session, account)
    _move(session, account, AccountState.LOCKED, "lock-account", occasion)


def unlock_account(session: Session, name: str, occasion: Occasion) -> None:
    """Let a locked account act again. Codes: no-right, unknown-account, own-account, not-locked."""
    refuse_without_right(occasion.actor, Act.LOCK_ACCOUNT)
    account = _another(session, name, occasion)
    if account.state is not AccountState.LOCKED:
        raise DubanError("not-locked", _("账号 {name} 没有停用").format(name=name))
    _move(session, account, AccountState.ACTIVE, "unlock-account", occasion)


def approve_account(session: Session, name: str, occasion: Occasion) -> None:
    """Approve a new account, which may act from then on. Codes: no-right, unknown-account, own-account, not-waiting."""
    refuse_without_right(occasion.actor, Act.GRANT_RIGHTS)
    account = _another(session, name, occasion)
    if account.state is not AccountState.WAITING:
        raise DubanError("not-waiting", _("账号 {name} 不在等待批准").format(name=name))
    _move(session, account, AccountState.ACTIVE, "approve-account", occasion)


def give_password(session: Session, name: str, occasion: Occasion) -> str:
    """Give an account a new one-time password and return it; it is stored nowhere. An administrator's is given by the security administrator.

    Codes: no-right, unknown-account.
    """
    if not may(occasion.actor, Act.GRANT_RIGHTS):
        refuse_without_right(occasion.actor, Act.MANAGE_ACCOUNTS)
    account = _found(session, name)
    if account.name != occasion.actor.name:
        refuse_without_right(occasion.actor, Act.GRANT_RIGHTS if account.role in ADMINISTRATORS else Act.MANAGE_ACCOUNTS)
    password = one_time_password()
    account.password_hash, account.must_change_password, account.password_set_on = hash_password(password), True, occasion.day
    _end_everything(session, account, occasion)
    event = Event("give-password", f"account {name}", after={"must_change_password": True})
    _enter(session, occasion, event, account, AccessAct.GIVE_PASSWORD)
    return password


def require_second_factor(session: Session, name: str, wanted: bool, occasion: Occasion) -> None:
    """Ask a second factor of an account, or no longer; what is asked of its whole role stays. Codes: no-right, unknown-account."""
    refuse_without_right(occasion.actor, Act.GRANT_RIGHTS)
    account = _found(session, name)
    before = {"needs_second_factor": account.needs_second_factor}
    account.needs_second_factor = wanted
    _enter(
        session, occasion, Event("require-second-factor", f"account {name}", before=before, after={"needs_second_factor": wanted}), account
    )


def remove_second_factor(session: Session, name: str, occasion: Occasion) -> None:
    """Take away the second factor of somebody who lost his telephone. Codes: no-right, unknown-account, own-account, no-second-factor."""
    refuse_without_right(occasion.actor, Act.GRANT_RIGHTS)
    account = _another(session, name, occasion)
    if account.totp_secret is None:
        raise DubanError("no-second-factor", _("账号 {name} 没有启用动态码").format(name=name))
    account.totp_secret = account.totp_step = None
    _end_everything(session, account, occasion)
    _enter(session, occasion, Event("remove-second-factor", f"account {name}"), account, AccessAct.REMOVE_SECOND_FACTOR)


def _move(session: Session, account: Account, state: AccountState, act: str, occasion: Occasion) -> None:
    before = {"state": account.state.value}
    account.state = state
    if state is AccountState.LOCKED:
        _end_everything(session, account, occasion)
    _enter(session, occasion, Event(act, f"account {account.name}", before=before, after={"state": state.value}), account)


def _enter(session: Session, occasion: Occasion, event: Event, account: Account, act: AccessAct | None = None) -> None:
    session.add(account)
    told = [access_event(act, of=account.name)] if act else []
    record_all(session, occasion, [event, *told])


def _end_everything(session: Session, account: Account, occasion: Occasion) -> None:
    assert account.id is not None
    end_all(session, account.id, occasion.at)
    end_all_tokens(session, account.id, occasion.at)
    end_invitations(session, account.id, occasion.at)


def _refuse_last(session: Session, account: Account) -> None:
    """Refuse to lock the last of a kind; the rows of its kind are locked, so that two do not lock each other at once."""
    if account.role not in _NEVER_WITHOUT:
        return
    active = (
        sa.select(col(Account.id)).where(col(Account.role) == account.role, col(Account.state) == AccountState.ACTIVE).with_for_update()
    )
    if set(session.execute(active).scalars()) <= {account.id}:
        text = _("{name} 是最后一个在用的{role}，不能停用；请先再建一个")
        raise DubanError("last-administrator", text.format(name=account.name, role=role_name(account.role)))


def _another(session: Session, name: str, occasion: Occasion) -> Account:
    account = _found(session, name)
    if account.id == occasion.actor.account_id:
        raise DubanError("own-account", _("自己的账号不能由自己办理，请由另一位管理员办理"))
    return account


def _found(session: Session, name: str) -> Account:
    wanted = select(Account).where(Account.name == name, Account.role != AccountRole.SYSTEM).with_for_update()
    account = session.exec(wanted.execution_options(populate_existing=True)).one_or_none()
    if account is None:
        raise DubanError("unknown-account", _("没有账号 {name}，请用 duban account list 查看").format(name=name))
    return account
