"""Tasks as the escalation ladder sees them on a day: their lights now and at the last quarter ends, and what was sent about them before.

Past quarters and limits are read only for plans in which something is red now, so a house where all goes well pays for one reading.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.notice import Notice, NoticeState
from models.plan import Plan, PlanItem, PlanState
from models.task import Task, TaskState
from rules.calendar import add_working_days
from rules.escalation import RUNGS, Climb, EarlierNotice, Matter, Moot, QuarterEnd, why_moot
from rules.lights import Light, Reading, light_of
from rules.periods import Period, period_before, quarter_of
from rules.rule_set import RuleSet
from services.asking_tasks import is_gone_by
from services.facts import TaskRecord, Viewpoint, read_tasks, uppermost
from services.portions import portions
from services.reported import reporting_limit
from services.rule_sets import rule_set_on

QUARTERS_LOOKED_AT = 3

_CLIMBING = (TaskState.ASSIGNED, TaskState.IN_PROGRESS)
_TASKS_AT_ONCE = 2_000


@dataclass(frozen=True)
class Climbing:
    """A task on the ladder: its record and what the rules judge."""

    record: TaskRecord
    climb: Climb


def plans_in_force(session: Session) -> list[int]:
    """Return the plans whose tasks are followed up."""
    found = session.execute(sa.select(col(Plan.id)).where(col(Plan.state) == PlanState.IN_FORCE).order_by(col(Plan.id))).scalars()
    return [plan_id for plan_id in found if plan_id is not None]


def climbs_on(session: Session, day: date, plan_ids: Sequence[int], task_ids: Sequence[int] | None = None) -> dict[int, Climbing]:
    """Return every task of these plans on `day`, or only those named of them, by its id. Only those whose light is red carry quarter ends and earlier notices: the others climb nowhere."""
    rules = rule_set_on(session, day)
    records = read_tasks(session, Viewpoint(day, day), rules, plan_ids, task_ids)
    found = {record.name.id: Climbing(record, Climb(record.facts, light_of(record.facts, day, rules))) for record in records}
    red = {task_id: one.record for task_id, one in found.items() if one.climb.reading.light is Light.RED}
    quarter_ends = _quarter_ends(session, day, red, rules)
    earlier = _earlier_notices(session, day, red)
    for task_id in red:
        climb = replace(found[task_id].climb, quarter_ends=quarter_ends[task_id], earlier=earlier[task_id])
        found[task_id] = replace(found[task_id], climb=climb)
    return found


def uppermost_climbs(session: Session, day: date, plan_ids: Sequence[int]) -> Iterator[Climbing]:
    """Give the tasks of these plans a notice may be due for on `day`: open, begun, and not handed down by another unit; some are read at a time.

    Of a day gone by all that were not handed down are given: rows as they stand do not tell which were open.
    """
    if is_gone_by(session, day):
        climbs = climbs_on(session, day, plan_ids)
        yield from (climbs[record.name.id] for record in uppermost([one.record for one in climbs.values()]))
        return
    wanted = sa.select(col(Task.id)).join(PlanItem, col(PlanItem.id) == col(Task.item_id)).where(col(Task.plan_id).in_(plan_ids))
    wanted = wanted.where(col(Task.state).in_(_CLIMBING), col(Task.starts_on) <= day, col(Task.parent_id).is_(None))
    ordered = wanted.order_by(col(Task.plan_id), col(PlanItem.position), col(Task.starts_on), col(Task.id))
    task_ids = [task_id or 0 for task_id in session.execute(ordered).scalars()]
    for some in portions(task_ids, _TASKS_AT_ONCE):
        yield from climbs_on(session, day, plan_ids, some).values()


def moot_reason(notice: Notice, climbing: Climbing | None, day: date) -> Moot | None:
    """Return why a prepared notice has no ground on `day` any more, None where it stands. A task of a closed plan is not among the climbing (None)."""
    if climbing is None:
        return Moot.NOT_OPEN
    if climbing.record.facts.due_on != notice.due_on:
        return Moot.DUE_DAY_MOVED
    if climbing.record.name.lead_id != notice.unit_id:
        return Moot.OTHER_LEAD
    return why_moot(notice.level, climbing.climb, day, climbing.record.rules)


def _plans_of(records: Iterable[TaskRecord]) -> list[int]:
    return sorted({record.name.plan_id for record in records})


def _quarter_ends(session: Session, day: date, red: Mapping[int, TaskRecord], rules: RuleSet) -> dict[int, list[QuarterEnd]]:
    """Return the last quarter ends of each task, the newest first, as far back as it had the same due day and lead unit and was judged."""
    ends: dict[int, list[QuarterEnd]] = defaultdict(list)
    going_on = dict(red)
    for quarter in _settled_quarters(day, rules):
        lights = _lights_on(session, quarter.ends_on, day, list(going_on.values()))
        for task_id, now in list(going_on.items()):
            if reporting_limit(quarter, now.rules) >= day:
                continue
            then = lights.get(task_id)
            if then is None or not _is_same_ladder(then[0], now) or then[1].light is Light.GREY:
                del going_on[task_id]
            else:
                ends[task_id].append(QuarterEnd(quarter.code, then[1].light))
    return ends


def _settled_quarters(day: date, rules: RuleSet) -> Iterator[Period]:
    """Give the last quarters whose reports are due by now: before that, a quarter's end would be judged by old figures."""
    quarter = period_before(quarter_of(day))
    while reporting_limit(quarter, rules) >= day:
        quarter = period_before(quarter)
    for _number in range(QUARTERS_LOOKED_AT):
        yield quarter
        quarter = period_before(quarter)


def _is_same_ladder(then: TaskRecord, now: TaskRecord) -> bool:
    return then.facts.due_on == now.facts.due_on and then.name.lead_id == now.name.lead_id


def _lights_on(session: Session, as_of: date, known_on: date, records: Collection[TaskRecord]) -> dict[int, tuple[TaskRecord, Reading]]:
    if not records:
        return {}
    rules = rule_set_on(session, as_of)
    read = read_tasks(session, Viewpoint(as_of, known_on), rules, _plans_of(records), [record.name.id for record in records])
    return {record.name.id: (record, light_of(record.facts, as_of, rules)) for record in read}


def _earlier_notices(session: Session, day: date, red: Mapping[int, TaskRecord]) -> dict[int, list[EarlierNotice]]:
    of_plans = sa.select(Notice).join(Task, col(Task.id) == Notice.task_id).where(col(Task.plan_id).in_(_plans_of(red.values())))
    rows = [
        row
        for row in session.execute(of_plans.where(col(Notice.prepared_on) <= day).order_by(col(Notice.id))).scalars()
        if row.task_id in red and row.due_on == red[row.task_id].facts.due_on and row.unit_id == red[row.task_id].name.lead_id
    ]
    limits = {row.id or 0: _limit_of(row, red[row.task_id]) for row in rows}
    kept = _kept(session, day, [row for row in rows if _may_be_kept(row, limits[row.id or 0], day, rows)], limits, red)
    found: dict[int, list[EarlierNotice]] = defaultdict(list)
    for row in rows:
        number = row.id or 0
        notice = EarlierNotice(number, row.level, Matter(row.matter), row.state, limits[number], row.doc_no, number in kept)
        found[row.task_id].append(notice)
    return found


def _limit_of(notice: Notice, record: TaskRecord) -> date | None:
    """Return the notice's last day. Where the task was suspended over it, the days for a notice count anew from its resumption."""
    limit_on = notice.limit_on
    for first, resumed in record.life.pauses:
        if limit_on is not None and resumed is not None and first <= limit_on < resumed:
            limit_on = add_working_days(resumed, record.rules.notice_limit_days)
    return limit_on


def _may_be_kept(notice: Notice, limit_on: date | None, day: date, rows: Sequence[Notice]) -> bool:
    """Tell whether the light at the limit's end must be looked up: not where a higher notice has already said that the limit was missed."""
    if notice.level not in RUNGS or limit_on is None or limit_on >= day or notice.state is NoticeState.SET_ASIDE:
        return False
    return not any(row.grounds.get("after", {}).get("notice") == notice.id for row in rows)


def _kept(
    session: Session, day: date, notices: Sequence[Notice], limits: Mapping[int, date | None], red: Mapping[int, TaskRecord]
) -> set[int]:
    """Return the notices at whose limit's end the task was not red, one reading for each such day."""
    by_day: dict[date, list[Notice]] = defaultdict(list)
    for notice in notices:
        limit_on = limits[notice.id or 0]
        assert limit_on is not None
        by_day[limit_on].append(notice)
    kept = set()
    for limit_on, some in by_day.items():
        lights = _lights_on(session, limit_on, day, [red[notice.task_id] for notice in some])
        kept |= {notice.id or 0 for notice in some if notice.task_id in lights and lights[notice.task_id][1].light is not Light.RED}
    return kept
