"""What units reported on tasks up to a day: the values that count, and which reports were due, on time, late or missing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Select, select
from sqlmodel import Session

from models.progress import ProgressReport, ReportedValue, ReportState
from rules.calendar import nth_working_day
from rules.periods import Period, period_after, quarter_of
from rules.rule_set import RuleSet
from services.changes import table_of
from services.lives import Life
from services.past import Past
from services.task_rows import TaskScope, selected

_REPORT, _VALUE = table_of(ProgressReport).c, table_of(ReportedValue).c
_SAID = tuple(
    _REPORT[name] for name in ("id", "task_id", "period", "filed_on", "text", "problem", "next_step", "state", "period_ends_on", "revision")
)


@dataclass(frozen=True)
class Reported:
    """A task's reports: the day each period was first reported on, the latest words and their day, and the latest value of each target by its id.

    `parts` are the values of a target's parts (each county's) by their names; `values` those for the whole. A report returned by the supervisor says nothing.
    """

    first_filed_on: Mapping[str, date] = field(default_factory=dict)
    text: str | None = None
    problem: str | None = None
    next_step: str | None = None
    values: Mapping[int, float] = field(default_factory=dict)
    parts: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    last_filed_on: date | None = None


@dataclass(frozen=True)
class ReportTally:
    """The reports a task owed up to a day: how many were due, on time, late and missing. A report not yet due counts nowhere."""

    on_time: int = 0
    late: int = 0
    missing: int = 0

    @property
    def due(self) -> int:
        """Return how many reports were due."""
        return self.on_time + self.late + self.missing


def reporting_limit(period: Period, rules: RuleSet) -> date:
    """Return the last day on which a report on `period` is on time: a number of working days after the period's end."""
    return _limit(period, rules.report_limit_days)


@lru_cache(1024)
def _limit(period: Period, days: int) -> date:
    return nth_working_day(period_after(period).starts_on, days)


def owed_periods(starts_on: date, life: Life, until: date) -> list[Period]:
    """Return the quarters a task must be reported on that have ended by `until`.

    The first is the one it starts in (or, issued later, the one it is issued in); the quarter of its submission is not owed, since the submission says it all,
    nor is one at whose end the task was suspended.
    """
    ended = _quarters_ended(max(starts_on, life.issued_on or starts_on), until)
    asked_until = life.reports_until
    asked = ended if asked_until is None else (period for period in ended if period.ends_on < asked_until)
    return [period for period in asked if not life.is_paused_on(period.ends_on)] if life.pauses else list(asked)


@lru_cache(1024)
def _quarters_ended(since: date, until: date) -> tuple[Period, ...]:
    """Return the quarters from that of `since` on that have ended by `until`."""
    ended, period = [], quarter_of(since)
    while period.ends_on <= until:
        ended.append(period)
        period = period_after(period)
    return tuple(ended)


def tally_reports(periods: Iterable[Period], reported: Reported, known_on: date, rules: RuleSet) -> ReportTally:
    """Count the reports on `periods` by what was known on `known_on`; one is missing from the day after its limit."""
    on_time = late = missing = 0
    for period in periods:
        filed_on, limit = reported.first_filed_on.get(period.code), reporting_limit(period, rules)
        if filed_on is not None:
            on_time, late = (on_time + 1, late) if filed_on <= limit else (on_time, late + 1)
        elif limit < known_on:
            missing += 1
    return ReportTally(on_time, late, missing)


@dataclass(frozen=True)
class Reports:
    """The reports that stand, in the order of tasks, quarters and revisions, and their values by report."""

    standing: Sequence[Mapping[str, Any]]
    values: Mapping[int, list[tuple[int, str, float]]]

    def on(self, as_of: date) -> Mapping[int, Reported]:
        """Return what was reported on each task for periods up to the quarter of `as_of`, by task id."""
        until = quarter_of(as_of).ends_on
        spoken = (report for report in self.standing if report["period_ends_on"] <= until)
        by_task = groupby(spoken, key=lambda report: cast(int, report["task_id"]))
        return {task_id: _reported(list(reports), self.values) for task_id, reports in by_task}


def read_reports(session: Session, as_of: date, known_on: date, past: Past, scope: TaskScope) -> Reports:
    """Return the reports on periods up to the quarter of `as_of`, as filed by `known_on`.

    `past` is that of `known_on`: a report the supervisor returned later stood until then.
    """
    reports = select(*_SAID).where(_REPORT.filed_on <= known_on, _REPORT.period_ends_on <= quarter_of(as_of).ends_on)
    if scope != TaskScope():
        reports = reports.where(_REPORT.task_id.in_(scope.task_ids()))
    values = _values(session, reports.with_only_columns(_REPORT.id))
    found = past.rows(ProgressReport, selected(session, reports, None, None))
    return Reports(sorted(_standing(found), key=_in_order), values)


def _standing(rows: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the reports that say something: those filed on their quarter after the last one that was returned."""
    returned: dict[tuple[int, str], int] = defaultdict(int)
    for row in rows:
        if row["state"] is ReportState.RETURNED:
            quarter = (row["task_id"], row["period"])
            returned[quarter] = max(returned[quarter], row["revision"])
    yield from (row for row in rows if row["revision"] > returned[row["task_id"], row["period"]])


def _in_order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["task_id"], row["period_ends_on"], row["revision"]


def _values(session: Session, report_ids: Select[Any]) -> Mapping[int, list[tuple[int, str, float]]]:
    rows = select(_VALUE.report_id, _VALUE.target_id, _VALUE.part, _VALUE.value).where(_VALUE.report_id.in_(report_ids))
    values: dict[int, list[tuple[int, str, float]]] = defaultdict(list)
    for report_id, target_id, part, value in session.execute(rows).tuples().all():
        values[report_id].append((target_id, part, value))
    return values


def _reported(reports: Sequence[Mapping[str, Any]], values: Mapping[int, list[tuple[int, str, float]]]) -> Reported:
    first: dict[str, date] = {}
    latest: dict[int, float] = {}
    parts: dict[int, dict[str, float]] = defaultdict(dict)
    for report in reports:
        first.setdefault(report["period"], report["filed_on"])
        for target_id, part, value in values.get(report["id"], ()):
            if part:
                parts[target_id][part] = value
            else:
                latest[target_id] = value
    last = reports[-1]
    return Reported(first, last["text"] or None, last["problem"], last["next_step"], latest, parts, last["filed_on"])
