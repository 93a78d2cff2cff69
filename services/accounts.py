"""Accounts: the first administrator, further accounts, and who an account name stands for."""

import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from sqlmodel import Session, col, select

from models.account import Account, AccountRole, AccountState
from models.unit import Unit
from notify.channel import MAIL
from rules.errors import DubanError
from rules.rights import Act, Actor, refuse_without_right
from rules.texts import _
from services.contact_register import refuse_unreachable
from services.ledger import Event, record
from services.occasion import Occasion
from services.units import unit_named

FIRST_ADMINISTRATOR = "admin"


@dataclass(frozen=True)
class Way:
    """Where somebody is written to: mail or the name of a robot, and the address there; `language` None stays as it is."""

    channel: str
    address: str
    language: str | None = None


def create_first_administrator(session: Session, occasion: Occasion) -> str | None:
    """Make the first administrator and return its one-time password; None where there is an account already."""
    if session.exec(select(Account.id).limit(1)).first() is not None:
        return None
    return _create(session, Account(name=FIRST_ADMINISTRATOR, role=AccountRole.ADMINISTRATOR, created_at=occasion.at), occasion)


def add_account(session: Session, name: str, role: AccountRole, unit: str | None, occasion: Occasion) -> str:
    """Make an account and return its one-time password, which is stored nowhere. A unit's account needs its unit's registered name; a plan office or
    supervisor given one has its rights only below that unit, without one everywhere.
    """
    refuse_without_right(occasion.actor, Act.MANAGE_ACCOUNTS)
    if role is AccountRole.SYSTEM:
        raise DubanError("bad-role", _("系统账号由程序自用，不能新建"))
    if session.exec(select(Account.id).where(Account.name == name)).first() is not None:
        raise DubanError("account-exists", _("账号 {name} 已经存在，请换一个名字").format(name=name))
    unit_id = unit_named(session, unit) if unit else None
    if role is AccountRole.UNIT and unit_id is None:
        raise DubanError("unit-needed", _("责任单位的账号须用 --unit 写明单位"))
    if role is AccountRole.ADMINISTRATOR and unit_id is not None:
        raise DubanError("unit-needed", _("系统管理员不属于任何单位，请去掉 --unit"))
    return _create(session, Account(name=name, role=role, unit_id=unit_id, created_at=occasion.at), occasion)


def _create(session: Session, account: Account, occasion: Occasion) -> str:
    password = secrets.token_urlsafe(12)
    account.password_hash = PasswordHasher().hash(password)
    session.add(account)
    session.flush()
    after = {"name": account.name, "role": account.role.value, "unit_id": account.unit_id}
    record(session, occasion, Event("add-account", f"account {account.name}", after=after))
    return password


def actor_named(session: Session, name: str) -> Actor:
    """Return whom the account `name` acts as; an unknown or locked account is refused."""
    account = session.exec(select(Account).where(Account.name == name)).first()
    if account is None or account.role is AccountRole.SYSTEM:
        raise DubanError("unknown-account", _("没有账号 {name}，请用 duban account list 查看").format(name=name))
    if account.state is AccountState.LOCKED:
        raise DubanError("account-locked", _("账号 {name} 已停用").format(name=name))
    return Actor(account.id, account.name, account.role, account.unit_id)


def program_actor(session: Session, occasion: Occasion) -> Actor:
    """Return the program's own account as an actor, made the first time: what units report through it must name an account. Nobody logs in as it."""
    account = session.exec(select(Account).where(Account.role == AccountRole.SYSTEM)).first()
    if account is None:
        taken = session.exec(select(Account.id).where(Account.name == occasion.actor.name)).first() is not None
        name = f"{occasion.actor.name}-account" if taken else occasion.actor.name
        account = Account(name=name, role=AccountRole.SYSTEM, must_change_password=False, created_at=occasion.at)
        session.add(account)
        session.flush()
        record(
            session, occasion, Event("add-account", f"account {name}", after={"name": name, "role": account.role.value, "unit_id": None})
        )
    return Actor(account.id, account.name, account.role)


def set_account_address(session: Session, name: str, way: Way | None, occasion: Occasion) -> None:
    """Say where an office's account gets the office's daily digest, None: nowhere. The administrator may, and whoever holds the account.

    Codes: no-right, unknown-account, bad-role (a unit is written to at its contacts, an administrator not at all), bad-address.
    """
    if occasion.actor.name != name:
        refuse_without_right(occasion.actor, Act.MANAGE_ACCOUNTS)
    account = session.exec(select(Account).where(Account.name == name).with_for_update()).first()
    if account is None:
        raise DubanError("unknown-account", _("没有账号 {name}，请用 duban account list 查看").format(name=name))
    if account.role not in (AccountRole.PLAN_OFFICE, AccountRole.SUPERVISOR):
        text = _("只有计划管理部门和督查部门的账号收每日摘要；责任单位的联系人请用 duban unit contact 登记")
        raise DubanError("bad-role", text)
    if way is not None:
        refuse_unreachable(way.channel, way.address)
    before = {"channel": account.channel, "address": account.address, "language": account.language}
    account.channel, account.address = (way.channel, way.address) if way else (MAIL, None)
    account.language = (way and way.language) or account.language
    session.add(account)
    after = {"channel": account.channel, "address": account.address, "language": account.language}
    record(session, occasion, Event("set-address", f"account {name}", before=before, after=after))


@dataclass(frozen=True)
class AccountRow:
    """An account as it is listed; nothing secret. `address` is where an office's account gets the daily digest, by mail or by the robot that `channel` names."""

    name: str
    role: AccountRole
    unit: str | None
    state: AccountState
    channel: str = MAIL
    address: str | None = None


def list_accounts(session: Session) -> list[AccountRow]:
    """Return all accounts in the order they were made."""
    rows = session.exec(select(Account, Unit.name).outerjoin(Unit).order_by(col(Account.id)))
    return [AccountRow(account.name, account.role, unit, account.state, account.channel, account.address) for account, unit in rows]
