"""Requests that wait when their task moves on: those it makes moot are withdrawn in the same transaction, each with its entry."""

from sqlalchemy import select
from sqlmodel import Session, col

from models.request import Request, RequestState
from models.task import Task
from rules.requests import is_moot
from rules.transitions import TaskEvent
from services.ledger import Event
from services.occasion import Occasion

WITHDRAW_REQUEST = "withdraw-request"


def settle_waiting(session: Session, task: Task, event: TaskEvent, occasion: Occasion) -> list[Event]:
    """Withdraw the task's waiting requests that `event` makes moot and return their entries; the caller records them with the event's own."""
    waiting = select(Request).where(col(Request.task_id) == task.id, col(Request.state) == RequestState.FILED).order_by(col(Request.id))
    settled = [request for request in session.execute(waiting).scalars() if is_moot(request.kind, event)]
    return [withdrawn(session, task, request, occasion, event.value) for request in settled]


def withdrawn(session: Session, task: Task, request: Request, occasion: Occasion, by: str) -> Event:
    """Withdraw a waiting request and return its entry; `by` is the act that did it, its own withdrawal or the event that settled it."""
    request.state = RequestState.WITHDRAWN
    request.decided_on, request.decided_by = occasion.day, occasion.actor.name
    session.add(request)
    before, after = {"state": RequestState.FILED.value}, {"request": request.id, "kind": request.kind.value, "by": by}
    return Event(WITHDRAW_REQUEST, f"request {request.id}", task.plan_id, task.id, before, after)
