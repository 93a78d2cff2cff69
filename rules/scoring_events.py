"""What happened in a year as points: each event by its rule, what must not count twice, and the limits of the year."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from rules.scoring_facts import Occurrence, UnitFacts, comes_from, exact, exact_part
from rules.scoring_scheme import EventRule, Scheme

# Why something that happened costs or brings nothing: a weightier one of the same matter counts, or the year's limit was reached.
Passed = Literal["", "twice", "most"]


@dataclass(frozen=True)
class Case:
    """One event under one rule: its points as counted (0 where `passed` says why not), what a single one counts, and the part of it for the unit's role."""

    event: Occurrence
    points: Fraction
    each: Fraction
    share: Fraction
    passed: Passed = ""


@dataclass(frozen=True)
class RuleScore:
    """A rule's points for a unit, within its cap, with every event it saw. `times` is more than 1 where a small unit's deductions are multiplied."""

    rule: EventRule
    cases: tuple[Case, ...]
    points: Fraction
    times: Fraction


def score_events(scheme: Scheme, facts: UnitFacts) -> tuple[RuleScore, ...]:
    """Return what each rule of the scheme makes of the unit's events, in the scheme's order."""
    found = {rule.code: [_case(rule, event) for event in _seen(rule, facts)] for rule in scheme.events}
    passed = _counted_twice(scheme, found)
    times = _times(scheme, facts)
    return tuple(_rule_score(rule, found[rule.code], passed, times) for rule in scheme.events)


def _seen(rule: EventRule, facts: UnitFacts) -> Iterator[Occurrence]:
    for event in sorted(facts.occurrences, key=lambda one: one.on):
        is_meant = event.rule in ("", rule.code) and event.kind in rule.on and (not rule.levels or event.level in rule.levels)
        if is_meant and rule.counts.role in ("both", event.role) and comes_from(rule.counts, event.origin):
            yield event


def _case(rule: EventRule, event: Occurrence) -> Case:
    each = exact(rule.points)
    if rule.bands:
        each = next((exact(band.points) for band in reversed(rule.bands) if event.size >= band.at), Fraction(0))
    share = Fraction(1) if event.role == "lead" else exact_part(rule.support_percent, 100)
    return Case(event, _points(each, share, event.times), each, share)


@lru_cache(1024)
def _points(each: Fraction, share: Fraction, times: int, multiplied: Fraction = Fraction(1)) -> Fraction:
    return each * share * times * multiplied


def _counted_twice(scheme: Scheme, found: dict[str, list[Case]]) -> set[tuple[str, int]]:
    """Return the cases, by rule and place, that give way to a weightier one of the same matter under the same `once`; among equals the first counts."""
    best: dict[tuple[str, str], tuple[str, int]] = {}
    passed: set[tuple[str, int]] = set()
    for rule in scheme.events:
        for place, case in enumerate(found[rule.code] if rule.once else ()):
            key, mine = (rule.once, case.event.about), (rule.code, place)
            other = best.get(key)
            if other is None or abs(case.points) > abs(found[other[0]][other[1]].points):
                best[key] = mine
            passed.add(mine)
    return passed - set(best.values())


def _rule_score(rule: EventRule, cases: list[Case], passed: set[tuple[str, int]], times: Fraction) -> RuleScore:
    multiplied = times if rule.points < 0 or any(case.each < 0 for case in cases) else Fraction(1)
    counted, judged = 0, []
    for place, case in enumerate(cases):
        why: Passed = "twice" if (rule.code, place) in passed else ""
        allowed = case.event.times
        if not why and case.points and rule.most is not None:
            allowed = min(allowed, rule.most - counted)
            why = "" if allowed else "most"
        if not why and case.points:
            counted += allowed
        points = Fraction(0) if why else _points(case.each, case.share, allowed, multiplied)
        judged.append(Case(case.event, points, case.each, case.share, why))
    total = sum((case.points for case in judged), Fraction(0))
    return RuleScore(rule, tuple(case for case in judged if case.points or case.passed), _capped(total, rule.cap), multiplied)


def _capped(points: Fraction, cap: float | None) -> Fraction:
    if cap is None:
        return points
    return max(-exact(cap), min(exact(cap), points))


def _times(scheme: Scheme, facts: UnitFacts) -> Fraction:
    small = scheme.small_units
    if small is None or len(facts.matters) >= small.fewer_than:
        return Fraction(1)
    return exact(small.deductions_times)
