"""The way of a task in its unit's hands: `/tasks/…/acknowledge`, `/submit`, `/milestones`."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from rules.errors import DubanError
from rules.rights import Act
from rules.target_words import missing_words
from rules.texts import _
from rules.transitions import TaskEvent
from runtime.clock import today
from services.children import open_children
from services.facts import TaskRecord
from services.milestones import reach_milestone
from services.occasion import Occasion
from services.roster_facts import roster_shortfalls
from services.tasks import acknowledge_task, submit_task
from services.work_facts import last_returns
from web.acting import Deed, act
from web.forms import Sent, SentForm
from web.rendering import Page, show
from web.submission_view import ReceiptPage, milestones_page, submission_page
from web.task_head import open_task, shut_words
from web.visiting import Visiting, Visitor, reading

router = APIRouter()


@router.get("/tasks/{task_id:int}/acknowledge")
def receipt(request: Request, visitor: Visiting, task_id: int) -> HTMLResponse:
    """Show a task to be acknowledged."""
    with reading(visitor) as session:
        return show(request, visitor, _receipt(session, visitor, task_id))


@router.post("/tasks/{task_id:int}/acknowledge")
def acknowledge(request: Request, visitor: Visiting, sent: Sent, task_id: int) -> Response:
    """Acknowledge a task."""
    return act(
        request,
        visitor,
        sent,
        Deed(
            do=lambda session, occasion: acknowledge_task(session, task_id, occasion),
            to="/work",
            said=_("任务已签收"),
            again=lambda session: _receipt(session, visitor, task_id, sent),
            task_id=task_id,
        ),
    )


def _receipt(session: Session, visitor: Visitor, task_id: int, sent: SentForm | None = None) -> Page:
    opened = open_task(session, visitor, task_id, Act.ACKNOWLEDGE, today(), sent.seen if sent else None)
    page = ReceiptPage(opened.head, shut_words(opened.record, TaskEvent.ACKNOWLEDGE))
    return Page("task_acts/acknowledge.html.j2", page, _("签收任务"))


@router.get("/tasks/{task_id:int}/submit")
def submission(request: Request, visitor: Visiting, task_id: int) -> HTMLResponse:
    """Show what would be handed in for review."""
    with reading(visitor) as session:
        return show(request, visitor, _submission(session, visitor, task_id))


@router.post("/tasks/{task_id:int}/submit")
def submit(request: Request, visitor: Visiting, sent: Sent, task_id: int) -> Response:
    """Hand a task in for review."""
    reason = sent.text("reason") or None
    return act(
        request,
        visitor,
        sent,
        Deed(
            do=lambda session, occasion: submit_task(session, task_id, reason, occasion),
            to="/work",
            said=_("已申请办结，等待审核"),
            again=lambda session: _submission(session, visitor, task_id, sent),
            task_id=task_id,
        ),
    )


def _submission(session: Session, visitor: Visitor, task_id: int, sent: SentForm | None = None) -> Page:
    opened = open_task(session, visitor, task_id, Act.SUBMIT, today(), sent.seen if sent else None)
    said = last_returns(session, [task_id]).get(task_id, {})
    page = submission_page(opened.head, opened.record, tuple(_missing(session, opened.record)), said.get("reason") or "")
    return Page("task_acts/submit.html.j2", page, _("申请办结"))


def _missing(session: Session, record: TaskRecord) -> list[str]:
    waiting, facts = open_children(session, record.name.id), record.facts
    short = [_("分解给下级的任务还没有办结：{units}").format(units=_("、").join(waiting))] if waiting else []
    if facts.targets:
        short += [words for words in map(missing_words, facts.targets) if words]
    else:
        short += [_("节点“{title}”尚未完成").format(title=one.title) for one in facts.milestones if not one.is_done]
    return [*short, *roster_shortfalls(session, record.name.id, today())]


@router.get("/tasks/{task_id:int}/milestones")
def milestones(request: Request, visitor: Visiting, task_id: int) -> HTMLResponse:
    """Show the task's milestones."""
    with reading(visitor) as session:
        return show(request, visitor, _milestones(session, visitor, task_id))


@router.post("/tasks/{task_id:int}/milestones")
def reach(request: Request, visitor: Visiting, sent: Sent, task_id: int) -> Response:
    """Report a milestone as reached."""
    title = sent.text("title")

    def do(session: Session, occasion: Occasion) -> None:
        if not title:
            raise DubanError("unknown-milestone", _("请选一个节点"))
        reach_milestone(session, task_id, title, occasion, sent.day("reached_on"))

    return act(
        request,
        visitor,
        sent,
        Deed(
            do=do,
            to=f"/tasks/{task_id}/milestones",
            said=_("节点“{title}”已报完成").format(title=title),
            again=lambda session: _milestones(session, visitor, task_id, sent),
            task_id=task_id,
        ),
    )


def _milestones(session: Session, visitor: Visitor, task_id: int, sent: SentForm | None = None) -> Page:
    opened = open_task(session, visitor, task_id, Act.REACH_MILESTONE, today(), sent.seen if sent else None)
    return Page("task_acts/milestones.html.j2", milestones_page(opened.head, opened.record, today().isoformat()), _("节点"))
