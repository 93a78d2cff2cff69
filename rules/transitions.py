"""The life of a task: one table that decides every pair of state and event.

`draft → assigned → in_progress → submitted → completed → closed`, with `suspended` and `cancelled` beside it (domain handbook, part 3).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from models.task import TaskState as S
from rules.errors import DubanError
from rules.texts import _


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
    """Return the state that `event` leads to from `state`; a pair that is not in the table is refused with the reason."""
    following = TRANSITIONS.get((state, event))
    if following is None:
        raise DubanError("not-now", _("任务现在是“{state}”，不能“{event}”").format(state=state_name(state), event=event_name(event)))
    return following


def state_name(state: S) -> str:
    """Return the state's name for users."""
    return {
        S.DRAFT: _("草稿"),
        S.ASSIGNED: _("已交办，待签收"),
        S.IN_PROGRESS: _("承办中"),
        S.SUBMITTED: _("已申请办结，待审核"),
        S.COMPLETED: _("已办结"),
        S.CLOSED: _("已销号"),
        S.SUSPENDED: _("已挂起"),
        S.CANCELLED: _("已终止"),
    }[state]


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
