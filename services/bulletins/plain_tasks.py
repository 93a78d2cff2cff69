"""The tasks of a bulletin judged by the database: one statement for what most tasks are, the same on SQLite and PostgreSQL.

What it cannot say exactly is named by `services/bulletins/intricate.py` and left out here. It reads as a chain: tasks known on the day, those that the period or the one before
counts, their targets with the values reported, and of each the buckets (or the gaps that decide on them) and the reports due.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from models.plan import Plan, PlanItem
from models.progress import ProgressReport
from models.task import Assignment, AssignmentRole, Task
from rules.periods import Period, period_before, quarter_of
from rules.transitions import TaskEvent as E
from services.bulletins.listed import ids_in, rows_in
from services.bulletins.moments import Moment, Standing, act_of, day_of
from services.bulletins.target_columns import TARGET, TOLD, gap, starts_from, wanted
from services.bulletins.told import Told
from services.changes import table_of
from services.facts import Viewpoint

# One row a target (or a task without one), the tasks of an item together.
COLUMNS = (
    *("plan_id", "position", "item_id", "number", "title", "task_id", "units", "bucket", "gap", "due", "on_time", "missing"),
    *("bucket_before", "gap_before"),
)

_TASK, _PLAN, _ITEM, _PART = table_of(Task), table_of(Plan), table_of(PlanItem), table_of(Assignment)
_REPORT = table_of(ProgressReport)
_OPEN = (E.ISSUE, E.REASSIGN, E.ACKNOWLEDGE, E.RETURN, E.REOPEN, E.RESUME, E.SUBMIT)
_DAYS = {"starts_on": sa.Date(), "due_on": sa.Date()}
_PACES = {"pace": sa.Float(), "gap": sa.Float()}
_BEFORE = "_before"
# Between the lead unit and the others.
UNITS_MARK = ";"
_ToldRows = Mapping[int, Mapping[str, Any]]
# Of a report that never came: later than any limit.
_NEVER = date.max


@dataclass(frozen=True)
class Question:
    """What is asked of the tasks: how they stand on the view's day, which period's reports are counted, and whose tasks they are (None: all).

    The items of `but_items` are left out: Python judges them. `limits` is the last day on which a report on a quarter is on time, by the quarter's code: the
    house's under None, else that of these plans.
    """

    view: Viewpoint
    period: Period
    but_items: Sequence[int]
    plan_ids: tuple[int, ...] | None
    limits: Mapping[str, Mapping[tuple[int, ...] | None, date]]


class PlainTasks:
    """The statements that answer a question, for one kind of database, with what is told of tasks on the day and at the end of the period before."""

    def __init__(self, question: Question, told: Told, told_before: Told, *, is_sqlite: bool) -> None:
        self._question, self._is_sqlite = question, is_sqlite
        before = period_before(question.period)
        self._now = Moment(question.view, question.period, is_sqlite)
        self._before = Moment(Viewpoint(before.ends_on, question.view.known_on), before, is_sqlite)
        # Two tables, since days are looked up for every task there is, and a pace only for those in force.
        self._days_told = self._told("days_told", _DAYS, told.days, told_before.days)
        self._paces_told = self._told("paces_told", _PACES, told.paces, told_before.paces)

    def rows(self) -> sa.Select[Any]:
        """Return the rows that items and units are counted from: `COLUMNS` and what is told of the target, in the order of plans and items.

        A bucket is `NOT_COUNTED` for a task that only the other of both periods counts.
        """
        valued = self._valued(self._in_force())
        earlier = SimpleNamespace(**{name: valued.c[name] for name in TOLD if name != "actual"}, actual=valued.c.actual_before)
        worked_out = {"gap": self._gap(valued, valued.c, ""), "gap_before": self._gap(valued, earlier, _BEFORE)}
        worked_out |= {one.name: one for one in self._tally(valued)}
        told = [worked_out[name].label(name) if name in worked_out else valued.c[name] for name in (*COLUMNS, *TOLD, "pace")]
        order = ("plan_id", "position", "item_id", "starts_on", "task_id", "target_id")
        return sa.select(*told).order_by(*(valued.c[name] for name in order))

    def due_in(self, period: Period) -> sa.Select[Any]:
        """Return the ids of open tasks that fall due in a period, each behind what it is ordered by: plan, position, item, and the days."""
        known = self._known(self._day_of("due_on").between(period.starts_on, period.ends_on))
        place = (known.c.plan_id, _ITEM.c.position, known.c.item_id)
        rows = sa.select(known.c.due_on, *place, known.c.starts_on, known.c.task_id).join(_ITEM, _ITEM.c.id == known.c.item_id)
        return rows.where(act_of(known.c.last).in_([act.value for act in _OPEN]))

    def plans(self) -> sa.Select[Any]:
        """Return the ids of the plans that have a task known on the day."""
        is_known = sa.exists().where(_TASK.c.plan_id == _PLAN.c.id, self._now.last(_TASK.c.id).is_not(None))
        return sa.select(_PLAN.c.id).where(is_known)

    def _told(self, name: str, kinds: Mapping[str, Any], now: _ToldRows, before: _ToldRows) -> Any:
        """Return what Python told of tasks at both moments as a table with the columns that were told, None where nothing was."""
        names = [column + suffix for suffix in ("", _BEFORE) for column in kinds]
        alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for task_id in chain(now, (task_id for task_id in before if task_id not in now)):
            alike[tuple(told.get(task_id, {}).get(column) for told in (now, before) for column in kinds)].append(task_id)
        rows = [
            {"ids": ids, **{name: said for name, said in zip(names, values, strict=True) if said is not None}}
            for values, ids in alike.items()
        ]
        told = {column for row in rows for column in row if column != "ids"}
        columns = {column: kinds[column.removesuffix(_BEFORE)] for column in sorted(told)}
        return rows_in(rows, name, columns, is_sqlite=self._is_sqlite) if told else None

    def _known(self, condition: Any, lasts: Any = None) -> sa.Subquery:
        """Return the tasks that pass, with days as they were and their last acts: of the table `lasts`, or each looked up."""
        told, but_items = self._days_told, self._question.but_items
        last = self._now.last(_TASK.c.id) if lasts is None else lasts.c.last
        columns = [_TASK.c.id.label("task_id"), _TASK.c.plan_id, _TASK.c.item_id, last.label("last")]
        columns += [self._day_of(name).label(name) for name in _DAYS]
        columns += [self._day_of(name + _BEFORE).label(name + _BEFORE) for name in _DAYS if self._is_told(name + _BEFORE)]
        joined: Any = _TASK if lasts is None else _TASK.join(lasts, lasts.c.task_id == _TASK.c.id)
        joined = joined if told is None else joined.outerjoin(told, told.c.id == _TASK.c.id)
        rows = sa.select(*columns).select_from(joined).where(condition)
        if but_items:
            rows = rows.where(_TASK.c.item_id.not_in(ids_in(but_items, is_sqlite=self._is_sqlite)))
        if self._question.plan_ids is not None:
            rows = rows.where(_TASK.c.plan_id.in_(self._question.plan_ids))
        return _apart(rows, "known")

    def _day_of(self, name: str) -> Any:
        """Return a task's day, as it was where that is told."""
        day = _TASK.c[name.removesuffix(_BEFORE)]
        return sa.func.coalesce(self._days_told.c[name], day, type_=sa.Date()) if self._is_told(name) else day

    def _is_told(self, name: str) -> bool:
        return self._days_told is not None and name in self._days_told.c

    def _in_force(self) -> sa.Subquery:
        """Return the tasks that either period may count, with the last act known at each moment."""
        starts_on, before = self._day_of("starts_on"), self._day_of("starts_on" + _BEFORE)
        # The period before ends before: only a day moved since makes a difference.
        begun = starts_on <= self._now.period.ends_on
        is_moved = self._is_told("starts_on") or self._is_told("starts_on" + _BEFORE)
        begun = sa.or_(begun, before <= self._before.period.ends_on) if is_moved else begun
        is_of_all = self._question.plan_ids is None and not self._is_sqlite
        known = self._known(begun, self._now.lasts() if is_of_all else None)
        now = _standing(known, known.c.last)
        last_before = self._before.last_before(now)
        # What is done before the earlier period, and was due before it, counts in neither.
        may_count = sa.or_(self._before.may_count(now), _standing(known, known.c.last, _BEFORE).due_on >= self._before.period.starts_on)
        rows = sa.select(*known.c, last_before.label("last_before")).where(known.c.last.is_not(None), may_count)
        return _apart(rows, "in_force")

    def _valued(self, tasks: sa.Subquery) -> sa.Subquery:
        """Return a row for each target, with the values last reported, the names and the reports that lines are made of."""
        now, before = _standing(tasks, tasks.c.last), _standing(tasks, tasks.c.last_before, _BEFORE)
        is_judged = sa.and_(TARGET.c.task_id == tasks.c.task_id, wanted().is_not(None))
        joined: Any = tasks.outerjoin(TARGET, is_judged).join(_ITEM, _ITEM.c.id == tasks.c.item_id)
        if self._paces_told is not None:
            joined = joined.outerjoin(self._paces_told, self._paces_told.c.id == tasks.c.task_id)
        columns = [tasks.c.plan_id, _ITEM.c.position, tasks.c.item_id, _ITEM.c.number, _ITEM.c.title, tasks.c.task_id, tasks.c.starts_on]
        columns += [
            self._units(tasks).label("units"),
            self._now.bucket(now).label("bucket"),
            self._before.bucket(before).label("bucket_before"),
        ]
        columns += [*_of_target(), self._now.actual(now, TARGET.c.id).label("actual")]
        columns += [self._before.actual(before, TARGET.c.id).label("actual_before")]
        columns += [self._pace(self._now, now).label("pace"), self._pace(self._before, before, _BEFORE).label("pace_before")]
        columns += [self._first_report(now, quarter).label(f"first_{quarter.code}") for quarter in self._quarters()]
        if self._paces_told is not None:
            columns += [one.label(f"told_{name}") for name, one in self._paces_told.c.items() if name.startswith("gap")]
        return _apart(sa.select(*columns).select_from(joined), "valued")

    def _units(self, tasks: sa.Subquery) -> Any:
        """Return the lead unit and, behind a mark, the others."""
        unit_id = sa.cast(_PART.c.unit_id, sa.String)
        lead, other = (sa.case((is_so, unit_id)) for is_so in (_PART.c.role == AssignmentRole.LEAD, _PART.c.role != AssignmentRole.LEAD))
        others = sa.func.group_concat(other) if self._is_sqlite else sa.func.string_agg(other, ",")
        both = sa.func.coalesce(sa.func.max(lead), "") + UNITS_MARK + sa.func.coalesce(others, "")
        return sa.select(both).where(_PART.c.task_id == tasks.c.task_id).scalar_subquery()

    def _pace(self, moment: Moment, task: Standing, suffix: str = "") -> Any:
        pace, told = moment.pace(task), None if self._paces_told is None else self._paces_told.c.get(f"pace{suffix}")
        return pace if told is None else sa.func.coalesce(told, pace, type_=sa.Float())

    def _gap(self, valued: sa.Subquery, row: Any, suffix: str) -> Any:
        own, told = gap(row, valued.c[f"pace{suffix}"]), valued.c.get(f"told_gap{suffix}")
        return own if told is None else sa.case((valued.c.target_id.is_(None), told), else_=own)

    def _quarters(self) -> Sequence[Period]:
        """Return the quarters of the period that have ended by the day."""
        return [quarter for quarter in quarters_in(self._question.period) if quarter.ends_on <= self._question.view.as_of]

    def _first_report(self, task: Standing, quarter: Period) -> Any:
        """Return the day of the first report on a quarter that is owed, `_NEVER` where none came, NULL where none is owed, as `owed_periods` says."""
        filed = sa.select(_REPORT.c.filed_on).where(_REPORT.c.task_id == task.task_id, _REPORT.c.period_ends_on == quarter.ends_on)
        first = filed.where(_REPORT.c.filed_on <= self._question.view.known_on).order_by(_REPORT.c.revision).limit(1).scalar_subquery()
        no_more = act_of(task.last).in_((E.COMPLETE.value, E.SUBMIT.value, E.CANCEL.value))
        is_asked = sa.or_(sa.not_(no_more), day_of(task.last) > quarter.ends_on.isoformat())
        then = task.last if quarter.ends_on == self._question.view.as_of else self._moment(quarter).last(task.task_id)
        # NULL, and so not owed, where the task was not known then.
        is_owed = sa.and_(task.starts_on <= quarter.ends_on, is_asked, act_of(then) != E.SUSPEND.value)
        return sa.case((is_owed, sa.func.coalesce(first, sa.literal(_NEVER, sa.Date), type_=sa.Date())))

    def _moment(self, quarter: Period) -> Moment:
        return Moment(Viewpoint(quarter.ends_on, self._question.view.known_on), quarter, self._is_sqlite)

    def _tally(self, valued: sa.Subquery) -> list[Any]:
        """Return how many reports were due, on time and missing in the period, as `tally_reports` counts."""
        sums: list[list[Any]] = [[], [], []]
        for quarter in self._quarters():
            first, limit = valued.c[f"first_{quarter.code}"], self._limit(valued, quarter)
            is_missing = sa.and_(first == _NEVER, limit < self._question.view.known_on)
            for some, counts in zip(sums, (sa.or_(first < _NEVER, is_missing), first <= limit, is_missing), strict=True):
                some.append(sa.case((counts, 1), else_=0))
        names = ("due", "on_time", "missing")
        return [sum(some[1:], some[0]).label(name) if some else sa.literal(0).label(name) for name, some in zip(names, sums, strict=True)]

    def _limit(self, valued: sa.Subquery, quarter: Period) -> Any:
        limits = self._question.limits[quarter.code]
        own = [(valued.c.plan_id.in_(plans), sa.literal(day, sa.Date)) for plans, day in limits.items() if plans is not None]
        return sa.case(*own, else_=sa.literal(limits[None], sa.Date)) if own else sa.literal(limits[None], sa.Date)


def quarters_in(period: Period) -> list[Period]:
    """Return the quarters that end within a period."""
    quarters = [quarter_of(date(period.starts_on.year, month, 1)) for month in (1, 4, 7, 10)]
    return [quarter for quarter in quarters if quarter.ends_on in period]


def _apart(rows: sa.Select[Any], name: str) -> sa.Subquery:
    # An offset, even of none, keeps the database from working a column out again wherever it is named.
    return rows.offset(0).subquery(name)


def _standing(tasks: sa.Subquery, last: Any, suffix: str = "") -> Standing:
    """Return a task's columns at one of both moments; days that are not told apart are the same at both."""
    days = {name: tasks.c.get(name + suffix, tasks.c[name]) for name in _DAYS}
    return Standing(tasks.c.task_id, last=last, **days)


def _of_target() -> list[Any]:
    """Return what a row tells of a target, but for the values reported."""
    words = [sa.type_coerce(TARGET.c[name], sa.String).label(name) for name in ("comparator", "basis")]
    figures = [TARGET.c.id.label("target_id"), wanted().label("wanted"), TARGET.c.high, starts_from().label("baseline")]
    return [*figures, *words, TARGET.c.measure, TARGET.c.unit_of_measure]
