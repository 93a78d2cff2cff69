"""The yearly figures of an item put together by measure: the common ground of the checks that add up and compare."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from intake.draft import ItemDraft, TargetDraft

SCALES = {"百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}
SCALE = re.compile(r"^(百万|千万|百|千|万|亿)")
RATES = {"%", "‰", "％"}
POINTS = {"个百分点", "百分点"}
PERSONS = {"人", "名", "位"}
AREA_WORDS = re.compile(r"[（(][^（）()]*[）)]|[省市县区乡镇村、的“”]")
SHORTEST_YEAR = 360
COUNTED_UP = re.compile(r"累计|总数|达到|达")


@dataclass(frozen=True, slots=True)
class Series:
    """One measure of an item over its tasks: the figure for the whole, if the item gives one, and the figures by task label."""

    item: ItemDraft
    measure: str
    total: TargetDraft | None
    years: tuple[tuple[str, TargetDraft], ...]

    @property
    def values(self) -> list[float]:
        """Return the yearly values in the smallest unit of their measure."""
        return [value for _label, target in self.years if (value := plain_value(target)) is not None]

    @property
    def is_yearly(self) -> bool:
        """Return whether the item's own figure holds for each year (每年500名), not for the whole."""
        return self.total is not None and self.total.basis == "period" and self.total.year is None

    @property
    def is_counted_up(self) -> bool:
        """Return whether each year's figure includes those before it (累计达到…)."""
        return all(target.basis == "cumulative" or COUNTED_UP.search(target.text) for _label, target in self.years)

    @property
    def reaches_whole(self) -> bool:
        """Return whether parts of one year come to the whole in one of them: quarters of 2, 4 and 6 under a year's 6 are no sum."""
        total = plain_value(self.total) if self.total else None
        is_within_year = all((task.due_on - task.starts_on).days < SHORTEST_YEAR for task in self.item.tasks)
        return is_within_year and total in self.values and len(set(self.values)) > 1

    @property
    def is_told_once(self) -> bool:
        """Return whether only one of several parts of a year gives a figure: that of a stage, not a share of the whole."""
        is_within_year = all((task.due_on - task.starts_on).days < SHORTEST_YEAR for task in self.item.tasks)
        return is_within_year and len(self.years) == 1 < len(self.item.tasks)

    @property
    def words(self) -> str:
        """Return all wording the series is known by."""
        return self.measure + (self.total.text if self.total else "")


def series_of(item: ItemDraft) -> list[Series]:
    """Return the series of an item's tasks; quantities without a figure or a measure are in none."""
    found: dict[str, list[tuple[str, TargetDraft]]] = {}
    for task in item.tasks:
        for target in task.targets:
            if target.measure and plain_value(target) is not None:
                found.setdefault(target.measure, []).append((task.label, target))
    totals = {target.measure: target for target in reversed(item.targets) if target.measure and plain_value(target) is not None}
    return [Series(item, measure, totals.get(measure), tuple(years)) for measure, years in found.items()]


def plain_value(target: TargetDraft) -> float | None:
    """Return a target's value with its scale worked out: 2万元 is 20000."""
    if target.value is None:
        return None
    match = SCALE.match(target.unit_of_measure or "")
    return target.value * (SCALES[match[1]] if match else 1)


def kind_of_unit(unit: str | None) -> str:
    """Return what a unit of measure counts: persons, person-times, shares, points, money, or things."""
    bare = SCALE.sub("", unit or "")
    if bare in PERSONS:
        return "人"
    if bare in RATES:
        return "%"
    if bare in POINTS:
        return "百分点"
    return bare if bare in ("人次", "元", "美元", "亩", "吨", "公里") else "个"


def is_rate(target: TargetDraft) -> bool:
    """Return whether a target is a share or a rate, which never adds up."""
    return kind_of_unit(target.unit_of_measure) in ("%", "百分点") or target.basis == "level"


def whole(series: Series) -> float:
    """Return the figure for the whole of a series: the item's own, else what the years come to."""
    value = plain_value(series.total) if series.total is not None else None
    if value is not None:
        return value * len(series.years) if series.is_yearly else value
    return series.values[-1] if series.is_counted_up else sum(series.values)


def possible_totals(series: Series) -> set[float]:
    """Return the figures that a text may rightly give for the whole of a series, or for its first years."""
    found = set(accumulate(series.values))
    if series.is_counted_up:
        found = set(series.values)
    if series.total is not None and (value := plain_value(series.total)) is not None:
        found |= {value * len(series.years), value} if series.is_yearly else {value}
    return found


@lru_cache(maxsize=8192)
def without_areas(measure: str) -> str:
    """Return a measure without what is in brackets and the words for areas, which half of all measures share."""
    return AREA_WORDS.sub("", measure)
