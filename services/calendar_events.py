"""A unit's dates on a day, as calendar events: due days of its tasks, limits of its reports and of the notices it got, and what is overdue, put on the day itself.

What is done, suspended or cancelled stays for some days as a cancelled event, so that a calendar program takes it out instead of keeping it for ever.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.ledger import LedgerEntry
from models.notice import Notice, NoticeLevel, NoticeState
from models.plan import Plan, PlanState
from models.task import Assignment, Task, TaskState
from notify.letterhead import task_page
from reports.calendar_feed import CalendarEvent
from rules.lights import days_overdue
from rules.periods import Period, period_after, period_before, quarter_of
from rules.rule_set import RuleSet
from services import calendar_words as words
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.ledger import HOUSE, chain_of
from services.reported import owed_periods, reporting_limit
from services.rule_sets import rule_set_on

DAYS_KEPT = 30
_QUARTERS_AHEAD = 3
_ASKED = (TaskState.ASSIGNED, TaskState.IN_PROGRESS)
_OPEN = (*_ASKED, TaskState.SUBMITTED)
_SHANGHAI_OFFSET = timedelta(hours=8)


@dataclass(frozen=True)
class _Acts:
    """How many acts a task has seen, and the last of them."""

    count: int
    last_at: datetime
    last_on: date


@dataclass(frozen=True)
class _Desk:
    """What events are made from: the unit and the day, its tasks and their plans, their acts, and what marks this house among all others."""

    unit_id: int
    day: date
    records: Sequence[TaskRecord]
    plans: Mapping[int, Plan]
    acts: Mapping[int, _Acts]
    rules: RuleSet
    mark: str

    @property
    def day_at(self) -> datetime:
        """Return the instant the day begins in Asia/Shanghai."""
        return datetime.combine(self.day, time(), UTC) - _SHANGHAI_OFFSET

    def led(self) -> Iterator[TaskRecord]:
        """Go through the tasks that the unit leads and is still asked for."""
        return (one for one in self.records if one.name.lead_id == self.unit_id and one.facts.state in _ASKED)


def unit_calendar(session: Session, unit_id: int, day: date) -> list[CalendarEvent]:
    """Return the unit's events as of `day`, by day: asked twice on one day with nothing done between, they are the same to the octet."""
    desk = _desk(session, unit_id, day)
    events = [*_task_events(desk), *_report_events(desk), *_notice_events(session, desk), *_overdue_event(desk)]
    return sorted(events, key=lambda event: (event.day, event.uid))


def _desk(session: Session, unit_id: int, day: date) -> _Desk:
    own = sa.select(col(Task.plan_id)).join(Assignment, col(Assignment.task_id) == col(Task.id)).where(col(Assignment.unit_id) == unit_id)
    wanted = select(Plan).where(col(Plan.id).in_(own), Plan.state == PlanState.IN_FORCE)
    plans = {plan.id or 0: plan for plan in session.exec(wanted)}
    rules = rule_set_on(session, day)
    records = read_tasks(session, Viewpoint(day, day), rules, list(plans)) if plans else []
    first = select(LedgerEntry.hash).where(LedgerEntry.chain == HOUSE, LedgerEntry.seq == 1)
    return _Desk(
        unit_id=unit_id,
        day=day,
        records=[one for one in records if unit_id in (one.name.lead_id, *one.name.support_ids)],
        plans=plans,
        acts=_acts(session, plans, day),
        rules=rules,
        # The first entry a house ever wrote stays with it through back-ups and moves.
        mark=(session.exec(first).one_or_none() or "")[:16] or "house",
    )


def _acts(session: Session, plan_ids: Iterable[int], day: date) -> dict[int, _Acts]:
    told = (col(LedgerEntry.task_id), sa.func.count(), sa.func.max(col(LedgerEntry.at)), sa.func.max(col(LedgerEntry.acted_on)))
    chains = [chain_of(plan_id) for plan_id in plan_ids]
    acts = (
        sa.select(*told)
        .where(col(LedgerEntry.chain).in_(chains), col(LedgerEntry.task_id).is_not(None), col(LedgerEntry.acted_on) <= day)
        .group_by(col(LedgerEntry.task_id))
    )
    return {task_id: _Acts(count, at, on) for task_id, count, at, on in session.execute(acts).tuples()}


def _task_events(desk: _Desk) -> Iterator[CalendarEvent]:
    for record in desk.records:
        acts, is_open = desk.acts[record.name.id], record.facts.state in _OPEN
        if is_open or acts.last_on > desk.day - timedelta(days=DAYS_KEPT):
            yield CalendarEvent(
                uid=f"task-{record.name.id}@{desk.mark}",
                day=record.facts.due_on,
                summary=words.task_summary(record, desk.unit_id, desk.day, desk.rules),
                description=words.task_description(record, desk.plans[record.name.plan_id], desk.unit_id),
                sequence=acts.count,
                as_of=max(acts.last_at, desk.day_at),
                is_cancelled=not is_open,
                page=task_page(record.name.id),
            )


def _report_events(desk: _Desk) -> Iterator[CalendarEvent]:
    waiting: dict[tuple[int, Period], list[TaskRecord]] = defaultdict(list)
    for record in desk.led():
        for period in _unreported(record, desk.day):
            waiting[record.name.plan_id, period].append(record)
    for (plan_id, period), records in waiting.items():
        limit_on = reporting_limit(period, records[0].rules)
        summary = words.report_summary(period, len(records), is_late=desk.day > limit_on)
        description = words.report_description(desk.plans[plan_id], records)
        yield _of_the_day(desk, f"report-{desk.unit_id}-{plan_id}-{period.code}", limit_on, (summary, description))


def _unreported(record: TaskRecord, day: date) -> list[Period]:
    """Return the quarters whose report is awaited: the last one, the one running, and those ahead up to the task's due day."""
    this = quarter_of(day)
    wanted = [period_before(this), this]
    while len(wanted) < 2 + _QUARTERS_AHEAD and period_after(wanted[-1]).starts_on <= record.facts.due_on:
        wanted.append(period_after(wanted[-1]))
    owed = owed_periods(record.facts.starts_on, record.life, wanted[-1].ends_on)
    return [period for period in owed if period in wanted and period.code not in record.reported.first_filed_on]


def _notice_events(session: Session, desk: _Desk) -> Iterator[CalendarEvent]:
    asked = {record.name.id: record for record in desk.led()}
    notices = (
        select(Notice)
        .where(Notice.unit_id == desk.unit_id, col(Notice.state).in_([NoticeState.ISSUED, NoticeState.RECEIVED]))
        # A proposal to hold to account stays in the house.
        .where(Notice.level != NoticeLevel.ACCOUNTABILITY, col(Notice.limit_on).is_not(None), col(Notice.issued_on) <= desk.day)
        .order_by(col(Notice.id))
    )
    for notice in session.exec(notices):
        record = asked.get(notice.task_id)
        # A due day that was moved begins a new ladder: what the old one demanded is not asked any more.
        if record is not None and notice.limit_on is not None and notice.due_on == record.facts.due_on:
            said = words.notice_summary(notice, record, desk.day), words.notice_description(notice, record)
            yield _of_the_day(desk, f"notice-{notice.id}", notice.limit_on, said, task_page(record.name.id))


def _overdue_event(desk: _Desk) -> Iterator[CalendarEvent]:
    overdue = [record for record in desk.led() if days_overdue(record.facts, desk.day)]
    if overdue:
        overdue.sort(key=lambda record: (record.facts.due_on, record.name.id))
        said = words.overdue_summary(len(overdue)), words.overdue_description(overdue, desk.day)
        yield _of_the_day(desk, f"overdue-{desk.unit_id}", desk.day, said)


def _of_the_day(desk: _Desk, key: str, on: date, said: tuple[str, str], page: str | None = None) -> CalendarEvent:
    """Return an event that is made anew each day, and so counts days for its changes."""
    at = max([desk.day_at, *(acts.last_at for acts in desk.acts.values())])
    return CalendarEvent(f"{key}@{desk.mark}", on, *said, sequence=desk.day.toordinal(), as_of=at, page=page)
