"""How much of an item's weight a unit has earned, matter by matter: the six kinds of the domain handbook, part 7.

Growth: actual over target, no credit above the cap, less than nothing is nothing. Ceiling: two less actual over target, nothing beyond twice. A matter a unit supports
weighs by the support share.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from models.task import Comparator
from rules.scoring_facts import Matter, Ref, UnitFacts, counted_matters, exact, exact_part
from rules.scoring_scheme import Item, ItemKind, Scheme
from rules.targets import TargetFacts, reached_percent

_ONE, _ZERO, _HUNDRED = Fraction(1), Fraction(0), Fraction(100)
_LIMITS = (Comparator.LE, Comparator.LT)


@dataclass(frozen=True)
class MatterShare:
    """A matter's share of its weight, what it weighs, and, for an item counted one by one, its points."""

    matter: Matter
    share: Fraction
    weight: Fraction
    points: Fraction = _ZERO


@dataclass(frozen=True)
class ItemShare:
    """An item's share over a unit's matters: of its weight, or, where each matter brings it, its points. None: nothing to judge.

    `weight` is that of all its matters together, `contribution` the unit's part of what is measured against the largest, `mark` what a person put in.
    """

    share: Fraction | None
    matters: tuple[MatterShare, ...] = ()
    weight: Fraction = _ZERO
    contribution: Fraction | None = None
    mark: float | None = None
    reason: str = ""
    refs: tuple[Ref, ...] = ()


def share_of_item(item: Item, facts: UnitFacts, scheme: Scheme, largest: Fraction) -> ItemShare:
    """Return what the unit has earned of the item. `largest` is the largest contribution among all units."""
    if item.kind is ItemKind.MANUAL:
        return _marked(item, facts)
    support = exact(scheme.support_percent if item.support_percent is None else item.support_percent) / 100
    matters = [
        MatterShare(matter, share, weight)
        for matter in counted_matters(item.counts, facts)
        if (weight := _ONE if matter.role == "lead" else support) and (share := share_of_matter(item, matter)) is not None
    ]
    if not matters:
        return ItemShare(_when_empty(item))
    return _counted_each(item, matters) if item.over == "each" else _averaged(item, matters, facts, largest)


def share_of_matter(item: Item, matter: Matter) -> Fraction | None:
    """Return the share of its weight that one matter has earned, within the item's cap and floor; None where the item does not judge it."""
    share = {
        ItemKind.GROWTH: _growth,
        ItemKind.CEILING: _ceiling,
        ItemKind.THRESHOLD: _threshold,
        ItemKind.RATIO: _ratio,
        ItemKind.MILESTONE: _milestone,
    }[item.kind](item, matter)
    return None if share is None else _bounded(item, share)


def contribution_of(item: Item, facts: UnitFacts) -> Fraction:
    """Return the unit's amount of what the item measures, over the matters it leads; nothing where the item counts no contribution."""
    if not item.contribution_percent:
        return _ZERO
    led = [matter for matter in counted_matters(item.counts, facts) if matter.role == "lead"]
    amounts = [exact(target.actual or 0) for matter in led for target in judged_targets(item, matter)]
    return max(_ZERO, sum(amounts, _ZERO))


def judged_targets(item: Item, matter: Matter) -> list[TargetFacts]:
    """Return the figures of a matter that the item's kind judges: limits are ceilings, everything else is growth."""
    named = [target for target in matter.targets if not item.counts.measure or target.measure == item.counts.measure]
    if item.kind not in (ItemKind.GROWTH, ItemKind.CEILING):
        return named
    return [target for target in named if (target.comparator in _LIMITS) is (item.kind is ItemKind.CEILING)]


def _bounded(item: Item, share: Fraction) -> Fraction:
    most = _ONE if item.cap is None or item.over == "each" else exact_part(item.cap, item.weight)
    least = exact_part(item.floor, item.weight) if item.over == "average" else _ZERO
    return max(least, min(most, share))


def _averaged(item: Item, matters: list[MatterShare], facts: UnitFacts, largest: Fraction) -> ItemShare:
    # Many matters have the same share: it is counted, not added, since exact sums are slow.
    counted = Counter((one.share, one.weight) for one in matters)
    weight = sum((weight * count for (_share, weight), count in counted.items()), _ZERO)
    share = sum((share * weight * count for (share, weight), count in counted.items()), _ZERO) / weight
    contribution = None
    if item.contribution_percent:
        part = exact(item.contribution_percent) / 100
        contribution = contribution_of(item, facts) / largest if largest else _ZERO
        share = (1 - part) * share + part * contribution
    return ItemShare(share, tuple(matters), weight, contribution)


def _counted_each(item: Item, matters: list[MatterShare]) -> ItemShare:
    counted = tuple(MatterShare(one.matter, one.share, one.weight, exact(item.weight) * one.weight * one.share) for one in matters)
    points = max(exact(item.floor), sum((one.points for one in counted), _ZERO))
    return ItemShare(points if item.cap is None else min(points, exact(item.cap)), counted)


def _marked(item: Item, facts: UnitFacts) -> ItemShare:
    mark = next((mark for mark in facts.marks if mark.item == item.code), None)
    if mark is None:
        return ItemShare(_when_empty(item))
    share = _bounded(item, exact(mark.value) / exact(item.out_of or item.weight))
    return ItemShare(share, mark=mark.value, reason=mark.reason, refs=mark.refs)


def _when_empty(item: Item) -> Fraction | None:
    if item.over == "each":
        return None
    return {"spread": None, "full": _ONE, "none": _ZERO}[item.when_empty]


def _growth(item: Item, matter: Matter) -> Fraction | None:
    shares = [_by_pace(exact_part(reached_percent(target) or 0, 100), matter) for target in judged_targets(item, matter)]
    return _mean([_bounded(item, share) for share in shares])


def _ceiling(item: Item, matter: Matter) -> Fraction | None:
    return _mean([_bounded(item, share) for share in _ceiling_shares(item, matter)])


def _ceiling_shares(item: Item, matter: Matter) -> Iterator[Fraction]:
    for target in judged_targets(item, matter):
        actual, wanted = target.actual, target.wanted or 0
        if actual is None:
            # What nobody reported has not been kept.
            yield _ZERO
        elif not wanted:
            yield _ZERO if actual > 0 else _ONE
        else:
            yield 2 - exact(actual) / exact(wanted)


def _threshold(item: Item, matter: Matter) -> Fraction | None:
    percent = _looked_at(item, matter)
    if percent is None:
        return None
    return max((exact_part(step.percent, 100) for step in item.steps if percent >= exact(step.at)), default=_ZERO)


def _ratio(item: Item, matter: Matter) -> Fraction | None:
    percent = _looked_at(item, matter)
    return None if percent is None else percent / 100


def _looked_at(item: Item, matter: Matter) -> Fraction | None:
    """Return the per cent that a threshold or a ratio looks at."""
    if item.of == "reports":
        return _HUNDRED * matter.reports_on_time / matter.reports_due if matter.reports_due else None
    if item.of == "on-time":
        return _HUNDRED if matter.is_on_time else _ZERO
    targets = judged_targets(item, matter)
    if item.of == "done" or not matter.targets:
        return _HUNDRED if matter.is_done else _ZERO
    return (
        _HUNDRED * share
        if (share := _mean([_by_pace(exact_part(reached_percent(one) or 0, 100), matter) for one in targets])) is not None
        else None
    )


def _milestone(_item: Item, matter: Matter) -> Fraction | None:
    if matter.targets:
        return None
    if matter.is_done:
        return _ONE
    if not matter.is_begun or matter.milestones is None:
        return _ZERO
    return _by_pace(exact_part(matter.milestones, 100), matter)


def _by_pace(share: Fraction, matter: Matter) -> Fraction:
    """Return the share against what was due by the day: a matter that runs on is held against its pace, and one of which nothing is due yet has kept it."""
    if matter.is_done or matter.pace >= 100:
        return share
    return share / exact_part(matter.pace, 100) if matter.pace > 0 else _ONE


def _mean(shares: list[Fraction]) -> Fraction | None:
    if len(shares) == 1:
        return shares[0]
    return sum(shares, _ZERO) / len(shares) if shares else None
