"""The items of a bulletin that the rules judge in Python, some thousand tasks at a time, counted in the same shape as those the database judged."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from models.plan import PlanItem
from models.task import Task, TaskState
from reports.bulletin import ItemLine
from rules.lights import bucket_of
from rules.periods import Period, period_after, period_before
from rules.rights import Actor
from rules.rule_set import RuleSet
from services.bulletins.figures import LAGGING, Cell, ItemCount, Place, counts_of
from services.bulletins.listed import ids_in
from services.bulletins.plain_tasks import UNITS_MARK
from services.changes import table_of
from services.facts import TaskReader, TaskRecord, Viewpoint, uppermost
from services.past import Past
from services.portions import portions
from services.queries import seen_by
from services.reported import tally_reports
from services.target_lines import target_lines

OPEN_STATES = (TaskState.ASSIGNED, TaskState.IN_PROGRESS, TaskState.SUBMITTED)
_AT_ONCE = 400
_TASK, _ITEM = table_of(Task), table_of(PlanItem)

# A task that falls due, behind what it is ordered by: due day, plan, position, item, first day.
Due = tuple[date, int, int, int, date, int]


@dataclass(frozen=True)
class Asking:
    """Whose eyes the items are judged for, on which day and for which period."""

    view: Viewpoint
    period: Period
    rules: RuleSet
    reader: Actor | None = None


@dataclass
class Judged:
    """The items judged in Python. Once `items` has run, `before` holds the buckets of the period before, `due_next` what falls due in the period after,
    `plan_ids` the plans of all tasks seen.
    """

    session: Session
    asking: Asking
    places: Sequence[Place]
    before: Counter[str | None] = field(default_factory=Counter)
    due_next: list[Due] = field(default_factory=list)
    plan_ids: set[int] = field(default_factory=set)

    def items(self) -> Iterator[ItemCount]:
        """Yield the items in their order, each batch of them read when the one before is used up."""
        asking, following, past = self.asking, period_after(self.asking.period), period_before(self.asking.period)
        for places in portions(self.places, _AT_ONCE):
            reader = TaskReader(self.session, asking.view, None, _task_ids(self.session, places))
            reader.look_back([past.ends_on, asking.view.as_of])
            earlier = in_force(self._seen(reader.on(past.ends_on, asking.rules)), past)
            self.before.update(bucket_of(record.facts, past.ends_on, asking.rules) for record in earlier)
            by_item = defaultdict(list)
            for record in self._seen(reader.on(asking.view.as_of, asking.rules)):
                by_item[record.name.item_id].append(record)
                self.plan_ids.add(record.name.plan_id)
            for place in places:
                found = by_item[place[2]]
                self.due_next += [_due(record, place) for record in found if record.facts.due_on in following and is_open(record)]
                current = in_force(found, asking.period)
                if current:
                    yield _counted(current, place, asking)

    def _seen(self, records: Sequence[TaskRecord]) -> list[TaskRecord]:
        return uppermost(seen_by(self.session, self.asking.reader, records))


def places_of(session: Session, item_ids: set[int], past: Past, plan_ids: Sequence[int] | None) -> list[Place]:
    """Return the places of these items as they were, of these plans or of all, in their order."""
    items = sa.select(_ITEM.c.id, _ITEM.c.plan_id, _ITEM.c.position)
    items = items.where(_ITEM.c.id.in_(ids_in(item_ids, is_sqlite=session.get_bind().dialect.name == "sqlite")))
    if plan_ids is not None:
        items = items.where(_ITEM.c.plan_id.in_(plan_ids))
    rows = past.rows(PlanItem, [dict(row) for row in session.execute(items).mappings()])
    return sorted((row["plan_id"], row["position"], row["id"]) for row in rows)


def in_force(records: Sequence[TaskRecord], period: Period) -> list[TaskRecord]:
    """Return the tasks a period's bulletin counts: those with a day of their own in it, and older ones still open when it began."""
    return [record for record in records if _is_in_force(record, period)]


def _is_in_force(record: TaskRecord, period: Period) -> bool:
    facts = record.facts
    if facts.starts_on > period.ends_on:
        return False
    return facts.due_on >= period.starts_on or facts.completed_on is None or facts.completed_on >= period.starts_on


def is_open(record: TaskRecord) -> bool:
    """Tell whether the task is still to be done."""
    return record.facts.state in OPEN_STATES


def _task_ids(session: Session, places: Sequence[Place]) -> list[int]:
    ids: Any = session.execute(sa.select(_TASK.c.id).where(_TASK.c.item_id.in_([place[2] for place in places]))).scalars()
    return list(ids)


def _due(record: TaskRecord, place: Place) -> Due:
    return (record.facts.due_on, *place, record.facts.starts_on, record.name.id)


def _counted(records: Sequence[TaskRecord], place: Place, asking: Asking) -> ItemCount:
    day, name = asking.view.as_of, records[0].name
    buckets = {record.name.id: bucket_of(record.facts, day, asking.rules) for record in records}
    counts = counts_of((bucket, 1) for bucket in buckets.values())
    line = ItemLine(name.item_id, name.number, name.item_title, counts, target_lines(records, day))
    lagging = [task_id for task_id, bucket in buckets.items() if bucket in LAGGING]
    return ItemCount(place, line, [_cell(record, buckets[record.name.id], asking) for record in records], lagging)


def _cell(record: TaskRecord, bucket: str | None, asking: Asking) -> Cell:
    owed = [period for period in record.owed if period.ends_on in asking.period]
    tally = tally_reports(owed, record.reported, asking.view.known_on, record.rules)
    units = f"{record.name.lead_id}{UNITS_MARK}{','.join(map(str, record.name.support_ids))}"
    return units, bucket, tally.due, tally.on_time, tally.missing
