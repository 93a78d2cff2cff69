"""The figures of a bulletin: buckets by item and unit, targets, reports. Counted from the database's rows as they come, so that memory stays flat whatever the number of tasks."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, cast

from models.task import Basis, Comparator
from reports.bulletin import BUCKETS, Counts, ItemLine, TargetLine, UnitLine
from rules.lights import bucket_by_gap
from rules.rule_set import RuleSet
from rules.targets import TargetFacts
from services.bulletins.moments import BY_GAP, NOT_COUNTED
from services.bulletins.plain_tasks import COLUMNS, UNITS_MARK
from services.target_lines import lines_of

# An item's place among the others: its plan, its position, its id.
Place = tuple[int, int, int]
# What tasks have in common that count alike: the units as `PlainTasks` tells them, bucket, reports due, on time and missing.
Cell = tuple[str, str | None, int, int, int]

LAGGING = ("behind", "overdue", "not_started")
_TASK_ID, _TOLD = COLUMNS.index("task_id"), len(COLUMNS)
_BUCKET, _GAP, _DUE = COLUMNS.index("bucket"), COLUMNS.index("gap"), COLUMNS.index("due")
_BUCKET_BEFORE, _GAP_BEFORE = COLUMNS.index("bucket_before"), COLUMNS.index("gap_before")


class ItemCount(NamedTuple):
    """One item's line, what its tasks count in, and which of them lag."""

    place: Place
    line: ItemLine
    cells: Sequence[Cell]
    lagging: Sequence[int] = ()


@dataclass
class Figures:
    """What was counted so far: tasks by what they count in, and those of the period before by bucket."""

    cells: Counter[Cell] = field(default_factory=Counter)
    before: Counter[str | None] = field(default_factory=Counter)

    def take(self, items: Iterable[ItemCount], each: Callable[[ItemCount], object]) -> None:
        """Count items, and hand each on."""
        cells = self.cells
        for item in items:
            for cell in item.cells:
                cells[cell] += 1
            each(item)

    @property
    def totals(self) -> Counts:
        """Return all tasks by bucket."""
        return counts_of((cell[1], count) for cell, count in self.cells.items())

    @property
    def totals_before(self) -> Counts:
        """Return all tasks of the period before by bucket."""
        return counts_of((bucket, count) for bucket, count in self.before.items() if bucket != NOT_COUNTED)

    def units(self, names: Mapping[int, str]) -> tuple[UnitLine, ...]:
        """Return a line for each unit that leads or supports a task, the one that leads most first."""
        led: dict[int, Counter[Cell]] = defaultdict(Counter)
        supported: Counter[int] = Counter()
        for cell, count in self.cells.items():
            lead, _mark, others = cell[0].partition(UNITS_MARK)
            led[int(lead)][cell] += count
            for unit_id in filter(None, others.split(",")):
                supported[int(unit_id)] += count
        busy = sorted((unit_id, names[unit_id]) for unit_id in led.keys() | supported.keys())
        lines = [_unit_line(unit_id, name, led.get(unit_id, Counter()), supported[unit_id]) for unit_id, name in busy]
        return tuple(sorted(lines, key=lambda line: (-line.lead_tasks, -line.support_tasks)))


def _unit_line(unit_id: int, name: str, led: Mapping[Cell, int], supported: int) -> UnitLine:
    return UnitLine(
        name=name,
        lead_tasks=sum(led.values()),
        support_tasks=supported,
        counts=counts_of((cell[1], count) for cell, count in led.items()),
        reports_due=sum(cell[2] * count for cell, count in led.items()),
        reports_on_time=sum(cell[3] * count for cell, count in led.items()),
        reports_missing=sum(cell[4] * count for cell, count in led.items()),
        id=unit_id,
    )


def counts_of(buckets: Iterable[tuple[str | None, int]]) -> Counts:
    """Return counts by bucket; what is in no bucket, a cancelled task, counts nowhere."""
    counted = dict.fromkeys(BUCKETS, 0)
    for bucket, count in buckets:
        if bucket is not None:
            counted[bucket] += count
    return _same_counts(tuple(counted.values()))


@lru_cache(4096)
def _same_counts(counted: tuple[int, ...]) -> Counts:
    return Counts(sum(counted), *counted)


def count_items(rows: Iterable[Sequence[Any]], rules: RuleSet, before: Counter[str | None]) -> Iterator[ItemCount]:
    """Yield each item of rows that `PlainTasks.rows` describes, which come in the order of items, and count its tasks of the period before in `before`."""
    for _item, found in groupby(rows, key=itemgetter(2)):
        own = list(found)
        if len(own) == 1:
            counted = _lone_task(own[0], rules, before)
        else:
            current = _current(own, rules, before)
            counted = _several(current, rules) if current else None
        if counted is not None:
            yield counted


def merged(plain: Iterable[ItemCount], judged: Iterable[ItemCount]) -> Iterator[ItemCount]:
    """Yield what the database and what the rules judged, in the order of items; no item is in both."""
    return merge(plain, judged, key=lambda item: item.place)


def _lone_task(row: Sequence[Any], rules: RuleSet, before: Counter[str | None]) -> ItemCount | None:
    # Nearly every item of a plan of yearly tasks: one task in force, with one figure or none.
    plan_id, position, item_id, number, title, task_id, units, bucket, gap, due, on_time, missing, bucket_before, gap_before = row[:_TOLD]
    before[bucket_by_gap(gap_before, rules) if bucket_before == BY_GAP else bucket_before] += 1
    if bucket == NOT_COUNTED:
        return None
    if bucket == BY_GAP:
        bucket = bucket_by_gap(gap, rules)
    line = ItemLine(item_id, number, title, _only(bucket), _lines((row[_TOLD:],)))
    lagging = (task_id,) if bucket in LAGGING else ()
    return ItemCount((plan_id, position, item_id), line, ((units, bucket, due, on_time, missing),), lagging)


@lru_cache
def _only(bucket: str | None) -> Counts:
    return counts_of([(bucket, 1)])


@lru_cache(2048)
def _lines(told: tuple[tuple[Any, ...], ...]) -> tuple[TargetLine, ...]:
    # Many items of a house ask for the same and have got as far.
    return lines_of(_targets(told))


def _current(rows: Sequence[Sequence[Any]], rules: RuleSet, before: Counter[str | None]) -> list[list[Sequence[Any]]]:
    """Count an item's tasks of the period before, and return the rows of each task of this one."""
    tasks = [list(found) for _task, found in groupby(rows, key=itemgetter(_TASK_ID))]
    for own in tasks:
        before[_bucket(own, _BUCKET_BEFORE, _GAP_BEFORE, rules)] += 1
    return [own for own in tasks if own[0][_BUCKET] != NOT_COUNTED]


def _bucket(rows: Sequence[Sequence[Any]], bucket: int, gap: int, rules: RuleSet) -> str | None:
    """Return a task's bucket: where its gap decides, by the worst of its figures."""
    if rows[0][bucket] == BY_GAP:
        return bucket_by_gap(max((row[gap] for row in rows if row[gap] is not None), default=None), rules)
    return cast(str | None, rows[0][bucket])


def _several(tasks: Sequence[Sequence[Sequence[Any]]], rules: RuleSet) -> ItemCount:
    first, cells, lagging = tasks[0][0], [], []
    for own in tasks:
        bucket = _bucket(own, _BUCKET, _GAP, rules)
        cells.append((own[0][6], bucket, *own[0][_DUE : _DUE + 3]))
        lagging += [own[0][_TASK_ID]] if bucket in LAGGING else []
    lines = _lines(tuple(row[_TOLD:] for own in tasks for row in own))
    line = ItemLine(first[2], first[3], first[4], counts_of((cell[1], 1) for cell in cells), lines)
    return ItemCount((first[0], first[1], first[2]), line, cells, lagging)


def _targets(told: Iterable[Sequence[Any]]) -> Iterator[tuple[TargetFacts, float]]:
    for measure, unit_of_measure, comparator, basis, wanted, high, baseline, actual, pace in told:
        if wanted is not None:
            kinds = (Comparator(comparator), Basis(basis) if basis else None)
            yield TargetFacts(measure, wanted, actual, unit_of_measure, *kinds, high, baseline), pace
