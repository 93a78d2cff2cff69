"""The ledger of tasks (台账) as a view: every task with all that is known of it on a day, and its counts by unit and by item.

A task is told once here; the workbook says it in one row for each of its measures. Tasks come as a stream, so nothing here may need all of them at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from reports.bulletin import BUCKETS
from reports.plain_values import plain

LIGHTS = ("red", "yellow", "green", "grey")
_REPORTS = ("reports_due", "reports_on_time", "reports_late", "reports_missing")

# A bulletin counts the tasks of its period; the book has them all, so two more kinds keep their counts apart.
NOT_BEGUN, CANCELLED = "not_begun", "cancelled"
COUNTED = ("tasks", *BUCKETS, NOT_BEGUN, CANCELLED, *LIGHTS, *_REPORTS)


@dataclass(frozen=True)
class BookMeasure:
    """One measure of a task: what is wanted and reached as figures, `asked` what is wanted in words. `reached` is in per cent, `gap_pp` positive behind the pace."""

    measure: str
    unit_of_measure: str | None
    wanted: float | None
    asked: str
    actual: float | None
    reached: float | None
    gap_pp: float | None


class BookTask(NamedTuple):
    """A task on the book's day. `bucket` is one of the bulletin's, or `NOT_BEGUN` before its start day, or `CANCELLED`. `pace` and `reached` are in per cent.

    `notices` counts those issued, `evidence` the files handed in with reports and by supporting units. `entry` is the number of the last ledger entry on
    the task in its plan's chain and `entry_hash` the beginning of its hash.
    """

    id: int
    parent_id: int | None
    plan_id: int
    plan: str
    doc_no: str | None
    number: str | None
    item: str
    label: str
    text: str
    lead: str
    supports: tuple[str, ...]
    place: str | None
    starts_on: date
    due_on: date
    original_due_on: date
    state: str
    light: str
    why: tuple[str, ...]
    bucket: str
    measures: tuple[BookMeasure, ...]
    pace: float
    reached: float | None
    gap_pp: float | None
    reports_due: int
    reports_on_time: int
    reports_late: int
    reports_missing: int
    last_filed_on: date | None
    last_text: str | None
    problem: str | None
    next_step: str | None
    returns: int
    reminders: int
    notices: int
    requests: int
    requests_waiting: int
    evidence: int
    completed_on: date | None
    days_late: int
    entry: int
    entry_hash: str


@dataclass(frozen=True)
class BookFacts:
    """What the book as a whole rests on: the day, the plans, what was asked for (in words), the rule set, and where each plan's chain ends."""

    as_of: date
    plan_ids: tuple[int, ...]
    wanted: tuple[str, ...]
    rule_version: str
    rule_sha256: str
    heads: tuple[tuple[str, int, str], ...]


@dataclass
class BookCounts:
    """Counts over the tasks seen so far, for each key a row: by lead unit, and by plan, item number and item."""

    by_unit: dict[tuple[str | None, ...], dict[str, int]] = field(default_factory=dict)
    by_item: dict[tuple[str | None, ...], dict[str, int]] = field(default_factory=dict)

    def add(self, task: BookTask) -> None:
        """Count a task, once for its lead unit and once for its item."""
        for counts, key in ((self.by_unit, (task.lead,)), (self.by_item, (task.plan, task.number, task.item))):
            line = counts.get(key) or counts.setdefault(key, dict.fromkeys(COUNTED, 0))
            for name in ("tasks", task.bucket, task.light):
                line[name] += 1
            for name in _REPORTS:
                line[name] += getattr(task, name)


def total_of(lines: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sum of the lines, count by count."""
    total = dict.fromkeys(COUNTED, 0)
    for line in lines:
        for name in COUNTED:
            total[name] += line[name]
    return total


def task_as_json(task: BookTask) -> dict[str, Any]:
    """Return a task of the book as plain values: days as ISO text."""
    return {name: plain(value) for name, value in task._asdict().items()}
