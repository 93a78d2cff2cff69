"""The frozen view of a reply to a unit's request (批复): what was asked, what was decided, and what goes on counting."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.request import RequestKind
from reports.plain_values import plain


@dataclass(frozen=True)
class ReplyTask:
    """The task a request is about. `original_due_on` never moves."""

    id: int
    title: str
    plan_id: int
    plan: str
    doc_no: str | None
    original_due_on: date


@dataclass(frozen=True)
class TargetMove:
    """A figure that was changed, in words before and after."""

    measure: str
    before: str
    after: str


@dataclass(frozen=True)
class Reply:
    """A reply. `asked` and `granted` are the values in words; of what was granted, the days, targets and the new lead stand beside them as plain values.

    `due_before` is the due day when it was decided, `due_on` the one from then on; `paused_until` the last day of a suspension.
    """

    request: int
    kind: RequestKind
    unit_id: int
    unit: str
    task: ReplyTask
    filed_on: date
    asked: str
    reason: str
    progress: str
    is_approved: bool
    decided_on: date
    decision: str
    granted: str
    due_before: date
    due_on: date
    targets: tuple[TargetMove, ...]
    new_lead: str | None
    paused_until: date | None
    issued_on: date
    ledger_head: str


def as_json(view: Reply) -> dict[str, Any]:
    """Return the view as the document `duban/reply/1`."""
    return {"schema": "duban/reply/1", **plain(view)}
