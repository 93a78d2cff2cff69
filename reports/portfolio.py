"""A unit's page (单位台账页) as a view: what it owes, until when, how it stands, and what is asked of it now.

Everything is as of one day; open tasks stand first by how pressing they are. `as_json` is the document `duban/unit-page/1`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from reports.plain_values import plain


class AskKind(StrEnum):
    """What a unit can be asked for."""

    ACKNOWLEDGE = "acknowledge"
    RECEIVE_NOTICE = "receive-notice"
    ANSWER_NOTICE = "answer-notice"
    REPORT = "report"
    SUBMIT = "submit"


@dataclass(frozen=True)
class Ask:
    """One thing asked of the unit now: for which task, by what (a period, a notice's number), and the last day for it (None: at once). `days_left` is negative when it passed."""

    kind: AskKind
    task_id: int
    task: str
    about: str
    until: date | None
    days_left: int | None


@dataclass(frozen=True)
class OwedTask:
    """A task in force that the unit leads. `wanted` and `actual` are of its worst measure, in words; `pace`, `reached` in per cent; `why` the light's reasons."""

    id: int
    number: str | None
    task: str
    plan: str
    state: str
    due_on: date
    original_due_on: date
    light: str
    why: tuple[str, ...]
    measure: str | None
    wanted: str | None
    actual: str | None
    pace: float
    reached: float | None
    gap_pp: float | None


@dataclass(frozen=True)
class SupportedTask:
    """A task in force that the unit supports."""

    id: int
    number: str | None
    task: str
    lead: str
    due_on: date
    light: str


@dataclass(frozen=True)
class DueTask:
    """A task the unit leads that falls due in the quarter after this one."""

    id: int
    task: str
    due_on: date


@dataclass(frozen=True)
class WaitingRequest:
    """A request of the unit that nobody has answered yet."""

    id: int
    kind: str
    task: str
    wanted: str
    filed_on: date


@dataclass(frozen=True)
class OpenNotice:
    """A supervision notice whose demand stands."""

    id: int
    doc_no: str
    level: str
    task: str
    issued_on: date
    limit_on: date | None
    received_on: date | None


@dataclass(frozen=True)
class Reporting:
    """The running quarter's report: its last day, and on how many tasks one will be due."""

    period: str
    limit_on: date
    tasks: int


@dataclass(frozen=True)
class Portfolio:
    """The whole page. `led`, `supported` are tasks in force; `later` counts led tasks whose start day has not come, `done` those accepted, both of plans in force."""

    unit: str
    as_of: date
    lights: dict[str, int]
    later: int
    done: int
    reports_due: int
    reports_on_time: int
    reports_missing: int
    asks: tuple[Ask, ...]
    led: tuple[OwedTask, ...]
    supported: tuple[SupportedTask, ...]
    due_next: tuple[DueTask, ...]
    requests: tuple[WaitingRequest, ...]
    notices: tuple[OpenNotice, ...]
    reporting: Reporting | None
    rule_version: str
    rule_sha256: str
    ledger_head: str


def as_json(view: Portfolio) -> dict[str, Any]:
    """Return the view as plain values, days as ISO text."""
    return {"schema": "duban/unit-page/1", **plain(view)}
