"""What members count for: how many places a quota has, who would be counted twice, which regions and how much of the whole are covered.

All of it is counted over the years of one item, not over one task: thirty counties in three years, one in every prefecture, are ten each year.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import ceil, floor

from models.roster import RosterState
from models.task import Basis, Comparator
from rules.rounding import round_half_up
from rules.texts import _

_NEW = ("新增", "新建", "新认定", "新创建", "首次", "首批")
_ENGAGED = (RosterState.SELECTED, RosterState.CONFIRMED)


@dataclass(frozen=True)
class YearTarget:
    """A target of one of the item's tasks, as far as places go; `is_child` where the task was handed down."""

    id: int
    task_id: int
    label: str
    due_on: date
    measure: str
    text: str
    comparator: Comparator
    value: float | None = None
    high: float | None = None
    basis: Basis | None = None
    is_child: bool = False

    @property
    def counts_new(self) -> bool:
        """Tell whether each member must be new to the item (新增支持10个县)."""
        return any(word in self.measure or word in self.text for word in _NEW)

    @property
    def places(self) -> int | None:
        """Return how many members there may be at most, None where more are welcome."""
        if self.comparator is Comparator.RANGE:
            return None if self.high is None else floor(self.high)
        if self.value is None:
            return None
        if self.comparator is Comparator.LT:
            return ceil(self.value) - 1
        return ceil(self.value) if self.comparator in (Comparator.EQ, Comparator.ALL, Comparator.LE) else None


@dataclass(frozen=True)
class QuotaTerms:
    """A target that members fill: the lists they are chosen from, and what is asked of them together."""

    id: int
    target: YearTarget
    list_ids: tuple[int, ...] = ()
    least_per_region: int | None = None
    whole_list_id: int | None = None
    least_coverage: float | None = None


@dataclass(frozen=True)
class Member:
    """A name in a quota."""

    id: int
    quota_id: int
    name: str
    region: str | None
    state: RosterState
    nominated_on: date
    confirmed_on: date | None = None
    withdrawn_on: date | None = None
    replaces_id: int | None = None
    note: str = ""


@dataclass(frozen=True)
class ItemRoster:
    """Everything named for one item, over all its years: targets and quotas of the tasks that count, the members, and the lists with each name's region."""

    targets: tuple[YearTarget, ...]
    quotas: tuple[QuotaTerms, ...]
    members: tuple[Member, ...]
    lists: Mapping[int, Mapping[str, str | None]] = field(default_factory=dict)

    @cached_property
    def confirmed_in(self) -> Mapping[str, set[int]]:
        """The quotas in which each confirmed name is."""
        found: dict[str, set[int]] = {}
        for member in self.members:
            if member.state is RosterState.CONFIRMED:
                found.setdefault(member.name, set()).add(member.quota_id)
        return found

    def of(self, quota: QuotaTerms) -> list[Member]:
        """Return the quota's members in the order of their nomination."""
        return [member for member in self.members if member.quota_id == quota.id]

    def like(self, quota: QuotaTerms) -> list[QuotaTerms]:
        """Return the quotas of all years that count the same thing, this one among them."""
        return [one for one in self.quotas if one.target.measure == quota.target.measure]

    def confirmed(self, quotas: Iterable[QuotaTerms]) -> list[Member]:
        """Return the confirmed members of these quotas."""
        ids = {quota.id for quota in quotas}
        return [member for member in self.members if member.quota_id in ids and member.state is RosterState.CONFIRMED]


@dataclass(frozen=True)
class Coverage:
    """How much of the whole is covered by all years of the item: `percent` rounded half up to one decimal."""

    covered: int
    whole: int
    percent: float
    least: float | None

    @property
    def missing(self) -> int:
        """Return how many more it takes."""
        return max(0, ceil(round((self.least or 0.0) * self.whole / 100, 9)) - self.covered)


def counted_already(roster: ItemRoster, quota: QuotaTerms, name: str) -> YearTarget | None:
    """Return where the name is confirmed already so that confirming it here would count it twice, None where it is free.

    The same thing is never counted twice over the years. Where the target counts new members only, nobody counts who was confirmed for anything in the item; nor
    is one that is new this year counted beside that in the same task.
    """
    quota_ids = roster.confirmed_in.get(name, set()) - {quota.id}
    for other in (one for one in roster.quotas if one.id in quota_ids):
        in_way = (
            other.target.measure == quota.target.measure
            or quota.target.counts_new
            or (other.target.counts_new and other.target.task_id == quota.target.task_id)
        )
        if in_way:
            return other.target
    return None


def free_places(roster: ItemRoster, quota: QuotaTerms, states: Sequence[RosterState] = _ENGAGED) -> int | None:
    """Return how many members may still be selected, None where there is no limit. Of a sum over the years, those of earlier years have taken theirs."""
    places = quota.target.places
    if places is None:
        return None
    counted = [quota]
    if quota.target.basis is Basis.CUMULATIVE:
        counted += [one for one in roster.like(quota) if one.target.due_on < quota.target.due_on]
    ids = {one.id for one in counted}
    return places - sum(member.state in states and member.quota_id in ids for member in roster.members)


def region_gaps(roster: ItemRoster, quota: QuotaTerms) -> dict[str, int]:
    """Return how many members each region still lacks, over all years of the item; regions that have enough are left out."""
    if quota.least_per_region is None:
        return {}
    list_ids = quota.list_ids if quota.whole_list_id is None else (quota.whole_list_id,)
    regions = dict.fromkeys(region for list_id in list_ids for region in roster.lists.get(list_id, {}).values() if region)
    have = Counter(member.region for member in roster.confirmed(roster.like(quota)))
    gaps = {region: quota.least_per_region - have[region] for region in regions}
    return {region: gap for region, gap in gaps.items() if gap > 0}


def coverage_of(roster: ItemRoster, quota: QuotaTerms) -> Coverage | None:
    """Return how much of the quota's whole list the item's confirmed members cover, whatever they were confirmed for; None where nothing is asked."""
    whole = roster.lists.get(quota.whole_list_id or 0)
    if not whole:
        return None
    covered = len({member.name for member in roster.confirmed(roster.quotas)} & whole.keys())
    return Coverage(covered, len(whole), round_half_up(100 * covered / len(whole), 1), quota.least_coverage)


def room_later(roster: ItemRoster, quota: QuotaTerms) -> int:
    """Return how many members tasks due later may still bring for the same thing."""
    own = quota.target
    later = [one for one in _later(roster, own) if one.measure == own.measure]
    ids = {one.id for one in later}
    taken = len(roster.confirmed(one for one in roster.quotas if one.target.id in ids))
    if own.basis is Basis.CUMULATIVE:
        return max(0, max((_figure(one) for one in later), default=0) - _figure(own) - taken)
    return max(0, sum(_figure(one) for one in later) - taken)


def gap_words(roster: ItemRoster, quota: QuotaTerms) -> list[str]:
    """Return what the members together still lack, in words: regions and coverage."""
    return [*_region_words(roster, quota), *_coverage_words(roster, quota)]


def shortfall_words(roster: ItemRoster, task_id: int) -> list[str]:
    """Return what the task's quotas lack that later years can no longer make up: regions without places left for them, coverage once no task comes after."""
    words = []
    for quota in roster.quotas:
        if quota.target.task_id != task_id:
            continue
        found = _region_words(roster, quota) if sum(region_gaps(roster, quota).values()) > room_later(roster, quota) else []
        found += [] if _later(roster, quota.target) else _coverage_words(roster, quota)
        words += [_("“{measure}”{words}").format(measure=quota.target.measure, words=one) for one in found]
    return words


def _later(roster: ItemRoster, own: YearTarget) -> list[YearTarget]:
    return [one for one in roster.targets if one.due_on > own.due_on and one.is_child is own.is_child]


def _figure(target: YearTarget) -> int:
    return ceil(target.high or target.value or 0.0)


def _region_words(roster: ItemRoster, quota: QuotaTerms) -> list[str]:
    gaps = region_gaps(roster, quota)
    if not gaps:
        return []
    missing = _("、").join(_("{region}缺 {count} 个").format(region=region, count=count) for region, count in gaps.items())
    text = _("要求每个地区不少于 {least} 个，{missing}")
    return [text.format(least=quota.least_per_region, missing=missing)]


def _coverage_words(roster: ItemRoster, quota: QuotaTerms) -> list[str]:
    found = coverage_of(roster, quota)
    if found is None or not found.missing:
        return []
    text = _("要求覆盖 {least:g}%，已覆盖 {covered}/{whole}（{percent}%），还缺 {missing} 个")
    said = {"covered": found.covered, "whole": found.whole, "percent": found.percent, "missing": found.missing}
    return [text.format(least=found.least, **said)]
