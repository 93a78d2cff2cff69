"""The tasks that ask for a reminder on a day. The database is asked for those alone that may, and for no more of each than the rules judge by.

Of a day gone by the rows as they stand tell nothing: its tasks are read with their past, some plans at a time, and judged by the same rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import SAYS_STANDING, LedgerEntry
from models.plan import Plan, PlanItem, PlanState
from models.progress import ProgressReport, ReportState
from models.task import Assignment, AssignmentRole, Task, TaskState
from rules.calendar import add_working_days
from rules.lights import TaskFacts
from rules.periods import Period, period_before, quarter_of
from rules.reminders import DueReminder, ReportDue, Watched, reminders_due
from rules.rule_set import RuleBook, RuleSet
from rules.transitions import TaskEvent
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.lives import Life, lives_after
from services.portions import portions
from services.prepared import Prepared
from services.reported import owed_periods, reporting_limit
from services.rule_sets import rule_book_on

_ROWS_AT_ONCE = 5_000
_PLANS_AT_ONCE = 20
_ASKED = (TaskState.ASSIGNED, TaskState.IN_PROGRESS)

_LATER_ACT = sa.select(col(LedgerEntry.id)).where(col(LedgerEntry.acted_on) > sa.bindparam("day", type_=sa.Date)).limit(1)
_IN_FORCE = sa.select(col(Plan.id)).where(col(Plan.state) == PlanState.IN_FORCE).order_by(col(Plan.id))


class AskingTask(NamedTuple):
    """A task with what its lead unit is to be reminded of, the most pressing first; at least one thing."""

    id: int
    plan_id: int
    lead_id: int
    title: str
    reminders: Sequence[DueReminder]


def asking_on(session: Session, day: date, rules: RuleSet, plan_ids: Sequence[int]) -> Iterator[AskingTask]:
    """Give the tasks of these plans that ask for something on `day`, in the order of plans, items and start days. `rules` are the house's of the day."""
    if is_gone_by(session, day):
        for some in portions(plan_ids, _PLANS_AT_ONCE):
            yield from asking_among(read_tasks(session, Viewpoint(day, day), rules, some), day)
        return
    judge = _Judge(day, rule_book_on(session, day, rules))
    session.flush()
    # The driver's own rows: there are many, and each is looked at once.
    found = Prepared(_candidates(judge, plan_ids)).run(session.connection(), {})
    while rows := found.fetchmany(_ROWS_AT_ONCE):
        lives = _lives(session, [row[0] for row in rows if row[-1] is None])
        for row in rows:
            task_id, plan_id, lead_id, item, label = row[:5]
            reminders = judge.reminders(plan_id, row[5:], lives.get(task_id))
            if reminders:
                yield AskingTask(task_id, plan_id, lead_id, f"{item}（{label}）", reminders)


def asking_among(records: Iterable[TaskRecord], day: date) -> Iterator[AskingTask]:
    """Give those of these tasks, read for `day`, that ask for something."""
    for record in records:
        watched = _watched(record.facts, record.life, day, record.rules, record.reported.first_filed_on)
        reminders = reminders_due(watched, day, record.rules)
        if reminders:
            yield AskingTask(record.name.id, record.name.plan_id, record.name.lead_id, record.name.title, reminders)


def is_gone_by(session: Session, day: date) -> bool:
    """Tell whether anything was done after `day`, so that rows as they stand do not tell of it."""
    return session.execute(_LATER_ACT, {"day": day}).first() is not None


def _watched(facts: TaskFacts, life: Life, day: date, rules: RuleSet, filed: Mapping[str, date]) -> Watched:
    recent = _recent(day)
    owed = [period for period in owed_periods(facts.starts_on, life, recent[-1].ends_on) if period in recent]
    reports = tuple(ReportDue(period.code, period.ends_on, reporting_limit(period, rules), period.code in filed) for period in owed)
    return Watched(facts, life.handed_on, reports)


def _recent(day: date) -> tuple[Period, Period]:
    this_quarter = quarter_of(day)
    return period_before(this_quarter), this_quarter


@dataclass
class _Judge:
    """The rules of a day. What many tasks have in common, their days and reports, is judged once."""

    day: date
    book: RuleBook
    known: dict[tuple[Any, ...], Sequence[DueReminder]] = field(default_factory=dict)

    def reminders(self, plan_id: int, facts: tuple[Any, ...], life: Life | None) -> Sequence[DueReminder]:
        """Return what a task asks for by the facts that `_candidates` reads, and by its life where they do not tell of it."""
        rules = self.book.of(plan_id)
        key = (id(rules), facts, life)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._judged(rules, facts, life)
        return found

    def _judged(self, rules: RuleSet, facts: tuple[Any, ...], life: Life | None) -> Sequence[DueReminder]:
        is_assigned, before, this, *days = facts
        starts_on, due_on, handed_on, issued_on = [date.fromisoformat(day) if day else None for day in days]
        assert starts_on is not None
        assert due_on is not None
        state = TaskState.ASSIGNED if is_assigned else TaskState.IN_PROGRESS
        filed = {period.code: self.day for period, word in zip(_recent(self.day), (before, this), strict=True) if _stands(word)}
        told = life or Life(state, issued_on, handed_on)
        return reminders_due(_watched(TaskFacts(0, state, starts_on, due_on, due_on), told, self.day, rules, filed), self.day, rules)

    def sets(self) -> Sequence[RuleSet]:
        """Return every rule set that holds for a plan."""
        return (self.book.house, *self.book.by_plan.values())


def _stands(state: str | None) -> bool:
    return state is not None and state != ReportState.RETURNED.value


def _candidates(judge: _Judge, plan_ids: Sequence[int]) -> sa.Select[Any]:
    """Return the query for the open tasks of these plans that one of the rule sets may fire on, with the facts they are judged by.

    The quarters' columns hold the state of the latest report on each: one that was returned says nothing, nor does what was filed before it. The one running now is not
    looked at before reports on it are asked for. Days are read as text: few differ, and they become days where they are judged. The last one is the day of the issue,
    and is empty where the task was paused since.
    """
    day, (before, this) = judge.day, _recent(judge.day)
    is_assigned, starts_on = col(Task.state) == TaskState.ASSIGNED, col(Task.starts_on)
    handed_on = last_act(TaskEvent.ISSUE, TaskEvent.REASSIGN)
    last_word = [last_report(period, day) for period in (before, this)]
    calls = [
        sa.and_(starts_on <= day, col(Task.due_on) < _due_before(judge)),
        sa.and_(starts_on <= before.ends_on, is_silent(last_word[0])),
        sa.and_(is_assigned, handed_on < day),
    ]
    if any(this.ends_on < add_working_days(day, rules.report_open_days + 1) for rules in judge.sets()):
        calls.append(sa.and_(starts_on <= this.ends_on, is_silent(last_word[1])))
    else:
        last_word[1] = sa.null()
    days = (starts_on, col(Task.due_on), sa.case((is_assigned, handed_on)), _issued_on())
    facts = (is_assigned, *last_word, *(sa.cast(one, sa.String) for one in days))
    return (
        sa.select(col(Task.id), col(Task.plan_id), col(Assignment.unit_id), col(PlanItem.title), col(Task.label), *facts)
        .select_from(Task)
        .join(PlanItem, col(PlanItem.id) == col(Task.item_id))
        .join(Assignment, sa.and_(col(Assignment.task_id) == col(Task.id), col(Assignment.role) == AssignmentRole.LEAD))
        .where(col(Task.state).in_(_ASKED), col(Task.plan_id).in_(plan_ids), sa.or_(*calls))
        .order_by(col(Task.plan_id), col(PlanItem.position), starts_on, col(Task.id))
    )


def _due_before(judge: _Judge) -> date:
    leads = [max(rules.reminder_leads, default=0) for rules in judge.sets()]
    return add_working_days(judge.day, max(leads) + 1)


def last_report(period: Period, day: date) -> Any:
    """Return the state, as a column of a query for tasks, of the last report on the period filed by `day`."""
    said = sa.select(sa.cast(col(ProgressReport.state), sa.String)).where(
        col(ProgressReport.task_id) == col(Task.id), col(ProgressReport.period) == period.code, col(ProgressReport.filed_on) <= day
    )
    return said.order_by(col(ProgressReport.revision).desc()).limit(1).correlate(Task).scalar_subquery()


def is_silent(last_word: Any) -> sa.ColumnElement[bool]:
    """Say that nothing was reported by such a column: nothing came, or what came last was returned."""
    return sa.func.coalesce(last_word, ReportState.RETURNED.value) == ReportState.RETURNED.value


def _acts(*acts: TaskEvent) -> sa.Select[Any]:
    standing = sa.select(col(LedgerEntry.for_day)).where(col(LedgerEntry.task_id) == col(Task.id), sa.text(SAYS_STANDING))
    return standing.where(col(LedgerEntry.act).in_([act.value for act in acts])).correlate(Task)


def last_act(*acts: TaskEvent) -> Any:
    """Return the day, as a column of a query for tasks, for which the last of these acts on the task holds."""
    return _acts(*acts).order_by(col(LedgerEntry.seq).desc()).limit(1).scalar_subquery()


def _issued_on() -> Any:
    """Return the day of a task's issue, empty where it was paused since."""
    standing = _acts(TaskEvent.ISSUE, TaskEvent.SUSPEND)
    last = standing.with_only_columns(sa.case((col(LedgerEntry.act) == TaskEvent.ISSUE.value, col(LedgerEntry.for_day))))
    return last.order_by(col(LedgerEntry.seq).desc()).limit(1).scalar_subquery()


def _lives(session: Session, task_ids: Sequence[int]) -> Mapping[int, Life]:
    """Return the lives of these tasks."""
    if not task_ids:
        return {}
    acts = sa.select(col(LedgerEntry.task_id), col(LedgerEntry.act), col(LedgerEntry.for_day)).where(col(LedgerEntry.task_id).in_(task_ids))
    acts = acts.where(sa.text(SAYS_STANDING)).order_by(col(LedgerEntry.task_id), col(LedgerEntry.seq))
    return lives_after(((task_id or 0, act, day) for task_id, act, day in session.execute(acts).tuples()), date.max)


def in_force(session: Session) -> list[int]:
    """Return the plans whose tasks are followed up, in their order."""
    return [plan_id or 0 for plan_id in session.execute(_IN_FORCE).scalars()]
