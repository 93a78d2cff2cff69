"""A task's way from acknowledgement to write-off: one transition each, with its guard and its ledger entry."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.plan import Plan, PlanState
from models.task import Task
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from rules.transitions import TaskEvent, state_after
from services.children import open_children
from services.facts import missing_on
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.reach import parties_of
from services.roster_facts import roster_shortfalls
from services.takeovers import handed_on
from services.waiting_requests import settle_waiting


@dataclass(frozen=True)
class LeadTask:
    """A task locked for a change, with its lead unit."""

    task: Task
    lead_id: int


def acknowledge_task(session: Session, task_id: int, occasion: Occasion) -> None:
    """Acknowledge receipt; the lead unit does, and work counts as begun."""
    found = lead_task(session, task_id, occasion, Act.ACKNOWLEDGE)
    change_state(session, found.task, TaskEvent.ACKNOWLEDGE, occasion)


def submit_task(session: Session, task_id: int, reason: str | None, occasion: Occasion) -> None:
    """Hand the task in for review: every numeric target is met by the latest report, or `reason` says why not."""
    found = lead_task(session, task_id, occasion, Act.SUBMIT)
    state_after(found.task.state, TaskEvent.SUBMIT)
    waiting = open_children(session, task_id)
    if waiting and not reason:
        text = _("分解给下级的任务还没有办结：{units}。请待其办结，或用 --reason 说明原因")
        raise DubanError("children-open", text.format(units=_("、").join(waiting)))
    short = [*missing_on(session, found.task, occasion.day), *roster_shortfalls(session, task_id, occasion.day)]
    if short and not reason:
        raise DubanError(
            "target-not-met", _("还没有达到目标：{targets}。请先填报，或用 --reason 说明原因").format(targets=_("；").join(short))
        )
    change_state(session, found.task, TaskEvent.SUBMIT, occasion, {"reason": reason} if reason else {})


def return_task(session: Session, task_id: int, reason: str, occasion: Occasion, limit_on: date | None = None) -> None:
    """Send a submission back for rework, with the reason and, where given, a new limit for the answer; the task's due day stays."""
    found = lead_task(session, task_id, occasion, Act.RETURN)
    if not reason.strip():
        raise DubanError("no-reason", _("退回须写明理由"))
    if limit_on is not None and limit_on < occasion.day:
        raise DubanError("limit-passed", _("新的时限 {day} 已经过去").format(day=limit_on))
    state_after(found.task.state, TaskEvent.RETURN)
    found.task.return_count += 1
    change_state(session, found.task, TaskEvent.RETURN, occasion, {"reason": reason, "limit_on": limit_on and limit_on.isoformat()})


def complete_task(session: Session, task_id: int, occasion: Occasion) -> None:
    """Accept a submission. It holds for the day of the submission; whoever submitted, or is of the same unit, cannot accept."""
    found = lead_task(session, task_id, occasion, Act.COMPLETE)
    state_after(found.task.state, TaskEvent.COMPLETE)
    submission = _last_submission(session, task_id)
    if submission.actor == occasion.actor.name or (submission.unit_id is not None and submission.unit_id == occasion.actor.unit_id):
        raise DubanError("own-submission", _("申请办结的人或同一单位的人不能办结，请由督查部门另行审核"))
    change_state(session, found.task, TaskEvent.COMPLETE, occasion, {"completed_on": submission.for_day.isoformat()}, submission.for_day)


def close_task(session: Session, task_id: int, occasion: Occasion) -> None:
    """Write a completed task off the ledger, after report to the leader."""
    change_state(session, lead_task(session, task_id, occasion, Act.CLOSE).task, TaskEvent.CLOSE, occasion)


def reopen_task(session: Session, task_id: int, reason: str, occasion: Occasion) -> None:
    """Take a completed or closed task up again after re-inspection; the earlier completion stays in its history. Whoever took over from a unit that has ended since takes its part."""
    found = lead_task(session, task_id, occasion, Act.REOPEN)
    if not reason.strip():
        raise DubanError("no-reason", _("回头看须写明理由"))
    state_after(found.task.state, TaskEvent.REOPEN)
    plan_state = session.execute(select(col(Plan.state)).where(col(Plan.id) == found.task.plan_id)).scalar_one()
    if plan_state is PlanState.CLOSED:
        raise DubanError("plan-closed", _("计划 {id} 已经结束，其任务不再重新承办").format(id=found.task.plan_id))
    change_state(session, found.task, TaskEvent.REOPEN, occasion, {"reason": reason})
    # An entry of its own: what changes hands has its day, which the reopening's entry does not tell.
    record_all(session, occasion, handed_on(session, found.task))


def lead_task(session: Session, task_id: int, occasion: Occasion, act: Act) -> LeadTask:
    """Return the task with its row locked; refuse one that does not exist, or an actor without the right on it."""
    task = session.execute(select(Task).where(col(Task.id) == task_id).with_for_update()).scalar_one_or_none()
    if task is None:
        raise DubanError("unknown-task", _("没有任务 {id}，请用 duban task list 查看").format(id=task_id))
    parties = parties_of(session, task_id)
    refuse_without_right(occasion.actor, act, parties)
    return LeadTask(task, parties.lead_id)


def change_state(
    session: Session, task: Task, event: TaskEvent, occasion: Occasion, said: Mapping[str, Any] | None = None, for_day: date | None = None
) -> None:
    """Move the task by the transition table and enter it in the ledger; a pair that is not in the table is refused."""
    record_all(session, occasion, move(session, task, event, occasion, Event(event.value, "", after=said or {}, for_day=for_day)))


def move(session: Session, task: Task, event: TaskEvent, occasion: Occasion, told: Event) -> list[Event]:
    """Move the task by the transition table and return what is to be entered: the event with what `told` says of it, and the requests that are moot by it."""
    before = task.state
    task.state = state_after(before, event)
    session.add(task)
    after = {"state": task.state.value, **told.after}
    moved = Event(event.value, f"task {task.id}", task.plan_id, task.id, {"state": before.value, **told.before}, after, told.for_day)
    return [moved, *settle_waiting(session, task, event, occasion)]


def _last_submission(session: Session, task_id: int) -> LedgerEntry:
    entries = select(LedgerEntry).where(col(LedgerEntry.task_id) == task_id, col(LedgerEntry.act) == TaskEvent.SUBMIT.value)
    entry: LedgerEntry = session.execute(entries.order_by(col(LedgerEntry.seq).desc()).limit(1)).scalar_one()
    return entry
