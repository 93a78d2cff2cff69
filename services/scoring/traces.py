"""The ledger's entries that points rest on, read once for all tasks of a year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.task import Target
from rules.periods import parse_period
from rules.rights import Act
from rules.scoring_facts import Ref
from rules.transitions import TaskEvent
from services.decisions import MOVE_DUE_DAY
from services.facts import Viewpoint
from services.missing_reports import REPORT_MISSED
from services.notices import ISSUE_NOTICE

_OBSERVE, _REACH_MILESTONE = "observe-indicator", "reach-milestone"

# Of these the last says how the task stands; of the others each says its own part.
_LAST = (TaskEvent.ISSUE.value, TaskEvent.REPORT.value, TaskEvent.SUBMIT.value, TaskEvent.COMPLETE.value, MOVE_DUE_DAY)
_EVERY = (_REACH_MILESTONE, Act.CONFIRM_MEMBER.value, Act.WITHDRAW_MEMBER.value)
_EVENTS = (TaskEvent.RETURN.value, REPORT_MISSED, ISSUE_NOTICE)


@dataclass(frozen=True)
class Trace:
    """An entry with what it says."""

    ref: Ref
    act: str
    acted_on: date
    for_day: date
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Traces:
    """Entries by task and act, in the order they were entered, and the last observation of each indicator with the tasks it speaks of."""

    by_task: Mapping[int, Mapping[str, Sequence[Trace]]]
    observed: Mapping[int, Sequence[Ref]]

    def of_act(self, task_id: int, act: str) -> Sequence[Trace]:
        """Return the task's entries of an act."""
        return self.by_task.get(task_id, {}).get(act, ())

    def last(self, task_id: int, *acts: str) -> tuple[Ref, ...]:
        """Return the last entry of each act, where there is one."""
        return tuple(found[-1].ref for act in acts if (found := self.of_act(task_id, act)))

    def standing(self, task_id: int) -> tuple[Ref, ...]:
        """Return what says how the task stands: its assignment and due day, its last report, milestones, members, observations and completion."""
        every = [trace.ref for act in _EVERY for trace in self.of_act(task_id, act)]
        refs = [*self.last(task_id, *_LAST), *every]
        return (*sorted(refs, key=lambda ref: ref.seq), *self.observed.get(task_id, ()))


def read_traces(session: Session, view: Viewpoint) -> Traces:
    """Return the entries known at the end of `known_on` that speak of the time up to `as_of`."""
    wanted = _entries(view.known_on).where(col(LedgerEntry.task_id).is_not(None), col(LedgerEntry.act).in_((*_LAST, *_EVERY, *_EVENTS)))
    by_task: dict[int, dict[str, list[Trace]]] = defaultdict(lambda: defaultdict(list))
    for row in session.execute(wanted).tuples():
        trace = _trace(row)
        if _speaks_of(trace, view.as_of):
            by_task[row[0]][trace.act].append(trace)
    return Traces(by_task, _observations(session, view))


def _speaks_of(trace: Trace, as_of: date) -> bool:
    """Tell whether an entry says something of the time judged: a report by its quarter, an end by the day it holds for, a changed due day by when it was moved."""
    if trace.act in (TaskEvent.REPORT.value, REPORT_MISSED):
        return parse_period(trace.said["period"]).starts_on <= as_of
    return trace.act in _EVERY or trace.for_day <= as_of


def house_entries(session: Session, acts: Iterable[str], known_on: date) -> list[tuple[str, Trace]]:
    """Return the house's entries of these acts with their subjects, oldest first."""
    wanted = _entries(known_on).add_columns(col(LedgerEntry.subject)).where(col(LedgerEntry.task_id).is_(None))
    rows = session.execute(wanted.where(col(LedgerEntry.act).in_(list(acts)))).tuples()
    return [(row[-1], _trace(row)) for row in rows]


def _entries(known_on: date) -> sa.Select[Any]:
    names = ("task_id", "chain", "seq", "hash", "act", "acted_on", "for_day", "after")
    columns = [getattr(LedgerEntry, name) for name in names]
    return sa.select(*columns).where(col(LedgerEntry.acted_on) <= known_on).order_by(col(LedgerEntry.chain), col(LedgerEntry.seq))


def _trace(row: Sequence[Any]) -> Trace:
    _task_id, chain, seq, digest, act, acted_on, for_day, said = row[:8]
    return Trace(Ref(chain, seq, digest), act, acted_on, for_day, said)


def _observations(session: Session, view: Viewpoint) -> Mapping[int, Sequence[Ref]]:
    found_by_day = sorted(house_entries(session, [_OBSERVE], view.known_on), key=lambda told: told[1].said["observed_on"])
    last = {subject: trace.ref for subject, trace in found_by_day if date.fromisoformat(trace.said["observed_on"]) <= view.as_of}
    linked = sa.select(col(Target.task_id), col(Target.indicator_id), col(Target.against_id)).where(
        col(Target.task_id).is_not(None), sa.or_(col(Target.indicator_id).is_not(None), col(Target.against_id).is_not(None))
    )
    found: dict[int, list[Ref]] = defaultdict(list)
    for task_id, *indicator_ids in session.execute(linked.order_by(col(Target.id))).tuples():
        refs = [last[name] for one in indicator_ids if (name := f"indicator {one}") in last]
        found[task_id] += [ref for ref in refs if ref not in found[task_id]]
    return found
