"""Requests: a lead unit asks for more time, another lead, a pause, an end or other targets; the plan office or a supervisor answers.

An approval states definite values, which may differ from those asked for, and does in the same transaction what it grants.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.progress import ProgressReport
from models.request import Request, RequestKind, RequestState
from models.task import Task
from rules.errors import DubanError
from rules.requests import (
    TERM_OF,
    Terms,
    definite_terms,
    kind_name,
    refuse_filing,
    refuse_granting,
    refuse_strange_terms,
    request_state_name,
    term_name,
    terms_from,
)
from rules.rights import Act, Actor
from rules.texts import _
from services.ledger import Event, record, record_all
from services.occasion import Occasion
from services.request_grants import Grant, grant, refuse_impossible
from services.rule_sets import rule_set_on
from services.tasks import LeadTask, lead_task
from services.waiting_requests import withdrawn

FILE_REQUEST, APPROVE_REQUEST, REFUSE_REQUEST = "file-request", "approve-request", "refuse-request"


@dataclass(frozen=True)
class RequestInput:
    """What a unit asks for. `progress`, how far the work has got, is where not said what the task's last report said."""

    kind: RequestKind
    reason: str
    progress: str = ""
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True)
class Approval:
    """How a request is granted: the values where they differ from those asked for, words, and whether an old lead stays to support."""

    terms: Terms = field(default_factory=Terms)
    words: str = ""
    keep_as_support: bool = False


def file_request(session: Session, task_id: int, asked: RequestInput, occasion: Occasion) -> int:
    """File a request and return its number. The clock does not stop: until it is approved the task is judged as before.

    An extension is filed at the latest on the due day, and only so many are approved for a task. One of a kind waits at a time.
    """
    found = lead_task(session, task_id, occasion, Act.FILE_REQUEST)
    refuse_filing(asked.kind, found.task.state)
    _refuse_incomplete(asked)
    _refuse_second_waiting(session, task_id, asked.kind)
    if asked.kind is RequestKind.EXTENSION:
        _refuse_late_extension(session, found.task, occasion)
    refuse_impossible(session, found, asked.kind, asked.terms, occasion.day)
    request = Request(
        task_id=task_id,
        unit_id=found.lead_id,
        kind=asked.kind,
        reason=asked.reason.strip(),
        progress=asked.progress.strip() or _last_words(session, task_id),
        wanted=asked.terms.as_json(),
        filed_on=occasion.day,
        filed_by=occasion.actor.name,
    )
    session.add(request)
    session.flush()
    assert request.id is not None
    _enter(session, occasion, found.task, request, FILE_REQUEST, {"wanted": request.wanted, "progress": request.progress})
    return request.id


def approve_request(session: Session, request_id: int, approval: Approval, occasion: Occasion) -> Terms:
    """Grant a waiting request with definite values and do what it grants; return them. Never by whoever filed it, nor by anybody of the same unit."""
    found, request = _waiting(session, request_id, occasion, Act.DECIDE_REQUEST)
    refuse_own(request, occasion.actor)
    refuse_granting(request.kind, found.task.state)
    refuse_beyond_limits(session, request, found.task, occasion.day)
    granted = definite_terms(request.kind, terms_from(request.wanted), approval.terms)
    refuse_impossible(session, found, request.kind, granted, occasion.day)
    request.granted = granted.as_json()
    _decide(session, request, RequestState.APPROVED, approval.words, occasion)
    told = _told(request, {"granted": request.granted, "decision": approval.words or None})
    approved = Event(APPROVE_REQUEST, f"request {request.id}", found.task.plan_id, found.task.id, {"state": RequestState.FILED.value}, told)
    order = Grant(request.kind, granted, request_id, approval.keep_as_support)
    record_all(session, occasion, [approved, *grant(session, found, order, occasion)])
    return granted


def refuse_request(session: Session, request_id: int, reason: str, occasion: Occasion) -> None:
    """Refuse a waiting request, with the reason; the task goes on as it stands."""
    found, request = _waiting(session, request_id, occasion, Act.DECIDE_REQUEST)
    refuse_own(request, occasion.actor)
    if not reason.strip():
        raise DubanError("no-reason", _("不批准须写明理由"))
    _decide(session, request, RequestState.REFUSED, reason.strip(), occasion)
    _enter(session, occasion, found.task, request, REFUSE_REQUEST, {"decision": request.decision})


def withdraw_request(session: Session, request_id: int, occasion: Occasion) -> None:
    """Take back a waiting request; the lead unit does."""
    found, request = _waiting(session, request_id, occasion, Act.WITHDRAW_REQUEST)
    record(session, occasion, withdrawn(session, found.task, request, occasion, Act.WITHDRAW_REQUEST.value))


def _refuse_incomplete(asked: RequestInput) -> None:
    if not asked.reason.strip():
        raise DubanError("no-reason", _("申请须写明理由"))
    refuse_strange_terms(asked.kind, asked.terms)
    # Another lead may be left to the office to find.
    own = TERM_OF[asked.kind]
    if own is not None and asked.kind is not RequestKind.REASSIGNMENT and not getattr(asked.terms, own):
        text = _("{kind}申请须写明{term}，如 {example}")
        example = {"due_on": "--due 2014-03-31", "days": "--days 60", "targets": "--target 指标=8"}[own]
        raise DubanError("not-definite", text.format(kind=kind_name(asked.kind), term=term_name(own), example=example))


def _refuse_second_waiting(session: Session, task_id: int, kind: RequestKind) -> None:
    waiting = select(col(Request.id)).where(
        col(Request.task_id) == task_id, col(Request.kind) == kind, col(Request.state) == RequestState.FILED
    )
    first = session.execute(waiting).scalar_one_or_none()
    if first is not None:
        text = _("这项任务已有一件{kind}申请（第 {id} 号）待答复；如要改动，请先用 duban request withdraw {id} 撤回")
        raise DubanError("already-waiting", text.format(kind=kind_name(kind), id=first))


def _refuse_late_extension(session: Session, task: Task, occasion: Occasion) -> None:
    if occasion.day > task.due_on:
        raise DubanError("due-day-passed", _("任务已于 {day} 到期，延期申请须在到期日当天及以前提出").format(day=task.due_on))
    _refuse_more_extensions(session, task, occasion.day)


def refuse_beyond_limits(session: Session, request: Request, task: Task, day: date) -> None:
    """Refuse, with too-many-extensions, to grant one more extension than the rules allow a task."""
    if request.kind is RequestKind.EXTENSION:
        _refuse_more_extensions(session, task, day)


def _refuse_more_extensions(session: Session, task: Task, day: date) -> None:
    most = rule_set_on(session, day).most_extensions
    approved = select(func.count()).where(
        col(Request.task_id) == task.id, col(Request.kind) == RequestKind.EXTENSION, col(Request.state) == RequestState.APPROVED
    )
    if session.execute(approved).scalar_one() >= most:
        raise DubanError("too-many-extensions", _("这项任务已延期 {most} 次，按规则不能再延").format(most=most))


def _last_words(session: Session, task_id: int) -> str:
    words = select(col(ProgressReport.text)).where(col(ProgressReport.task_id) == task_id, col(ProgressReport.text) != "")
    latest = words.order_by(col(ProgressReport.period_ends_on).desc(), col(ProgressReport.revision).desc()).limit(1)
    said: str | None = session.execute(latest).scalar_one_or_none()
    if said is None:
        raise DubanError("no-progress", _("申请须写明目前进展（--progress）；这项任务还没有填报过进展"))
    return said


def _waiting(session: Session, request_id: int, occasion: Occasion, act: Act) -> tuple[LeadTask, Request]:
    """Return a waiting request and its task with the task locked, so that of two answers one wins and the other is told."""
    task_id = session.execute(select(col(Request.task_id)).where(col(Request.id) == request_id)).scalar_one_or_none()
    if task_id is None:
        raise unknown_request(request_id)
    found = lead_task(session, task_id, occasion, act)
    request = session.execute(select(Request).where(col(Request.id) == request_id).execution_options(populate_existing=True)).scalar_one()
    if request.state is not RequestState.FILED:
        text = _("第 {id} 号申请{state}（{day}，{who}），不能再办理")
        state, day, who = request_state_name(request.state), request.decided_on, request.decided_by
        raise DubanError("already-decided", text.format(id=request_id, state=state, day=day, who=who))
    return found, request


def unknown_request(request_id: int) -> DubanError:
    """Return the refusal of a request that does not exist or must not be seen; the two are told alike."""
    return DubanError("unknown-request", _("没有第 {id} 号申请，请用 duban request list 查看").format(id=request_id))


def refuse_own(request: Request, actor: Actor) -> None:
    """Refuse, with own-request, whoever filed the request, and everybody of the unit that did."""
    if request.filed_by == actor.name or request.unit_id == actor.unit_id:
        raise DubanError("own-request", _("提出申请的人或同一单位的人不能答复这件申请"))


def _decide(session: Session, request: Request, state: RequestState, words: str, occasion: Occasion) -> None:
    request.state, request.decided_on, request.decided_by = state, occasion.day, occasion.actor.name
    request.decision = words.strip() or None
    session.add(request)


def _enter(session: Session, occasion: Occasion, task: Task, request: Request, act: str, said: Mapping[str, Any]) -> None:
    record(session, occasion, Event(act, f"request {request.id}", task.plan_id, task.id, after=_told(request, said)))


def _told(request: Request, said: Mapping[str, Any]) -> dict[str, Any]:
    return {"request": request.id, "kind": request.kind.value, "reason": request.reason, **said}
