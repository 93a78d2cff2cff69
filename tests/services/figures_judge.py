"""A bulletin's figures counted by the rules over every task read whole: what the database's count is held against."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date

from sqlmodel import Session, select

from models.unit import Unit
from reports.bulletin import BUCKETS, Counts, ItemLine, UnitLine
from rules.lights import bucket_of
from rules.periods import Period, period_after, period_before
from services.bulletins.compiling import BulletinOrder, compile_bulletin
from services.facts import TaskRecord, Viewpoint, read_tasks, uppermost
from services.queries import seen_by
from services.reported import tally_reports
from services.target_lines import target_lines

LAGGING, DONE = ("behind", "overdue", "not_started"), ("completed", "closed", "suspended", "cancelled")


def refuse_difference(session: Session, order: BulletinOrder, written_on: date) -> None:
    """Fail where the bulletin says another number than the rules."""
    view = Viewpoint(min(order.period.ends_on, written_on), written_on)
    before = period_before(order.period)
    records = _seen(session, order, view)
    current = _in_force(records, order.period)
    earlier = _in_force(_seen(session, order, Viewpoint(before.ends_on, written_on)), before)
    found = compile_bulletin(session, order, written_on)
    buckets = {record.name.id: bucket_of(record.facts, view.as_of, order.rules) for record in current}
    counts = _counts(list(buckets.values()))
    assert found.totals == counts
    told_before = {name: getattr(found.totals, name) - getattr(found.change, name) for name in ("tasks", *BUCKETS)}
    assert Counts(**told_before) == _counts([bucket_of(record.facts, before.ends_on, order.rules) for record in earlier])
    assert {line.id: line for line in found.items} == _items(current, buckets, view)
    assert len(found.items) == len({line.id for line in found.items})
    # A unit that only supports is named nowhere among the tasks.
    told = {line.id: line if line.lead_tasks else replace(line, name="") for line in found.units}
    assert told == _units(session, current, buckets, (order, view))
    lagging = {task_id for task_id, bucket in buckets.items() if bucket in LAGGING}
    assert {line.task_id for line in found.lagging} <= lagging
    due = [one for one in records if one.facts.due_on in period_after(order.period) and one.facts.state.value not in DONE]
    assert Counter((line.task, line.unit, line.due_on) for line in found.next) == Counter(
        (record.name.title, record.name.lead, record.facts.due_on) for record in due
    )


def _seen(session: Session, order: BulletinOrder, view: Viewpoint) -> list[TaskRecord]:
    return uppermost(seen_by(session, order.reader, read_tasks(session, view, order.rules, order.plan_ids)))


def _in_force(records: list[TaskRecord], period: Period) -> list[TaskRecord]:
    begun = [record for record in records if record.facts.starts_on <= period.ends_on]
    return [one for one in begun if max(one.facts.due_on, one.facts.completed_on or date.max) >= period.starts_on]


def _counts(buckets: list[str | None]) -> Counts:
    counted = Counter(bucket for bucket in buckets if bucket)
    return Counts(counted.total(), *(counted[name] for name in BUCKETS))


def _items(records: list[TaskRecord], buckets: dict[int, str | None], view: Viewpoint) -> dict[int, ItemLine]:
    by_item = defaultdict(list)
    for record in records:
        by_item[record.name.item_id].append(record)
    return {
        item_id: ItemLine(
            *(item_id, found[0].name.number, found[0].name.item_title),
            _counts([buckets[record.name.id] for record in found]),
            target_lines(found, view.as_of),
        )
        for item_id, found in by_item.items()
    }


def _units(
    session: Session, records: list[TaskRecord], buckets: dict[int, str | None], asked: tuple[BulletinOrder, Viewpoint]
) -> dict[int, UnitLine]:
    order, view = asked
    lines = {}
    for unit_id in session.exec(select(Unit.id)).all():
        led = [record for record in records if record.name.lead_id == unit_id]
        supported = sum(unit_id in record.name.support_ids for record in records)
        owed = [([one for one in record.owed if one.ends_on in order.period], record) for record in led]
        tallies = [tally_reports(periods, record.reported, view.known_on, record.rules) for periods, record in owed]
        sums = [sum(getattr(tally, name) for tally in tallies) for name in ("due", "on_time", "missing")]
        counts = _counts([buckets[record.name.id] for record in led])
        if led or supported:
            name = led[0].name.lead if led else ""
            lines[unit_id] = UnitLine(name, len(led), supported, counts, *sums, id=unit_id)
    return lines
