"""Where the value reached for a target comes from, in this order: confirmed members of its quota, an indicator's observations, the lead unit's report,
the tasks handed down from it.

Reported values are sums since the task's start. A cumulative target counts what earlier tasks of its item brought as well, unless it names the value it
starts from: then it is a stock, and the latest value is all there is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, and_

from models.task import Basis, Comparator, Target
from rules.targets import Direction, TargetFacts, change_of, counts_change, in_points, is_for_each
from services.changes import table_of
from services.observed import Observed
from services.reported import Reported

Row = Mapping[str, Any]
_TARGET = table_of(Target).c
_RATES = ("%", "％", "‰", "个百分点", "百分点")
_FALLS = ("下降", "降低", "减少", "下浮", "压减", "缩短")


@dataclass(frozen=True)
class Sources:
    """Everything values are drawn from, as known on the day: tasks with their `lead`, targets and reports by task, confirmed members by target and region.

    `tasks` leaves out those whose values do not count: not issued by then, or cancelled.
    """

    tasks: Sequence[Row]
    targets: Mapping[int, Sequence[Row]]
    reports: Mapping[int, Reported]
    confirmed: Mapping[int, Mapping[str, int]]
    observed: Observed
    children: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    by_item: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for task in self.tasks:
            self.by_item[task["item_id"]].append(task)
            if task["parent_id"] is not None:
                self.children[task["parent_id"]].append(task)

    def facts_of(self, task: Row) -> tuple[TargetFacts, ...]:
        """Return the task's targets that can be held against a value, with the values they have."""
        return tuple(self._facts(task, target) for target in self.targets.get(task["id"], ()) if _can_be_judged(target))

    def _facts(self, task: Row, target: Row) -> TargetFacts:
        if target["comparator"] is Comparator.EXCEEDS_SERIES:
            return self._comparison(task, target)
        if is_for_each(target["scope"]):
            return self._for_each(task, target)
        if not _adds_up_over_years(target):
            return _bare_facts(target, self._starts_from(target), self._value(task, target))
        bare = _bare_facts(target, self._starts_from(target))
        values = [self._value(task, target), *(self._value(earlier, one) for earlier, one in self._earlier(task, target))]
        carried = self._carried(task, target)
        return replace(bare, actual=_sum(values), carried=carried if carried < (bare.wanted or 0) else 0.0)

    def _value(self, task: Row, target: Row) -> float | None:
        """Return the value of one task's target as it stands, since the task's start where it is an amount."""
        confirmed = self.confirmed.get(target["id"])
        if confirmed is not None:
            return float(sum(confirmed.values()))
        if target["indicator_id"] is not None:
            return self._observed_value(task, target)
        reported = self.reports.get(task["id"], Reported()).values.get(target["id"])
        return self._children_value(task, target) if reported is None else reported

    def _observed_value(self, task: Row, target: Row) -> float | None:
        since = task["starts_on"] if target["basis"] is Basis.PERIOD else None
        latest = self.observed.latest(target["indicator_id"], since)
        if latest is None:
            return None
        before = self.observed.before(target["indicator_id"], task["starts_on"]) if target["baseline"] is None else target["baseline"]
        falls = any(word in target["text"] or word in target["measure"] for word in _FALLS)
        return change_of(latest, before, target["unit_of_measure"], self._observed_unit(target), falls=falls)

    def _children_value(self, task: Row, target: Row) -> float | None:
        parts = self._children_parts(task, target)
        if target["basis"] is not Basis.LEVEL and target["unit_of_measure"] not in _RATES:
            return _sum(parts.values())
        # The worst counts: while one child is silent it is not known.
        values = list(parts.values())
        if not values or any(value is None for value in values):
            return None
        return _worst(_bare_facts(target))(value for value in values if value is not None)

    def _children_parts(self, task: Row, target: Row) -> dict[str, float | None]:
        twins = [(child, one) for child in self.children.get(task["id"], ()) for one in self._twins(child, target)]
        return {child["lead"]: self._part_value(child, one) for child, one in twins}

    def _part_value(self, child: Row, target: Row) -> float | None:
        return self._for_each(child, target).actual if is_for_each(target["scope"]) else self._value(child, target)

    def _for_each(self, task: Row, target: Row) -> TargetFacts:
        reported = self.reports.get(task["id"], Reported())
        parts: dict[str, float] = dict(reported.parts.get(target["id"], {}))
        if target["id"] in self.confirmed:
            parts = {region: float(count) for region, count in self.confirmed[target["id"]].items() if region}
        elif not parts:
            # A child that says nothing has nothing to show; without any value nobody has spoken yet.
            children = self._children_parts(task, target)
            parts = {name: value or 0.0 for name, value in children.items()} if _sum(children.values()) is not None else {}
        bare = _bare_facts(target, self._starts_from(target))
        total = reported.values.get(target["id"])
        if total is None and target["basis"] is not Basis.LEVEL and target["unit_of_measure"] not in _RATES:
            total = _sum(parts.values())
        # A task handed down is itself one of the many: what it reports as a whole is its part.
        alone = total if task["parent_id"] is not None else None
        actual = _worst(bare)(parts.values()) if parts else alone
        return replace(bare, actual=actual, parts=tuple(sorted(parts.items())), total=total)

    def _comparison(self, task: Row, target: Row) -> TargetFacts:
        since = task["starts_on"] if target["basis"] is Basis.PERIOD else None
        own, other = target["indicator_id"], target["against_id"]
        if own is None:
            actual, wanted = self._value(task, target), self.observed.latest(other, since)
        else:
            actual, wanted = self.observed.latest_pair(own, other, since)
        name = self.observed.names.get(other) or target["scope"]
        unit = target["unit_of_measure"]
        return TargetFacts(target["measure"], wanted, actual, unit, target["comparator"], target["basis"], against=name)

    def _starts_from(self, target: Row) -> float | None:
        spent = in_points(target["unit_of_measure"]) or (
            target["indicator_id"] is not None and counts_change(target["unit_of_measure"], self._observed_unit(target))
        )
        return None if spent else target["baseline"]

    def _observed_unit(self, target: Row) -> str | None:
        return self.observed.units_of_measure.get(target["indicator_id"])

    def _twins(self, task: Row, target: Row) -> list[Row]:
        """Return the targets of another task that count the same thing."""
        same = (target["measure"], target["unit_of_measure"])
        return [one for one in self.targets.get(task["id"], ()) if (one["measure"], one["unit_of_measure"]) == same]

    def _earlier(self, task: Row, target: Row) -> list[tuple[Row, Row]]:
        """Return the same target in the item's tasks that ended before this one began; among tasks handed down, those of the same lead unit."""
        is_child = task["parent_id"] is not None
        return [
            (earlier, one)
            for earlier in self.by_item[task["item_id"]]
            if earlier["due_on"] < task["starts_on"]
            and (earlier["parent_id"] is not None) is is_child
            and (not is_child or earlier["lead"] == task["lead"])
            for one in self._twins(earlier, target)
            if one["basis"] is not Basis.LEVEL and one["baseline"] is None
        ]

    def _carried(self, task: Row, target: Row) -> float:
        """Return what the tasks before should have brought: the last cumulative figure, and the amounts of the years after it."""
        carried = 0.0
        for _earlier_task, one in sorted(self._earlier(task, target), key=lambda pair: pair[0]["due_on"]):
            wanted = _wanted(one) or 0.0
            carried = max(carried, wanted) if one["basis"] is Basis.CUMULATIVE else carried + wanted
        return carried


def _can_be_judged(target: Row) -> bool:
    return _wanted(target) is not None or target["comparator"] is Comparator.EXCEEDS_SERIES


def adds_up_over_years() -> ColumnElement[bool]:
    """Return the condition on targets under which earlier tasks of the item count too; `_adds_up_over_years` asks the same of a row."""
    return and_(_TARGET.basis == Basis.CUMULATIVE, _TARGET.baseline.is_(None), _TARGET.indicator_id.is_(None))


def _adds_up_over_years(target: Row) -> bool:
    return target["basis"] is Basis.CUMULATIVE and target["baseline"] is None and target["indicator_id"] is None


def _wanted(target: Row) -> float | None:
    if target["comparator"] is Comparator.ALL and target["value"] is None:
        return 100.0
    figures: tuple[float | None, ...] = (target["value"], target["low"], target["high"])
    return figures[0] if figures[0] is not None else figures[1] if figures[1] is not None else figures[2]


def _bare_facts(target: Row, baseline: float | None = None, actual: float | None = None) -> TargetFacts:
    is_share = target["comparator"] is Comparator.ALL and target["value"] is None
    return TargetFacts(
        measure=target["measure"],
        wanted=_wanted(target),
        actual=actual,
        unit_of_measure="%" if is_share else target["unit_of_measure"],
        comparator=target["comparator"],
        basis=target["basis"],
        high=target["high"],
        baseline=baseline,
        scope=target["scope"],
    )


def _worst(bare: TargetFacts) -> Callable[[Iterable[float]], float]:
    return min if bare.direction is Direction.RISING else max


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
