"""What a bulletin on paper tells beyond its contract, read from the ledger and the rows of the period; by what was known on the day of writing, as its figures are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.notice import Notice, NoticeLevel
from models.progress import Evidence, ProgressReport
from models.task import Task, TaskState
from reports.bulletin_details import CurvePoint, Details, Method, NoticeLine, Problems, TaskLine, Trend, UnitCount, UnitLights
from rules.calendar import add_working_days
from rules.lights import Light, bucket_of, is_done, light_of
from rules.periods import Period, period_after, period_before, quarter_of
from rules.rule_set import RuleSet
from services.facts import TaskRecord, Viewpoint

QUARTERS_SHOWN = 4
CURVE_SHOWN = 12
_REVIEWS = ("return", "complete", "accept-report", "return-report")
_RETURNS = ("return", "return-report")


@dataclass(frozen=True)
class Reading:
    """The tasks of a bulletin as they were seen: those in force at its end, all of its plans, and those in force at the end of each quarter shown."""

    view: Viewpoint
    period: Period
    rules: RuleSet
    in_force: Sequence[TaskRecord]
    every: Sequence[TaskRecord]
    by_quarter: Mapping[str, Sequence[TaskRecord]] = field(default_factory=dict)
    plan_ids: tuple[int, ...] | None = None


def quarters_before(day: date) -> list[Period]:
    """Return the quarter of `day` and those before it that are shown beside each other, oldest first."""
    quarters = [quarter_of(day)]
    while len(quarters) < QUARTERS_SHOWN:
        quarters.insert(0, period_before(quarters[0]))
    return quarters


def details_of(session: Session, reading: Reading) -> Details:
    """Return everything beyond the contract, of the tasks that were read."""
    by_id = {record.name.id: record for record in reading.in_force}
    acts = _acts(session, reading, by_id)
    notices = _notices(session, reading, by_id)
    return Details(
        method=_method(session, reading, by_id, acts, notices),
        problems=_problems(reading, acts, notices, by_id),
        open_notices=tuple(
            _notice_line(notice, by_id)
            for notice in notices
            if notice.limit_on is not None and notice.limit_on >= reading.view.known_on and _is_unsettled(by_id[notice.task_id])
        ),
        trend=_trend(reading),
        tasks=tuple(_task_line(record, reading) for record in reading.in_force),
    )


@dataclass(frozen=True)
class _Acts:
    counted: Counter[str]
    returned: tuple[UnitCount, ...]
    taken_on: Mapping[int, date]


def _acts(session: Session, reading: Reading, by_id: Mapping[int, TaskRecord]) -> _Acts:
    acts = sa.select(col(LedgerEntry.act), col(LedgerEntry.task_id), col(LedgerEntry.acted_on)).where(
        col(LedgerEntry.act).in_(("acknowledge", "remind", *_REVIEWS)),
        col(LedgerEntry.acted_on) >= reading.period.starts_on,
        col(LedgerEntry.acted_on) <= reading.view.as_of,
    )
    if reading.plan_ids is not None:
        acts = acts.where(col(LedgerEntry.plan_id).in_(reading.plan_ids))
    found = [(act, task_id, day) for act, task_id, day in session.execute(acts.order_by(col(LedgerEntry.id))).tuples() if task_id in by_id]
    returned = Counter(by_id[task_id or 0].name.lead for act, task_id, _day in found if act in _RETURNS)
    taken = {task_id or 0: day for act, task_id, day in found if act == "acknowledge"}
    return _Acts(Counter(act for act, _task, _day in found), _by_count(returned), taken)


def _by_count(counted: Mapping[str, int]) -> tuple[UnitCount, ...]:
    return tuple(UnitCount(unit, count) for unit, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _notices(session: Session, reading: Reading, by_id: Mapping[int, TaskRecord]) -> list[Notice]:
    issued = sa.select(Notice).where(
        col(Notice.issued_on).is_not(None), col(Notice.issued_on) <= reading.view.known_on, col(Notice.level) != NoticeLevel.ACCOUNTABILITY
    )
    return [notice for notice in session.execute(issued.order_by(col(Notice.id))).scalars() if notice.task_id in by_id]


def _notice_line(notice: Notice, by_id: Mapping[int, TaskRecord]) -> NoticeLine:
    name = by_id[notice.task_id].name
    assert notice.issued_on is not None
    return NoticeLine(notice.doc_no or "", notice.level.value, name.lead, name.title, notice.issued_on, notice.limit_on)


def _method(session: Session, reading: Reading, by_id: Mapping[int, TaskRecord], acts: _Acts, notices: Iterable[Notice]) -> Method:
    period, known_on = reading.period, reading.view.known_on
    wanted = (
        sa.select(col(ProgressReport.task_id), sa.func.count(sa.distinct(col(ProgressReport.id))), sa.func.count(col(Evidence.id)))
        .outerjoin(Evidence, col(Evidence.report_id) == col(ProgressReport.id))
        .where(col(ProgressReport.filed_on) <= known_on, col(ProgressReport.period_ends_on).between(period.starts_on, period.ends_on))
        .group_by(col(ProgressReport.task_id))
    )
    if reading.plan_ids is not None:
        wanted = wanted.join(Task, col(Task.id) == col(ProgressReport.task_id)).where(col(Task.plan_id).in_(reading.plan_ids))
    found = [(reports, files) for task_id, reports, files in session.execute(wanted).tuples() if task_id in by_id]
    return Method(
        reports=sum(reports for reports, _files in found),
        evidence_files=sum(files for _reports, files in found),
        reviews=sum(acts.counted[act] for act in _REVIEWS),
        reminders=acts.counted["remind"],
        notices=sum(period.starts_on <= (notice.issued_on or date.min) <= reading.view.as_of for notice in notices),
    )


def _problems(reading: Reading, acts: _Acts, notices: Sequence[Notice], by_id: Mapping[int, TaskRecord]) -> Problems:
    late, silent = Counter[str](), Counter[str]()
    for record in reading.in_force:
        if record.life.handed_on is None:
            continue
        limit = add_working_days(record.life.handed_on, record.rules.acknowledge_days)
        taken = acts.taken_on.get(record.name.id)
        if taken is not None and taken > limit:
            late[record.name.lead] += 1
        if record.facts.state is TaskState.ASSIGNED and limit < reading.view.as_of and record.facts.starts_on <= reading.view.as_of:
            silent[record.name.lead] += 1
    missed = [
        one for one in notices if one.limit_on is not None and one.limit_on < reading.view.known_on and _is_unsettled(by_id[one.task_id])
    ]
    red = [
        one
        for one in notices
        if one.level is NoticeLevel.RED and one.issued_on is not None and reading.period.starts_on <= one.issued_on <= reading.view.known_on
    ]
    return Problems(
        late_taken=_by_count(late),
        not_taken=_by_count(silent),
        returned=acts.returned,
        missed=tuple(_notice_line(one, by_id) for one in missed),
        red=tuple(_notice_line(one, by_id) for one in red),
    )


def _is_unsettled(record: TaskRecord) -> bool:
    return not is_done(record.facts) and record.facts.submitted_on is None


def _trend(reading: Reading) -> Trend:
    lagging: dict[str, dict[str, int]] = defaultdict(dict)
    for code, records in reading.by_quarter.items():
        day = min(_quarter_named(reading, code).ends_on, reading.view.as_of)
        for record in records:
            lights = lagging[record.name.lead]
            is_lagging = not is_done(record.facts) and light_of(record.facts, day, reading.rules).light in (Light.YELLOW, Light.RED)
            lights[code] = lights.get(code, 0) + is_lagging
    quarters = tuple(reading.by_quarter)
    units = [UnitLights(unit, tuple(counts.get(code) for code in quarters)) for unit, counts in lagging.items() if any(counts.values())]
    # The last quarter comes first in the order: who lags now is read first.
    units.sort(key=lambda one: ([-(count or 0) for count in reversed(one.lagging)], one.unit))
    return Trend(quarters, tuple(units), _curve(reading))


def _quarter_named(reading: Reading, code: str) -> Period:
    return next(quarter for quarter in quarters_before(reading.view.as_of) if quarter.code == code)


def _curve(reading: Reading) -> tuple[CurvePoint, ...]:
    counted = [record.facts for record in reading.every if record.facts.state is not TaskState.CANCELLED]
    if not counted:
        return ()
    first = quarter_of(min(min(facts.starts_on, facts.due_on) for facts in counted))
    last = quarter_of(max(facts.due_on for facts in counted))
    now = quarter_of(reading.view.as_of)
    quarters = [min(first, now, key=lambda one: one.starts_on)]
    while quarters[-1].starts_on < max(last.starts_on, now.starts_on):
        quarters.append(period_after(quarters[-1]))
    # Long plans are cut around the present: two thirds behind it, the rest before it.
    place = quarters.index(now)
    start = max(0, min(place - CURVE_SHOWN * 2 // 3 + 1, len(quarters) - CURVE_SHOWN))
    return tuple(
        CurvePoint(
            quarter.code,
            sum(facts.due_on <= quarter.ends_on for facts in counted),
            sum(facts.completed_on is not None and facts.completed_on <= quarter.ends_on for facts in counted)
            if quarter.starts_on <= reading.view.as_of
            else None,
        )
        for quarter in quarters[start : start + CURVE_SHOWN]
    )


def _task_line(record: TaskRecord, reading: Reading) -> TaskLine:
    name, facts = record.name, record.facts
    day = reading.view.as_of
    return TaskLine(
        name.id,
        name.item_title,
        name.title,
        name.lead,
        facts.due_on,
        bucket_of(facts, day, reading.rules) or "suspended",
        light_of(facts, day, reading.rules).light.value,
    )
