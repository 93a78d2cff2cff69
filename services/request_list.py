"""Requests as they are listed and shown with a task. Who may see the task sees its requests; whoever filed one sees it after losing the task, too."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from models.plan import PlanItem
from models.request import Request, RequestKind, RequestState
from models.task import Task
from models.unit import Unit
from rules.requests import Terms, terms_from
from rules.rights import Act, Actor, may
from services.keyset import KeyPage, PageAsk, by_number, page_of
from services.reach import parties_of_all, readable
from services.requests import unknown_request
from services.task_rows import among


@dataclass(frozen=True)
class RequestRow:
    """A request: `wanted` is what was asked for, `granted` what it was approved with."""

    id: int
    task: int
    title: str
    unit: str
    kind: RequestKind
    state: RequestState
    reason: str
    progress: str
    wanted: Terms
    granted: Terms
    filed_on: date
    filed_by: str
    decided_on: date | None
    decided_by: str | None
    decision: str | None


@dataclass(frozen=True)
class RequestFilter:
    """Which requests are wanted, as they stood at the end of `as_of` (None: now); None lets all pass. `unit` is a part of the name of the unit that filed it.

    `ids` are their numbers, where a page of them was chosen before.
    """

    task_id: int | None = None
    unit: str | None = None
    kind: RequestKind | None = None
    state: RequestState | None = None
    as_of: date | None = None
    id: int | None = None
    ids: tuple[int, ...] | None = None


def show_request(session: Session, request_id: int, day: date | None, actor: Actor) -> RequestRow:
    """Return one request as it stood on `day` (None: now). Codes: unknown-request, for one the actor may not see too."""
    found = list_requests(session, RequestFilter(id=request_id, as_of=day), actor)
    if not found:
        raise unknown_request(request_id)
    return found[0]


def list_requests(session: Session, wanted: RequestFilter, actor: Actor | None = None) -> list[RequestRow]:
    """Return the requests the actor may see in the order they were filed; without an actor all of them."""
    rows = (
        select(Request, col(Task.label), col(PlanItem.title), col(Unit.name))
        .join(Task, col(Task.id) == col(Request.task_id))
        .join(PlanItem, col(PlanItem.id) == col(Task.item_id))
        .join(Unit, col(Unit.id) == col(Request.unit_id))
        .order_by(col(Request.id))
    )
    rows = rows.where(*_conditions(wanted))
    found = [row for row in session.execute(rows).tuples() if wanted.unit is None or wanted.unit in row[3]]
    parties = {} if actor is None else parties_of_all(session, rows.with_only_columns(col(Request.task_id)).order_by(None))
    return [
        _row_on(wanted.as_of, _row(request, f"{title}（{label}）", unit))
        for request, label, title, unit in found
        if actor is None or actor.unit_id == request.unit_id or may(actor, Act.READ, parties[request.task_id])
    ]


def request_page(session: Session, wanted: RequestFilter, ask: PageAsk, actor: Actor) -> KeyPage[RequestRow]:
    """Return a page of the requests that pass the filter and that the actor may see."""
    numbers, own = select(col(Request.id)).where(*_conditions(wanted)), readable(actor)
    if own is not None:
        numbers = numbers.where((col(Request.unit_id) == actor.unit_id) | col(Request.task_id).in_(own))
    return page_of(session, numbers, ask, lambda ids: by_number(list_requests(session, replace(wanted, ids=tuple(ids)), actor)))


def _conditions(wanted: RequestFilter) -> Iterator[ColumnElement[bool]]:
    for column, value in ((col(Request.id), wanted.id), (col(Request.task_id), wanted.task_id), (col(Request.kind), wanted.kind)):
        if value is not None:
            yield column == value
    if wanted.ids is not None:
        yield among(col(Request.id), wanted.ids)
    if wanted.as_of is not None:
        yield col(Request.filed_on) <= wanted.as_of
    if wanted.state is not None:
        yield _stood(wanted.state, wanted.as_of)


def _stood(state: RequestState, day: date | None) -> ColumnElement[bool]:
    """Return the condition that a request was in this state on `day`: an answer given later is not known yet."""
    if day is None:
        return col(Request.state) == state
    if state is RequestState.FILED:
        return (col(Request.state) == state) | (col(Request.decided_on) > day)
    return (col(Request.state) == state) & (col(Request.decided_on).is_(None) | (col(Request.decided_on) <= day))


def requests_of_unit(session: Session, unit_id: int, since: date) -> list[RequestRow]:
    """Return the requests a unit filed that wait for an answer, and those answered since that day, the newest first."""
    rows = (
        select(Request, col(Task.label), col(PlanItem.title), col(Unit.name))
        .join(Task, col(Task.id) == col(Request.task_id))
        .join(PlanItem, col(PlanItem.id) == col(Task.item_id))
        .join(Unit, col(Unit.id) == col(Request.unit_id))
        .where(col(Request.unit_id) == unit_id, (col(Request.state) == RequestState.FILED) | (col(Request.decided_on) >= since))
        .order_by(col(Request.id).desc())
    )
    return [_row(request, f"{title}（{label}）", unit) for request, label, title, unit in session.execute(rows).tuples()]


def _row_on(day: date | None, row: RequestRow) -> RequestRow:
    """Return the request as it stood on `day`: an answer given later is not known yet."""
    if day is None or row.decided_on is None or row.decided_on <= day:
        return row
    return replace(row, state=RequestState.FILED, granted=Terms(), decided_on=None, decided_by=None, decision=None)


def _row(request: Request, title: str, unit: str) -> RequestRow:
    assert request.id is not None
    return RequestRow(
        id=request.id,
        task=request.task_id,
        title=title,
        unit=unit,
        kind=request.kind,
        state=request.state,
        reason=request.reason,
        progress=request.progress,
        wanted=terms_from(request.wanted),
        granted=terms_from(request.granted),
        filed_on=request.filed_on,
        filed_by=request.filed_by,
        decided_on=request.decided_on,
        decided_by=request.decided_by,
        decision=request.decision,
    )
