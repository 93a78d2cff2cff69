"""What the house's own data says of its health on a day: who cannot be reached, what did not go out, how fresh the ledger is. Asked by `duban doctor`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from models.account import Account, AccountRole, AccountState
from models.ledger import LedgerEntry, LedgerHead
from models.notice import UNDELIVERED, Message, MessageState
from models.plan import Plan, PlanState
from models.publication import JobSlot
from models.task import Assignment, AssignmentRole, Task, TaskState
from models.unit import Contact, Unit
from services.job_slots import last_slots

_ENDED = (TaskState.COMPLETED, TaskState.CLOSED, TaskState.CANCELLED)


@dataclass(frozen=True)
class Health:
    """The facts, none judged. `unreached` are units that lead open tasks and have no contact, `waiting` messages not handed over yet, the oldest of `waiting_since`."""

    last_entry_at: datetime | None
    entries: int
    headless_chains: Sequence[str]
    unreached: Sequence[str]
    messages: Mapping[MessageState, int]
    waiting_since: date | None
    office_with_address: Sequence[str]
    slots: Mapping[str, JobSlot]


def health_of(session: Session) -> Health:
    """Read the facts."""
    entries = sa.select(sa.func.max(col(LedgerEntry.at)), sa.func.count())
    last_at, count = session.execute(entries).tuples().one()
    counted = sa.select(col(Message.state), sa.func.count()).where(col(Message.state).in_(UNDELIVERED)).group_by(col(Message.state))
    waiting = sa.select(sa.func.min(col(Message.day))).where(col(Message.state) == MessageState.PENDING)
    return Health(
        last_entry_at=last_at,
        entries=count,
        headless_chains=_chains_that_do_not_end_at_their_head(session),
        unreached=_unreached(session),
        messages=dict(session.execute(counted).tuples().all()),
        waiting_since=session.execute(waiting).scalar_one(),
        office_with_address=_office(session),
        slots=last_slots(session),
    )


def _chains_that_do_not_end_at_their_head(session: Session) -> list[str]:
    """Return chains whose last entry is not the one their head names: a quick look, where `ledger verify` reads everything."""
    last = sa.select(col(LedgerEntry.chain), sa.func.max(col(LedgerEntry.seq)).label("seq"), sa.func.count().label("count"))
    ends = last.group_by(col(LedgerEntry.chain)).subquery()
    heads = sa.select(col(LedgerHead.chain), col(LedgerHead.seq), ends.c.seq, ends.c.count, col(LedgerHead.hash), col(LedgerEntry.hash))
    heads = heads.outerjoin(ends, ends.c.chain == col(LedgerHead.chain)).outerjoin(
        LedgerEntry, (col(LedgerEntry.chain) == col(LedgerHead.chain)) & (col(LedgerEntry.seq) == col(LedgerHead.seq))
    )
    rows = session.execute(heads.where(col(LedgerHead.seq) > 0).order_by(col(LedgerHead.chain)))
    return [row[0] for row in rows if not (row[1] == row[2] == row[3] and row[4] == row[5])]


def _unreached(session: Session) -> list[str]:
    reached = sa.select(col(Contact.id)).where(col(Contact.unit_id) == col(Unit.id))
    led = (
        sa.select(col(Unit.name))
        .join(Assignment, col(Assignment.unit_id) == col(Unit.id))
        .join(Task, col(Task.id) == col(Assignment.task_id))
        .join(Plan, col(Plan.id) == col(Task.plan_id))
        .where(col(Assignment.role) == AssignmentRole.LEAD, col(Task.state).not_in(_ENDED), col(Plan.state) == PlanState.IN_FORCE)
    )
    return list(session.execute(led.where(~reached.exists()).distinct().order_by(col(Unit.name))).scalars())


def _office(session: Session) -> list[str]:
    offices = (AccountRole.PLAN_OFFICE, AccountRole.SUPERVISOR)
    found = sa.select(col(Account.name)).where(col(Account.role).in_(offices), col(Account.address).is_not(None))
    return list(session.execute(found.where(col(Account.state) == AccountState.ACTIVE).order_by(col(Account.name))).scalars())
