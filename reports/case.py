"""The frozen view of a case file: every fact it states, each line of its chronology with the entries of the ledger behind it, and the words of people."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.case import CaseKind, CaseState, ObjectionOutcome
from reports.plain_values import plain

SCHEMA = "duban/case/1"


@dataclass(frozen=True)
class EntryRef:
    """An entry of the ledger: its chain, number and hash."""

    chain: str
    seq: int
    hash: str


@dataclass(frozen=True)
class CaseFact:
    """A line of the chronology. `number` counts from 1 over the whole file (证1); `files` are names with their SHA-256; `entries` are never empty.

    `who` is the unit, or the office's role, and `person` the office's account that acted. `is_inside` marks what is the house's own business and stands on no paper that goes to the unit.
    """

    number: int
    day: date
    task_id: int | None
    what: str
    who: str
    words: str
    entries: tuple[EntryRef, ...]
    files: tuple[tuple[str, str], ...] = ()
    person: str = ""
    is_inside: bool = False


@dataclass(frozen=True)
class CaseTarget:
    """A figure of a task: what was wanted and reached, in words; the pace it should have and the gap in percentage points."""

    measure: str
    wanted: str
    reached: str | None
    pace: float | None
    gap_pp: float | None


@dataclass(frozen=True)
class CaseDuty:
    """A task of the case: by which document and clause, whose since when, and how it stands on the file's day.

    `follows` are later tasks of the same item, `handed_down` those of lower units, both still open: what depends on it.
    """

    id: int
    plan: str
    plan_doc_no: str | None
    number: str | None
    item: str
    label: str
    text: str
    lead: str
    since: date | None
    supports: tuple[str, ...]
    starts_on: date
    due_on: date
    original_due_on: date
    state: str
    light: str
    reasons: tuple[str, ...]
    completed_on: date | None
    days_overdue: int
    days_early: int
    targets: tuple[CaseTarget, ...]
    missing: tuple[str, ...]
    follows: tuple[str, ...]
    handed_down: tuple[str, ...]


@dataclass(frozen=True)
class CaseWords:
    """What people said and decided on the case, each with its day; what was not said is empty or None."""

    effect: str
    statement: str | None
    statement_on: date | None
    conclusion: str | None
    drafted_on: date | None
    drafter: str | None
    approved_on: date | None
    approver: str | None
    proposal: str
    competent_body: str
    demand: str
    demand_by: date | None
    served_on: date | None
    receiver: str | None
    objection_until: date | None
    objected_on: date | None
    objection: str | None
    decided_on: date | None
    outcome: ObjectionOutcome | None
    decision: str | None
    rectified_on: date | None
    rectification: str | None
    verified_on: date | None
    verification: str | None
    reason: str | None


@dataclass(frozen=True)
class CaseFile:
    """A case file as of a day. `rule` is the one that fired, as published, `fact` what met it, `fired_on` its entries; all empty where a person opened it."""

    schema: str
    id: int
    number: str
    kind: CaseKind
    state: CaseState
    as_of: date
    opened_on: date
    unit: str
    basis: str
    rule_code: str | None
    rule: str
    fact: str
    fired_on: tuple[EntryRef, ...]
    tasks: tuple[CaseDuty, ...]
    chronology: tuple[CaseFact, ...]
    words: CaseWords
    objection_days: int
    rule_set: str
    rule_sha256: str
    ledger_heads: tuple[EntryRef, ...]

    def evidence_of(self, entries: tuple[EntryRef, ...]) -> tuple[int, ...]:
        """Return the evidence numbers of the chronology's lines that stand on any of these entries."""
        wanted = {(one.chain, one.seq) for one in entries}
        return tuple(line.number for line in self.chronology if wanted & {(one.chain, one.seq) for one in line.entries})


def as_json(view: Any) -> dict[str, Any]:
    """Return a view as plain values, days as ISO text, to be frozen with its publication."""
    frozen: dict[str, Any] = plain(view)
    return frozen
