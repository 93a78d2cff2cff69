"""A task's life folded from the ledger: the state it was in on a day, by what was known on another.

`as_of` is the day judged, `known_on` the day up to which acts are taken in: a completion accepted in October for a September submission holds
for September once it is known. Acts later than `known_on` change nothing, so yesterday's answer stays yesterday's.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple, cast

from sqlalchemy import select
from sqlmodel import Session

from models.ledger import LedgerEntry
from models.task import TaskState
from rules.transitions import TRANSITIONS, TaskEvent
from services.changes import table_of
from services.ledger import chain_of
from services.task_rows import TaskScope

# A task's id, the act, and the day it holds for.
TaskAct = tuple[int, str, date]

_ENTRY = table_of(LedgerEntry).c
# A report moves no task, and most entries are reports.
_MOVES = [event.value for event in TaskEvent if event is not TaskEvent.REPORT]


class Life(NamedTuple):
    """How far a task has got. `submitted_on` is the day of the submission under review, `completed_on` of the accepted one.

    `handed_on` is the day its present lead unit got it, by issue or reassignment. `pauses` are its suspensions, each with its first day and the day of its
    resumption (None: it lasts).
    """

    state: TaskState = TaskState.DRAFT
    issued_on: date | None = None
    handed_on: date | None = None
    submitted_on: date | None = None
    completed_on: date | None = None
    cancelled_on: date | None = None
    return_count: int = 0
    pauses: tuple[tuple[date, date | None], ...] = ()

    def is_paused_on(self, day: date) -> bool:
        """Tell whether the task was suspended at the end of `day`."""
        return any(first <= day and (resumed is None or day < resumed) for first, resumed in self.pauses)

    @property
    def reports_until(self) -> date | None:
        """Return the day from which no progress report is asked for any more: a submission says what a report would."""
        return self.completed_on or self.submitted_on or self.cancelled_on


_UNBORN = Life()


def lives_of(session: Session, as_of: date, known_on: date, plan_ids: Sequence[int] | None = None) -> Mapping[int, Life]:
    """Return the lives of all tasks issued by then, by task id."""
    return lives_after(acts_until(session, as_of, known_on, TaskScope(plan_ids)), as_of)


def acts_until(session: Session, as_of: date, known_on: date, scope: TaskScope) -> Sequence[TaskAct]:
    """Return what moved tasks up to `as_of`, as known on `known_on`: each task's acts in their order."""
    acts = (
        select(_ENTRY.task_id, _ENTRY.act, _ENTRY.for_day)
        .where(_ENTRY.task_id.is_not(None), _ENTRY.act.in_(_MOVES))
        .where(_ENTRY.acted_on <= known_on, _ENTRY.for_day <= as_of)
        .order_by(_ENTRY.task_id, _ENTRY.seq)
    )
    if scope.item_ids is not None:
        acts = acts.where(_ENTRY.task_id.in_(scope.task_ids()))
    elif scope.plan_ids is not None:
        # A plan's acts are its chain, which has an index.
        acts = acts.where(_ENTRY.chain.in_([chain_of(plan_id) for plan_id in scope.plan_ids]))
    return cast(Sequence[TaskAct], session.execute(acts).all())


def lives_after(acts: Iterable[TaskAct], as_of: date) -> Mapping[int, Life]:
    """Return the lives of all tasks by those of the acts that hold for days up to `as_of`."""
    lives: dict[int, Life] = {}
    for task_id, act, for_day in acts:
        if for_day <= as_of:
            lives[task_id] = life_after(lives.get(task_id, _UNBORN), TaskEvent(act), for_day)
    return lives


# The tasks of a plan begin alike: most have the life of another up to here.
@lru_cache(4_096)
def life_after(life: Life, event: TaskEvent, day: date) -> Life:
    """Return the life after one act that holds for `day`."""
    state = TRANSITIONS.get((life.state, event), life.state)
    match event:
        case TaskEvent.ISSUE:
            return life._replace(state=state, issued_on=day, handed_on=day)
        case TaskEvent.SUBMIT:
            return life._replace(state=state, submitted_on=day)
        case TaskEvent.RETURN:
            return life._replace(state=state, submitted_on=None, return_count=life.return_count + 1)
        case TaskEvent.COMPLETE:
            return life._replace(state=state, submitted_on=None, completed_on=day)
        case TaskEvent.REOPEN:
            return life._replace(state=state, completed_on=None)
        case TaskEvent.SUSPEND:
            # What was handed in lapses: after the pause it is handed in anew.
            return life._replace(state=state, submitted_on=None, pauses=(*life.pauses, (day, None)))
        case TaskEvent.RESUME:
            return life._replace(state=state, pauses=tuple((first, resumed or day) for first, resumed in life.pauses))
        case TaskEvent.REASSIGN:
            return life._replace(state=state, handed_on=day)
        case TaskEvent.CANCEL:
            return life._replace(state=state, submitted_on=None, cancelled_on=day)
        case _:
            return life._replace(state=state)
