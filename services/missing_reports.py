"""The tasks that a report was missed on and not yet noted: the database names them, so that only these are read."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.plan import PlanItem
from models.task import Task, TaskState
from rules.periods import Period, period_after, quarter_of
from rules.rule_set import RuleSet
from rules.transitions import TaskEvent
from services.asking_tasks import is_gone_by, is_silent, last_act, last_report
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.portions import portions
from services.reported import reporting_limit
from services.rule_sets import rule_book_on

REPORT_MISSED = "report-missed"

_TASKS_AT_ONCE = 2_000
_PLANS_AT_ONCE = 20
_RUNNING = (TaskState.ASSIGNED, TaskState.IN_PROGRESS, TaskState.SUSPENDED)


def read_missing(session: Session, day: date, rules: RuleSet, plan_ids: Sequence[int]) -> Iterator[list[TaskRecord]]:
    """Give, some at a time and in the order of plans, items and start days, every task of these plans that may owe a report not noted as missed by `day`.

    Of a day gone by all tasks are given: rows as they stand do not tell of it.
    """
    view = Viewpoint(day, day)
    if is_gone_by(session, day):
        for some in portions(plan_ids, _PLANS_AT_ONCE):
            yield read_tasks(session, view, rules, some)
        return
    for task_ids in portions(_may_miss(session, day, rules, plan_ids), _TASKS_AT_ONCE):
        yield read_tasks(session, view, rules, plan_ids, task_ids)


def _may_miss(session: Session, day: date, rules: RuleSet, plan_ids: Sequence[int]) -> list[int]:
    own = col(Task.plan_id).in_(plan_ids)
    first_on = session.execute(sa.select(sa.func.min(col(Task.starts_on))).where(own)).scalar_one()
    missed = [_is_missed(quarter, day) for quarter in _settled(session, day, rules, first_on)] if first_on else []
    if not missed:
        return []
    wanted = sa.select(col(Task.id)).join(PlanItem, col(PlanItem.id) == col(Task.item_id))
    wanted = wanted.where(own, col(Task.state) != TaskState.CANCELLED, sa.or_(*missed))
    ordered = wanted.order_by(col(Task.plan_id), col(PlanItem.position), col(Task.starts_on), col(Task.id))
    return [task_id or 0 for task_id in session.execute(ordered).scalars()]


def _settled(session: Session, day: date, rules: RuleSet, first_on: date) -> Iterator[Period]:
    """Give the quarters from `first_on` whose reports are due by now by one of the rule sets."""
    book = rule_book_on(session, day, rules)
    sets = (book.house, *book.by_plan.values())
    quarter = quarter_of(first_on)
    while quarter.ends_on < day:
        if any(reporting_limit(quarter, one) < day for one in sets):
            yield quarter
        quarter = period_after(quarter)


def _is_missed(quarter: Period, day: date) -> sa.ColumnElement[bool]:
    """Say of a task that it may have been running at the quarter's end, has no report on it that stands, and no entry that notes so."""
    is_running = sa.or_(col(Task.state).in_(_RUNNING), last_act(TaskEvent.SUBMIT) > quarter.ends_on)
    return sa.and_(col(Task.starts_on) <= quarter.ends_on, is_running, is_silent(last_report(quarter, day)), sa.not_(_noted(quarter)))


def _noted(quarter: Period) -> Any:
    notes = sa.select(col(LedgerEntry.id)).where(col(LedgerEntry.task_id) == col(Task.id), col(LedgerEntry.act) == REPORT_MISSED)
    return notes.where(LedgerEntry.after["period"].as_string() == quarter.code).correlate(Task).exists()
