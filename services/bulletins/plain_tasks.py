"""The tasks of a bulletin judged by the database: one statement for what most tasks are, the same on SQLite and PostgreSQL.

What it cannot say exactly is named by `services/bulletins/intricate.py` and left out here. It reads as a chain: tasks known on the day, those in force, their targets
with the values reported, and of each the bucket (or the gap that decides on it) and the reports due.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from models.ledger import SAYS_STANDING, LedgerEntry
from models.plan import Plan, PlanItem
from models.progress import ProgressReport, ReportedValue
from models.task import Assignment, AssignmentRole, Task
from rules.periods import Period, quarter_of
from rules.rule_set import RuleSet
from rules.transitions import TaskEvent as E
from services.bulletins.intricate import Exceptions, Moved
from services.bulletins.listed import ids_in, rows_in
from services.bulletins.target_columns import TARGET, TOLD, gap, starts_from, wanted
from services.changes import table_of
from services.facts import Viewpoint

# One row a target (or a task without one), the tasks of an item together.
COLUMNS = ("plan_id", "position", "item_id", "number", "title", "task_id", "lead", "supports", "bucket", "gap", "due", "on_time", "missing")

_TASK, _PLAN, _ITEM, _PART = table_of(Task), table_of(Plan), table_of(PlanItem), table_of(Assignment)
_REPORT, _VALUE, _ENTRY = table_of(ProgressReport), table_of(ReportedValue), table_of(LedgerEntry)
_DAY_LENGTH = len("2013-09-30")
_OPEN = (E.ISSUE, E.REASSIGN, E.ACKNOWLEDGE, E.RETURN, E.REOPEN, E.RESUME, E.SUBMIT)
_DAYS = {"id": sa.Integer(), "starts_on": sa.Date(), "due_on": sa.Date()}
_PACES = {"id": sa.Integer(), "pace": sa.Float(), "gap": sa.Float()}
_HUNDRED, _ONE, _NOTHING = sa.literal(100.0, sa.Float), sa.literal(1.0, sa.Float), sa.literal(0.0, sa.Float)


@dataclass(frozen=True)
class Question:
    """What is asked of the tasks: how they stand on the view's day, which period's reports are counted, and whose tasks they are (None: all).

    `limits` is the last day on which a report on a quarter is on time, by the quarter's code: the house's under None, else that of these plans.
    """

    view: Viewpoint
    period: Period
    rules: RuleSet
    exceptions: Exceptions
    plan_ids: tuple[int, ...] | None
    limits: Mapping[str, Mapping[tuple[int, ...] | None, date]]


class PlainTasks:
    """The statements that answer a question, for one kind of database."""

    def __init__(self, question: Question, *, is_sqlite: bool) -> None:
        self._question, self._is_sqlite = question, is_sqlite
        told = question.exceptions.moved
        # Two tables, since days are looked up for every task there is, and a pace only for those in force.
        self._days_told = self._told("days_told", _DAYS, [one for one in told if one.starts_on or one.due_on])
        self._paces_told = self._told("paces_told", _PACES, [one for one in told if one.pace is not None])

    def rows(self) -> sa.Select[Any]:
        """Return the rows that items and units are counted from: `COLUMNS` and what is told of the target, in the order of plans and items."""
        valued = self._valued(self._in_force(), for_lines=True)
        gap_ = self._gap(valued)
        told = [valued.c[name] for name in (*COLUMNS[:8], "bucket")]
        return sa.select(*told, gap_.label("gap"), *self._tally(valued), *(valued.c[name] for name in TOLD), valued.c.pace).order_by(
            *(valued.c[name] for name in ("plan_id", "position", "item_id", "starts_on", "task_id", "target_id"))
        )

    def totals(self) -> sa.Select[Any]:
        """Return how many tasks are in each bucket, None for those that are in none."""
        valued, rules = self._valued(self._in_force(), for_lines=False), self._question.rules
        worst = sa.func.max(self._gap(valued))
        by_gap = sa.case(
            (worst >= sa.literal(rules.yellow_gap_pp, sa.Float), "behind"),
            (-worst >= sa.literal(rules.ahead_pp, sa.Float), "ahead"),
            else_="on_pace",
        )
        tasks = sa.select(valued.c.task_id, sa.case((valued.c.bucket == "by-gap", by_gap), else_=valued.c.bucket).label("bucket"))
        each = tasks.group_by(valued.c.task_id, valued.c.bucket).subquery()
        return sa.select(each.c.bucket, sa.func.count()).group_by(each.c.bucket)

    def due_in(self, period: Period) -> sa.Select[Any]:
        """Return the ids of open tasks that fall due in a period, each behind what it is ordered by: plan, position, item, and the days."""
        known = self._known(lambda _starts_on, due_on: due_on.between(period.starts_on, period.ends_on))
        place = (known.c.plan_id, _ITEM.c.position, known.c.item_id)
        rows = sa.select(known.c.due_on, *place, known.c.starts_on, known.c.task_id).join(_ITEM, _ITEM.c.id == known.c.item_id)
        return rows.where(_act(known.c.last).in_([act.value for act in _OPEN]))

    def plans(self) -> sa.Select[Any]:
        """Return the ids of the plans that have a task known on the day."""
        last = self._last(_TASK.c.id, self._question.view.as_of)
        is_known = sa.exists().where(_TASK.c.plan_id == _PLAN.c.id, last.is_not(None))
        return sa.select(_PLAN.c.id).where(is_known)

    def _told(self, name: str, kinds: Mapping[str, Any], moved: Sequence[Moved]) -> Any:
        """Return what Python told of these tasks as a table, None where nothing was."""
        rows = [{column: getattr(one, column) for column in kinds} for one in moved]
        return rows_in(rows, name, kinds, is_sqlite=self._is_sqlite) if rows else None

    def _last(self, task_id: Any, day: date) -> Any:
        """Return the last act that says how far the task had come by a day, behind the day it holds for: each leads to one state, whatever was before."""
        entry = _ENTRY.alias("entry")
        return (
            sa.select(sa.cast(entry.c.for_day, sa.String) + entry.c.act)
            .where(entry.c.task_id == task_id, sa.text(f"entry.{SAYS_STANDING}"))
            .where(entry.c.acted_on <= self._question.view.known_on, entry.c.for_day <= day)
            .order_by(entry.c.seq.desc())
            .limit(1)
            .scalar_subquery()
        )

    def _known(self, days: Any) -> sa.Subquery:
        """Return the tasks with days as they were, whose `days` pass, with their last acts."""
        exceptions, told = self._question.exceptions, self._days_told
        starts_on, due_on = self._day_of("starts_on"), self._day_of("due_on")
        columns = [_TASK.c.id.label("task_id"), _TASK.c.plan_id, _TASK.c.item_id, starts_on.label("starts_on"), due_on.label("due_on")]
        columns.append(self._last(_TASK.c.id, self._question.view.as_of).label("last"))
        rows = sa.select(*columns).where(days(starts_on, due_on))
        if told is not None:
            rows = rows.select_from(_TASK.outerjoin(told, told.c.id == _TASK.c.id))
        if exceptions.item_ids:
            rows = rows.where(_TASK.c.item_id.not_in(ids_in(exceptions.item_ids, is_sqlite=self._is_sqlite)))
        if self._question.plan_ids is not None:
            rows = rows.where(_TASK.c.plan_id.in_(self._question.plan_ids))
        return _apart(rows, "known")

    def _day_of(self, name: str) -> Any:
        """Return a task's day, as it was where that is told."""
        is_told = any(getattr(one, name) for one in self._question.exceptions.moved)
        return sa.func.coalesce(self._days_told.c[name], _TASK.c[name], type_=sa.Date()) if is_told else _TASK.c[name]

    def _in_force(self) -> sa.Subquery:
        """Return the tasks of the period: those with a day of their own in it, and older ones that were still open when it began."""
        period = self._question.period
        known = self._known(lambda starts_on, _due_on: starts_on <= period.ends_on)
        is_open_then = sa.or_(
            known.c.due_on >= period.starts_on,
            _act(known.c.last) != E.COMPLETE.value,
            known.c.last >= period.starts_on.isoformat(),
        )
        told = (*known.c, _act(known.c.last).label("act"), _day(known.c.last).label("acted_for"))
        return _apart(sa.select(*told).where(known.c.last.is_not(None), is_open_then), "in_force")

    def _valued(self, tasks: sa.Subquery, *, for_lines: bool) -> sa.Subquery:
        """Return a row for each target, with the value last reported; with names and reports where lines are made of them."""
        wanted_ = wanted()
        is_judged = sa.and_(TARGET.c.task_id == tasks.c.task_id, wanted_.is_not(None))
        joined: Any = tasks.outerjoin(TARGET, is_judged)
        columns = [*tasks.c, TARGET.c.id.label("target_id"), self._actual(tasks).label("actual"), wanted_.label("wanted")]
        columns += [TARGET.c.high, starts_from().label("baseline"), sa.type_coerce(TARGET.c.comparator, sa.String).label("comparator")]
        columns += [self._pace(tasks).label("pace"), self._bucket(tasks).label("bucket")]
        if self._paces_told is not None:
            joined = joined.outerjoin(self._paces_told, self._paces_told.c.id == tasks.c.task_id)
            columns.append(self._paces_told.c.gap.label("told_gap"))
        if for_lines:
            joined = joined.join(_ITEM, _ITEM.c.id == tasks.c.item_id)
            columns += [TARGET.c.measure, TARGET.c.unit_of_measure, sa.type_coerce(TARGET.c.basis, sa.String).label("basis")]
            columns += [_ITEM.c.position, _ITEM.c.number, _ITEM.c.title, *self._units(tasks)]
            columns += [one for quarter in self._quarters() for one in self._said_of(tasks, quarter)]
        return _apart(sa.select(*columns).select_from(joined), "valued")

    def _units(self, tasks: sa.Subquery) -> list[Any]:
        of_task = sa.select(_PART.c.unit_id).where(_PART.c.task_id == tasks.c.task_id)
        # The very words of the index on leads.
        lead = of_task.where(sa.text("assignment.role = 'lead'")).scalar_subquery()
        joined = sa.func.group_concat(_PART.c.unit_id) if self._is_sqlite else sa.func.string_agg(sa.cast(_PART.c.unit_id, sa.String), ",")
        supports = sa.select(joined).where(_PART.c.task_id == tasks.c.task_id, _PART.c.role != AssignmentRole.LEAD).scalar_subquery()
        return [lead.label("lead"), supports.label("supports")]

    def _actual(self, tasks: sa.Subquery) -> Any:
        """Return the value of the last report up to the day's quarter that names the target."""
        return (
            sa.select(_VALUE.c.value)
            .join(_REPORT, _REPORT.c.id == _VALUE.c.report_id)
            .where(_REPORT.c.task_id == tasks.c.task_id, _REPORT.c.period_ends_on <= quarter_of(self._question.view.as_of).ends_on)
            .where(_REPORT.c.filed_on <= self._question.view.known_on, _VALUE.c.target_id == TARGET.c.id, _VALUE.c.part == "")
            .order_by(_REPORT.c.period_ends_on.desc(), _REPORT.c.revision.desc())
            .limit(1)
            .scalar_subquery()
        )

    def _pace(self, tasks: sa.Subquery) -> Any:
        day = sa.literal(self._question.view.as_of, sa.Date)
        straight = _HUNDRED * (self._days(day, tasks.c.starts_on) + _ONE) / (self._days(tasks.c.due_on, tasks.c.starts_on) + _ONE)
        pace = sa.case((day < tasks.c.starts_on, _NOTHING), (day >= tasks.c.due_on, _HUNDRED), else_=straight)
        return pace if self._paces_told is None else sa.func.coalesce(self._paces_told.c.pace, pace, type_=sa.Float())

    def _gap(self, valued: sa.Subquery) -> Any:
        own = gap(valued.c, valued.c.pace)
        return own if self._paces_told is None else sa.case((valued.c.target_id.is_(None), valued.c.told_gap), else_=own)

    def _days(self, later: Any, earlier: Any) -> Any:
        if self._is_sqlite:
            return sa.func.julianday(later, type_=sa.Float) - sa.func.julianday(earlier, type_=sa.Float)
        return sa.cast(later - earlier, sa.Float)

    def _bucket(self, tasks: sa.Subquery) -> Any:
        """Return the bucket that a task is in by its state and its days, `by-gap` where the gap decides, NULL for a cancelled one."""
        view, act = self._question.view, tasks.c.act
        said = sa.select(sa.literal(1)).where(
            _REPORT.c.task_id == tasks.c.task_id,
            _REPORT.c.period_ends_on <= quarter_of(view.as_of).ends_on,
            _REPORT.c.filed_on <= view.known_on,
        )
        in_time = sa.and_(act == E.SUBMIT.value, tasks.c.acted_for <= sa.cast(tasks.c.due_on, sa.String))
        return sa.case(
            (act == E.CANCEL.value, None),
            (act == E.SUSPEND.value, "suspended"),
            (act == E.COMPLETE.value, "done"),
            (sa.and_(tasks.c.due_on < view.as_of, sa.not_(in_time)), "overdue"),
            (sa.and_(act.in_((E.ISSUE.value, E.REASSIGN.value)), sa.not_(said.exists())), "not_started"),
            else_="by-gap",
        )

    def _quarters(self) -> Sequence[Period]:
        """Return the quarters of the period that have ended by the day."""
        return [quarter for quarter in quarters_in(self._question.period) if quarter.ends_on <= self._question.view.as_of]

    def _said_of(self, tasks: sa.Subquery, quarter: Period) -> list[Any]:
        """Return the day of the first report on a quarter, and how far the task had come at the quarter's end, where that is not the day judged."""
        filed = sa.select(_REPORT.c.filed_on).where(_REPORT.c.task_id == tasks.c.task_id, _REPORT.c.period_ends_on == quarter.ends_on)
        first = filed.where(_REPORT.c.filed_on <= self._question.view.known_on).order_by(_REPORT.c.revision).limit(1)
        columns = [first.scalar_subquery().label(f"filed_{quarter.code}")]
        if quarter.ends_on < self._question.view.as_of:
            columns.append(self._last(tasks.c.task_id, quarter.ends_on).label(f"then_{quarter.code}"))
        return columns

    def _tally(self, valued: sa.Subquery) -> list[Any]:
        """Return how many reports were due, on time and missing in the period, as `owed_periods` and `tally_reports` count."""
        sums: list[list[Any]] = [[], [], []]
        for quarter in self._quarters():
            filed, limit = valued.c[f"filed_{quarter.code}"], self._limit(valued, quarter)
            is_owed = self._is_owed(valued, quarter)
            is_missing = sa.and_(filed.is_(None), limit < self._question.view.known_on)
            for some, counts in zip(sums, (sa.or_(filed.is_not(None), is_missing), filed <= limit, is_missing), strict=True):
                some.append(sa.case((sa.and_(is_owed, counts), 1), else_=0))
        return [
            sum(some[1:], some[0]).label(name) if some else sa.literal(0).label(name) for name, some in zip(COLUMNS[10:], sums, strict=True)
        ]

    def _limit(self, valued: sa.Subquery, quarter: Period) -> Any:
        limits = self._question.limits[quarter.code]
        own = [(valued.c.plan_id.in_(plans), sa.literal(day, sa.Date)) for plans, day in limits.items() if plans is not None]
        return sa.case(*own, else_=sa.literal(limits[None], sa.Date)) if own else sa.literal(limits[None], sa.Date)

    def _is_owed(self, valued: sa.Subquery, quarter: Period) -> Any:
        act = valued.c.act
        no_more = act.in_((E.COMPLETE.value, E.SUBMIT.value, E.CANCEL.value))
        is_asked = sa.or_(sa.not_(no_more), valued.c.acted_for > quarter.ends_on.isoformat())
        is_begun = valued.c.starts_on <= quarter.ends_on
        if quarter.ends_on == self._question.view.as_of:
            return sa.and_(is_begun, is_asked, act != E.SUSPEND.value)
        then = valued.c[f"then_{quarter.code}"]
        return sa.and_(is_begun, is_asked, then.is_not(None), _act(then) != E.SUSPEND.value)


def quarters_in(period: Period) -> list[Period]:
    """Return the quarters that end within a period."""
    quarters = [quarter_of(date(period.starts_on.year, month, 1)) for month in (1, 4, 7, 10)]
    return [quarter for quarter in quarters if quarter.ends_on in period]


def _apart(rows: sa.Select[Any], name: str) -> sa.Subquery:
    # An offset, even of none, keeps the database from working a column out again wherever it is named.
    return rows.offset(0).subquery(name)


def _act(last: Any) -> Any:
    return sa.func.substr(last, _DAY_LENGTH + 1, type_=sa.String)


def _day(last: Any) -> Any:
    return sa.func.substr(last, 1, _DAY_LENGTH, type_=sa.String)
