"""A scheme of yearly appraisal as data: what is counted, with what weight, and where it ends. Read from JSON; see docs/scorecards.md.

Nothing here scores, and nothing here checks that the parts fit: `rules.scheme_reading` makes a scheme from a file.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.notice import NoticeLevel
from models.plan import SourceKind
from rules.rule_set import content_sha256


class ItemKind(StrEnum):
    """How an item's share of its weight is found (domain handbook, part 7)."""

    GROWTH = "growth"
    CEILING = "ceiling"
    THRESHOLD = "threshold"
    RATIO = "ratio"
    MILESTONE = "milestone"
    MANUAL = "manual"


class EventKind(StrEnum):
    """What adds or takes points each time it happens. The last two are off unless a basis is stated."""

    DONE_LATE = "done-late"
    OVERDUE = "overdue"
    DONE_EARLY = "done-early"
    OVER_TARGET = "over-target"
    RETURNED = "returned"
    REPORT_LATE = "report-late"
    REPORT_MISSED = "report-missed"
    NOTICE = "notice"
    PRAISED = "praised"
    CRITICISED = "criticised"
    FALSIFIED = "falsified"
    INSTRUCTION = "instruction"
    MEDIA = "media"


# What a person enters; the rest the ledger tells. Praise and criticism come from concluded cases as well.
MARKED_EVENTS = (EventKind.PRAISED, EventKind.CRITICISED, EventKind.FALSIFIED, EventKind.INSTRUCTION, EventKind.MEDIA)
GUARDED_EVENTS = (EventKind.INSTRUCTION, EventKind.MEDIA)
SIZED_EVENTS = (EventKind.DONE_EARLY, EventKind.OVER_TARGET)

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Title = Annotated[str, Field(min_length=1, max_length=120)]
Amount = Annotated[float, Field(ge=0, le=10000)]
Weight = Annotated[float, Field(gt=0, le=10000)]
Points = Annotated[float, Field(ge=-10000, le=10000)]
Percent = Annotated[float, Field(ge=0, le=100)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Counted(_Part):
    """Which of a unit's matters count; what is not said lets all pass.

    `plans` are document numbers, `numbers` item numbers, `measure` the name of one figure. Without `sources`, every kind of source counts but leaders'
    instructions. `until` is `due` for what falls due in the year (and what was still open from before), `in-force` for what runs on as well, by its pace.
    """

    plans: tuple[str, ...] = ()
    sources: tuple[SourceKind, ...] = ()
    numbers: tuple[str, ...] = ()
    measure: str = ""
    role: Literal["lead", "support", "both"] = "both"
    until: Literal["due", "in-force"] = "due"


class Step(_Part):
    """From `at` on (per cent reached), `percent` of the weight is given."""

    at: Amount
    percent: Percent


class Band(_Part):
    """From `at` on (days early, per cent over), so many points are given."""

    at: Amount
    points: Points


class Item(_Part):
    """What a unit gains by its matters, or by what a person marks.

    `over` says whether its matters share one weight (`average`) or each brings it (`each`, outside groups). `cap` and `floor` are in points of the item, without a cap its
    weight (of `each`: no end). `of` is what a threshold or ratio looks at. `out_of` is what a mark of 100 % is. `contribution_percent` of the weight goes by the unit's
    amount against the largest of all units. `when_empty` says what becomes of the weight where a unit has nothing of the sort.
    """

    code: Code
    title: Title
    kind: ItemKind
    weight: Weight
    group: str = ""
    counts: Counted = Counted()
    over: Literal["average", "each"] = "average"
    cap: Amount | None = None
    floor: Points = 0
    support_percent: Percent | None = None
    of: Literal["reached", "done", "on-time", "reports"] = "reached"
    steps: tuple[Step, ...] = (Step(at=100, percent=100),)
    out_of: Weight | None = None
    contribution_percent: Percent = 0
    when_empty: Literal["spread", "full", "none"] = "spread"


class Group(_Part):
    """Items taken together: their weights are scaled to the group's. `share_by` `matters` weighs each item by how many matters the unit has in it."""

    code: Code
    title: Title
    weight: Weight
    parent: str = ""
    share_by: Literal["weight", "matters"] = "weight"


class EventRule(_Part):
    """What happens so often costs or brings so many points. `support_percent` is a supporting unit's share: 0, the lead's alone, where it is not said.

    `levels` names the notices meant. `bands` replace `points` by size. `most` counts in a year, `cap` the points in all. Of those that share a `once`, one matter
    counts only the weightiest.
    """

    code: Code
    title: Title
    on: Annotated[tuple[EventKind, ...], Field(min_length=1)]
    points: Points
    support_percent: Percent = 0
    counts: Counted = Counted()
    levels: tuple[NoticeLevel, ...] = ()
    bands: tuple[Band, ...] = ()
    cap: Amount | None = None
    most: Annotated[int, Field(ge=1, le=1000)] | None = None
    once: str = ""


class Bonus(_Part):
    """Where additions end, and whether they count in the total or only decide the order among equals (`tie-break`)."""

    cap: Amount | None = None
    counts: Literal["total", "tie-break"] = "total"


class Deductions(_Part):
    """Where deductions end."""

    cap: Amount | None = None


class SmallUnits(_Part):
    """A unit with fewer matters than that has its deductions taken so many times: who has little to do has little to get wrong."""

    fewer_than: Annotated[int, Field(ge=1, le=1000)]
    deductions_times: Annotated[float, Field(ge=1, le=10)] = 2


class Scheme(_Part):
    """A whole scheme. `base` is what every unit begins with; `cap` and `floor` bound the total (no floor: it may be negative)."""

    code: Code
    version: Annotated[str, Field(min_length=1, max_length=40)]
    title: Title
    basis: str = ""
    guard_rail_basis: str = ""
    base: Amount = 0
    cap: Amount | None = None
    floor: Points | None = 0
    support_percent: Percent = 50
    ranking: bool = False
    groups: Annotated[tuple[Group, ...], Field(max_length=40)] = ()
    items: Annotated[tuple[Item, ...], Field(max_length=200)] = ()
    events: Annotated[tuple[EventRule, ...], Field(max_length=100)] = ()
    bonus: Bonus = Bonus()
    deductions: Deductions = Deductions()
    small_units: SmallUnits | None = None

    @property
    def sha256(self) -> str:
        """Return the hash of the whole content, defaults included, so that a scorecard can say exactly what counted."""
        return content_sha256(self.model_dump(mode="json"))

    @property
    def manual_items(self) -> tuple[Item, ...]:
        """Return the items that a person marks."""
        return tuple(item for item in self.items if item.kind is ItemKind.MANUAL)
