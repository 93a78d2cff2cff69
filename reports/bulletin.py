"""The quarterly supervision report as a frozen view: every number a face shows is here, and nothing else is computed later.

`services.bulletins.compiling` fills it from the database, `bulletin_paper` puts it on paper. `as_json` is the contract `duban/bulletin/1`; what a paper tells beyond it
stands in `details` (`bulletin_details`).
"""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from reports.bulletin_details import Details
from reports.plain_values import plain

BUCKETS = ("done", "ahead", "on_pace", "behind", "overdue", "not_started", "suspended")


@dataclass(frozen=True)
class Counts:
    """Tasks by bucket. The seven buckets never overlap and add up to `tasks`; as a change against another period any of them may be negative."""

    tasks: int
    done: int
    ahead: int
    on_pace: int
    behind: int
    overdue: int
    not_started: int
    suspended: int


@dataclass(frozen=True)
class Shares:
    """The buckets in per cent of all tasks, one decimal, adding up to exactly 100.0 (all 0.0 where there are no tasks)."""

    done: float
    ahead: float
    on_pace: float
    behind: float
    overdue: float
    not_started: float
    suspended: float


@dataclass(frozen=True)
class PlanLine:
    """A plan the bulletin covers."""

    id: int
    title: str
    doc_no: str | None


@dataclass(frozen=True)
class TargetLine:
    """One measure of an item over its tasks in force.

    `pace` is the per cent of the target that should be reached by `as_of`; `gap_pp` is `pace` minus the per cent reached, in percentage
    points: positive is behind, negative ahead. `actual` is None where nothing was reported yet (it counts as 0 in the gap); `target` where it is another
    series that is not known, and `gap_pp` where nothing can be told. `wanted` and `reached` say target and value in words (≥, ranges, each of many).
    """

    measure: str
    unit_of_measure: str | None
    target: float | None
    actual: float | None
    pace: float
    gap_pp: float | None
    wanted: str | None = None
    reached: str | None = None


@dataclass(frozen=True)
class ItemLine:
    """One plan item (an action, a clause) and the states of its tasks in force."""

    id: int
    number: str | None
    title: str
    counts: Counts
    targets: tuple[TargetLine, ...]


@dataclass(frozen=True)
class UnitLine:
    """One responsible unit: the tasks it leads by bucket, the tasks it supports, and its reports for the period.

    `reports_due` = `reports_on_time` + `reports_missing` + those handed in late (or not yet due, where the period is still open).
    """

    name: str
    lead_tasks: int
    support_tasks: int
    counts: Counts
    reports_due: int
    reports_on_time: int
    reports_missing: int
    id: int = 0


@dataclass(frozen=True)
class LaggingTask:
    """A task behind pace, overdue or not started, with what is needed to ask about it.

    `wanted` and `reached` say target and value in words. `rules` are the light's reasons in words; `cause` is the problem its unit last reported; `notices` counts the reminders, urging notes and
    notices handed over for it up to the day of writing.
    """

    task: str
    item: str
    unit: str
    light: str
    due_on: date
    original_due_on: date
    days_overdue: int
    measure: str | None
    unit_of_measure: str | None
    target: float | None
    actual: float | None
    pace: float | None
    gap_pp: float | None
    rules: tuple[str, ...]
    cause: str | None
    next_step: str | None
    notices: int
    wanted: str | None = None
    reached: str | None = None
    task_id: int = 0


@dataclass(frozen=True)
class NextTask:
    """A task that falls due in the period after this one."""

    task: str
    item: str
    unit: str
    due_on: date


@dataclass(frozen=True)
class RuleSetMark:
    """Which rules judged: the version and the SHA-256 of its content."""

    version: str
    sha256: str


@dataclass(frozen=True)
class Bulletin:
    """The whole report of one period. `change` compares `totals` with the period before; `written_on` is the day up to which facts were known."""

    period: str
    starts_on: date
    ends_on: date
    as_of: date
    written_on: date
    plans: tuple[PlanLine, ...]
    totals: Counts
    shares: Shares
    change: Counts
    items: tuple[ItemLine, ...]
    units: tuple[UnitLine, ...]
    lagging: tuple[LaggingTask, ...]
    next: tuple[NextTask, ...]
    rule_set: RuleSetMark
    ledger_head: str
    details: Details | None = None


def as_json(bulletin: Bulletin) -> dict[str, Any]:
    """Return the view as the document `duban/bulletin/1`: dates as ISO text, an item's and a unit's counts beside their names, figures without words."""
    data = asdict(replace(bulletin, details=None))
    del data["details"]
    for line in (*data["lagging"], *(target for item in data["items"] for target in item["targets"])):
        del line["wanted"], line["reached"]
    for line in data["lagging"]:
        del line["task_id"]
    for line in data["units"]:
        del line["id"]
    for line in (*data["items"], *data["units"]):
        line.update(_without_lead_total(line, line.pop("counts")))
    return {"schema": "duban/bulletin/1", **plain(data)}


def item_json(item: ItemLine) -> dict[str, Any]:
    """Return one item's line as it stands in the document."""
    targets = [{name: value for name, value in vars(target).items() if name not in ("wanted", "reached")} for target in item.targets]
    return {"id": item.id, "number": item.number, "title": item.title, "targets": targets, **vars(item.counts)}


def _without_lead_total(line: dict[str, Any], counts: dict[str, int]) -> dict[str, int]:
    # A unit's counts are over the tasks it leads, which it already names.
    return {name: count for name, count in counts.items() if not (name == "tasks" and "lead_tasks" in line)}
