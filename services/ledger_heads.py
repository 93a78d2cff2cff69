"""Where every chain of the ledger ends now, so that somebody outside the house can keep it and hold the ledger against it later."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from models.ledger import LedgerHead
from rules.errors import DubanError
from rules.rights import Act, Actor, may
from rules.texts import _


def ledger_heads(session: Session, actor: Actor) -> Sequence[LedgerHead]:
    """Return every chain's head by the chain's name, to who reads the whole house or its access log. Codes: no-right."""
    if not (may(actor, Act.READ) or may(actor, Act.READ_ACCESS_LOG)):
        raise DubanError("no-right", _("账号 {name} 不能查看全部台账的链尾").format(name=actor.name))
    return session.execute(select(LedgerHead).order_by(col(LedgerHead.chain))).scalars().all()
