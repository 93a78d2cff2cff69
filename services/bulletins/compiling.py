"""The supervision bulletin of a period: counted from facts into a frozen view."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.notice import Message, MessageState, Notice, NoticeLevel, Reminder
from models.plan import Plan
from models.task import TaskState
from models.unit import Unit
from reports.bulletin import BUCKETS, Bulletin, Counts, ItemLine, LaggingTask, NextTask, PlanLine, RuleSetMark, Shares, UnitLine
from rules.errors import DubanError
from rules.lights import Light, bucket_of, days_overdue, gap_of, light_of, pace_of, worst_target
from rules.periods import Period, period_after, period_before
from rules.rights import Actor
from rules.rounding import shares_of
from rules.rule_set import RuleSet
from rules.target_words import actual_words, wanted_words
from rules.texts import _
from services.bulletins.detailing import Reading, details_of, quarters_before
from services.facts import TaskReader, TaskRecord, Viewpoint, uppermost
from services.ledger import head_of
from services.past import past_on
from services.queries import seen_by
from services.reported import tally_reports
from services.target_lines import shown, target_lines
from services.task_rows import columns_of, selected

OPEN_STATES = (TaskState.ASSIGNED, TaskState.IN_PROGRESS, TaskState.SUBMITTED)

# Being close to the due day is no lag, and neither is a task not begun before it should be; a report missing of a task on pace is told by its unit.
_NO_LAG = {"due-soon", "done-late"}
_LAGGING = ("behind", "overdue", "not_started")


@dataclass(frozen=True)
class BulletinOrder:
    """What a bulletin is asked to cover: a period, the plans (None: all), the rules that judge, and for whose eyes it is (None: everything)."""

    period: Period
    plan_ids: tuple[int, ...] | None
    rules: RuleSet
    reader: Actor | None = None


def compile_bulletin(session: Session, order: BulletinOrder, written_on: date) -> Bulletin:
    """Return the bulletin's figures as they stand when written on `written_on`.

    Tasks are judged at the end of the period, or of `written_on` within it, by what was known on `written_on`. A period that has not begun is refused.
    A task handed down counts once: in its parent, or by itself for a reader who does not see the parent.
    """
    return _figures(session, order, _Tasks(session, order, written_on))


def compile_whole(session: Session, order: BulletinOrder, written_on: date, drafter: str = "") -> Bulletin:
    """Return the bulletin with everything a paper tells beyond its figures: `compile_bulletin` and its details."""
    tasks = _Tasks(session, order, written_on)
    bulletin = _figures(session, order, tasks)
    quarters = quarters_before(tasks.view.as_of)
    reading = Reading(
        view=tasks.view,
        period=order.period,
        rules=order.rules,
        in_force=[one for one in in_force(tasks.now, order.period) if one.facts.state is not TaskState.CANCELLED],
        every=tasks.now,
        by_quarter={quarter.code: in_force(tasks.on(quarter.ends_on), quarter) for quarter in quarters},
        plan_ids=order.plan_ids,
    )
    details = details_of(session, reading)
    return replace(bulletin, details=replace(details, method=replace(details.method, drafter=drafter)))


def counted_tasks(session: Session, order: BulletinOrder, written_on: date) -> tuple[Viewpoint, list[TaskRecord]]:
    """Return the tasks that a bulletin written on `written_on` counts, and from which days they are seen."""
    tasks = _Tasks(session, order, written_on)
    return tasks.view, in_force(tasks.now, order.period)


class _Tasks:
    """The tasks of a bulletin on each day that is looked at, every day read once."""

    def __init__(self, session: Session, order: BulletinOrder, written_on: date) -> None:
        self.view = _viewpoint(order.period, written_on)
        self._session, self._order = session, order
        self._reader = TaskReader(session, self.view, order.plan_ids)
        self._read: dict[date, list[TaskRecord]] = {}

    @property
    def now(self) -> list[TaskRecord]:
        """Give the tasks on the day that is judged."""
        return self.on(self.view.as_of)

    def on(self, day: date) -> list[TaskRecord]:
        """Give the tasks at the end of `day`, or of the day that is judged where that comes first."""
        as_of = min(day, self.view.as_of)
        if as_of not in self._read:
            self._read[as_of] = uppermost(seen_by(self._session, self._order.reader, self._reader.on(as_of, self._order.rules)))
        return self._read[as_of]


def _figures(session: Session, order: BulletinOrder, tasks: _Tasks) -> Bulletin:
    records, view = tasks.now, tasks.view
    own = {record.name.plan_id for record in records}
    plans = [plan for plan in _plans(session, order.plan_ids, view.known_on) if order.reader is None or plan.id in own]
    current = in_force(records, order.period)
    before = period_before(order.period)
    totals = _counts(current, view.as_of, order.rules)
    return Bulletin(
        period=order.period.code,
        starts_on=order.period.starts_on,
        ends_on=order.period.ends_on,
        as_of=view.as_of,
        written_on=view.known_on,
        plans=tuple(plans),
        totals=totals,
        shares=Shares(**shares_of({name: getattr(totals, name) for name in BUCKETS})),
        change=_change(totals, _counts(in_force(tasks.on(before.ends_on), before), before.ends_on, order.rules)),
        items=_items(current, view, order.rules),
        units=_units(session, current, view, order),
        lagging=_lagging(session, current, view, order.rules),
        next=_next(records, order.period),
        rule_set=RuleSetMark(order.rules.version, order.rules.sha256),
        ledger_head=head_of(session, [plan.id for plan in plans]),
    )


def in_force(records: Iterable[TaskRecord], period: Period) -> list[TaskRecord]:
    """Return the tasks a period's bulletin counts: those with a day of their own in it, and older ones still open when it began."""
    return [record for record in records if _is_in_force(record, period)]


def _is_in_force(record: TaskRecord, period: Period) -> bool:
    facts = record.facts
    if facts.starts_on > period.ends_on:
        return False
    return facts.due_on >= period.starts_on or facts.completed_on is None or facts.completed_on >= period.starts_on


def _viewpoint(period: Period, written_on: date) -> Viewpoint:
    if written_on < period.starts_on:
        raise DubanError("period-not-begun", _("{code} 还没有开始，不能写通报").format(code=period.code))
    return Viewpoint(min(period.ends_on, written_on), written_on)


def _plans(session: Session, plan_ids: Sequence[int] | None, day: date) -> list[PlanLine]:
    """Return the plans as they were known on `day`: those issued by then, under the titles they had."""
    rows = selected(session, columns_of(Plan, "id", "title", "doc_no").order_by(col(Plan.id)), col(Plan.id), plan_ids)
    missing = set(plan_ids or ()) - {row["id"] for row in rows}
    if missing:
        raise DubanError("unknown-plan", _("没有计划 {id}，请用 duban plan list 查看").format(id=min(missing)))
    return [PlanLine(row["id"], row["title"], row["doc_no"]) for row in past_on(session, day, plan_ids).rows(Plan, rows)]


def _counts(records: Sequence[TaskRecord], day: date, rules: RuleSet) -> Counts:
    counted = dict.fromkeys(BUCKETS, 0)
    for record in records:
        bucket = bucket_of(record.facts, day, rules)
        if bucket:
            counted[bucket] += 1
    return Counts(tasks=sum(counted.values()), **counted)


def _change(now: Counts, before: Counts) -> Counts:
    return Counts(**{name: getattr(now, name) - getattr(before, name) for name in ("tasks", *BUCKETS)})


def _items(records: Sequence[TaskRecord], view: Viewpoint, rules: RuleSet) -> tuple[ItemLine, ...]:
    by_item: dict[int, list[TaskRecord]] = defaultdict(list)
    for record in records:
        by_item[record.name.item_id].append(record)
    return tuple(
        ItemLine(
            item_id, found[0].name.number, found[0].name.item_title, _counts(found, view.as_of, rules), target_lines(found, view.as_of)
        )
        for item_id, found in by_item.items()
    )


def _units(session: Session, records: Sequence[TaskRecord], view: Viewpoint, order: BulletinOrder) -> tuple[UnitLine, ...]:
    led: dict[int, list[TaskRecord]] = defaultdict(list)
    supported: dict[int, int] = defaultdict(int)
    for record in records:
        led[record.name.lead_id].append(record)
        for unit_id in record.name.support_ids:
            supported[unit_id] += 1
    names = past_on(session, view.as_of, order.plan_ids).rows(Unit, selected(session, columns_of(Unit, "id", "name"), None, None))
    units = sorted((unit["id"], unit["name"]) for unit in names)
    lines = [replace(_unit_line(name, led.get(unit_id, []), supported[unit_id], view, order), id=unit_id) for unit_id, name in units]
    return tuple(
        sorted((line for line in lines if line.lead_tasks or line.support_tasks), key=lambda line: (-line.lead_tasks, -line.support_tasks))
    )


def _unit_line(name: str, led: Sequence[TaskRecord], supported: int, view: Viewpoint, order: BulletinOrder) -> UnitLine:
    tallies = [
        tally_reports([period for period in record.owed if period.ends_on in order.period], record.reported, view.known_on, record.rules)
        for record in led
    ]
    return UnitLine(
        name=name,
        lead_tasks=len(led),
        support_tasks=supported,
        counts=_counts(led, view.as_of, order.rules),
        reports_due=sum(tally.due for tally in tallies),
        reports_on_time=sum(tally.on_time for tally in tallies),
        reports_missing=sum(tally.missing for tally in tallies),
    )


def _lagging(session: Session, records: Sequence[TaskRecord], view: Viewpoint, rules: RuleSet) -> tuple[LaggingTask, ...]:
    reminded = _reminded(session, view.known_on)
    lines = []
    for record in records:
        reading = light_of(record.facts, view.as_of, rules)
        why = tuple(text for code, text in reading.reasons if code not in _NO_LAG)
        if why and bucket_of(record.facts, view.as_of, rules) in _LAGGING:
            lines.append((reading.light, _lagging_line(record, why, view.as_of, reading.light, reminded.get(record.name.id, 0))))
    lines.sort(key=lambda line: (line[0] is not Light.RED, -line[1].days_overdue, -(line[1].gap_pp or 0)))
    return tuple(line for _light, line in lines)


def _lagging_line(record: TaskRecord, why: tuple[str, ...], day: date, light: Light, reminded: int) -> LaggingTask:
    facts = record.facts
    pace = pace_of(facts, day)
    worst = worst_target(facts, day)
    return LaggingTask(
        task=record.name.title,
        item=record.name.item_title,
        unit=record.name.lead,
        light=light.value,
        due_on=facts.due_on,
        original_due_on=facts.original_due_on,
        days_overdue=days_overdue(facts, day),
        measure=worst.measure if worst else None,
        unit_of_measure=worst.unit_of_measure if worst else None,
        target=worst.wanted if worst else None,
        actual=worst.actual if worst else None,
        wanted=wanted_words(worst) if worst else None,
        reached=actual_words(worst) if worst else None,
        pace=shown(pace) if worst or facts.milestones else None,
        gap_pp=shown(gap_of(facts, day)),
        rules=why,
        cause=record.reported.problem,
        next_step=record.reported.next_step,
        notices=reminded,
        task_id=record.name.id,
    )


def _reminded(session: Session, known_on: date) -> Mapping[int, int]:
    """Return how often each task's unit was written to about it: lines of messages that were handed over, and notices that were issued."""
    sent = (
        select(col(Reminder.task_id), func.count())
        .join(Message, col(Message.id) == col(Reminder.message_id))
        .where(col(Message.state) == MessageState.SENT, col(Message.day) <= known_on, col(Message.unit_id).is_not(None))
        .group_by(col(Reminder.task_id))
    )
    # A proposal to hold to account stays in the house.
    issued = select(col(Notice.task_id), func.count()).where(
        col(Notice.issued_on) <= known_on, col(Notice.level) != NoticeLevel.ACCOUNTABILITY
    )
    reminded, noticed = (Counter(dict(session.execute(one).tuples().all())) for one in (sent, issued.group_by(col(Notice.task_id))))
    return reminded + noticed


def _next(records: Iterable[TaskRecord], period: Period) -> tuple[NextTask, ...]:
    following = period_after(period)
    due = [record for record in records if record.facts.due_on in following and record.facts.state in OPEN_STATES]
    due.sort(key=lambda record: record.facts.due_on)
    return tuple(NextTask(record.name.title, record.name.item_title, record.name.lead, record.facts.due_on) for record in due)
