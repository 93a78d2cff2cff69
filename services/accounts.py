"""Accounts: the first administrator, further accounts, and who an account name stands for."""

from dataclasses import dataclass

from sqlalchemy import or_
from sqlmodel import Session, col, select

from models.account import Account, AccountRole, AccountState
from models.unit import Unit
from notify.channel import MAIL
from rules.access_policy import ASVS, AccessPolicy
from rules.errors import DubanError
from rules.rights import ADMINISTRATORS, Act, Actor, may, refuse_without_right
from rules.texts import _
from services.access.access_log import NOBODY
from services.access.passwords import hash_password, one_time_password
from services.contact_register import refuse_unreachable
from services.keyset import KeyPage, PageAsk, by_number, page_of
from services.ledger import Event, record
from services.occasion import Occasion
from services.units import unit_named

FIRST_ADMINISTRATOR = "admin"
_LONGEST_NAME = 60


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


@dataclass(frozen=True)
class NewAccount:
    """An account to be made. A unit's needs its unit's registered name; an office's given one has its rights only below that unit, without one everywhere."""

    name: str
    role: AccountRole
    unit: str | None = None


def add_account(session: Session, wanted: NewAccount, policy: AccessPolicy, occasion: Occasion) -> str:
    """Make an account and return its one-time password, which is stored nowhere.

    It waits for the security administrator where the policy wants that, and always where it is an administrator's and there is somebody to approve it: the first of
    each kind is made by the system administrator. Codes: no-right, bad-role, bad-account-name, account-exists, unit-needed, unknown-unit.
    """
    refuse_without_right(occasion.actor, Act.MANAGE_ACCOUNTS)
    if wanted.role is AccountRole.SYSTEM:
        raise DubanError("bad-role", _("系统账号由程序自用，不能新建"))
    _refuse_bad_name(session, wanted.name)
    unit_id = unit_named(session, wanted.unit) if wanted.unit else None
    if wanted.role is AccountRole.UNIT and unit_id is None:
        raise DubanError("unit-needed", _("责任单位的账号须写明单位（--unit）"))
    if wanted.role in ADMINISTRATORS and unit_id is not None:
        raise DubanError("unit-needed", _("管理员不属于任何单位，请去掉 --unit"))
    state = AccountState.WAITING if _waits(session, wanted.role, policy) else AccountState.ACTIVE
    return _create(
        session, Account(name=wanted.name, role=wanted.role, unit_id=unit_id, state=state, created_at=occasion.at), occasion, policy
    )


def _refuse_bad_name(session: Session, name: str) -> None:
    if not 1 <= len(name) <= _LONGEST_NAME or name != name.strip() or not name.isprintable() or name == NOBODY.name:
        raise DubanError("bad-account-name", _("账号名须为 1 到 {most} 个字符，前后没有空格").format(most=_LONGEST_NAME))
    if session.exec(select(Account.id).where(Account.name == name)).first() is not None:
        raise DubanError("account-exists", _("账号 {name} 已经存在，请换一个名字").format(name=name))


def _waits(session: Session, role: AccountRole, policy: AccessPolicy) -> bool:
    """Tell whether a new account of the role waits. Nobody is there to approve the first security administrator."""
    approving = select(Account.id).where(Account.role == AccountRole.SECURITY_ADMINISTRATOR, Account.state == AccountState.ACTIVE)
    can_be_approved = session.exec(approving.limit(1)).first() is not None
    if role in ADMINISTRATORS:
        return can_be_approved
    return policy.new_accounts_wait


def _create(session: Session, account: Account, occasion: Occasion, policy: AccessPolicy = ASVS) -> str:
    password = one_time_password()
    account.password_hash, account.password_set_on = hash_password(password, policy.hash_cost), occasion.day
    session.add(account)
    session.flush()
    after = {"name": account.name, "role": account.role.value, "unit_id": account.unit_id}
    record(session, occasion, Event("add-account", f"account {account.name}", after=after))
    return password


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

    id: int
    name: str
    role: AccountRole
    unit: str | None
    state: AccountState
    channel: str = MAIL
    address: str | None = None
    has_password: bool = True
    has_second_factor: bool = False
    needs_second_factor: bool = False


def list_accounts(session: Session, actor: Actor | None = None) -> list[AccountRow]:
    """Return all accounts in the order they were made. When somebody last logged in is not told: nobody is judged by it.

    Nobody named (None) is whoever holds the database. Codes: no-right.
    """
    refuse_without_right_to_look(actor)
    rows = session.exec(select(Account, Unit.name).outerjoin(Unit).order_by(col(Account.id)))
    return [_row(account, unit) for account, unit in rows]


@dataclass(frozen=True)
class AccountFilter:
    """Which accounts are wanted; empty or None lets all pass. `words` are a part of the account's name or of its unit's."""

    words: str = ""
    role: AccountRole | None = None
    state: AccountState | None = None


def account_page(session: Session, wanted: AccountFilter, ask: PageAsk, actor: Actor) -> KeyPage[AccountRow]:
    """Return a page of the accounts that people use. Codes: no-right."""
    refuse_without_right_to_look(actor)
    numbers = select(Account.id).outerjoin(Unit).where(Account.role != AccountRole.SYSTEM)
    if wanted.words:
        named = (col(column).contains(wanted.words, autoescape=True) for column in (Account.name, Unit.name))
        numbers = numbers.where(or_(*named))
    stored = {Account.role: wanted.role, Account.state: wanted.state}
    numbers = numbers.where(*(col(column) == value for column, value in stored.items() if value is not None))
    rows = select(Account, Unit.name).outerjoin(Unit)
    return page_of(session, numbers, ask, lambda ids: by_number([_row(*row) for row in session.exec(rows.where(col(Account.id).in_(ids)))]))


def account_with_id(session: Session, account_id: int, actor: Actor) -> AccountRow:
    """Return one account. Codes: no-right, unknown-account."""
    refuse_without_right_to_look(actor)
    row = session.exec(select(Account, Unit.name).outerjoin(Unit).where(Account.id == account_id)).one_or_none()
    if row is None or row[0].role is AccountRole.SYSTEM:
        raise DubanError("unknown-account", _("没有账号 {name}，请用 duban account list 查看").format(name=account_id))
    return _row(*row)


def refuse_without_right_to_look(actor: Actor | None) -> None:
    """Refuse whoever neither keeps accounts nor says who may do what. Codes: no-right."""
    if actor is not None and not may(actor, Act.GRANT_RIGHTS):
        refuse_without_right(actor, Act.MANAGE_ACCOUNTS)


def _row(account: Account, unit: str | None) -> AccountRow:
    return AccountRow(
        account.id or 0,
        account.name,
        account.role,
        unit,
        account.state,
        account.channel,
        account.address,
        has_password=account.password_hash is not None,
        has_second_factor=account.totp_secret is not None,
        needs_second_factor=account.needs_second_factor,
    )


def has_second_factor(session: Session, account_id: int) -> bool:
    """Tell whether the account has set up a second factor."""
    return session.exec(select(Account.totp_secret).where(Account.id == account_id)).one() is not None
