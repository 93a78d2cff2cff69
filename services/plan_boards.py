"""How a plan stands on a day, counted: lights by action and lead unit, completion against pace, what falls due. Small enough to be kept for every quarter.

An overview of the whole house adds these up; none of its numbers is counted another way. What was handed down counts in its parent, where the reader sees that.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session

from models.task import TaskState
from rules.lights import Light, light_of, pace_of, reached_of
from rules.periods import Period, period_before, quarter_of
from rules.rights import Actor
from services.facts import TaskRecord, Viewpoint, read_tasks, uppermost
from services.queries import seen_by
from services.reported import reporting_limit
from services.rule_sets import rule_set_on

# What is counted, in this order: tasks that are not accepted by their light, then the accepted ones. Cancelled ones are left out.
COUNTED = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)
Counts = tuple[int, int, int, int, int]
NOTHING: Counts = (0, 0, 0, 0, 0)

MOST_LISTED = 40
MOST_QUARTERS = 8
_DONE = (TaskState.COMPLETED, TaskState.CLOSED)
_WAITING = (*_DONE, TaskState.SUBMITTED, TaskState.SUSPENDED, TaskState.CANCELLED)
_PAIRS: dict[Counts, Counts] = {}


@dataclass(frozen=True)
class Look:
    """A column of the overview: the day judged, by what was known on `known_on`. `period` is the quarter it ends, None for the day the overview is of."""

    as_of: date
    known_on: date
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class PaceSum:
    """How many tasks can be measured, and the sums of what they should have reached and have reached, each in per cent and none above 100."""

    tasks: int = 0
    planned: float = 0.0
    reached: float = 0.0

    def plus(self, other: "PaceSum") -> "PaceSum":
        """Return both together."""
        return PaceSum(self.tasks + other.tasks, self.planned + other.planned, self.reached + other.reached)


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task still to be handed in."""

    due_on: date
    id: int
    lead_id: int


@dataclass(frozen=True)
class PlanBoard:
    """One plan at one look. `counts` are by item and lead unit, `units` by lead unit alone; `late` counts overdue tasks by lead unit, `overdue` and `coming` name the nearest `MOST_LISTED`."""

    counts: Mapping[tuple[int, int], Counts] = field(default_factory=dict)
    units: Mapping[int, Counts] = field(default_factory=dict)
    paces: Mapping[int, PaceSum] = field(default_factory=dict)
    late: Mapping[int, int] = field(default_factory=dict)
    overdue: Sequence[OpenTask] = ()
    coming: Sequence[OpenTask] = ()


def looks_until(session: Session, day: date, first_on: date) -> tuple[Look, ...]:
    """Return the ends of the quarters since `first_on`, `MOST_QUARTERS` of them with the one the day lies in, which is seen on the day itself.

    A quarter's end is judged by what was known when its reports were due: from then on its column stays as it is.
    """
    looks = [Look(day, day)]
    period = period_before(quarter_of(day))
    while period.ends_on >= first_on and len(looks) < MOST_QUARTERS:
        known_on = min(day, reporting_limit(period, rule_set_on(session, period.ends_on)))
        looks.append(Look(period.ends_on, known_on, period))
        period = period_before(period)
    return tuple(reversed(looks))


def judge_plan(session: Session, plan_id: int, look: Look, actor: Actor) -> PlanBoard:
    """Judge every task of a plan that the actor may see, and count. The whole plan is read."""
    rules = rule_set_on(session, look.as_of)
    read = read_tasks(session, Viewpoint(look.as_of, look.known_on), rules, [plan_id])
    records = read if actor.unit_id is None else seen_by(session, actor, read)
    counts: dict[tuple[int, int], Counts] = {}
    units: dict[int, Counts] = {}
    paces: dict[int, PaceSum] = defaultdict(PaceSum)
    for record in uppermost(records):
        if record.facts.state is TaskState.CANCELLED:
            continue
        key, light = (record.name.item_id, record.name.lead_id), light_of(record.facts, look.as_of, rules).light
        counts[key] = _same(added([counts.get(key, NOTHING), _one(record, light)]))
        units[key[1]] = added([units.get(key[1], NOTHING), _one(record, light)])
        paces[record.name.lead_id] = paces[record.name.lead_id].plus(_pace(record, look.as_of))
    return PlanBoard(counts, units, dict(paces), *_open(uppermost(records), look.as_of))


def added(counts: Iterable[Counts]) -> Counts:
    """Return the sum of counts."""
    red, yellow, green, grey, done = 0, 0, 0, 0, 0
    for one in counts:
        red, yellow, green, grey, done = red + one[0], yellow + one[1], green + one[2], grey + one[3], done + one[4]
    return red, yellow, green, grey, done


def _one(record: TaskRecord, light: Light) -> Counts:
    place = len(COUNTED) if record.facts.state in _DONE else COUNTED.index(light)
    return tuple(int(number == place) for number in range(len(COUNTED) + 1))  # type: ignore[return-value]  # five of them


def _same(counts: Counts) -> Counts:
    """Return one object for equal counts: most are alike, and very many are kept."""
    return _PAIRS.setdefault(counts, counts) if len(_PAIRS) < 10_000 else counts


def _pace(record: TaskRecord, day: date) -> PaceSum:
    reached = 100.0 if record.facts.state in _DONE else reached_of(record.facts)
    if reached is None or record.facts.state is TaskState.SUSPENDED or day < record.facts.starts_on:
        return PaceSum()
    return PaceSum(1, pace_of(record.facts, day), min(100.0, max(0.0, reached)))


def _open(records: Iterable[TaskRecord], day: date) -> tuple[dict[int, int], tuple[OpenTask, ...], tuple[OpenTask, ...]]:
    waiting = sorted(
        (OpenTask(one.facts.due_on, one.name.id, one.name.lead_id) for one in records if one.facts.state not in _WAITING),
        key=lambda one: (one.due_on, one.id),
    )
    overdue = [one for one in waiting if one.due_on < day]
    late: dict[int, int] = defaultdict(int)
    for one in overdue:
        late[one.lead_id] += 1
    return dict(late), tuple(overdue[:MOST_LISTED]), tuple(one for one in waiting if one.due_on >= day)[:MOST_LISTED]
