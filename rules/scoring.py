"""A unit's year scored by a scheme: exact to the last step, then rounded half up to two places, once.

Total = base + items (each by its share of its weight) + additions − deductions, within the scheme's cap and floor. The order of units changes nothing. A unit that
has nothing the scheme counts has no total, which is not the same as zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from rules.rounding import round_half_up
from rules.scoring_events import RuleScore, score_events
from rules.scoring_facts import UnitFacts, exact
from rules.scoring_scheme import Group, Item, Scheme
from rules.scoring_shares import ItemShare, contribution_of, share_of_item

PLACES = 2
_ROOT = ""


@dataclass(frozen=True)
class ItemScore:
    """An item's points and the most it could bring here (`full`, None where there is no end): its weight, scaled to its group, and what spread to it."""

    item: Item
    share: ItemShare
    full: Fraction | None
    points: Fraction


@dataclass(frozen=True)
class GroupScore:
    """A group's points and the most it could bring; both are contained in its items'."""

    group: Group
    full: Fraction
    points: Fraction


@dataclass(frozen=True)
class UnitScore:
    """A unit's score. `exact_total` is base + items + additions − deductions before cap and floor; `total` what is printed, None where nothing counts.

    `deductions` is not negative. `tie_break` are additions that only decide the order among equals.
    """

    facts: UnitFacts
    base: Fraction
    items: tuple[ItemScore, ...]
    groups: tuple[GroupScore, ...]
    events: tuple[RuleScore, ...]
    additions: Fraction
    deductions: Fraction
    tie_break: Fraction
    exact_total: Fraction
    total: float | None


def score_units(scheme: Scheme, units: Sequence[UnitFacts]) -> list[UnitScore]:
    """Return every unit's score, in the order given. What one contributes is measured against the largest of them."""
    largest = {item.code: max((contribution_of(item, facts) for facts in units), default=Fraction(0)) for item in scheme.items}
    return [_score(scheme, facts, largest) for facts in units]


def ranks_of(scores: Iterable[UnitScore]) -> dict[int, int]:
    """Return the rank of each unit with a total, by its id: higher totals first, equals by their additions that only break ties, then the same rank."""
    orders = {one.facts.unit_id: (one.total, one.tie_break) for one in scores if one.total is not None}
    return {unit_id: 1 + sum(other > order for other in orders.values()) for unit_id, order in orders.items()}


@lru_cache(8192)
def rounded(points: Fraction, places: int = PLACES) -> float:
    """Return points as they are printed, half up."""
    scaled = abs(points) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return round_half_up((-whole if points < 0 else whole) / 10**places, places)


def _score(scheme: Scheme, facts: UnitFacts, largest: Mapping[str, Fraction]) -> UnitScore:
    shares = {item.code: share_of_item(item, facts, scheme, largest[item.code]) for item in scheme.items}
    tree = _Tree(scheme, shares)
    items = tuple(_item_score(item, shares[item.code], tree.full.get(item.code)) for item in scheme.items)
    events = score_events(scheme, facts)
    gained = _limited(sum((one.points for one in events if one.points > 0), Fraction(0)), scheme.bonus.cap)
    lost = _limited(-sum((one.points for one in events if one.points < 0), Fraction(0)), scheme.deductions.cap)
    is_tie_break = scheme.bonus.counts == "tie-break"
    base = exact(scheme.base)
    added = Fraction(0) if is_tie_break else gained
    exact_total = base + sum((one.points for one in items), Fraction(0)) + added - lost
    is_scored = bool(base) or any(one.share.share is not None for one in items) or any(one.cases for one in events)
    return UnitScore(
        facts=facts,
        base=base,
        items=items,
        groups=tuple(_group_score(group, tree) for group in scheme.groups),
        events=events,
        additions=added,
        deductions=lost,
        tie_break=gained if is_tie_break else Fraction(0),
        exact_total=exact_total,
        total=rounded(_within(exact_total, scheme)) if is_scored else None,
    )


def _within(total: Fraction, scheme: Scheme) -> Fraction:
    if scheme.floor is not None:
        total = max(total, exact(scheme.floor))
    return _limited(total, scheme.cap)


def _limited(points: Fraction, cap: float | None) -> Fraction:
    return points if cap is None else min(points, exact(cap))


def _item_score(item: Item, share: ItemShare, full: Fraction | None) -> ItemScore:
    if item.over == "each":
        most = None if item.cap is None else exact(item.cap)
        return ItemScore(item, share, most, share.share or Fraction(0))
    full = full or Fraction(0)
    return ItemScore(item, share, full, full * (share.share or Fraction(0)))


def _group_score(group: Group, tree: "_Tree") -> GroupScore:
    full = tree.full.get(group.code, Fraction(0))
    return GroupScore(group, full, full * (tree.share(group.code) or Fraction(0)))


class _Tree:
    """The scheme's groups and shared items with how much of the whole each gets; weights of what a unit has nothing of go to what lies beside it."""

    def __init__(self, scheme: Scheme, shares: Mapping[str, ItemShare]) -> None:
        self._shares = shares
        self._groups = {group.code: group for group in scheme.groups}
        self._items = {item.code: item for item in scheme.items if item.over == "average"}
        self._below: dict[str, list[str]] = {}
        for group in scheme.groups:
            self._below.setdefault(group.parent, []).append(group.code)
        for item in self._items.values():
            self._below.setdefault(item.group, []).append(item.code)
        self.full: dict[str, Fraction] = {}
        self._hand_down(_ROOT, sum((self._weight(code) for code in self._below.get(_ROOT, ())), Fraction(0)))

    def share(self, code: str) -> Fraction | None:
        """Return the share reached of an item or a group; None where there is nothing to judge."""
        if code in self._items:
            return self._shares[code].share
        parts = [(self._weight(below), share) for below in self._below.get(code, ()) if (share := self.share(below)) is not None]
        whole = sum((weight for weight, _share in parts), Fraction(0))
        return sum((weight * share for weight, share in parts), Fraction(0)) / whole if whole else None

    def _hand_down(self, code: str, full: Fraction) -> None:
        self.full[code] = full
        judged = [below for below in self._below.get(code, ()) if self.share(below) is not None]
        whole = sum((self._weight(below) for below in judged), Fraction(0))
        for below in judged:
            self._hand_down(below, full * self._weight(below) / whole)

    def _weight(self, code: str) -> Fraction:
        if code in self._groups:
            return exact(self._groups[code].weight)
        item = self._items[code]
        by_matters = item.group in self._groups and self._groups[item.group].share_by == "matters"
        times = self._shares[code].weight if by_matters and self._shares[code].matters else Fraction(1)
        return exact(item.weight) * times
