"""A task's life folded from the ledger: the state it was in on a day, by what was known on another.

`as_of` is the day judged, `known_on` the day up to which acts are taken in: a completion accepted in October for a September submission holds
for September once it is known. Acts later than `known_on` change nothing, so yesterday's answer stays yesterday's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from sqlalchemy import select
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.task import TaskState
from rules.transitions import TRANSITIONS, TaskEvent
from services.ledger import chain_of
from services.task_rows import TaskScope

# A task's id, the act, and the day it holds for.
TaskAct = tuple[int, str, date]


@dataclass(frozen=True)
class Life:
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


def lives_of(session: Session, as_of: date, known_on: date, plan_ids: Sequence[int] | None = None) -> Mapping[int, Life]:
    """Return the lives of all tasks issued by then, by task id."""
    return lives_after(acts_until(session, as_of, known_on, TaskScope(plan_ids)), as_of)


def acts_until(session: Session, as_of: date, known_on: date, scope: TaskScope) -> Sequence[TaskAct]:
    """Return what moved tasks up to `as_of`, as known on `known_on`: each task's acts in their order."""
    acts = (
        select(col(LedgerEntry.task_id), col(LedgerEntry.act), col(LedgerEntry.for_day))
        .where(col(LedgerEntry.task_id).is_not(None), col(LedgerEntry.act).in_([event.value for event in TaskEvent]))
        .where(col(LedgerEntry.acted_on) <= known_on, col(LedgerEntry.for_day) <= as_of)
        .order_by(col(LedgerEntry.task_id), col(LedgerEntry.seq))
    )
    if scope.item_ids is not None:
        acts = acts.where(col(LedgerEntry.task_id).in_(scope.task_ids()))
    elif scope.plan_ids is not None:
        # A plan's acts are its chain, which has an index.
        acts = acts.where(col(LedgerEntry.chain).in_([chain_of(plan_id) for plan_id in scope.plan_ids]))
    return cast(Sequence[TaskAct], session.execute(acts).all())


def lives_after(acts: Iterable[TaskAct], as_of: date) -> Mapping[int, Life]:
    """Return the lives of all tasks by those of the acts that hold for days up to `as_of`."""
    lives: dict[int, Life] = {}
    for task_id, act, for_day in acts:
        if for_day <= as_of:
            lives[task_id] = life_after(lives.get(task_id, Life()), TaskEvent(act), for_day)
    return lives


def life_after(life: Life, event: TaskEvent, day: date) -> Life:
    """Return the life after one act that holds for `day`."""
    state = TRANSITIONS.get((life.state, event), life.state)
    match event:
        case TaskEvent.ISSUE:
            return replace(life, state=state, issued_on=day, handed_on=day)
        case TaskEvent.SUBMIT:
            return replace(life, state=state, submitted_on=day)
        case TaskEvent.RETURN:
            return replace(life, state=state, submitted_on=None, return_count=life.return_count + 1)
        case TaskEvent.COMPLETE:
            return replace(life, state=state, submitted_on=None, completed_on=day)
        case TaskEvent.REOPEN:
            return replace(life, state=state, completed_on=None)
        case TaskEvent.SUSPEND:
            # What was handed in lapses: after the pause it is handed in anew.
            return replace(life, state=state, submitted_on=None, pauses=(*life.pauses, (day, None)))
        case TaskEvent.RESUME:
            return replace(life, state=state, pauses=tuple((first, resumed or day) for first, resumed in life.pauses))
        case TaskEvent.REASSIGN:
            return replace(life, state=state, handed_on=day)
        case TaskEvent.CANCEL:
            return replace(life, state=state, submitted_on=None, cancelled_on=day)
        case _:
            return replace(life, state=state)
