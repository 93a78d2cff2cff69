"""The light of a task on a day, the reasons for it, and the bucket it is counted in.

The worst rule wins and every rule that fired is named. Colours mean different things in different places, so the word is always shown with them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.task import TaskState
from rules.calendar import working_days_until
from rules.pace import MilestoneFacts, Point, curve_through, pace_on, weights_done, weights_due
from rules.rule_set import RuleSet
from rules.targets import TargetFacts, gap_from, gap_pp, reached_percent
from rules.texts import _


class Light(StrEnum):
    """A task's light, from good to bad; grey: not judged (not begun by plan, suspended, cancelled)."""

    GREY = "grey"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True)
class TaskFacts:
    """What is known of a task on the day it is judged.

    `handed_on` is the day the present lead unit got the task, `completed_on` that of the accepted submission, `submitted_on` of the one under review.
    `missing_reports` and `late_reports` count reports of periods whose limit has passed, up to the day. `curve` is the planned one, empty where none was
    planned; `criterion` says in words when a task without figures is done.
    """

    task_id: int
    state: TaskState
    starts_on: date
    due_on: date
    original_due_on: date
    handed_on: date | None = None
    targets: tuple[TargetFacts, ...] = ()
    submitted_on: date | None = None
    completed_on: date | None = None
    has_report: bool = False
    return_count: int = 0
    missing_reports: int = 0
    late_reports: int = 0
    curve: tuple[Point, ...] = ()
    milestones: tuple[MilestoneFacts, ...] = ()
    criterion: str | None = None


@dataclass(frozen=True)
class Reading:
    """A light with the reasons, each a code and a sentence."""

    light: Light
    reasons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Judgement:
    """All that is told of a task at the end of a day, each as the function of its name gives it alone; `of_targets` are the per cent and the gap of each target."""

    reading: Reading
    bucket: str | None
    pace: float
    reached: float | None
    gap: float | None
    of_targets: tuple[tuple[float | None, float | None], ...]


Firing = tuple[Light, str, str]
# Worked out where it is asked for only: most lights need none.
Gap = Callable[[], float | None]


def is_done(facts: TaskFacts) -> bool:
    """Tell whether the task's completion is accepted."""
    return facts.state in (TaskState.COMPLETED, TaskState.CLOSED)


def days_overdue(facts: TaskFacts, day: date) -> int:
    """Return the calendar days since the due day, 0 where it has not passed: the due day itself is not overdue.

    A task handed in or done by its due day is never overdue; one handed in late stops counting on that day only once it is accepted.
    """
    if facts.state in (TaskState.SUSPENDED, TaskState.CANCELLED):
        return 0
    until = facts.completed_on if is_done(facts) and facts.completed_on else day
    if facts.state is TaskState.SUBMITTED and facts.submitted_on and facts.submitted_on <= facts.due_on:
        return 0
    return max(0, (until - facts.due_on).days)


def is_started(facts: TaskFacts) -> bool:
    """Tell whether the lead unit has taken the task up."""
    return facts.has_report or facts.state not in (TaskState.DRAFT, TaskState.ASSIGNED)


def pace_of(facts: TaskFacts, day: date) -> float:
    """Return the per cent of the task that should be done at the end of `day`: by its planned curve, else its milestones, else a straight line.

    A task without figures steps up with its milestones; one with figures goes straight from each to the next.
    """
    if facts.milestones and not facts.curve and not facts.targets:
        return 100.0 if day >= facts.due_on else weights_due(facts.milestones, day)
    curve = curve_through(facts.milestones) if facts.milestones and not facts.curve else facts.curve
    return pace_on(day, facts.starts_on, facts.due_on, curve)


def reached_of(facts: TaskFacts) -> float | None:
    """Return the per cent of the task reached: its worst figure known; without figures the weights of its milestones; without either None.

    This is the one roll-up: a milestone never stands for a figure, and a figure never for a milestone.
    """
    if facts.targets:
        return min((percent for percent in map(reached_percent, facts.targets) if percent is not None), default=None)
    return weights_done(facts.milestones) if facts.milestones else None


def gap_of(facts: TaskFacts, day: date) -> float | None:
    """Return how many percentage points the task is behind its pace, by the same roll-up as `reached_of`; None where nothing can be told."""
    pace = pace_of(facts, day)
    if facts.targets:
        return max((gap for target in facts.targets if (gap := gap_pp(target, pace)) is not None), default=None)
    return pace - weights_done(facts.milestones) if facts.milestones else None


def judge(facts: TaskFacts, day: date, rules: RuleSet) -> Judgement:
    """Return all that is told of a task at once: to ask for one after the other works out its pace and its figures time and again."""
    pace = pace_of(facts, day)
    if facts.targets:
        percents = [reached_percent(target) for target in facts.targets]
        gaps = [gap_from(target, percent, pace) for target, percent in zip(facts.targets, percents, strict=True)]
        reached = min((percent for percent in percents if percent is not None), default=None)
        gap = max((gap for gap in gaps if gap is not None), default=None)
        of_targets = tuple(zip(percents, gaps, strict=True))
    else:
        reached, gap, of_targets = reached_of(facts), gap_of(facts, day), ()
    return Judgement(_reading(facts, day, rules, lambda: gap), _bucket(facts, day, rules, lambda: gap), pace, reached, gap, of_targets)


def worst_target(facts: TaskFacts, day: date) -> TargetFacts | None:
    """Return the figure furthest behind on `day`, None where there is none or none can be told."""
    pace = pace_of(facts, day)
    judged = [(gap, target) for target in facts.targets for gap in [gap_pp(target, pace)] if gap is not None]
    return max(judged, key=lambda one: one[0])[1] if judged else None


def light_of(facts: TaskFacts, day: date, rules: RuleSet) -> Reading:
    """Return the light at the end of `day`. Due day counts until its end; "done on time" stays green for ever."""
    return _reading(facts, day, rules, lambda: gap_of(facts, day))


def _reading(facts: TaskFacts, day: date, rules: RuleSet, gap: Gap) -> Reading:
    if facts.state in (TaskState.SUSPENDED, TaskState.CANCELLED, TaskState.DRAFT) or (day < facts.starts_on and not is_done(facts)):
        return Reading(Light.GREY)
    fired = list(_done_rules(facts, day) if is_done(facts) else _open_rules(facts, day, rules, gap))
    worst = Light.RED if any(light is Light.RED for light, *_rest in fired) else Light.YELLOW if fired else Light.GREEN
    return Reading(worst, tuple((code, text) for _light, code, text in fired))


def _done_rules(facts: TaskFacts, day: date) -> Iterator[Firing]:
    late = days_overdue(facts, day)
    if late:
        yield Light.YELLOW, "done-late", _("办结时已超期 {days} 天").format(days=late)


def _open_rules(facts: TaskFacts, day: date, rules: RuleSet, gap: Gap) -> Iterator[Firing]:
    yield from _date_rules(facts, day, rules)
    yield from _pace_rules(gap(), rules)
    yield from _start_rules(facts, day, rules)
    if facts.return_count >= rules.red_return_count:
        yield Light.RED, "returned-often", _("已被退回 {count} 次").format(count=facts.return_count)
    if facts.missing_reports:
        yield Light.YELLOW, "report-missing", _("缺报进展 {count} 次").format(count=facts.missing_reports)
    elif facts.late_reports:
        yield Light.YELLOW, "report-late", _("迟报进展 {count} 次").format(count=facts.late_reports)


def _date_rules(facts: TaskFacts, day: date, rules: RuleSet) -> Iterator[Firing]:
    late = days_overdue(facts, day)
    if late:
        yield Light.RED, "overdue", _("已超期 {days} 天").format(days=late)
    elif facts.state is not TaskState.SUBMITTED:
        left = working_days_until(day, facts.due_on)
        if left <= rules.due_soon_days:
            text = _("今天到期，尚未申请办结") if day == facts.due_on else _("距到期只剩 {days} 个工作日，尚未申请办结").format(days=left)
            yield Light.YELLOW, "due-soon", text


def _pace_rules(gap: float | None, rules: RuleSet) -> Iterator[Firing]:
    if gap is not None and gap > rules.red_gap_pp:
        yield Light.RED, "far-behind", _("落后序时进度 {gap:.1f} 个百分点").format(gap=gap)
    elif gap is not None and gap >= rules.yellow_gap_pp:
        yield Light.YELLOW, "behind", _("落后序时进度 {gap:.1f} 个百分点").format(gap=gap)


def _start_rules(facts: TaskFacts, day: date, rules: RuleSet) -> Iterator[Firing]:
    if is_started(facts):
        return
    # Nobody can take up what he has not got yet: a task handed over after its start day counts from there.
    since = max(facts.starts_on, facts.handed_on or facts.starts_on)
    months = 12 * (day.year - since.year) + day.month - since.month
    if months >= rules.red_not_started_months:
        yield Light.RED, "not-started-long", _("应启动而未签收已满 {months} 个月").format(months=months)
    elif months >= 1:
        yield Light.YELLOW, "not-started", _("计划启动当月未签收")


def bucket_of(facts: TaskFacts, day: date, rules: RuleSet) -> str | None:
    """Return the one bucket a task is counted in, None for a cancelled one: the first that fits of suspended, done, overdue, not_started, behind, ahead, on_pace."""
    return _bucket(facts, day, rules, lambda: gap_of(facts, day))


def _bucket(facts: TaskFacts, day: date, rules: RuleSet, gap: Gap) -> str | None:
    if facts.state is TaskState.CANCELLED:
        return None
    if facts.state is TaskState.SUSPENDED:
        return "suspended"
    if is_done(facts):
        return "done"
    if days_overdue(facts, day):
        return "overdue"
    if not is_started(facts):
        return "not_started"
    return bucket_by_gap(gap(), rules)


def bucket_by_gap(gap: float | None, rules: RuleSet) -> str:
    """Return the bucket of a task under way that is `gap` percentage points behind its pace (None: nothing can be told)."""
    if gap is None:
        return "on_pace"
    if gap >= rules.yellow_gap_pp:
        return "behind"
    return "ahead" if -gap >= rules.ahead_pp else "on_pace"
