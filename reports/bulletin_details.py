"""What a bulletin on paper tells beyond the figures of its contract: what was looked at, problems that are facts, demands, the way over the quarters, all tasks.

These are facts without words; `sentences` and `grids` say them. They are frozen with the bulletin's figures.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Method:
    """What the bulletin rests on: reports on the period and their files, judgements, reminders and notices within it, and who compiled."""

    reports: int
    evidence_files: int
    reviews: int
    reminders: int
    notices: int
    drafter: str = ""


@dataclass(frozen=True)
class UnitCount:
    """How often something concerns a unit."""

    unit: str
    count: int


@dataclass(frozen=True)
class NoticeLine:
    """A formal notice that left the house, with the last day for what it demands."""

    doc_no: str
    level: str
    unit: str
    task: str
    issued_on: date
    limit_on: date | None


@dataclass(frozen=True)
class Problems:
    """Facts of the period that speak of a problem.

    `late_taken` are tasks taken up after the limit, `not_taken` those nobody took up though the limit has passed, `returned` what was handed in and returned,
    `missed` the notices whose limit passed without their task being done, `red` the red notices of the period, which are told in a bulletin.
    """

    late_taken: tuple[UnitCount, ...] = ()
    not_taken: tuple[UnitCount, ...] = ()
    returned: tuple[UnitCount, ...] = ()
    missed: tuple[NoticeLine, ...] = ()
    red: tuple[NoticeLine, ...] = ()


@dataclass(frozen=True)
class UnitLights:
    """How many tasks a unit led with a yellow or a red light at the end of each quarter; None where no task was in force yet."""

    unit: str
    lagging: tuple[int | None, ...]


@dataclass(frozen=True)
class CurvePoint:
    """Tasks to be done by the end of a quarter and tasks done by then; `done` is None for quarters to come."""

    quarter: str
    planned: int
    done: int | None


@dataclass(frozen=True)
class Trend:
    """The way over the quarters: `quarters` are the last four, in the order of `UnitLights.lagging`."""

    quarters: tuple[str, ...] = ()
    units: tuple[UnitLights, ...] = ()
    curve: tuple[CurvePoint, ...] = ()


@dataclass(frozen=True)
class TaskLine:
    """A task in force with its bucket and light."""

    id: int
    item: str
    task: str
    unit: str
    due_on: date
    bucket: str
    light: str


@dataclass(frozen=True)
class Change:
    """A figure that a correction puts right: what it is of (`about` names an item or a unit, empty for all tasks), as it was and as it is."""

    name: str
    about: str
    was: float | None
    now: float | None


@dataclass(frozen=True)
class Correction:
    """The bulletin that this one puts right, and why."""

    doc_no: str
    published_on: date
    reason: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Details:
    """Everything beyond the contract. `open_notices` are the notices whose limit has not passed on the day of writing."""

    method: Method
    problems: Problems = Problems()
    open_notices: tuple[NoticeLine, ...] = ()
    trend: Trend = Trend()
    tasks: tuple[TaskLine, ...] = ()
    correction: Correction | None = None
