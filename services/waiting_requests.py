"""Requests that wait when their task moves on: those it makes moot are withdrawn in the same transaction, each with its entry."""

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models.request import Request, RequestState
from models.task import Task
from rules.requests import is_moot
from rules.transitions import TaskEvent
from services.ledger import Event
from services.occasion import Occasion
from services.prepared import Prepared
from services.standing import Standing

WITHDRAW_REQUEST = "withdraw-request"


_WAITING = Prepared(
    select(col(Request.id), col(Request.kind))
    .where(col(Request.task_id) == bindparam("task"), col(Request.state) == RequestState.FILED)
    .order_by(col(Request.id))
)


def settle_waiting(session: Session, task: Standing, event: TaskEvent, occasion: Occasion) -> list[Event]:
    """Withdraw the task's waiting requests that `event` makes moot and return their entries; the caller records them with the event's own."""
    if not task.has_waiting:
        return []
    moot = [request_id for request_id, kind in _WAITING.rows(session, {"task": task.id}) if is_moot(kind, event)]
    settled = [session.get_one(Request, request_id) for request_id in moot]
    return [withdrawn(session, task, request, occasion, event.value) for request in settled]


def withdrawn(session: Session, task: Task | Standing, request: Request, occasion: Occasion, by: str) -> Event:
    """Withdraw a waiting request and return its entry; `by` is the act that did it, its own withdrawal or the event that settled it."""
    request.state = RequestState.WITHDRAWN
    request.decided_on, request.decided_by = occasion.day, occasion.actor.name
    session.add(request)
    before, after = {"state": RequestState.FILED.value}, {"request": request.id, "kind": request.kind.value, "by": by}
    return Event(WITHDRAW_REQUEST, f"request {request.id}", task.plan_id, task.id, before, after)
