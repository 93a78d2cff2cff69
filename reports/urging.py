"""The frozen view of an urging note (催办单): one unit's tasks that are overdue, nearly due or not reported on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.plain_values import plain


@dataclass(frozen=True)
class UrgedTask:
    """A task that is urged. `days_overdue` is 0 where it is not yet due; `is_soon`: it will be within the days that make a light yellow, `days_left` working days from now; `missing_reports` counts quarters without a report.

    `urged` says how often the unit was urged about it before, by note or by telephone. `cause` and `next_step` are what it reported last.
    """

    id: int
    plan_id: int
    plan: str
    doc_no: str | None
    title: str
    wanted: str
    reached: str | None
    due_on: date
    original_due_on: date
    days_overdue: int
    days_left: int
    is_soon: bool
    missing_reports: int
    urged: int
    cause: str | None
    next_step: str | None


@dataclass(frozen=True)
class Urging:
    """A note. `answer_by` is the last day for the answer."""

    unit_id: int
    unit: str
    issued_on: date
    answer_by: date
    tasks: tuple[UrgedTask, ...]
    rule_set: str
    rule_sha256: str
    ledger_head: str


def as_json(view: Urging) -> dict[str, Any]:
    """Return the view as the document `duban/urging/1`."""
    return {"schema": "duban/urging/1", **plain(view)}
