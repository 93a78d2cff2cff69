"""Who an account name stands for: what every command asks that is given one, so it needs one table only."""

from sqlmodel import Session, select

from models.account import Account, AccountRole, AccountState
from rules.errors import DubanError
from rules.rights import Actor
from rules.texts import _


def actor_named(session: Session, name: str) -> Actor:
    """Return whom the account `name` acts as; an unknown, locked or not yet approved account is refused."""
    account = session.exec(select(Account).where(Account.name == name)).first()
    if account is None or account.role is AccountRole.SYSTEM:
        raise DubanError("unknown-account", _("没有账号 {name}，请用 duban account list 查看").format(name=name))
    if account.state is AccountState.LOCKED:
        raise DubanError("account-locked", _("账号 {name} 已停用").format(name=name))
    if account.state is AccountState.WAITING:
        raise DubanError("account-waiting", _("账号 {name} 还没有经安全管理员批准").format(name=name))
    return Actor(account.id, account.name, account.role, account.unit_id)
