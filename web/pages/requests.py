"""`/requests`: what units ask for, and the answers to it; what approving would do is shown before."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlmodel import Session, col

from models.request import RequestState
from models.unit import Unit
from rules.errors import DubanError
from rules.requests import Terms, kind_name
from rules.rights import RIGHTS, Act, may, refuse_without_right
from rules.texts import _
from runtime.clock import today
from services.keyset import PageAsk
from services.occasion import Occasion
from services.positions import last_act_on
from services.reach import parties_of
from services.request_effects import effect_of
from services.request_list import RequestFilter, RequestRow, request_page, show_request
from services.requests import Approval, approve_request, refuse_request
from services.rule_sets import rule_set_on
from web.acting import Deed, act
from web.asked import After
from web.forms import Sent, SentForm
from web.refusals import refusal_of
from web.rendering import Page, show
from web.request_view import EffectWords, effect_words, request_sheet, requests_listing, terms_sent
from web.visiting import Visiting, Visitor, reading

router = APIRouter()


@router.get("/requests", response_class=HTMLResponse)
def requests(
    request: Request,
    visitor: Visiting,
    state: Annotated[str, Query(max_length=20)] = RequestState.FILED.value,
    after: After = None,
) -> HTMLResponse:
    """List the requests that the visitor may see, a page at a time."""
    if visitor.role not in RIGHTS[Act.READ]:
        refuse_without_right(visitor.actor, Act.READ)
    wanted = RequestState(state) if state in set(RequestState) else None
    with reading(visitor) as session:
        # What waits is dealt with from the oldest on.
        ask = PageAsk(after, is_rising=wanted is RequestState.FILED)
        page = request_page(session, RequestFilter(state=wanted), ask, visitor.actor)
    return show(request, visitor, Page("desk/listing.html.j2", requests_listing(page, wanted), _("申请和答复")))


@router.get("/requests/{request_id:int}", response_class=HTMLResponse)
def one(request: Request, visitor: Visiting, request_id: int) -> HTMLResponse:
    """Show one request, and what approving it as it was asked for would do."""
    with reading(visitor) as session:
        return show(request, visitor, _page(session, visitor, request_id, None))


@router.post("/requests/{request_id:int}/effect", response_class=HTMLResponse)
def effect(request: Request, visitor: Visiting, sent: Sent, request_id: int) -> HTMLResponse:
    """Show what approving with the typed terms would do. Nothing is written."""
    with reading(visitor) as session:
        page = _page(session, visitor, request_id, sent)
    is_part = request.headers.get("HX-Target") == "effect"
    return show(request, visitor, Page("request/effect.html.j2" if is_part else page.template, page.view, page.title, typed=sent.typed))


@router.post("/requests/{request_id:int}/approve")
def approve(request: Request, visitor: Visiting, sent: Sent, request_id: int) -> Response:
    """Approve with these terms."""

    def do(session: Session, occasion: Occasion) -> None:
        row = show_request(session, request_id, None, occasion.actor)
        approval = Approval(terms_sent(sent, row), sent.text("words"), sent.flag("keep_as_support"))
        approve_request(session, request_id, approval, occasion)

    return _act(request, visitor, sent, request_id, (do, _("已批准，并已照此办理。")))


@router.post("/requests/{request_id:int}/refuse")
def refuse(request: Request, visitor: Visiting, sent: Sent, request_id: int) -> Response:
    """Refuse, with the reason."""
    reason = sent.text("reason")
    return _act(
        request, visitor, sent, request_id, (lambda session, at: refuse_request(session, request_id, reason, at), _("已答复：不批准。"))
    )


def _act(
    request: Request, visitor: Visitor, sent: SentForm, request_id: int, deed: tuple[Callable[[Session, Occasion], object], str]
) -> Response:
    do, said = deed

    def seen(session: Session, occasion: Occasion) -> object:
        # What the visitor may not see does not exist for him, whatever he sends.
        show_request(session, request_id, None, occasion.actor)
        return do(session, occasion)

    return act(request, visitor, sent, Deed(seen, "/requests", said, lambda session: _page(session, visitor, request_id, None)))


def _page(session: Session, visitor: Visitor, request_id: int, sent: SentForm | None) -> Page:
    row = show_request(session, request_id, None, visitor.actor)
    given, effect = Terms(), None
    if row.state is RequestState.FILED and may(visitor.actor, Act.DECIDE_REQUEST, parties_of(session, row.task)):
        given, effect = _effect(session, visitor, row, sent)
    names = session.scalars(select(col(Unit.name)).where(col(Unit.is_open).is_(False)).order_by(col(Unit.id)).limit(2000)).all()
    view = request_sheet(row, effect, given, (last_act_on(session, row.task), names))
    return Page("request/request.html.j2", view, _("第 {id} 号{kind}申请").format(id=row.id, kind=kind_name(row.kind)))


def _effect(session: Session, visitor: Visitor, row: RequestRow, sent: SentForm | None) -> tuple[Terms, EffectWords]:
    day = today()
    try:
        given = terms_sent(sent, row) if sent else Terms()
        return given, effect_words(effect_of(session, row.id, given, visitor.actor, day, rule_set_on(session, day)))
    except DubanError as error:
        return Terms(), EffectWords(refusal=refusal_of(error).text)
