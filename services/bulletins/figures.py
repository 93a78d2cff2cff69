"""The figures of a bulletin: buckets by item and unit, targets, reports. Counted from the database's rows as they come, so that memory stays flat whatever the number of tasks."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from models.task import Basis, Comparator
from reports.bulletin import BUCKETS, Counts, ItemLine, TargetLine, UnitLine
from rules.lights import bucket_by_gap
from rules.rule_set import RuleSet
from rules.targets import TargetFacts
from services.bulletins.plain_tasks import COLUMNS
from services.target_lines import lines_of

# An item's place among the others: its plan, its position, its id.
Place = tuple[int, int, int]
# What tasks have in common that count alike: lead unit, the others, bucket, reports due, on time and missing.
Cell = tuple[int, str, str | None, int, int, int]

LAGGING = ("behind", "overdue", "not_started")
_TASK_ID, _TOLD = COLUMNS.index("task_id"), len(COLUMNS)
_BUCKET, _GAP = COLUMNS.index("bucket"), COLUMNS.index("gap")


class ItemCount(NamedTuple):
    """One item's line, what its tasks count in, and which of them lag."""

    place: Place
    line: ItemLine
    cells: Sequence[Cell]
    lagging: Sequence[int] = ()


@dataclass
class Figures:
    """What was counted so far: tasks by what they count in, and the tasks that lag, in the order of items."""

    cells: Counter[Cell] = field(default_factory=Counter)
    lagging: list[int] = field(default_factory=list)

    def take(self, items: Iterable[ItemCount], each: Callable[[ItemLine], object]) -> None:
        """Count items, and hand each line on."""
        cells = self.cells
        for _place, line, counted, lagging in items:
            for cell in counted:
                cells[cell] += 1
            self.lagging += lagging
            each(line)

    @property
    def totals(self) -> Counts:
        """Return all tasks by bucket."""
        return counts_of((cell[2], count) for cell, count in self.cells.items())

    def units(self, names: Mapping[int, str]) -> tuple[UnitLine, ...]:
        """Return a line for each unit that leads or supports a task, the one that leads most first."""
        led: dict[int, Counter[Cell]] = defaultdict(Counter)
        supported: Counter[int] = Counter()
        for cell, count in self.cells.items():
            led[cell[0]][cell] += count
            for unit_id in filter(None, (cell[1] or "").split(",")):
                supported[int(unit_id)] += count
        busy = sorted((unit_id, names[unit_id]) for unit_id in led.keys() | supported.keys())
        lines = [_unit_line(unit_id, name, led.get(unit_id, Counter()), supported[unit_id]) for unit_id, name in busy]
        return tuple(sorted(lines, key=lambda line: (-line.lead_tasks, -line.support_tasks)))


def _unit_line(unit_id: int, name: str, led: Mapping[Cell, int], supported: int) -> UnitLine:
    return UnitLine(
        name=name,
        lead_tasks=sum(led.values()),
        support_tasks=supported,
        counts=counts_of((cell[2], count) for cell, count in led.items()),
        reports_due=sum(cell[3] * count for cell, count in led.items()),
        reports_on_time=sum(cell[4] * count for cell, count in led.items()),
        reports_missing=sum(cell[5] * count for cell, count in led.items()),
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


def count_items(rows: Iterable[Sequence[Any]], rules: RuleSet) -> Iterator[ItemCount]:
    """Yield each item of rows that `PlainTasks.rows` describes, which come in the order of items."""
    for _item, found in groupby(rows, key=itemgetter(2)):
        own = list(found)
        yield _lone_task(own[0], rules) if len(own) == 1 else _several(own, rules)


def merged(plain: Iterable[ItemCount], judged: Iterable[ItemCount]) -> Iterator[ItemCount]:
    """Yield what the database and what the rules judged, in the order of items; no item is in both."""
    return merge(plain, judged, key=lambda item: item.place)


def _lone_task(row: Sequence[Any], rules: RuleSet) -> ItemCount:
    # Nearly every item of a plan of yearly tasks: one task in force, with one figure or none.
    plan_id, position, item_id, number, title, task_id, lead, supports, bucket, gap, due, on_time, missing = row[:_TOLD]
    if bucket == "by-gap":
        bucket = bucket_by_gap(gap, rules)
    line = ItemLine(item_id, number, title, _only(bucket), _lines((row[_TOLD:],)))
    lagging = (task_id,) if bucket in LAGGING else ()
    return ItemCount((plan_id, position, item_id), line, ((lead, supports, bucket, due, on_time, missing),), lagging)


@lru_cache
def _only(bucket: str | None) -> Counts:
    return counts_of([(bucket, 1)])


@lru_cache(16384)
def _lines(told: tuple[tuple[Any, ...], ...]) -> tuple[TargetLine, ...]:
    # Many items of a house ask for the same and have got as far.
    return lines_of(_targets(told))


def _several(rows: Sequence[Sequence[Any]], rules: RuleSet) -> ItemCount:
    cells: list[Cell] = []
    lagging = []
    for task_id, found in groupby(rows, key=itemgetter(_TASK_ID)):
        own = list(found)
        first = own[0]
        gap = max((row[_GAP] for row in own if row[_GAP] is not None), default=None)
        bucket = bucket_by_gap(gap, rules) if first[_BUCKET] == "by-gap" else first[_BUCKET]
        cells.append((first[6], first[7], bucket, *first[10:13]))
        lagging += [task_id] if bucket in LAGGING else []
    lines = _lines(tuple(row[_TOLD:] for row in rows))
    line = ItemLine(rows[0][2], rows[0][3], rows[0][4], counts_of((cell[2], 1) for cell in cells), lines)
    return ItemCount((rows[0][0], rows[0][1], rows[0][2]), line, cells, lagging)


def _targets(told: Iterable[Sequence[Any]]) -> Iterator[tuple[TargetFacts, float]]:
    for measure, unit_of_measure, comparator, basis, wanted, high, baseline, actual, pace in told:
        if wanted is not None:
            kinds = (Comparator(comparator), Basis(basis) if basis else None)
            yield TargetFacts(measure, wanted, actual, unit_of_measure, *kinds, high, baseline), pace
