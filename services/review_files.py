"""What a reviewer looks at: the claim of a task beside what bears it out. Reports with their figures and files, the submission, and every return so far."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.account import Account
from models.ledger import LedgerEntry
from models.progress import Evidence, ProgressReport, ReportedValue, ReportState, SupportPart
from models.task import Target, TaskState
from models.unit import Unit
from rules.rights import Actor
from rules.rule_set import RuleSet
from rules.target_words import figure, missing_words
from rules.transitions import TaskEvent
from services.positions import last_act_on
from services.queries import TaskSheet, show_task
from services.reviews import RETURN_REPORT

_AS_STORED = ("period", "revision", "filed_on", "state", "text", "problem", "next_step", "correction", "review")
_RETURNS = (TaskEvent.RETURN.value, RETURN_REPORT, TaskEvent.REOPEN.value)


@dataclass(frozen=True)
class EvidenceLine:
    """A file that was handed in; `id` is what it is downloaded by."""

    id: int
    name: str
    media_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class ReportLine:
    """One revision of a report with its figures in words and its files. `is_latest`: no later one took its place."""

    period: str
    revision: int
    filed_on: date
    unit: str
    person: str
    state: ReportState
    text: str
    problem: str | None
    next_step: str | None
    correction: str | None
    review: str | None
    values: tuple[tuple[str, str], ...]
    evidence: tuple[EvidenceLine, ...]
    is_latest: bool


@dataclass(frozen=True)
class PartEvidence:
    """What a supporting unit handed in files with."""

    unit: str
    period: str
    handed_in_on: date
    text: str
    evidence: tuple[EvidenceLine, ...]


@dataclass(frozen=True)
class Submission:
    """The submission under review, or the last one: when, by whom, and why something is missing where the unit said so."""

    day: date
    person: str
    unit: str
    reason: str


@dataclass(frozen=True)
class Setback:
    """A submission or a report that was returned, or a task reopened: when, by whom, why, and until when an answer was asked for."""

    day: date
    person: str
    act: str
    reason: str
    limit_on: date | None
    period: str


@dataclass(frozen=True)
class ReviewFile:
    """Everything a reviewer needs of one task. `missing` is what its figures and milestones still lack; `position` says up to which act it was read."""

    sheet: TaskSheet
    submission: Submission | None
    reports: tuple[ReportLine, ...]
    parts: tuple[PartEvidence, ...]
    setbacks: tuple[Setback, ...]
    missing: tuple[str, ...]
    position: int

    @property
    def is_submitted(self) -> bool:
        """Tell whether the task waits for a verdict."""
        return self.sheet.row.state is TaskState.SUBMITTED


def review_file(session: Session, task_id: int, day: date, rules: RuleSet, actor: Actor) -> ReviewFile:
    """Return what a reviewer looks at, as it stands on `day`. Code: unknown-task."""
    sheet = show_task(session, task_id, day, rules, actor)
    entries = _entries(session, task_id, day)
    submitted = [row for row in entries if row.act == TaskEvent.SUBMIT.value]
    missing = tuple(words for words in map(missing_words, sheet.targets) if words)
    if not sheet.targets:
        missing = tuple(one.title for one in sheet.milestones if not one.is_done)
    return ReviewFile(
        sheet=sheet,
        submission=_submission(submitted[-1]) if submitted else None,
        reports=_reports(session, task_id, day),
        parts=_parts(session, task_id, day),
        setbacks=tuple(_setback(row) for row in reversed(entries) if row.act in _RETURNS),
        missing=missing,
        position=last_act_on(session, task_id),
    )


def _entries(session: Session, task_id: int, day: date) -> list[sa.Row[Any]]:
    columns = (LedgerEntry.act, LedgerEntry.acted_on, LedgerEntry.for_day, LedgerEntry.actor, LedgerEntry.after, Unit.name)
    rows = sa.select(*map(col, columns)).outerjoin(Unit, col(Unit.id) == col(LedgerEntry.unit_id))
    rows = rows.where(col(LedgerEntry.task_id) == task_id, col(LedgerEntry.acted_on) <= day)
    wanted = rows.where(col(LedgerEntry.act).in_((TaskEvent.SUBMIT.value, *_RETURNS)))
    return list(session.execute(wanted.order_by(col(LedgerEntry.seq))).all())


def _submission(row: sa.Row[Any]) -> Submission:
    return Submission(row.for_day, row.actor, row.name or "", row.after.get("reason") or "")


def _setback(row: sa.Row[Any]) -> Setback:
    said, limit = row.after, row.after.get("limit_on")
    return Setback(
        row.acted_on, row.actor, row.act, said.get("reason") or "", date.fromisoformat(limit) if limit else None, said.get("period") or ""
    )


def _reports(session: Session, task_id: int, day: date) -> tuple[ReportLine, ...]:
    rows = (
        sa.select(ProgressReport, col(Unit.name), col(Account.name))
        .join(Unit, col(Unit.id) == col(ProgressReport.unit_id))
        .join(Account, col(Account.id) == col(ProgressReport.account_id))
        .where(col(ProgressReport.task_id) == task_id, col(ProgressReport.filed_on) <= day)
        .order_by(col(ProgressReport.period_ends_on).desc(), col(ProgressReport.revision).desc())
    )
    found = session.execute(rows).tuples().all()
    values, files = _values(session, task_id), _evidence(session, col(Evidence.report_id), [report.id for report, _u, _p in found])
    seen: set[str] = set()
    lines = []
    for report, unit, person in found:
        said: dict[str, Any] = {name: getattr(report, name) for name in _AS_STORED}
        said |= {"values": tuple(values.get(report.id, ())), "evidence": tuple(files.get(report.id, ()))}
        lines.append(ReportLine(**said, unit=unit, person=person, is_latest=report.period not in seen))
        seen.add(report.period)
    return tuple(lines)


def _values(session: Session, task_id: int) -> Mapping[int | None, list[tuple[str, str]]]:
    columns = (ReportedValue.report_id, ReportedValue.part, ReportedValue.value, Target.measure, Target.unit_of_measure)
    rows = (
        sa.select(*map(col, columns))
        .join(Target, col(Target.id) == col(ReportedValue.target_id))
        .join(ProgressReport, col(ProgressReport.id) == col(ReportedValue.report_id))
        .where(col(ProgressReport.task_id) == task_id)
        .order_by(col(Target.id), col(ReportedValue.part))
    )
    found: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
    for report_id, part, value, measure, unit_of_measure in session.execute(rows).tuples():
        found[report_id].append((f"{measure}（{part}）" if part else measure, figure(value, unit_of_measure)))
    return found


def _parts(session: Session, task_id: int, day: date) -> tuple[PartEvidence, ...]:
    rows = (
        sa.select(SupportPart, col(Unit.name))
        .join(Unit, col(Unit.id) == col(SupportPart.unit_id))
        .where(col(SupportPart.task_id) == task_id, col(SupportPart.handed_in_on) <= day)
        .order_by(col(SupportPart.id).desc())
    )
    found = session.execute(rows).tuples().all()
    files = _evidence(session, col(Evidence.part_id), [part.id for part, _unit in found])
    return tuple(PartEvidence(unit, part.period, part.handed_in_on, part.text, tuple(files.get(part.id, ()))) for part, unit in found)


def _evidence(session: Session, owner: Any, ids: list[int | None]) -> Mapping[int | None, list[EvidenceLine]]:
    columns = (Evidence.id, Evidence.name, Evidence.media_type, Evidence.size_bytes, Evidence.sha256)
    rows = sa.select(owner, *map(col, columns)).where(owner.in_(ids)).order_by(col(Evidence.id))
    found: dict[int | None, list[EvidenceLine]] = defaultdict(list)
    for owner_id, *line in session.execute(rows).tuples():
        found[owner_id].append(EvidenceLine(*line))
    return found
