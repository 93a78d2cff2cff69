"""The house in figures, for whoever watches the machine: what waits, what is overdue, when each flow last did its work, and how many acts of each kind there are.

Nothing of it names a plan, a unit or a person.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry, LedgerHead
from models.notice import Message, MessageState
from models.plan import Plan, PlanState
from models.publication import JobSlot, SlotState
from models.task import Task, TaskState

_ENDED = (TaskState.COMPLETED, TaskState.CLOSED, TaskState.CANCELLED)


@dataclass(frozen=True)
class HouseFigures:
    """The figures. `messages` counts every state that is not yet or not well sent; `done_at` and `failed_at` are the last ends of each flow, good and bad."""

    messages: Mapping[MessageState, int]
    overdue: int
    entries: int
    done_at: Mapping[str, datetime]
    failed_at: Mapping[str, datetime]


def house_figures(session: Session, day: date) -> HouseFigures:
    """Return the figures as of `day`."""
    unsent = [state for state in MessageState if state is not MessageState.SENT]
    messages = sa.select(col(Message.state), sa.func.count()).where(col(Message.state).in_(unsent)).group_by(col(Message.state))
    counted = dict(session.execute(messages).tuples().all())
    overdue = (
        sa.select(sa.func.count())
        .select_from(Task)
        .join(Plan, col(Plan.id) == col(Task.plan_id))
        .where(col(Plan.state) == PlanState.IN_FORCE, col(Task.state).not_in(_ENDED), col(Task.due_on) < day)
    )
    return HouseFigures(
        messages={state: counted.get(state, 0) for state in unsent},
        overdue=session.execute(overdue).scalar_one(),
        entries=int(session.execute(sa.select(sa.func.coalesce(sa.func.sum(col(LedgerHead.seq)), 0))).scalar_one()),
        done_at=_last_ends(session, SlotState.DONE),
        failed_at=_last_ends(session, SlotState.FAILED),
    )


@dataclass
class ActTally:
    """The ledger's entries counted by kind of act. The first count reads the whole ledger; every later one only what was entered since, chain by chain."""

    counts: Counter[str] = field(default_factory=Counter)
    _read_to: dict[str, int] = field(default_factory=dict)

    def count_on(self, snapshot: Session) -> Mapping[str, int]:
        """Return the counts as of the snapshot, which must see heads and entries of the same moment."""
        heads = dict(snapshot.execute(sa.select(col(LedgerHead.chain), col(LedgerHead.seq))).tuples().all())
        entries = sa.select(col(LedgerEntry.act), sa.func.count()).group_by(col(LedgerEntry.act))
        if not self._read_to:
            self._add(snapshot, entries)
        else:
            for chain, seq in heads.items():
                known = self._read_to.get(chain, 0)
                if seq > known:
                    self._add(snapshot, entries.where(col(LedgerEntry.chain) == chain, col(LedgerEntry.seq) > known))
        self._read_to = heads
        return self.counts

    def _add(self, snapshot: Session, counted: sa.Select[tuple[str, int]]) -> None:
        self.counts.update(dict(snapshot.execute(counted).tuples().all()))


def _last_ends(session: Session, state: SlotState) -> Mapping[str, datetime]:
    ends = sa.select(col(JobSlot.flow), sa.func.max(col(JobSlot.finished_at))).where(col(JobSlot.state) == state)
    return {flow: at for flow, at in session.execute(ends.group_by(col(JobSlot.flow))).tuples() if at is not None}
