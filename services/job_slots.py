"""The gate of the flows: one slot for each flow and day (or period), so that two runs do its work once.

A scheduler may start a run twice, late or beside another one. Whoever takes the slot works; everybody else is told why not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Delete, Update, delete, func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from models.publication import JobSlot, SlotState

# Longer than any run may take: after it a running slot is taken over even from a process that seems to live.
LEASE = timedelta(hours=6)
# Of a run on another machine nobody can ask whether it lives: it shows so every half minute, and is given up when it has not for this long.
SILENCE = timedelta(minutes=5)


class SlotAnswer(StrEnum):
    """What a run that asks for a slot is told."""

    TAKEN = "taken"
    DONE = "done"
    HELD = "held"


@dataclass(frozen=True)
class SlotClaim:
    """Who asks for which slot, and when. `slot` is the day or period the work is for, `owner` names machine and process, `run` the scheduler's run, if any."""

    flow: str
    slot: str
    owner: str
    at: datetime
    run: str = ""


def take_slot(session: Session, claim: SlotClaim, is_gone: Callable[[str], bool]) -> SlotAnswer:
    """Take the slot for this run, or say that its work is done or in other hands. Commit before working.

    1. The row is inserted; its unique key lets one of two runs through. 2. Where it exists, a failed one and one that was left (`is_left`) are
    taken over, by an update that names the state and owner just read, so that only one of two heirs succeeds.
    """
    if _insert(session, claim):
        return SlotAnswer.TAKEN
    found = session.exec(select(JobSlot).where(JobSlot.flow == claim.flow, JobSlot.slot == claim.slot)).one()
    if found.state is SlotState.DONE:
        return SlotAnswer.DONE
    if found.state is SlotState.RUNNING and not is_left(found, claim.owner, claim.at, is_gone):
        return SlotAnswer.HELD
    return SlotAnswer.TAKEN if _inherit(session, found, claim) else SlotAnswer.HELD


def is_left(slot: JobSlot, asker: str, at: datetime, is_gone: Callable[[str], bool]) -> bool:
    """Tell whether a running slot was left by its owner: a process that `is_gone`, one of another machine that went silent, or one older than the lease."""
    if is_gone(slot.owner) or at - slot.started_at >= LEASE:
        return True
    shown = slot.summary.get("alive_at")
    last = datetime.fromisoformat(shown) if shown else slot.started_at
    return _machine(slot.owner) != _machine(asker) and at - last >= SILENCE


def show_life(session: Session, claim: SlotClaim, at: datetime) -> bool:
    """Write down that the slot's work goes on. False where another run has taken the slot over meanwhile."""
    alive = _own(update(JobSlot), claim).values(summary={**_summary(claim), "alive_at": at.isoformat()})
    return bool(session.connection().execute(alive).rowcount)


def finish_slot(session: Session, claim: SlotClaim, at: datetime, summary: Mapping[str, Any]) -> bool:
    """Mark the work as done, for good. False where another run has taken the slot over meanwhile."""
    return _end(session, claim, at, SlotState.DONE, summary)


def fail_slot(session: Session, claim: SlotClaim, at: datetime, summary: Mapping[str, Any]) -> bool:
    """Mark the work as failed: the next run takes it up. False where another run has taken the slot over meanwhile."""
    return _end(session, claim, at, SlotState.FAILED, {**_summary(claim), **summary})


def give_slot_back(session: Session, claim: SlotClaim) -> bool:
    """Leave the slot as if it had not been taken: the work goes on another time. False where another run has taken the slot over meanwhile."""
    return bool(session.connection().execute(_own(delete(JobSlot), claim)).rowcount)


def is_slot_done(session: Session, flow: str, slot: str) -> bool:
    """Tell whether the work of that day or period is done."""
    done = select(JobSlot.id).where(JobSlot.flow == flow, JobSlot.slot == slot, JobSlot.state == SlotState.DONE)
    return session.exec(done).first() is not None


def last_slots(session: Session) -> dict[str, JobSlot]:
    """Return the slot that each flow took last."""
    last = select(JobSlot.flow, func.max(JobSlot.started_at).label("at")).group_by(JobSlot.flow).subquery()
    rows = session.exec(select(JobSlot).join(last, (col(JobSlot.flow) == last.c.flow) & (col(JobSlot.started_at) == last.c.at)))
    return {row.flow: row for row in rows.all()}


def slots_of_runs(session: Session, since: datetime) -> dict[str, JobSlot]:
    """Return the slots not done that runs of a scheduler took since then, by the run."""
    open_slots = select(JobSlot).where(JobSlot.state != SlotState.DONE, JobSlot.started_at >= since).order_by(col(JobSlot.started_at))
    return {slot.summary["run"]: slot for slot in session.exec(open_slots) if "run" in slot.summary}


def _machine(owner: str) -> str:
    return owner.partition(":")[0]


def _summary(claim: SlotClaim) -> dict[str, Any]:
    return {"run": claim.run} if claim.run else {}


Statement = TypeVar("Statement", Update, Delete)


def _own(statement: Statement, claim: SlotClaim) -> Statement:
    """Cut a statement down to the slot as this claim has it: nothing where another run has taken it over."""
    return (
        statement.where(col(JobSlot.flow) == claim.flow, col(JobSlot.slot) == claim.slot, col(JobSlot.state) == SlotState.RUNNING)
        .where(col(JobSlot.owner) == claim.owner, col(JobSlot.started_at) == claim.at)
        .execution_options(synchronize_session=False)
    )


def _insert(session: Session, claim: SlotClaim) -> bool:
    try:
        with session.begin_nested():
            session.add(JobSlot(flow=claim.flow, slot=claim.slot, owner=claim.owner, started_at=claim.at, summary=_summary(claim)))
    except IntegrityError:
        return False
    return True


def _inherit(session: Session, found: JobSlot, claim: SlotClaim) -> bool:
    mine = (
        update(JobSlot)
        .where(col(JobSlot.id) == found.id, col(JobSlot.state) == found.state, col(JobSlot.owner) == found.owner)
        .where(col(JobSlot.started_at) == found.started_at)
        .values(state=SlotState.RUNNING, owner=claim.owner, started_at=claim.at, finished_at=None, summary=_summary(claim))
        .execution_options(synchronize_session=False)
    )
    return bool(session.connection().execute(mine).rowcount)


def _end(session: Session, claim: SlotClaim, at: datetime, state: SlotState, summary: Mapping[str, Any]) -> bool:
    ended = _own(update(JobSlot), claim).values(state=state, finished_at=at, summary=dict(summary))
    return bool(session.connection().execute(ended).rowcount)
