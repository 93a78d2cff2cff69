"""The life of a task: one table that decides every pair of state and event.

`draft → assigned → in_progress → submitted → completed → closed`, with `suspended` and `cancelled` beside it (domain handbook, part 3).
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from models.task import TaskState as S
from rules.errors import DubanError
from rules.texts import _, current_language


class TaskEvent(StrEnum):
    """What can happen to a task; the value is the act's name in the ledger."""

    ISSUE = "issue"
    ACKNOWLEDGE = "acknowledge"
    REPORT = "report"
    SUBMIT = "submit"
    RETURN = "return"
    COMPLETE = "complete"
    CLOSE = "close"
    REOPEN = "reopen"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    REASSIGN = "reassign"


E = TaskEvent
_OPEN = (S.ASSIGNED, S.IN_PROGRESS, S.SUBMITTED)

TRANSITIONS: Mapping[tuple[S, TaskEvent], S] = MappingProxyType(
    {
        (S.DRAFT, E.ISSUE): S.ASSIGNED,
        (S.ASSIGNED, E.ACKNOWLEDGE): S.IN_PROGRESS,
        (S.IN_PROGRESS, E.REPORT): S.IN_PROGRESS,
        (S.IN_PROGRESS, E.SUBMIT): S.SUBMITTED,
        (S.SUBMITTED, E.RETURN): S.IN_PROGRESS,
        (S.SUBMITTED, E.COMPLETE): S.COMPLETED,
        (S.COMPLETED, E.CLOSE): S.CLOSED,
        (S.COMPLETED, E.REOPEN): S.IN_PROGRESS,
        (S.CLOSED, E.REOPEN): S.IN_PROGRESS,
        (S.ASSIGNED, E.REASSIGN): S.ASSIGNED,
        (S.IN_PROGRESS, E.REASSIGN): S.ASSIGNED,
        (S.SUSPENDED, E.RESUME): S.IN_PROGRESS,
        (S.SUSPENDED, E.CANCEL): S.CANCELLED,
        **{(state, E.SUSPEND): S.SUSPENDED for state in _OPEN},
        **{(state, E.CANCEL): S.CANCELLED for state in _OPEN},
    }
)


def state_after(state: S, event: TaskEvent) -> S:
    """Return the state that `event` leads to from `state`; a pair that is not in the table is refused, with what stands in the way and who can remove it."""
    following = TRANSITIONS.get((state, event))
    if following is None:
        text = _("任务现在是“{state}”，不能“{event}”：{why}")
        raise DubanError("not-now", text.format(state=state_name(state), event=event_name(event), why=why_not(state, event)))
    return following


def events_from(state: S) -> tuple[TaskEvent, ...]:
    """Return the events that the table allows in `state`, in the order of a task's life."""
    return tuple(event for event in TaskEvent if (state, event) in TRANSITIONS)


def why_not(state: S, event: TaskEvent) -> str:
    """Return why a pair outside the table cannot be, in words that say what to do instead."""
    assert (state, event) not in TRANSITIONS
    return _why_done_already(state, event) or (_why_in_progress(event) if state is S.IN_PROGRESS else _why_elsewhere(state))


def _why_done_already(state: S, event: TaskEvent) -> str | None:
    if event is E.ISSUE:
        return _("它已经下达过，不必再交办")
    if event is E.RESUME and state not in (S.CANCELLED, S.DRAFT):
        return _("它没有挂起，不用恢复")
    if event is E.ACKNOWLEDGE and state in (S.IN_PROGRESS, S.SUBMITTED, S.COMPLETED, S.CLOSED):
        return _("它已经签收过了")
    repeated = {
        (S.SUBMITTED, E.SUBMIT): _("它已在等待督查部门审核，不用再次申请"),
        (S.COMPLETED, E.COMPLETE): _("它已经办结"),
        (S.CLOSED, E.CLOSE): _("它已经销号"),
        (S.SUSPENDED, E.SUSPEND): _("它已经挂起；要改期限请先恢复"),
        (S.CANCELLED, E.CANCEL): _("它已经终止"),
    }
    return repeated.get((state, event))


def _why_in_progress(event: TaskEvent) -> str:
    if event in (E.RETURN, E.COMPLETE):
        return _("牵头单位还没有申请办结")
    return _("须先由督查部门办结")


def _why_elsewhere(state: S) -> str:
    return {
        S.DRAFT: _("它还没有下达，请先由计划管理部门下达"),
        S.ASSIGNED: _("请牵头单位先签收"),
        S.SUBMITTED: _("请督查部门先审核，予以办结或退回"),
        S.COMPLETED: _("如发现问题，请督查部门回头看，重新承办"),
        S.CLOSED: _("如发现问题，请督查部门回头看，重新承办"),
        S.SUSPENDED: _("请计划管理部门先恢复"),
        S.CANCELLED: _("终止的任务不再变动，要继续做须另行下达"),
    }[state]


def state_name(state: S) -> str:
    """Return the state's name for users."""
    return _state_names(current_language())[state]


@cache
def _state_names(language: str) -> Mapping[S, str]:
    del language  # the texts are read in it as it is; only what they are kept by names it
    return {
        S.DRAFT: _("草稿"),
        S.ASSIGNED: _("已交办，待签收"),
        S.IN_PROGRESS: _("承办中"),
        S.SUBMITTED: _("已申请办结，待审核"),
        S.COMPLETED: _("已办结"),
        S.CLOSED: _("已销号"),
        S.SUSPENDED: _("已挂起"),
        S.CANCELLED: _("已终止"),
    }


def event_name(event: TaskEvent) -> str:
    """Return the event's name for users."""
    return {
        E.ISSUE: _("交办"),
        E.ACKNOWLEDGE: _("签收"),
        E.REPORT: _("填报"),
        E.SUBMIT: _("申请办结"),
        E.RETURN: _("退回"),
        E.COMPLETE: _("办结"),
        E.CLOSE: _("销号"),
        E.REOPEN: _("回头看"),
        E.SUSPEND: _("挂起"),
        E.RESUME: _("恢复"),
        E.CANCEL: _("终止"),
        E.REASSIGN: _("改派"),
    }[event]
