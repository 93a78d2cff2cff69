"""Where the ledger stands: a number that moves on with every act. Two looks at the same position see the same facts."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlmodel import Session, col

from models.ledger import LedgerEntry, LedgerHead
from models.task import Task
from rules.errors import DubanError
from rules.texts import _
from services.changes import table_of
from services.ledger import ACCESS, HOUSE, chain_of

# Made once: a page that is kept costs little else than this question.
_LENGTH = sa.select(sa.func.coalesce(sa.func.sum(table_of(LedgerHead).c.seq), 0))
_OF_ALL = _LENGTH.where(table_of(LedgerHead).c.chain != ACCESS)
_OF_SOME = _LENGTH.where(table_of(LedgerHead).c.chain.in_(sa.bindparam("chains", expanding=True)))


def position_of(connection: Connection | Session, plan_ids: Iterable[int] | None = None) -> int:
    """Return how many acts the house's chain and those of these plans hold (None: all plans). It only ever grows.

    The access log does not count: who came in and who was turned away changes no fact, and is written all the time.
    """
    if plan_ids is None:
        return int(connection.execute(_OF_ALL).scalar_one())
    return int(connection.execute(_OF_SOME, {"chains": [HOUSE, *(chain_of(plan_id) for plan_id in plan_ids)]}).scalar_one())


def last_act_on(session: Session, task_id: int) -> int:
    """Return the number, in its plan's chain, of the last act on a task; 0 where there is none."""
    last = sa.select(sa.func.coalesce(sa.func.max(col(LedgerEntry.seq)), 0)).where(col(LedgerEntry.task_id) == task_id)
    return int(session.execute(last).scalar_one())


def refuse_changed(session: Session, task_id: int, seen: int) -> None:
    """Refuse to act on a task that somebody else acted on since it was shown; until the transaction ends nobody else can. Codes: changed-meanwhile."""
    session.execute(sa.select(col(Task.id)).where(col(Task.id) == task_id).with_for_update()).all()
    if last_act_on(session, task_id) > seen:
        raise DubanError(
            "changed-meanwhile", _("您打开这一页以后，别人办理过这项任务。请看看有什么变化；您填写的内容都还在，核对后可以再次提交")
        )
