"""The supervision bulletin of a period: counted from facts into a frozen view."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.notice import Message, MessageState, Notice, NoticeLevel, Reminder
from models.plan import Plan
from models.task import TaskState
from reports.bulletin import BUCKETS, Bulletin, Counts, ItemLine, LaggingTask, NextTask, PlanLine, RuleSetMark, Shares
from rules.errors import DubanError
from rules.lights import Light, bucket_of, days_overdue, gap_of, light_of, pace_of, worst_target
from rules.rounding import shares_of
from rules.rule_set import RuleSet
from rules.target_words import actual_words, wanted_words
from rules.texts import _
from services.bulletins.counting import BulletinOrder, Counting, viewpoint
from services.bulletins.detailing import Reading, details_of, quarters_before
from services.bulletins.figures import LAGGING, ItemCount
from services.bulletins.judged import in_force
from services.bulletins.plans_then import issued_after
from services.facts import TaskReader, TaskRecord, Viewpoint, read_tasks, uppermost
from services.ledger import head_of
from services.portions import portions
from services.queries import seen_by
from services.target_lines import shown
from services.task_rows import columns_of, selected

# Being close to the due day is no lag, and neither is a task not begun before it should be; a report missing of a task on pace is told by its unit.
_NO_LAG = {"due-soon", "done-late"}
_TASKS_AT_ONCE = 2_000


def compile_bulletin(session: Session, order: BulletinOrder, written_on: date) -> Bulletin:
    """Return the bulletin's figures as they stand when written on `written_on`.

    Tasks are judged at the end of the period, or of `written_on` within it, by what was known on `written_on`. A period that has not begun is refused.
    A task handed down counts once: in its parent, or by itself for a reader who does not see the parent.
    """
    return _bulletin(Counting(session, order, written_on), lambda ids: _records(session, order, written_on, ids))


def compile_figures(session: Session, order: BulletinOrder, written_on: date, each: Callable[[ItemLine], object]) -> Bulletin:
    """Return the figures alone. The items are handed to `each` one by one, and the bulletin names neither them nor tasks: it stays small whatever their number."""
    counting = Counting(session, order, written_on)
    counting.run(lambda item: each(item.line))
    return _figures(counting)


def compile_whole(session: Session, order: BulletinOrder, written_on: date, drafter: str = "") -> Bulletin:
    """Return the bulletin with everything a paper tells beyond its figures: `compile_bulletin` and its details."""
    tasks = _Tasks(session, order, written_on)
    by_id = {record.name.id: record for record in tasks.now}
    bulletin = _bulletin(Counting(session, order, written_on), lambda ids: {task_id: by_id[task_id] for task_id in ids})
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
        self.view = viewpoint(order.period, written_on)
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


def _records(session: Session, order: BulletinOrder, written_on: date, task_ids: Sequence[int]) -> dict[int, TaskRecord]:
    """Read the tasks that are named one by one, some at a time."""
    view = viewpoint(order.period, written_on)
    found: dict[int, TaskRecord] = {}
    for some in portions(task_ids, _TASKS_AT_ONCE):
        found |= {record.name.id: record for record in read_tasks(session, view, order.rules, task_ids=some)}
    return found


def _bulletin(counting: Counting, read: Callable[[Sequence[int]], Mapping[int, TaskRecord]]) -> Bulletin:
    items: list[ItemLine] = []
    lagging: list[int] = []

    def take(counted: ItemCount) -> None:
        items.append(counted.line)
        lagging.extend(counted.lagging)

    counting.run(take)
    due_next = counting.due_next()
    records = read(sorted({*lagging, *due_next}))
    return replace(
        _figures(counting),
        items=tuple(items),
        lagging=_lagging(counting.session, [records[task_id] for task_id in lagging], counting.view, counting.order.rules),
        next=_next(records[task_id] for task_id in due_next),
    )


def _figures(counting: Counting) -> Bulletin:
    session, order, view, totals = counting.session, counting.order, counting.view, counting.figures.totals
    own = counting.plans_in_sight()
    plans = [plan for plan in _plans(counting) if own is None or plan.id in own]
    return Bulletin(
        period=order.period.code,
        starts_on=order.period.starts_on,
        ends_on=order.period.ends_on,
        as_of=view.as_of,
        written_on=view.known_on,
        plans=tuple(plans),
        totals=totals,
        shares=Shares(**shares_of({name: getattr(totals, name) for name in BUCKETS})),
        change=_change(totals, counting.figures.totals_before),
        items=(),
        units=counting.figures.units(counting.unit_names()),
        lagging=(),
        next=(),
        rule_set=RuleSetMark(order.rules.version, order.rules.sha256),
        ledger_head=head_of(session, [plan.id for plan in plans]),
    )


def _plans(counting: Counting) -> list[PlanLine]:
    """Return the plans as they were known on the day of writing: those issued by then, under the titles they had."""
    session, plan_ids = counting.session, counting.order.plan_ids
    rows = selected(session, columns_of(Plan, "id", "title", "doc_no").order_by(col(Plan.id)), col(Plan.id), plan_ids)
    missing = set(plan_ids or ()) - {row["id"] for row in rows}
    if missing:
        raise DubanError("unknown-plan", _("没有计划 {id}，请用 duban plan list 查看").format(id=min(missing)))
    later = issued_after(session, counting.view.known_on, [row["id"] for row in rows])
    return [PlanLine(row["id"], row["title"], row["doc_no"]) for row in counting.known.rows(Plan, rows) if row["id"] not in later]


def _change(now: Counts, before: Counts) -> Counts:
    return Counts(**{name: getattr(now, name) - getattr(before, name) for name in ("tasks", *BUCKETS)})


def _lagging(session: Session, records: Sequence[TaskRecord], view: Viewpoint, rules: RuleSet) -> tuple[LaggingTask, ...]:
    reminded = _reminded(session, view.known_on)
    lines = []
    for record in records:
        reading = light_of(record.facts, view.as_of, rules)
        why = tuple(text for code, text in reading.reasons if code not in _NO_LAG)
        if why and bucket_of(record.facts, view.as_of, rules) in LAGGING:
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


def _next(records: Iterable[TaskRecord]) -> tuple[NextTask, ...]:
    return tuple(NextTask(record.name.title, record.name.item_title, record.name.lead, record.facts.due_on) for record in records)
