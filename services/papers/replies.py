"""Replies to units' requests (批复): a request that was decided, put on paper once, numbered and sent to the unit that asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.plan import Plan, PlanItem
from models.publication import Publication, PublicationKind
from models.request import Request, RequestKind, RequestState
from models.task import Target, Task
from models.unit import ContactDuty, Unit
from reports.paper import Paper
from reports.reply import Reply, ReplyTask, TargetMove
from reports.reply_paper import reply_paper
from rules.errors import DubanError
from rules.requests import figure_words, kind_name, request_state_name, terms_from, terms_words
from rules.rights import Act, Actor, may, refuse_without_right
from rules.texts import _
from services.ledger import Event, head_of, record
from services.notices import lock_plans
from services.occasion import Occasion
from services.papers.filing import Filing
from services.papers.posting import FORMATS, IssuedPaper, Mailing, PostOffice, issue_paper, numbered_imprint
from services.papers.sending import PostingPlan, plan_sending
from services.past import past_on
from services.reach import parties_of
from services.requests import APPROVE_REQUEST

ISSUE_REPLY = "issue-reply"
TO = (ContactDuty.OFFICE, ContactDuty.LIAISON)
_DECIDED = (RequestState.APPROVED, RequestState.REFUSED)


@dataclass(frozen=True)
class DraftedReply:
    """A reply as it would go out, and to whom."""

    view: Reply
    paper: Paper
    postings: PostingPlan


def read_reply(session: Session, request_id: int, day: date, actor: Actor | None = None) -> Reply:
    """Return the reply to a request as it would be written on `day`. The unit that asked may see it, and whoever may read the task.

    Codes: unknown-request, not-decided (still waiting, or withdrawn).
    """
    request = _request(session, request_id)
    if actor is not None and actor.unit_id != request.unit_id and not may(actor, Act.READ, parties_of(session, request.task_id)):
        raise _unknown(request_id)
    return _made(session, request, day)


def preview_reply(session: Session, request_id: int, post: PostOffice, occasion: Occasion) -> DraftedReply:
    """Return what `issue_reply` would send, with the same refusals; nothing is written."""
    request, view = _issuable(session, request_id, occasion)
    paper = reply_paper(view, post.draft_imprint(occasion, [view.unit]))
    return DraftedReply(view, paper, plan_sending(session, _to(session, request), TO, occasion.day, post.routes))


def issue_reply(session: Session, request_id: int, post: PostOffice, occasion: Occasion) -> IssuedPaper:
    """Issue the reply to a decided request on the occasion's day; a new lead unit gets it as well.

    1. All plans are locked, so that numbers are given one after the other. 2. Paper, messages and entry are written together.
    Codes: unknown-request, not-decided, already-issued (its number is named).
    """
    lock_plans(session)
    request, view = _issuable(session, request_id, occasion)
    draft = post.draft_imprint(occasion, [view.unit])
    filing = Filing(
        kind=PublicationKind.REPLY,
        scope=_scope(request_id),
        period="",
        compose=lambda place: reply_paper(view, numbered_imprint(draft, place)),
        formats=FORMATS,
        ledger_head=view.ledger_head,
    )
    mailing = Mailing(tuple(_to(session, request)), TO, _words(view))
    issued = issue_paper(session, filing, mailing, post, occasion)
    after = {"request_id": request_id, "unit": view.unit, **issued.as_entry()}
    record(session, occasion, Event(ISSUE_REPLY, f"request {request_id}", view.task.plan_id, request.task_id, after=after))
    return issued


def _issuable(session: Session, request_id: int, occasion: Occasion) -> tuple[Request, Reply]:
    request = _request(session, request_id)
    refuse_without_right(occasion.actor, Act.ISSUE_REPLY, parties_of(session, request.task_id))
    view = _made(session, request, occasion.day)
    earlier = sa.select(col(Publication.doc_no), col(Publication.published_on))
    earlier = earlier.where(col(Publication.kind) == PublicationKind.REPLY, col(Publication.scope) == _scope(request_id))
    found = session.execute(earlier).first()
    if found is not None:
        text = _("第 {id} 号申请已于{day}批复（{doc_no}），不再印发")
        raise DubanError("already-issued", text.format(id=request_id, day=found.published_on, doc_no=found.doc_no))
    return request, view


def _request(session: Session, request_id: int) -> Request:
    request: Request | None = session.execute(sa.select(Request).where(col(Request.id) == request_id)).scalar_one_or_none()
    if request is None:
        raise _unknown(request_id)
    return request


def _unknown(request_id: int) -> DubanError:
    return DubanError("unknown-request", _("没有第 {id} 号申请，请用 duban request list 查看").format(id=request_id))


def _scope(request_id: int) -> str:
    return f"request-{request_id}"


def _to(session: Session, request: Request) -> Sequence[int]:
    """Return who gets the reply: the unit that asked and, where it gave the task away, the unit that leads it now."""
    is_moved = request.kind is RequestKind.REASSIGNMENT and request.state is RequestState.APPROVED
    return list(dict.fromkeys([request.unit_id, *([parties_of(session, request.task_id).lead_id] if is_moved else [])]))


def _made(session: Session, request: Request, day: date) -> Reply:
    if request.state not in _DECIDED or request.decided_on is None or request.decided_on > day:
        text = _("第 {id} 号申请现在是“{state}”，没有可以批复的决定；请先批准或者不批准")
        raise DubanError("not-decided", text.format(id=request.id, state=request_state_name(request.state)))
    task = session.execute(sa.select(Task).where(col(Task.id) == request.task_id)).scalar_one()
    wrote = _changes(session, request)
    granted = terms_from(request.granted)
    moved = next(
        (change["before"]["due_on"] for change in wrote if change["table"] == "task" and "due_on" in (change["before"] or {})), None
    )
    due_before = date.fromisoformat(moved) if moved else _due_on(session, task, request.decided_on)
    return Reply(
        request=request.id or 0,
        kind=request.kind,
        unit_id=request.unit_id,
        unit=session.execute(sa.select(col(Unit.name)).where(col(Unit.id) == request.unit_id)).scalar_one(),
        task=_task(session, task),
        filed_on=request.filed_on,
        asked=terms_words(terms_from(request.wanted)),
        reason=request.reason,
        progress=request.progress,
        is_approved=request.state is RequestState.APPROVED,
        decided_on=request.decided_on,
        decision=request.decision or "",
        granted=terms_words(granted),
        due_before=due_before,
        due_on=granted.due_on or due_before,
        targets=_target_moves(session, wrote),
        new_lead=granted.unit,
        paused_until=request.decided_on + timedelta(days=granted.days) if granted.days else None,
        issued_on=day,
        ledger_head=head_of(session, [task.plan_id]),
    )


def _task(session: Session, task: Task) -> ReplyTask:
    item = session.execute(sa.select(col(PlanItem.title)).where(col(PlanItem.id) == task.item_id)).scalar_one()
    plan, doc_no = session.execute(sa.select(col(Plan.title), col(Plan.doc_no)).where(col(Plan.id) == task.plan_id)).tuples().one()
    title = _("{item}（{label}）").format(item=item, label=task.label)
    return ReplyTask(task.id or 0, title, task.plan_id, plan, doc_no, task.original_due_on)


def _changes(session: Session, request: Request) -> Sequence[Mapping[str, Any]]:
    """Return the rows that the approval wrote, with their values before and after; none where it was refused."""
    entry = sa.select(col(LedgerEntry.changes)).where(col(LedgerEntry.act) == APPROVE_REQUEST, col(LedgerEntry.task_id) == request.task_id)
    found = session.execute(entry.where(col(LedgerEntry.subject) == f"request {request.id}")).scalar_one_or_none()
    return found or ()


def _due_on(session: Session, task: Task, day: date) -> date:
    """Return the task's due day as it was at the end of `day`."""
    rows = past_on(session, day, [task.plan_id]).rows(Task, [{"id": task.id, "due_on": task.due_on}])
    found: date = rows[0]["due_on"]
    return found


def _target_moves(session: Session, wrote: Sequence[Mapping[str, Any]]) -> tuple[TargetMove, ...]:
    """Return the figures the approval moved, each as it was before and after it, whatever became of them since."""
    moved = {change["id"]: change for change in wrote if change["table"] == "target" and change["before"] and change["after"]}
    targets = session.execute(sa.select(Target).where(col(Target.id).in_(moved)).order_by(col(Target.id))).scalars().all()
    return tuple(
        TargetMove(target.measure, _figure(target, moved[target.id or 0]["before"]), _figure(target, moved[target.id or 0]["after"]))
        for target in targets
    )


def _figure(target: Target, told: Mapping[str, Any]) -> str:
    """Return a figure in words from the columns an entry tells of; an end of a range that stayed is the target's own."""
    if "value" in told:
        return f"{figure_words(told['value'])}{target.unit_of_measure or ''}"
    low, high = told.get("low", target.low), told.get("high", target.high)
    return f"{figure_words((low, high))}{target.unit_of_measure or ''}"


def _words(view: Reply) -> tuple[str, ...]:
    kind = kind_name(view.kind)
    if not view.is_approved:
        return (_("第 {id} 号{kind}申请未批准，理由见附件。").format(id=view.request, kind=kind),)
    text = _("第 {id} 号{kind}申请已批准：{granted}。") if view.granted else _("第 {id} 号{kind}申请已批准。")
    return (text.format(id=view.request, kind=kind, granted=view.granted),)
