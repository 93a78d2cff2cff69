"""The gate of the flows: one slot for each flow and day (or period), so that two runs do its work once.

A scheduler may start a run twice, late or beside another one. Whoever takes the slot works; everybody else is told why not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from models.publication import JobSlot, SlotState

# Longer than any run may take: after it a running slot is taken over even where nobody can tell whether its owner still lives.
LEASE = timedelta(hours=6)


class SlotAnswer(StrEnum):
    """What a run that asks for a slot is told."""

    TAKEN = "taken"
    DONE = "done"
    HELD = "held"


@dataclass(frozen=True)
class SlotClaim:
    """Who asks for which slot, and when. `slot` is the day or period the work is for, `owner` names the process."""

    flow: str
    slot: str
    owner: str
    at: datetime


def take_slot(session: Session, claim: SlotClaim, is_gone: Callable[[str], bool]) -> SlotAnswer:
    """Take the slot for this run, or say that its work is done or in other hands. Commit before working.

    1. The row is inserted; its unique key lets one of two runs through. 2. Where it exists, a failed one, one whose owner `is_gone` and one older
    than the lease are taken over, by an update that names the state and owner just read, so that only one of two heirs succeeds.
    """
    if _insert(session, claim):
        return SlotAnswer.TAKEN
    found = session.exec(select(JobSlot).where(JobSlot.flow == claim.flow, JobSlot.slot == claim.slot)).one()
    if found.state is SlotState.DONE:
        return SlotAnswer.DONE
    if found.state is SlotState.RUNNING and not is_gone(found.owner) and claim.at - found.started_at < LEASE:
        return SlotAnswer.HELD
    return SlotAnswer.TAKEN if _inherit(session, found, claim) else SlotAnswer.HELD


def finish_slot(session: Session, claim: SlotClaim, at: datetime, summary: Mapping[str, Any]) -> bool:
    """Mark the work as done, for good. False where another run has taken the slot over meanwhile."""
    return _end(session, claim, at, SlotState.DONE, summary)


def fail_slot(session: Session, claim: SlotClaim, at: datetime, summary: Mapping[str, Any]) -> bool:
    """Mark the work as failed: the next run takes it up. False where another run has taken the slot over meanwhile."""
    return _end(session, claim, at, SlotState.FAILED, summary)


def give_slot_back(session: Session, claim: SlotClaim) -> bool:
    """Leave the slot as if it had not been taken: the work goes on another time. False where another run has taken the slot over meanwhile."""
    given = (
        delete(JobSlot)
        .where(col(JobSlot.flow) == claim.flow, col(JobSlot.slot) == claim.slot, col(JobSlot.state) == SlotState.RUNNING)
        .where(col(JobSlot.owner) == claim.owner, col(JobSlot.started_at) == claim.at)
    )
    return bool(session.connection().execute(given).rowcount)


def is_slot_done(session: Session, flow: str, slot: str) -> bool:
    """Tell whether the work of that day or period is done."""
    done = select(JobSlot.id).where(JobSlot.flow == flow, JobSlot.slot == slot, JobSlot.state == SlotState.DONE)
    return session.exec(done).first() is not None


def last_slots(session: Session) -> dict[str, JobSlot]:
    """Return the slot that each flow took last."""
    last = select(JobSlot.flow, func.max(JobSlot.started_at).label("at")).group_by(JobSlot.flow).subquery()
    rows = session.exec(select(JobSlot).join(last, (col(JobSlot.flow) == last.c.flow) & (col(JobSlot.started_at) == last.c.at)))
    return {row.flow: row for row in rows.all()}


def _insert(session: Session, claim: SlotClaim) -> bool:
    try:
        with session.begin_nested():
            session.add(JobSlot(flow=claim.flow, slot=claim.slot, owner=claim.owner, started_at=claim.at))
    except IntegrityError:
        return False
    return True


def _inherit(session: Session, found: JobSlot, claim: SlotClaim) -> bool:
    mine = (
        update(JobSlot)
        .where(col(JobSlot.id) == found.id, col(JobSlot.state) == found.state, col(JobSlot.owner) == found.owner)
        .where(col(JobSlot.started_at) == found.started_at)
        .values(state=SlotState.RUNNING, owner=claim.owner, started_at=claim.at, finished_at=None, summary={})
        .execution_options(synchronize_session=False)
    )
    return bool(session.connection().execute(mine).rowcount)


def _end(session: Session, claim: SlotClaim, at: datetime, state: SlotState, summary: Mapping[str, Any]) -> bool:
    ended = (
        update(JobSlot)
        .where(col(JobSlot.flow) == claim.flow, col(JobSlot.slot) == claim.slot, col(JobSlot.state) == SlotState.RUNNING)
        .where(col(JobSlot.owner) == claim.owner, col(JobSlot.started_at) == claim.at)
        .values(state=state, finished_at=at, summary=dict(summary))
    )
    return bool(session.connection().execute(ended).rowcount)
