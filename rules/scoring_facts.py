"""What a unit's year is scored by: its matters, what happened on them, and the marks of people. Plain facts, each with the ledger's entries behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from models.notice import NoticeLevel
from models.plan import SourceKind
from rules.scoring_scheme import Counted, EventKind
from rules.targets import TargetFacts

Role = Literal["lead", "support"]


@dataclass(frozen=True)
class Ref:
    """An entry of the ledger that a point rests on."""

    chain: str
    seq: int
    hash: str


@dataclass(frozen=True)
class Origin:
    """Where a matter comes from: its plan's number and kind of source, and its item's number."""

    plan: str = ""
    source: SourceKind = SourceKind.PLAN
    number: str = ""


@dataclass(frozen=True)
class Matter:
    """A task of the year as one unit answers for it. `pace` is what should be reached by the day judged, in per cent: 100 once it is due.

    `milestones` is the per cent of its milestones' weights done, None where it has none. The three report counts are those of the year.
    """

    task_id: int
    title: str
    role: Role
    origin: Origin = Origin()
    is_due: bool = True
    is_begun: bool = True
    is_done: bool = False
    is_on_time: bool = False
    pace: float = 100.0
    targets: tuple[TargetFacts, ...] = ()
    milestones: float | None = None
    reports_due: int = 0
    reports_on_time: int = 0
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True)
class Occurrence:
    """Something that happened once (or, as marked, `times`): what, on which matter (its task, or a name of its own), when, and how much of it.

    `size` is in days for what came early, in per cent for what went over. `rule` is the one rule meant where a person marked it.
    """

    kind: EventKind
    on: date
    about: str
    title: str
    role: Role = "lead"
    origin: Origin | None = None
    size: float = 0.0
    times: int = 1
    level: NoticeLevel | None = None
    words: str = ""
    refs: tuple[Ref, ...] = ()
    rule: str = ""


@dataclass(frozen=True)
class Mark:
    """What a person put in for a manual item, and why."""

    item: str
    value: float
    reason: str
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True)
class UnitFacts:
    """One unit's year."""

    unit_id: int
    name: str
    matters: tuple[Matter, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    marks: tuple[Mark, ...] = ()


def counted_matters(counts: Counted, facts: UnitFacts) -> Iterator[Matter]:
    """Give the unit's matters that pass."""
    for matter in facts.matters:
        if (matter.is_due or counts.until == "in-force") and counts.role in ("both", matter.role) and comes_from(counts, matter.origin):
            yield matter


def comes_from(counts: Counted, origin: Origin | None) -> bool:
    """Tell whether what comes from there counts; leaders' instructions only where they are named. What concerns no plan passes unless one is asked for."""
    if origin is None:
        return not (counts.plans or counts.numbers or counts.sources)
    if counts.sources and origin.source not in counts.sources:
        return False
    if not counts.sources and origin.source is SourceKind.INSTRUCTION:
        return False
    return (not counts.plans or origin.plan in counts.plans) and (not counts.numbers or origin.number in counts.numbers)


@lru_cache(8192)
def exact(value: float) -> Fraction:
    """Return a number as it is written: 0.1 is one tenth, so that nothing is lost before the one rounding at the end."""
    return Fraction(str(value))


@lru_cache(8192)
def exact_part(value: float, whole: float) -> Fraction:
    """Return what part of the whole a number is, both as they are written."""
    return exact(value) / exact(whole)
