"""`/notices`: formal notices, their papers, and a person's acts on them: issue after a second look, set aside with a reason, enter a receipt."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from models.account import AccountRole
from models.notice import NoticeLevel, NoticeState
from reports.notice_paper import notice_paper
from rules.errors import DubanError
from rules.notice_words import level_name
from rules.rights import RIGHTS, Act, may, refuse_without_right
from rules.texts import _
from runtime.clock import today
from services.cases.opening import open_from_notice
from services.keyset import PageAsk
from services.notice_issuing import IssueOrder, issue_notice, preview_issue
from services.notice_list import NoticeFilter, NoticeRow, issued_view, notice_page, show_notice
from services.notices import receive_notice, set_aside_notice, unknown_notice
from services.occasion import Occasion
from services.reach import parties_of
from web.acting import Deed, act, occasion_of
from web.asked import After
from web.forms import Sent, SentForm
from web.notice_view import Drafted, NoticeActs, issue_ask, notice_sheet, notices_listing
from web.office_views import Ask
from web.papers import file_answer, notice_press, paper_answer
from web.refusals import refusal_of
from web.rendering import Page, show
from web.second_look import second_look
from web.visiting import Visiting, Visitor, reading

router = APIRouter()
_GONE_OUT = (NoticeState.ISSUED, NoticeState.RECEIVED)


@router.get("/notices", response_class=HTMLResponse)
def notices(
    request: Request,
    visitor: Visiting,
    state: Annotated[str | None, Query(max_length=20)] = None,
    after: After = None,
) -> HTMLResponse:
    """List the notices that the visitor may see, a page at a time: to an office those that wait for it, to a unit all that went out to it."""
    if visitor.role not in RIGHTS[Act.READ]:
        refuse_without_right(visitor.actor, Act.READ)
    chosen = state or (NoticeState.PREPARED.value if visitor.is_office else "all")
    wanted = NoticeState(chosen) if chosen in set(NoticeState) else None
    with reading(visitor) as session:
        # What waits for a person is dealt with from the oldest on.
        ask = PageAsk(after, is_rising=wanted is NoticeState.PREPARED)
        page = notice_page(session, NoticeFilter(wanted, is_present=True), today(), ask, visitor.actor)
    listing = notices_listing(page, wanted, is_office=visitor.is_office)
    return show(request, visitor, Page("desk/listing.html.j2", listing, _("督办通知单")))


@router.get("/notices/{notice_id:int}", response_class=HTMLResponse)
def one(request: Request, visitor: Visiting, notice_id: int) -> HTMLResponse:
    """Show one notice with its paper and what may be done with it."""
    with reading(visitor) as session:
        return show(request, visitor, _page(session, visitor, notice_id))


@router.get("/notices/{notice_id:int}/paper", response_class=HTMLResponse)
def paper(visitor: Visiting, notice_id: int) -> HTMLResponse:
    """Show the paper: as it went out, or as it would go out with nothing typed."""
    with reading(visitor) as session:
        show_notice(session, notice_id, today(), visitor.actor)
        view = issued_view(session, notice_id)
        if view is None:
            view = preview_issue(session, notice_id, IssueOrder(), notice_press(visitor), occasion_of(visitor)).paper
        return paper_answer(notice_paper(view))


@router.post("/notices/{notice_id:int}/paper", response_class=HTMLResponse)
def typed_paper(visitor: Visiting, sent: Sent, notice_id: int) -> HTMLResponse:
    """Show the paper as it would go out with what was typed. Nothing is written or sent."""
    with reading(visitor) as session:
        show_notice(session, notice_id, today(), visitor.actor)
        draft = preview_issue(session, notice_id, _order(sent), notice_press(visitor), occasion_of(visitor))
        return paper_answer(notice_paper(draft.paper))


@router.get("/notices/{notice_id:int}/file")
def file(visitor: Visiting, notice_id: int) -> Response:
    """Give the issued paper, byte for byte as it went out."""
    with reading(visitor) as session:
        row = show_notice(session, notice_id, today(), visitor.actor)
    if row.sha256 is None:
        raise unknown_notice(notice_id)
    return file_answer(f"{row.doc_no}.docx", visitor.context.store.read(row.sha256))


@router.post("/notices/{notice_id:int}/issue")
def issue(request: Request, visitor: Visiting, sent: Sent, notice_id: int) -> Response:
    """Ask once more, with the paper and whom it goes to; after the yes issue it."""
    if not sent.flag("yes"):
        return _ask(request, visitor, sent, notice_id)
    press = notice_press(visitor)
    do = lambda session, at: issue_notice(session, notice_id, _order(sent), press, at)  # noqa: E731
    return _act(request, visitor, sent, notice_id, (do, _("已签发，消息已放入发件箱。")))


@router.post("/notices/{notice_id:int}/set-aside")
def set_aside(request: Request, visitor: Visiting, sent: Sent, notice_id: int) -> Response:
    """Decide not to issue it, with the reason."""
    reason = sent.text("reason")
    return _act(request, visitor, sent, notice_id, (lambda session, at: set_aside_notice(session, notice_id, reason, at), _("已搁置。")))


@router.post("/notices/{notice_id:int}/receipt")
def receipt(request: Request, visitor: Visiting, sent: Sent, notice_id: int) -> Response:
    """Enter who signed for it at the unit."""
    name = sent.text("receiver")
    return _act(request, visitor, sent, notice_id, (lambda session, at: receive_notice(session, notice_id, name, at), _("签收已登记。")))


@router.post("/notices/{notice_id:int}/case")
def open_case(request: Request, visitor: Visiting, sent: Sent, notice_id: int) -> Response:
    """Open a case of a proposal that the ladder made."""

    def do(session: Session, occasion: Occasion) -> int:
        show_notice(session, notice_id, occasion.day, occasion.actor)
        return open_from_notice(session, notice_id, occasion, sent.text("basis"))

    return act(
        request, visitor, sent, Deed(do, lambda case: f"/cases/{case}", _("已立案。"), lambda session: _page(session, visitor, notice_id))
    )


def _ask(request: Request, visitor: Visitor, sent: SentForm, notice_id: int) -> Response:
    def look(session: Session) -> tuple[Ask, str]:
        row = show_notice(session, notice_id, today(), visitor.actor)
        draft = preview_issue(session, notice_id, _order(sent), notice_press(visitor), occasion_of(visitor))
        fields = tuple((name, sent.text(name)) for name in ("demand", "limit_on", "contact"))
        return issue_ask(row, Drafted(draft, fields=fields)), _("签发{level}").format(level=level_name(row.level))

    return second_look(request, visitor, sent, look, lambda session: _page(session, visitor, notice_id))


def _act(
    request: Request, visitor: Visitor, sent: SentForm, notice_id: int, deed: tuple[Callable[[Session, Occasion], object], str]
) -> Response:
    do, said = deed

    def seen(session: Session, occasion: Occasion) -> object:
        # What the visitor may not see does not exist for him, whatever he sends.
        show_notice(session, notice_id, occasion.day, occasion.actor)
        return do(session, occasion)

    return act(request, visitor, sent, Deed(seen, f"/notices/{notice_id}", said, lambda session: _page(session, visitor, notice_id)))


def _order(sent: SentForm) -> IssueOrder:
    return IssueOrder(sent.text("demand"), sent.day("limit_on"), sent.text("contact") or None)


def _page(session: Session, visitor: Visitor, notice_id: int) -> Page:
    row = show_notice(session, notice_id, today(), visitor.actor)
    acts = _acts(session, visitor, row)
    view = notice_sheet(row, acts, _drafted(session, visitor, row) if acts.issue else Drafted())
    return Page("notice/notice.html.j2", view, row.doc_no or _("{level}（未编号）").format(level=level_name(row.level)))


def _drafted(session: Session, visitor: Visitor, row: NoticeRow) -> Drafted:
    try:
        return Drafted(preview_issue(session, row.id, IssueOrder(), notice_press(visitor), occasion_of(visitor)))
    except DubanError as error:
        return Drafted(refusal=refusal_of(error).text)


def _acts(session: Session, visitor: Visitor, row: NoticeRow) -> NoticeActs:
    parties, is_prepared = parties_of(session, row.task_id), row.state is NoticeState.PREPARED
    goes_out = row.level is not NoticeLevel.ACCOUNTABILITY
    receives = goes_out and may(visitor.actor, Act.RECEIVE_NOTICE, parties)
    is_unit = visitor.role is AccountRole.UNIT
    return NoticeActs(
        issue=is_prepared and may(visitor.actor, Act.ISSUE_NOTICE, parties),
        set_aside=is_prepared and may(visitor.actor, Act.SET_ASIDE_NOTICE, parties),
        receive=receives and not is_unit and row.state is NoticeState.ISSUED,
        answer=receives and is_unit and row.state in _GONE_OUT,
        open_case=not goes_out and row.state is not NoticeState.SET_ASIDE and may(visitor.actor, Act.OPEN_CASE, parties),
    )
