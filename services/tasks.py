"""A task's way from acknowledgement to write-off: one transition each, with its guard and its ledger entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.plan import Plan, PlanState
from models.task import Task
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from rules.transitions import TaskEvent, state_after
from services.children import open_children
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.prepared import Prepared
from services.reach import parties_of, unknown_task
from services.shortfalls import lacking_on
from services.standing import Standing, stand, write_move
from services.takeovers import handed_on
from services.waiting_requests import settle_waiting

_SUBMISSION = Prepared(
    select(col(LedgerEntry.actor), col(LedgerEntry.unit_id), col(LedgerEntry.for_day))
    .where(col(LedgerEntry.task_id) == bindparam("task"), col(LedgerEntry.act) == TaskEvent.SUBMIT.value)
    .order_by(col(LedgerEntry.seq).desc())
    .limit(1)
)


@dataclass(frozen=True)
class LeadTask:
    """A task locked for a change, with its lead unit."""

    task: Task
    lead_id: int


def acknowledge_task(session: Session, task_id: int, occasion: Occasion) -> None:
    """Acknowledge receipt; the lead unit does, and work counts as begun."""
    change_state(session, stand(session, task_id, occasion, Act.ACKNOWLEDGE), TaskEvent.ACKNOWLEDGE, occasion)


def submit_task(session: Session, task_id: int, reason: str | None, occasion: Occasion) -> None:
    """Hand the task in for review: every numeric target is met by the latest report, or `reason` says why not."""
    task = stand(session, task_id, occasion, Act.SUBMIT)
    state_after(task.state, TaskEvent.SUBMIT)
    waiting = open_children(session, task_id)
    if waiting and not reason:
        text = _("分解给下级的任务还没有办结：{units}。请待其办结，或用 --reason 说明原因")
        raise DubanError("children-open", text.format(units=_("、").join(waiting)))
    short = lacking_on(session, task_id, occasion.day)
    if short and not reason:
        raise DubanError(
            "target-not-met", _("还没有达到目标：{targets}。请先填报，或用 --reason 说明原因").format(targets=_("；").join(short))
        )
    change_state(session, task, TaskEvent.SUBMIT, occasion, {"reason": reason} if reason else {})


def return_task(session: Session, task_id: int, reason: str, occasion: Occasion, limit_on: date | None = None) -> None:
    """Send a submission back for rework, with the reason and, where given, a new limit for the answer; the task's due day stays."""
    task = stand(session, task_id, occasion, Act.RETURN)
    if not reason.strip():
        raise DubanError("no-reason", _("退回须写明理由"))
    if limit_on is not None and limit_on < occasion.day:
        raise DubanError("limit-passed", _("新的时限 {day} 已经过去").format(day=limit_on))
    change_state(session, task, TaskEvent.RETURN, occasion, {"reason": reason, "limit_on": limit_on and limit_on.isoformat()})


def complete_task(session: Session, task_id: int, occasion: Occasion) -> None:
    """Accept a submission. It holds for the day of the submission; whoever submitted, or is of the same unit, cannot accept."""
    task = stand(session, task_id, occasion, Act.COMPLETE)
    state_after(task.state, TaskEvent.COMPLETE)
    submitter, unit_id, submitted_on = _SUBMISSION.rows(session, {"task": task_id})[0]
    if submitter == occasion.actor.name or (unit_id is not None and unit_id == occasion.actor.unit_id):
        raise DubanError("own-submission", _("申请办结的人或同一单位的人不能办结，请由督查部门另行审核"))
    change_state(session, task, TaskEvent.COMPLETE, occasion, {"completed_on": submitted_on.isoformat()}, submitted_on)


def close_task(session: Session, task_id: int, occasion: Occasion) -> None:
    """Write a completed task off the ledger, after report to the leader."""
    change_state(session, stand(session, task_id, occasion, Act.CLOSE), TaskEvent.CLOSE, occasion)


def reopen_task(session: Session, task_id: int, reason: str, occasion: Occasion) -> None:
    """Take a completed or closed task up again after re-inspection; the earlier completion stays in its history. Whoever took over from a unit that has ended since takes its part."""
    task = stand(session, task_id, occasion, Act.REOPEN)
    if not reason.strip():
        raise DubanError("no-reason", _("回头看须写明理由"))
    state_after(task.state, TaskEvent.REOPEN)
    plan_state = session.execute(select(col(Plan.state)).where(col(Plan.id) == task.plan_id)).scalar_one()
    if plan_state is PlanState.CLOSED:
        raise DubanError("plan-closed", _("计划 {id} 已经结束，其任务不再重新承办").format(id=task.plan_id))
    change_state(session, task, TaskEvent.REOPEN, occasion, {"reason": reason})
    # An entry of its own: what changes hands has its day, which the reopening's entry does not tell.
    record_all(session, occasion, handed_on(session, task_id))


def lead_task(session: Session, task_id: int, occasion: Occasion, act: Act) -> LeadTask:
    """Return the task whole, for an act that changes more than its state; locked and refused as by `stand`."""
    task = session.execute(select(Task).where(col(Task.id) == task_id).with_for_update()).scalar_one_or_none()
    if task is None:
        raise unknown_task(task_id)
    parties = parties_of(session, task_id)
    refuse_without_right(occasion.actor, act, parties)
    return LeadTask(task, parties.lead_id)


def change_state(
    session: Session,
    task: Standing,
    event: TaskEvent,
    occasion: Occasion,
    said: Mapping[str, Any] | None = None,
    for_day: date | None = None,
) -> None:
    """Move the task by the transition table and enter it in the ledger; a pair that is not in the table is refused."""
    returns = task.return_count + (event is TaskEvent.RETURN)
    now = task._replace(state=state_after(task.state, event), return_count=returns)
    written = write_move(session, task, now)
    events = [_moved(task, now, event, Event("", "", after=said or {}, for_day=for_day)), *settle_waiting(session, now, event, occasion)]
    record_all(session, occasion, events, [written])


def move(session: Session, task: Task, event: TaskEvent, occasion: Occasion, told: Event) -> list[Event]:
    """Move the task by the transition table and return what is to be entered: the event with what `told` says of it, and the requests that are moot by it."""
    before = Standing(task.id or 0, task.plan_id, task.state, task.return_count)
    task.state = state_after(before.state, event)
    session.add(task)
    now = before._replace(state=task.state)
    return [_moved(before, now, event, told), *settle_waiting(session, now, event, occasion)]


def _moved(before: Standing, now: Standing, event: TaskEvent, told: Event) -> Event:
    after = {"state": now.state.value, **told.after}
    return Event(event.value, f"task {now.id}", now.plan_id, now.id, {"state": before.state.value, **told.before}, after, told.for_day)
