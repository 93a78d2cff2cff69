"""The published rules that propose a case, to hold to account or to praise: which rule fired, with which numbers, on which entries of the ledger.

A rule proposes and never judges: whether there is a case, and what it comes to, people decide. Nothing is scored, nobody is ranked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from models.case import CaseKind
from models.notice import NoticeLevel
from rules.lights import TaskFacts, is_done
from rules.rule_set import RuleSet
from rules.targets import Direction, TargetFacts, is_met, reached_percent


class CaseRule(StrEnum):
    """A rule that proposes a case. The first three are those of the ladder's last rung, said in a notice before."""

    YEAR_MISSED = "year-missed"
    RED_THREE_PERIODS = "red-three-periods"
    RED_AT_Q3 = "red-at-q3"
    RED_NOTICES = "red-notices"
    REPORTS_MISSED = "reports-missed"
    DONE_EARLY = "done-early"
    TARGET_EXCEEDED = "target-exceeded"
    YEAR_ON_TIME = "year-on-time"
    MADE_GOOD = "made-good"


@dataclass(frozen=True)
class Trace:
    """An entry of the ledger that a rule fired on."""

    chain: str
    seq: int
    hash: str
    day: date
    act: str
    task_id: int | None


@dataclass(frozen=True)
class NoticeFacts:
    """A notice: of a rung once it went out, a proposal once it was prepared. `grounds` are what a proposal fired on; `trace` is that entry."""

    id: int
    task_id: int
    unit_id: int
    level: NoticeLevel
    matter: str
    on: date
    trace: Trace
    doc_no: str | None = None
    limit_on: date | None = None
    grounds: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TaskYear:
    """A task as a year's rules see it: its facts at the year's end (or today), its lead unit, and its entries by act, oldest first."""

    facts: TaskFacts
    lead_id: int
    traces: Mapping[str, Sequence[Trace]] = field(default_factory=dict)

    def last(self, *acts: str) -> tuple[Trace, ...]:
        """Return the last entry of each of these acts, where there is one."""
        return tuple(self.traces[act][-1] for act in acts if self.traces.get(act))


@dataclass(frozen=True)
class Proposal:
    """A case that a rule proposes. `key` is the same on every day it is proposed; `numbers` are the rule's own and those it was met by."""

    key: str
    kind: CaseKind
    rule: CaseRule
    unit_id: int
    task_ids: tuple[int, ...]
    year: int
    numbers: Mapping[str, Any]
    traces: tuple[Trace, ...]
    notice_id: int | None = None


def proposals_of(year: int, tasks: Sequence[TaskYear], notices: Sequence[NoticeFacts], rules: RuleSet) -> list[Proposal]:
    """Return what the rules propose for a year, accountability first. `tasks` and `notices` are what was known on the day asked for."""
    of_year = [one for one in notices if one.on.year == year]
    found = (
        *_from_ladder(of_year, notices),
        *_red_notices(year, of_year, rules),
        *_reports_missed(year, tasks, rules),
        *_done_early(year, tasks, rules),
        *_exceeded(year, tasks, rules),
        *_year_on_time(year, tasks, rules),
        *_made_good(year, tasks, notices),
    )
    return list(found)


def _from_ladder(of_year: Iterable[NoticeFacts], notices: Sequence[NoticeFacts]) -> Iterator[Proposal]:
    for one in of_year:
        if one.level is not NoticeLevel.ACCOUNTABILITY:
            continue
        went_before = tuple(other.trace for other in notices if _is_rung(other) and _is_same_matter(other, one) and other.on <= one.on)
        numbers = {name: one.grounds[name] for name in ("year", "quarters", "days_overdue", "gap_pp") if one.grounds.get(name) is not None}
        rule = CaseRule(one.matter)
        key = f"{rule}/notice-{one.id}"
        traces = (*went_before, one.trace)
        yield Proposal(key, CaseKind.ACCOUNTABILITY, rule, one.unit_id, (one.task_id,), one.on.year, numbers, traces, one.id)


def _is_rung(one: NoticeFacts) -> bool:
    return one.level is not NoticeLevel.ACCOUNTABILITY


def _is_same_matter(one: NoticeFacts, other: NoticeFacts) -> bool:
    return (one.task_id, one.unit_id) == (other.task_id, other.unit_id)


def _red_notices(year: int, of_year: Iterable[NoticeFacts], rules: RuleSet) -> Iterator[Proposal]:
    by_unit: dict[int, list[NoticeFacts]] = defaultdict(list)
    for one in of_year:
        if one.level is NoticeLevel.RED:
            by_unit[one.unit_id].append(one)
    for unit_id, reds in sorted(by_unit.items()):
        if len(reds) >= rules.case_red_notices:
            numbers = {"count": len(reds), "least": rules.case_red_notices, "doc_nos": [one.doc_no for one in reds]}
            task_ids = tuple(dict.fromkeys(one.task_id for one in reds))
            yield _proposal(CaseRule.RED_NOTICES, (unit_id, task_ids, year), numbers, [one.trace for one in reds], of_unit=True)


def _reports_missed(year: int, tasks: Iterable[TaskYear], rules: RuleSet) -> Iterator[Proposal]:
    for task in tasks:
        missed = [trace for trace in task.traces.get("report-missed", ()) if trace.day.year == year]
        if len(missed) >= rules.case_missed_reports:
            numbers = {"count": len(missed), "least": rules.case_missed_reports}
            yield _proposal(CaseRule.REPORTS_MISSED, (task.lead_id, (task.facts.task_id,), year), numbers, missed)


def _done_early(year: int, tasks: Iterable[TaskYear], rules: RuleSet) -> Iterator[Proposal]:
    for task, completed_on in _done_in(year, tasks):
        # Of a due day that was moved, the earlier one counts: an extension makes nobody early.
        due_on = min(task.facts.due_on, task.facts.original_due_on)
        days = (due_on - completed_on).days
        if days >= rules.praise_early_days and _all_met(task.facts):
            numbers = {
                "days": days,
                "least": rules.praise_early_days,
                "due_on": due_on.isoformat(),
                "completed_on": completed_on.isoformat(),
            }
            yield _of_task(CaseRule.DONE_EARLY, task, year, numbers, task.last("submit", "complete"))


def _exceeded(year: int, tasks: Iterable[TaskYear], rules: RuleSet) -> Iterator[Proposal]:
    for task, _completed_on in _done_in(year, tasks):
        best = max((_reached(target, rules), target.measure) for target in task.facts.targets) if task.facts.targets else (0.0, "")
        if best[0] >= 100 + rules.praise_over_pct and _all_met(task.facts):
            numbers = {"percent": round(best[0], 1), "over": rules.praise_over_pct, "measure": best[1]}
            yield _of_task(CaseRule.TARGET_EXCEEDED, task, year, numbers, task.last("report", "complete"))


def _year_on_time(year: int, tasks: Iterable[TaskYear], rules: RuleSet) -> Iterator[Proposal]:
    by_unit: dict[int, list[TaskYear]] = defaultdict(list)
    for task in tasks:
        if task.facts.original_due_on.year == year:
            by_unit[task.lead_id].append(task)
    for unit_id, own in sorted(by_unit.items()):
        if len(own) >= rules.praise_least_tasks and all(map(_is_faultless, own)):
            numbers = {"count": len(own), "least": rules.praise_least_tasks}
            traces = [trace for task in own for trace in task.last("complete")]
            yield _proposal(CaseRule.YEAR_ON_TIME, (unit_id, tuple(one.facts.task_id for one in own), year), numbers, traces, of_unit=True)


def _made_good(year: int, tasks: Iterable[TaskYear], notices: Sequence[NoticeFacts]) -> Iterator[Proposal]:
    for task, completed_on in _done_in(year, tasks):
        urged = [one for one in notices if _is_rung(one) and (one.task_id, one.unit_id) == (task.facts.task_id, task.lead_id)]
        last = max(urged, key=lambda one: one.id, default=None)
        if last is not None and last.limit_on is not None and last.on <= completed_on <= last.limit_on and _all_met(task.facts):
            numbers = {"doc_no": last.doc_no, "limit_on": last.limit_on.isoformat(), "completed_on": completed_on.isoformat()}
            yield _of_task(CaseRule.MADE_GOOD, task, year, numbers, (last.trace, *task.last("submit", "complete")))


def _done_in(year: int, tasks: Iterable[TaskYear]) -> Iterator[tuple[TaskYear, date]]:
    for task in tasks:
        completed_on = task.facts.completed_on
        if is_done(task.facts) and completed_on is not None and completed_on.year == year:
            yield task, completed_on


def _all_met(facts: TaskFacts) -> bool:
    return all(map(is_met, facts.targets))


def _reached(target: TargetFacts, rules: RuleSet) -> float:
    # What must only be held cannot be exceeded, and an unlikely figure is checked, not praised.
    reached = None if target.direction is Direction.HELD else reached_percent(target)
    return reached if reached is not None and reached <= 100 * rules.unlikely_factor else 0.0


def _is_faultless(task: TaskYear) -> bool:
    facts = task.facts
    is_on_time = is_done(facts) and facts.completed_on is not None and facts.completed_on <= facts.original_due_on
    return is_on_time and not (facts.return_count or facts.missing_reports or task.traces.get("report-missed"))


def _of_task(rule: CaseRule, task: TaskYear, year: int, numbers: Mapping[str, Any], traces: Sequence[Trace]) -> Proposal:
    return _proposal(rule, (task.lead_id, (task.facts.task_id,), year), numbers, traces)


def _proposal(
    rule: CaseRule,
    about: tuple[int, tuple[int, ...], int],
    numbers: Mapping[str, Any],
    traces: Sequence[Trace],
    *,
    of_unit: bool = False,
) -> Proposal:
    unit_id, task_ids, year = about
    key = f"{rule}/unit-{unit_id}/{year}" if of_unit else f"{rule}/task-{task_ids[0]}/{year}"
    return Proposal(key, kind_of(rule), rule, unit_id, task_ids, year, numbers, tuple(traces))


def kind_of(rule: CaseRule) -> CaseKind:
    """Return what a rule proposes."""
    praises = (CaseRule.DONE_EARLY, CaseRule.TARGET_EXCEEDED, CaseRule.YEAR_ON_TIME, CaseRule.MADE_GOOD)
    return CaseKind.PRAISE if rule in praises else CaseKind.ACCOUNTABILITY
