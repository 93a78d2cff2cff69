"""Requests: a lead unit asks for more time, another lead, a pause, an end or other targets; an office answers."""

from typing import Annotated

from fastapi import Query, Request, Response
from sqlmodel import Session

from models.request import RequestKind, RequestState
from services.keyset import PageAsk
from services.occasion import Occasion
from services.request_list import RequestFilter, request_page, show_request
from services.requests import Approval, RequestInput, approve_request, file_request, refuse_request, withdraw_request
from services.task_pages import refuse_no_reader
from web.api.acting import Acting, Done, TaskActing
from web.api.answers import PageOf, listed, page_out, shown
from web.api.caller import Calling, day_asked
from web.api.request_shapes import ApprovalIn, RefusalIn, RequestDecided, RequestFiled, RequestIn, RequestLine, TermsOut
from web.api.routing import REPLAYED, UNCHANGED, guarded
from web.api.values import USUAL_ROWS, After, Limit, OnDay, RequestId, TaskId, TaskQuery

router = guarded("requests")

KindQuery = Annotated[RequestKind | None, Query(description="Only of this kind.")]
StateQuery = Annotated[RequestState | None, Query(description="Only in this state.")]


@router.get("/requests", operation_id="listRequests", response_model=PageOf[RequestLine], summary="List requests")
def list_requests(
    request: Request,
    caller: Calling,
    task: TaskQuery = None,
    kind: KindQuery = None,
    state: StateQuery = None,
    on: OnDay = None,
    after: After = None,
    limit: Limit = USUAL_ROWS,
) -> Response:
    """List the requests that the caller may see, in the order they were filed."""
    wanted = RequestFilter(task_id=task, kind=kind, state=state, as_of=day_asked(on))
    with caller.reading() as session:
        refuse_no_reader(caller.actor)
        page = request_page(session, wanted, PageAsk(after, limit, is_rising=True), caller.actor)
    return listed(request, page_out(page, RequestLine.model_validate))


@router.get("/requests/{request_id}", operation_id="getRequest", response_model=RequestLine, responses=UNCHANGED, summary="Open a request")
def get_request(request: Request, caller: Calling, request_id: RequestId, on: OnDay = None) -> Response:
    """Open a request."""
    with caller.reading() as session:
        return shown(request, RequestLine.model_validate(show_request(session, request_id, day_asked(on), caller.actor)))


@router.post(
    "/tasks/{task_id}/requests",
    operation_id="fileRequest",
    status_code=201,
    response_model=RequestFiled,
    responses={201: REPLAYED},
    summary="File a request",
)
def file(acting: TaskActing, task_id: TaskId, said: RequestIn) -> Response:
    """Ask for something on a task; its lead unit does. An extension is asked for on the due day at the latest, and one of a kind waits at a time."""

    def deed(session: Session, occasion: Occasion) -> Done:
        number = file_request(session, task_id, RequestInput(said.kind, said.reason, said.progress, said.terms), occasion)
        return Done(201, RequestFiled(request_id=number, state=RequestState.FILED), f"/requests/{number}")

    return acting.act(deed, task_id)


@router.post(
    "/requests/{request_id}/approve",
    operation_id="approveRequest",
    response_model=RequestDecided,
    responses={200: REPLAYED},
    summary="Approve",
)
def approve(acting: Acting, request_id: RequestId, said: ApprovalIn | None = None) -> Response:
    """Grant a waiting request and do what it grants; an office does, nobody of the unit that filed it."""
    given = Approval(said.terms, said.words, said.keep_as_support) if said else Approval()

    def deed(session: Session, occasion: Occasion) -> Done:
        show_request(session, request_id, None, occasion.actor)
        granted = approve_request(session, request_id, given, occasion)
        told = RequestDecided(request_id=request_id, state=RequestState.APPROVED, granted=TermsOut.model_validate(granted))
        return Done(200, told)

    return acting.act(deed)


@router.post(
    "/requests/{request_id}/refuse",
    operation_id="refuseRequest",
    response_model=RequestDecided,
    responses={200: REPLAYED},
    summary="Refuse",
)
def refuse(acting: Acting, request_id: RequestId, said: RefusalIn) -> Response:
    """Refuse a waiting request; the task goes on as it stands."""

    def deed(session: Session, occasion: Occasion) -> Done:
        show_request(session, request_id, None, occasion.actor)
        refuse_request(session, request_id, said.reason, occasion)
        return Done(200, RequestDecided(request_id=request_id, state=RequestState.REFUSED))

    return acting.act(deed)


@router.post(
    "/requests/{request_id}/withdraw",
    operation_id="withdrawRequest",
    response_model=RequestDecided,
    responses={200: REPLAYED},
    summary="Take back",
)
def withdraw(acting: Acting, request_id: RequestId) -> Response:
    """Take a waiting request back; the lead unit does."""

    def deed(session: Session, occasion: Occasion) -> Done:
        show_request(session, request_id, None, occasion.actor)
        withdraw_request(session, request_id, occasion)
        return Done(200, RequestDecided(request_id=request_id, state=RequestState.WITHDRAWN))

    return acting.act(deed)
