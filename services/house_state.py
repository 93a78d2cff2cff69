"""How the house's own machinery stands: what the outbox holds, the bulletins published, and the last work of every flow. Nothing of it is about a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.notice import Message, MessageState
from models.publication import Publication, PublicationKind, SlotState
from services.job_slots import last_slots


@dataclass(frozen=True)
class PaperRow:
    """A published bulletin."""

    period: str
    year: int
    number: int
    published_on: date


@dataclass(frozen=True)
class SlotRow:
    """The work of a flow for a day or period: how it stands and when it was last touched."""

    flow: str
    slot: str
    state: SlotState
    at: datetime


@dataclass(frozen=True)
class HouseState:
    """The messages counted by state (each state has its number), the latest bulletins, and the last slot of each flow by its name."""

    messages: Mapping[MessageState, int]
    papers: Sequence[PaperRow]
    slots: Mapping[str, SlotRow]


def house_state(session: Session, length: int = 6) -> HouseState:
    """Return how the house stands now, with the latest `length` bulletins."""
    return HouseState(_messages(session), _papers(session, length), _slots(session))


def _messages(session: Session) -> Mapping[MessageState, int]:
    counted = session.execute(select(col(Message.state), func.count()).group_by(col(Message.state))).tuples().all()
    return {state: dict(counted).get(state, 0) for state in MessageState}


def _papers(session: Session, length: int) -> list[PaperRow]:
    columns = (col(Publication.period), col(Publication.year), col(Publication.number), col(Publication.published_on))
    latest = select(*columns).where(col(Publication.kind) == PublicationKind.BULLETIN)
    latest = latest.order_by(col(Publication.published_at).desc()).limit(length)
    return [PaperRow(*row) for row in session.execute(latest).tuples()]


def _slots(session: Session) -> Mapping[str, SlotRow]:
    return {flow: SlotRow(flow, slot.slot, slot.state, slot.finished_at or slot.started_at) for flow, slot in last_slots(session).items()}
