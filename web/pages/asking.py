"""`/tasks/…/request`: a lead unit asks for more time, another lead, a pause, an end or other targets, and takes back what still waits."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from models.request import RequestKind
from rules.errors import DubanError
from rules.requests import Figure, Terms, kind_name
from rules.rights import Act
from rules.texts import _
from runtime.clock import today
from services.facts import TaskRecord
from services.occasion import Occasion
from services.request_list import RequestFilter, list_requests
from services.requests import RequestInput, file_request, withdraw_request
from services.share_sheets import figure_said
from web.acting import Deed, act
from web.asking_view import asking_page
from web.forms import Sent, SentForm
from web.rendering import Page, show
from web.task_head import open_task
from web.visiting import Visiting, Visitor, reading

router = APIRouter()


@router.get("/tasks/{task_id:int}/request")
def asking(
    request: Request, visitor: Visiting, task_id: int, kind: Annotated[RequestKind, Query()] = RequestKind.EXTENSION
) -> HTMLResponse:
    """Show the form for a request of this kind."""
    with reading(visitor) as session:
        return show(request, visitor, _asking(session, visitor, task_id, kind))


@router.post("/tasks/{task_id:int}/request")
def ask(request: Request, visitor: Visiting, sent: Sent, task_id: int) -> Response:
    """File a request."""
    kind = _kind(sent)

    def do(session: Session, occasion: Occasion) -> int:
        record = open_task(session, visitor, task_id, Act.FILE_REQUEST, occasion.day).record
        asked = RequestInput(kind, sent.text("reason"), sent.text("progress"), _terms(sent, kind, record))
        return file_request(session, task_id, asked, occasion)

    deed = Deed(
        do=do,
        to=f"/tasks/{task_id}/request",
        said=_("{kind}申请已提出，等待答复").format(kind=kind_name(kind)),
        again=lambda session: _asking(session, visitor, task_id, kind, sent),
        task_id=task_id,
    )
    return act(request, visitor, sent, deed)


@router.post("/tasks/{task_id:int}/requests/{request_id:int}/withdraw")
def withdraw(request: Request, visitor: Visiting, sent: Sent, task_id: int, request_id: int) -> Response:
    """Take back a request that waits."""

    def do(session: Session, occasion: Occasion) -> None:
        if request_id not in {row.id for row in list_requests(session, RequestFilter(task_id=task_id))}:
            raise DubanError("unknown-request", _("没有第 {id} 号申请").format(id=request_id))
        withdraw_request(session, request_id, occasion)

    deed = Deed(
        do=do,
        to=f"/tasks/{task_id}/request",
        said=_("申请已撤回"),
        again=lambda session: _asking(session, visitor, task_id, RequestKind.EXTENSION, sent),
        task_id=task_id,
    )
    return act(request, visitor, sent, deed)


def _asking(session: Session, visitor: Visitor, task_id: int, kind: RequestKind, sent: SentForm | None = None) -> Page:
    opened = open_task(session, visitor, task_id, Act.FILE_REQUEST, today(), sent.seen if sent else None)
    earlier = list_requests(session, RequestFilter(task_id=task_id))
    return Page("task_acts/request.html.j2", asking_page(opened.head, opened.record, kind, earlier), _("提出申请"))


def _kind(sent: SentForm) -> RequestKind:
    written = sent.text("kind")
    return RequestKind(written) if written in set(RequestKind) else RequestKind.EXTENSION


def _terms(sent: SentForm, kind: RequestKind, record: TaskRecord) -> Terms:
    """Return what the fields of this kind say."""
    if kind is RequestKind.EXTENSION:
        return Terms(due_on=sent.day("due_on"))
    if kind is RequestKind.REASSIGNMENT:
        return Terms(unit=sent.text("unit") or None)
    if kind is RequestKind.SUSPENSION:
        days = sent.number("days")
        return Terms(days=None if days is None else int(days))
    if kind is RequestKind.TARGET_CHANGE:
        given = {one.measure: sent.text(f"target-{number}") for number, one in enumerate(record.facts.targets)}
        return Terms(targets={measure: _figure(written) for measure, written in given.items() if written})
    return Terms()


def _figure(written: str) -> Figure:
    found = figure_said(written)
    return found.low if found.low == found.high else (found.low, found.high)
