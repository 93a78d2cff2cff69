"""The ladder above reminders: which formal notice a task asks for on a day, and what takes the ground from one that was prepared.

Two ways lead up. The rungs (blue, orange, red) go to the unit, one at a time; a proposal to hold to account stays in the house. The program prepares, a
person issues. A due day that is moved, or another lead unit, begins a new ladder.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from models.notice import NoticeLevel, NoticeState
from models.task import TaskState
from rules.calendar import add_working_days
from rules.lights import Light, Reading, TaskFacts, days_overdue, gap_of
from rules.periods import parse_period
from rules.rule_set import RuleSet

RUNGS = (NoticeLevel.BLUE, NoticeLevel.ORANGE, NoticeLevel.RED)

_GONE_OUT = (NoticeState.ISSUED, NoticeState.RECEIVED)
_RED_BESIDE_OVERDUE = frozenset({"far-behind", "not-started-long", "returned-often"})


class Matter(StrEnum):
    """The rule that calls for a notice."""

    OVERDUE = "overdue"
    FIRST_RED = "first-red"
    LIMIT_MISSED = "limit-missed"
    RED_TWO_PERIODS = "red-two-periods"
    RED_THREE_PERIODS = "red-three-periods"
    RED_AT_Q3 = "red-at-q3"
    YEAR_MISSED = "year-missed"


class Moot(StrEnum):
    """Why a notice that was prepared has no ground any more."""

    NOT_OPEN = "not-open"
    DUE_DAY_MOVED = "due-day-moved"
    OTHER_LEAD = "other-lead"
    NOT_RED = "not-red"
    HIGHER_ONE = "higher-one"


@dataclass(frozen=True)
class EarlierNotice:
    """A notice on the same task, due day and lead unit. `limit_on` is its last day; `was_kept`: at the end of that day the task was not red."""

    id: int
    level: NoticeLevel
    matter: Matter
    state: NoticeState
    limit_on: date | None = None
    doc_no: str | None = None
    was_kept: bool = False


@dataclass(frozen=True)
class QuarterEnd:
    """The light at the end of a quarter on which every report is due by now."""

    period: str
    light: Light


@dataclass(frozen=True)
class Climb:
    """A task as the ladder sees it on a day: its facts and light, the last quarter ends under the same due day and lead unit (newest first), earlier notices."""

    facts: TaskFacts
    reading: Reading
    quarter_ends: Sequence[QuarterEnd] = ()
    earlier: Sequence[EarlierNotice] = ()


@dataclass(frozen=True)
class DueNotice:
    """A notice that is due. `grounds` are the facts it fired on, as plain values."""

    level: NoticeLevel
    matter: Matter
    grounds: dict[str, Any] = field(default_factory=dict)


def notices_due(climb: Climb, day: date, rules: RuleSet) -> list[DueNotice]:
    """Return what is to be prepared on `day`: at most one rung, then at most one proposal.

    Nothing for a task that is submitted, suspended, done or cancelled, and nothing while the light is not red or only overdue for fewer working days than
    `notice_after_days`. Nothing is prepared twice, one that was set aside neither.
    """
    if not _has_ground(climb, day, rules):
        return []
    return [*_rung_due(climb, day, rules), *_proposal_due(climb, day, rules)]


def why_moot(level: NoticeLevel, climb: Climb, day: date, rules: RuleSet) -> Moot | None:
    """Return why a prepared notice should not be issued on `day`, None where its ground still stands. `climb` is of its due day and unit."""
    if climb.facts.state not in (TaskState.ASSIGNED, TaskState.IN_PROGRESS):
        return Moot.NOT_OPEN
    if not _has_ground(climb, day, rules):
        return Moot.NOT_RED
    if level in RUNGS and any(_rank(one.level) > _rank(level) for one in _standing(climb)):
        return Moot.HIGHER_ONE
    return None


def _has_ground(climb: Climb, day: date, rules: RuleSet) -> bool:
    is_open = climb.facts.state in (TaskState.ASSIGNED, TaskState.IN_PROGRESS)
    return is_open and climb.reading.light is Light.RED and (_is_red_besides(climb) or _is_long_overdue(climb.facts, day, rules))


def _rung_due(climb: Climb, day: date, rules: RuleSet) -> Iterator[DueNotice]:
    standing = list(_standing(climb))
    if any(one.state in _GONE_OUT and one.limit_on is not None and day <= one.limit_on for one in standing):
        return
    top = max(standing, key=lambda one: _rank(one.level), default=None)
    prepared = {(one.level, one.matter) for one in climb.earlier}
    for level, matter, grounds in _calls(climb, top, day, rules):
        is_higher = top is None or _rank(level) > _rank(top.level)
        if is_higher and (level, matter) not in prepared:
            yield DueNotice(level, matter, {**_facts(climb, day), **grounds})
            return


def _calls(climb: Climb, top: EarlierNotice | None, day: date, rules: RuleSet) -> Iterator[tuple[NoticeLevel, Matter, dict[str, Any]]]:
    """Give every rung that a rule calls for, the highest first."""
    if _red_running(climb) >= 2:
        yield NoticeLevel.RED, Matter.RED_TWO_PERIODS, {"quarters": _red_quarters(climb, 2)}
    # Only one that went out has a limit to miss: what waits for a person, or was kept, leads no further.
    if top is not None and top.state in _GONE_OUT and top.level is not NoticeLevel.RED:
        yield RUNGS[_rank(top.level) + 1], Matter.LIMIT_MISSED, {"after": _told(top)}
    if _is_long_overdue(climb.facts, day, rules):
        yield NoticeLevel.BLUE, Matter.OVERDUE, {}
    if _is_red_besides(climb):
        yield NoticeLevel.BLUE, Matter.FIRST_RED, {}


def _proposal_due(climb: Climb, day: date, rules: RuleSet) -> Iterator[DueNotice]:
    """Give the proposal: one for a ladder, another one only where the first was set aside."""
    proposals = [one for one in climb.earlier if one.level is NoticeLevel.ACCOUNTABILITY]
    if any(one.state is not NoticeState.SET_ASIDE for one in proposals):
        return
    set_aside = {one.matter for one in proposals}
    for matter, grounds in _grave_matters(climb, day, rules):
        if matter not in set_aside:
            yield DueNotice(NoticeLevel.ACCOUNTABILITY, matter, {**_facts(climb, day), **grounds})
            return


def _grave_matters(climb: Climb, day: date, rules: RuleSet) -> Iterator[tuple[Matter, dict[str, Any]]]:
    if day.year > climb.facts.due_on.year and _is_long_overdue(climb.facts, day, rules):
        yield Matter.YEAR_MISSED, {"year": climb.facts.due_on.year}
    if _red_running(climb) >= 3:
        yield Matter.RED_THREE_PERIODS, {"quarters": _red_quarters(climb, 3)}
    thirds = [end.period for end in climb.quarter_ends if end.light is Light.RED and parse_period(end.period).ends_on.month == 9]
    if thirds:
        yield Matter.RED_AT_Q3, {"quarters": thirds[:1]}


def _standing(climb: Climb) -> Iterator[EarlierNotice]:
    """Give the rungs that still count: not set aside, not kept."""
    yield from (one for one in climb.earlier if one.level in RUNGS and one.state is not NoticeState.SET_ASIDE and not one.was_kept)


def _rank(level: NoticeLevel) -> int:
    return RUNGS.index(level)


def _is_long_overdue(facts: TaskFacts, day: date, rules: RuleSet) -> bool:
    # Whoever got the task after its due day has as long from there.
    since = max(facts.due_on, facts.handed_on or facts.due_on)
    return days_overdue(facts, day) > 0 and add_working_days(since, rules.notice_after_days) <= day


def _is_red_besides(climb: Climb) -> bool:
    return any(code in _RED_BESIDE_OVERDUE for code, _text in climb.reading.reasons)


def _red_running(climb: Climb) -> int:
    return next((n for n, end in enumerate(climb.quarter_ends) if end.light is not Light.RED), len(climb.quarter_ends))


def _red_quarters(climb: Climb, count: int) -> list[str]:
    return [end.period for end in reversed(climb.quarter_ends[:count])]


def _told(notice: EarlierNotice) -> dict[str, Any]:
    limit = notice.limit_on.isoformat() if notice.limit_on else None
    return {"notice": notice.id, "level": notice.level.value, "doc_no": notice.doc_no, "limit_on": limit}


def _facts(climb: Climb, day: date) -> dict[str, Any]:
    gap = gap_of(climb.facts, day)
    return {
        "day": day.isoformat(),
        "rules": [code for code, _text in climb.reading.reasons],
        "days_overdue": days_overdue(climb.facts, day),
        "gap_pp": None if gap is None else round(gap, 1),
    }
