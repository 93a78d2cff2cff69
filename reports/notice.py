"""The frozen view of a formal notice: every fact its paper states. Made once, at issue; the paper is only its face."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.notice import NoticeLevel
from reports.plain_values import plain
from rules.escalation import Matter


@dataclass(frozen=True)
class NoticeTask:
    """The task a notice is about, with its item and plan. `text` says what is to be done, `original_due_on` never moves."""

    id: int
    number: str | None
    item: str
    label: str
    text: str
    plan: str
    plan_doc_no: str | None
    starts_on: date
    due_on: date
    original_due_on: date


@dataclass(frozen=True)
class Progress:
    """How the task stands on the day of the notice. `reasons` are the rules of its light in words, gap in percentage points; `cause` is what the unit reported."""

    light: str
    reasons: tuple[str, ...]
    days_overdue: int
    measure: str | None
    wanted: str | None
    reached: str | None
    pace: float | None
    gap_pp: float | None
    return_count: int
    missing_reports: int
    reminded: int
    cause: str | None
    next_step: str | None


@dataclass(frozen=True)
class EarlierPaper:
    """A notice that went out before on the same ladder."""

    doc_no: str
    level: NoticeLevel
    issued_on: date
    limit_on: date | None
    received_on: date | None


@dataclass(frozen=True)
class Happening:
    """One line of the record: the day, what happened, who did it, and what was said."""

    day: date
    what: str
    who: str
    words: str


@dataclass(frozen=True)
class NoticePaper:
    """A notice. `doc_no` is None for a draft; `quarters` and `year` are what its matter counts, `after` the notice whose limit was missed.

    `contact` is whom to ask, `record` the task's history, told only in a proposal. `rule_set` and `ledger_head` say what judged and what was known.
    """

    level: NoticeLevel
    matter: Matter
    doc_no: str | None
    issued_on: date
    limit_on: date | None
    office: str | None
    contact: str | None
    unit: str
    demand: str
    task: NoticeTask
    progress: Progress
    earlier: tuple[EarlierPaper, ...]
    after: EarlierPaper | None
    quarters: tuple[str, ...]
    year: int | None
    record: tuple[Happening, ...]
    rule_set: str
    rule_sha256: str
    ledger_head: str


def as_json(paper: NoticePaper) -> dict[str, Any]:
    """Return the view as plain values, days as ISO text, to be kept with the entry of its issue."""
    frozen: dict[str, Any] = plain(paper)
    return frozen
