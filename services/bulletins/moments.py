"""How a task stood at one moment, as expressions of the database: its last act, its bucket, its pace, the value last reported.

A bulletin asks for two moments at once, its own and the end of the period before, so that every task is looked up once for both.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from models.ledger import SAYS_STANDING, LedgerEntry
from models.progress import ProgressReport, ReportedValue
from rules.periods import Period, quarter_of
from rules.transitions import TaskEvent as E
from services.changes import table_of
from services.facts import Viewpoint

# A task that the moment's period does not count.
NOT_COUNTED = "not-counted"
BY_GAP = "by-gap"

_REPORT, _VALUE, _ENTRY = table_of(ProgressReport), table_of(ReportedValue), table_of(LedgerEntry)
_DAY_LENGTH = len("2013-09-30")
_HUNDRED, _ONE, _NOTHING = sa.literal(100.0, sa.Float), sa.literal(1.0, sa.Float), sa.literal(0.0, sa.Float)


@dataclass(frozen=True)
class Standing:
    """A task's columns at a moment: its days as they were, and its last act behind the day it holds for."""

    task_id: Any
    starts_on: Any
    due_on: Any
    last: Any


@dataclass(frozen=True)
class Moment:
    """A day seen from another, and the period whose tasks are counted."""

    view: Viewpoint
    period: Period
    is_sqlite: bool

    def last(self, task_id: Any) -> Any:
        """Return the last act that says how far the task had come, behind the day it holds for: each leads to one state, whatever was before."""
        entry = _ENTRY.alias("entry")
        said = sa.select(self._said(entry)).where(entry.c.task_id == task_id, *self._known(entry))
        return said.order_by(entry.c.seq.desc()).limit(1).scalar_subquery()

    def lasts(self) -> Any:
        """Return `last` of every task as a table of `task_id` and `last`, which PostgreSQL reads off the index at once instead of asking for each."""
        newest = sa.select(_ENTRY.c.task_id, self._said(_ENTRY).label("last")).distinct(_ENTRY.c.task_id).where(*self._known(_ENTRY))
        return newest.order_by(_ENTRY.c.task_id.desc(), _ENTRY.c.seq.desc()).subquery("lasts")

    def last_before(self, later: Standing) -> Any:
        """Return the last act here, of a task that stood so at a later moment as far as was known on the same day: mostly it is the same act."""
        next_day = self.view.as_of + timedelta(days=1)
        return sa.case((later.last < next_day.isoformat(), later.last), else_=self.last(later.task_id))

    def may_count(self, task: Standing) -> Any:
        """Tell whether the period counts the task as far as its end goes: it is due in it or later, or was still open when it began."""
        begins = self.period.starts_on
        return sa.or_(task.due_on >= begins, act_of(task.last) != E.COMPLETE.value, task.last >= begins.isoformat())

    def bucket(self, task: Standing) -> Any:
        """Return the bucket that a task is in by its state and its days: `BY_GAP` where the gap decides, NULL for a cancelled one."""
        act = act_of(task.last)
        in_time = sa.and_(act == E.SUBMIT.value, day_of(task.last) <= sa.cast(task.due_on, sa.String))
        is_counted = sa.and_(task.last.is_not(None), task.starts_on <= self.period.ends_on, self.may_count(task))
        by_days = sa.case(
            (sa.and_(task.due_on < self.view.as_of, sa.not_(in_time)), "overdue"),
            (sa.and_(act.in_((E.ISSUE.value, E.REASSIGN.value)), sa.not_(self._has_report(task))), "not_started"),
            else_=BY_GAP,
        )
        by_act = sa.case({E.CANCEL.value: sa.null(), E.SUSPEND.value: "suspended", E.COMPLETE.value: "done"}, value=act, else_=by_days)
        return sa.case((is_counted, by_act), else_=NOT_COUNTED)

    def pace(self, task: Standing) -> Any:
        """Return the per cent that should be done, by a straight line."""
        day = sa.literal(self.view.as_of, sa.Date)
        straight = _HUNDRED * (self._days(day, task.starts_on) + _ONE) / (self._days(task.due_on, task.starts_on) + _ONE)
        return sa.case((day < task.starts_on, _NOTHING), (day >= task.due_on, _HUNDRED), else_=straight)

    def actual(self, task: Standing, target_id: Any) -> Any:
        """Return the value of the last report up to the day's quarter that names the target."""
        return (
            sa.select(_VALUE.c.value)
            .join(_REPORT, _REPORT.c.id == _VALUE.c.report_id)
            .where(*self._reported(task), _VALUE.c.target_id == target_id, _VALUE.c.part == "")
            .order_by(_REPORT.c.period_ends_on.desc(), _REPORT.c.revision.desc())
            .limit(1)
            .scalar_subquery()
        )

    def _known(self, entry: Any) -> tuple[Any, ...]:
        # The very words of the index.
        says_standing = sa.text(f"{entry.name}.{SAYS_STANDING}")
        return says_standing, entry.c.acted_on <= self.view.known_on, entry.c.for_day <= self.view.as_of

    def _said(self, entry: Any) -> Any:
        return sa.cast(entry.c.for_day, sa.String) + entry.c.act

    def _has_report(self, task: Standing) -> Any:
        # Asked of few tasks: of an EXISTS PostgreSQL would make a list of all reports first.
        return sa.select(_REPORT.c.task_id).where(*self._reported(task)).limit(1).scalar_subquery().is_not(None)

    def _reported(self, task: Standing) -> tuple[Any, ...]:
        is_spoken = _REPORT.c.period_ends_on <= quarter_of(self.view.as_of).ends_on
        return _REPORT.c.task_id == task.task_id, is_spoken, _REPORT.c.filed_on <= self.view.known_on

    def _days(self, later: Any, earlier: Any) -> Any:
        if self.is_sqlite:
            return sa.func.julianday(later, type_=sa.Float) - sa.func.julianday(earlier, type_=sa.Float)
        return sa.cast(later - earlier, sa.Float)


def act_of(last: Any) -> Any:
    """Return the act that stands behind its day."""
    return sa.func.substr(last, _DAY_LENGTH + 1, type_=sa.String)


def day_of(last: Any) -> Any:
    """Return the day that the act holds for, as text."""
    return sa.func.substr(last, 1, _DAY_LENGTH, type_=sa.String)
