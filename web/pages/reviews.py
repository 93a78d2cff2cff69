"""`/reviews` and `/tasks/…/review`: a submission beside its evidence, and the verdicts on it: complete, return, write off, reopen; a report sent back or accepted."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from rules.rights import RIGHTS, Act, refuse_without_right
from rules.texts import _
from runtime.clock import today
from services.desk import submissions
from services.occasion import Occasion
from services.reach import parties_of, refuse_unseen
from services.review_files import review_file
from services.reviews import Verdict, review_report
from services.rule_sets import rule_set_on
from services.tasks import close_task, complete_task, reopen_task, return_task
from web.acting import Deed, act
from web.forms import Sent, SentForm
from web.rendering import Page, show
from web.review_view import MOST_LISTED, review_page, reviews_listing
from web.visiting import Visiting, Visitor, reading

router = APIRouter()


@router.get("/reviews", response_class=HTMLResponse)
def reviews(request: Request, visitor: Visiting) -> HTMLResponse:
    """List the submissions that the visitor may review."""
    if visitor.role not in RIGHTS[Act.COMPLETE]:
        refuse_without_right(visitor.actor, Act.COMPLETE)
    with reading(visitor) as session:
        found = submissions(session, visitor.actor, MOST_LISTED)
    return show(request, visitor, Page("desk/listing.html.j2", reviews_listing(found), _("待审核的办结申请")))


@router.get("/tasks/{task_id:int}/review", response_class=HTMLResponse)
def review(request: Request, visitor: Visiting, task_id: int) -> HTMLResponse:
    """Show the claim of one task beside what bears it out."""
    with reading(visitor) as session:
        return show(request, visitor, _page(session, visitor, task_id))


@router.post("/tasks/{task_id:int}/complete")
def complete(request: Request, visitor: Visiting, sent: Sent, task_id: int) -> Response:
    """Accept the submission."""
    return _act(request, visitor, sent, task_id, (lambda session, at: complete_task(session, task_id, at), _("已办结。"), "/reviews"))


@router.post("/tasks/{task_id:int}/return")
def return_(request: Request, visitor: Visiting, sent: Sent, task_id: int) -> Response:
    """Send the submission back."""

    def do(session: Session, occasion: Occasion) -> None:
        return_task(session, task_id, sent.text("reason"), occasion, sent.day("limit_on"))

    return _act(request, visitor, sent, task_id, (do, _("已退回，单位会收到退回的理由。"), "/reviews"))


@router.post("/tasks/{task_id:int}/close")
def close(request: Request, visitor: Visiting, sent: Sent, task_id: int) -> Response:
    """Write the task off."""
    return _act(request, visitor, sent, task_id, (lambda session, at: close_task(session, task_id, at), _("已销号。"), ""))


@router.post("/tasks/{task_id:int}/reopen")
def reopen(request: Request, visitor: Visiting, sent: Sent, task_id: int) -> Response:
    """Take the task up again."""
    reason = sent.text("reopen_reason")
    return _act(request, visitor, sent, task_id, (lambda session, at: reopen_task(session, task_id, reason, at), _("已重新承办。"), ""))


@router.post("/tasks/{task_id:int}/reports/{period}/review")
def review_one_report(request: Request, visitor: Visiting, sent: Sent, task_id: int, period: str) -> Response:
    """Accept the latest report on a quarter, or send it back."""
    is_accepted = sent.text("verdict") == "accept"
    verdict = Verdict(is_accepted, sent.text(f"words_{period}"))
    said = _("进展已审核通过。") if is_accepted else _("进展已退回，等待单位重报。")
    return _act(request, visitor, sent, task_id, (lambda session, at: review_report(session, task_id, period, verdict, at), said, ""))


def _act(
    request: Request, visitor: Visitor, sent: SentForm, task_id: int, deed: tuple[Callable[[Session, Occasion], object], str, str]
) -> Response:
    """Carry out a verdict: what is done, what is said afterwards, and where one goes on (empty: the review again)."""
    do, said, to = deed
    wanted = Deed(do, to or f"/tasks/{task_id}/review", said, lambda session: _page(session, visitor, task_id), task_id)
    return act(request, visitor, sent, wanted)


def _page(session: Session, visitor: Visitor, task_id: int) -> Page:
    day, actor = today(), visitor.actor
    refuse_unseen(session, actor, task_id)
    if visitor.role not in RIGHTS[Act.CLOSE]:
        refuse_without_right(actor, Act.CLOSE)
    file = review_file(session, task_id, day, rule_set_on(session, day), actor)
    page = review_page(file, actor, parties_of(session, task_id), day)
    return Page("review/review.html.j2", page, _("审核：{item}").format(item=page.item))
