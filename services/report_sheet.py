"""What a unit needs before it to report on a task: each figure with its last value and the planned one, what supporting units handed in, and the quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from models.progress import ProgressReport
from models.roster import Quota
from models.task import Comparator, Target, Task
from rules.lights import pace_of
from rules.periods import Period, quarter_of
from rules.target_words import figure, wanted_words
from rules.targets import is_for_each, planned_value, reached_percent
from services.children import children_of
from services.facts import TaskRecord
from services.parts import Parts, read_parts
from services.report_periods import closed_on, expected_period, stated_period
from services.report_values import PART_MARK, Key, latest_values
from services.reported import reporting_limit

SPARE_PARTS = 2


@dataclass(frozen=True)
class AskedFigure:
    """A figure that may be reported, or one part of it. `key` names its field, `measure` what it is filed under; `last` and `planned` are in words, `offered` what
    supporting units handed in together. A spare part has no name yet.
    """

    key: str
    measure: str
    part: str
    unit_of_measure: str | None
    wanted: str
    last: str | None
    planned: str | None
    percent: float | None
    offered: str | None = None
    is_part: bool = False

    @property
    def filed_as(self) -> str:
        """Return the name the value is filed under; of a spare part its name comes with the form."""
        return f"{self.measure}{PART_MARK}{self.part}" if self.is_part else self.measure


@dataclass(frozen=True)
class ReportSheet:
    """A report's sheet. `is_filed`: the quarter was reported on before, so what is sent now replaces it. `closed_on` is the day the quarter's bulletin came out."""

    period: Period
    choices: tuple[Period, ...]
    limit_on: date
    closed_on: date | None
    is_filed: bool
    figures: tuple[AskedFigure, ...]
    text: str | None
    problem: str | None
    next_step: str | None
    parts: Parts | None


def report_sheet(session: Session, record: TaskRecord, day: date, wanted: str | None = None) -> ReportSheet:
    """Return the sheet for the quarter `wanted`, else for the one that is meant on the day. Refused: bad-period, period-not-begun, period-before-task."""
    task = session.execute(select(Task).where(col(Task.id) == record.name.id)).scalar_one()
    period = stated_period(wanted, task, day) if wanted else expected_period(session, task, day)
    words = _latest_words(session, record.name.id)
    parts = read_parts(session, record.name.id, day)
    # What was handed in for another quarter says nothing about this one.
    parts = parts if parts is not None and parts.period == period.code else None
    return ReportSheet(
        period=period,
        choices=_choices(record, period, day),
        limit_on=reporting_limit(period, record.rules),
        closed_on=closed_on(session, record.name.plan_id, period),
        is_filed=period.code in record.reported.first_filed_on,
        figures=tuple(_figures(session, record, period, parts)),
        text=words.text or None if words else None,
        problem=words.problem if words else None,
        next_step=words.next_step if words else None,
        parts=parts,
    )


def _choices(record: TaskRecord, period: Period, day: date) -> tuple[Period, ...]:
    this = quarter_of(day)
    missing = [one for one in record.owed if one.code not in record.reported.first_filed_on]
    found = {one.code: one for one in (*missing[-4:], *record.owed[-1:], this, period) if one.starts_on <= day}
    return tuple(sorted(found.values(), key=lambda one: one.starts_on, reverse=True))


def _latest_words(session: Session, task_id: int) -> ProgressReport | None:
    reports = select(ProgressReport).where(col(ProgressReport.task_id) == task_id)
    latest = reports.order_by(col(ProgressReport.period_ends_on).desc(), col(ProgressReport.revision).desc()).limit(1)
    found: ProgressReport | None = session.execute(latest).scalar_one_or_none()
    return found


def _figures(session: Session, record: TaskRecord, period: Period, parts: Parts | None) -> list[AskedFigure]:
    last = latest_values(session, record.name.id)
    facts = {(one.measure, one.unit_of_measure): one for one in record.facts.targets}
    pace, found = pace_of(record.facts, min(period.ends_on, record.facts.due_on)), []
    for target in _targets(session, record.name.id):
        assert target.id is not None
        judged = facts.get((target.measure, target.unit_of_measure))
        planned = planned_value(judged, pace) if judged else None
        whole = AskedFigure(
            key=str(target.id),
            measure=target.measure,
            part="",
            unit_of_measure=target.unit_of_measure,
            wanted=wanted_words(judged) if judged else target.text,
            last=_in_words(last.get((target.id, "")), target),
            planned=_in_words(None if planned is None else round(planned, 1), target),
            percent=reached_percent(judged) if judged else None,
            offered=_in_words(parts.offered.get(target.measure), target) if parts else None,
        )
        found += [whole, *_parts(session, record, target, (whole, last))]
    return found


def _parts(session: Session, record: TaskRecord, target: Target, told: tuple[AskedFigure, dict[Key, float]]) -> list[AskedFigure]:
    """Return the parts of a target that is asked of each of many: those reported before, those of lower units, and some to be named."""
    if not is_for_each(target.scope):
        return []
    whole, last = told
    named = [part for target_id, part in last if target_id == target.id and part]
    named += [child.unit for child in children_of(session, record.name.id) if child.unit not in named]
    names: Sequence[str] = [*sorted(named), *[""] * SPARE_PARTS]
    return [
        AskedFigure(
            key=f"{whole.key}-{number}",
            measure=target.measure,
            part=name,
            unit_of_measure=target.unit_of_measure,
            wanted=whole.wanted,
            last=_in_words(last.get((target.id or 0, name)), target) if name else None,
            planned=None,
            percent=None,
            is_part=True,
        )
        for number, name in enumerate(names)
    ]


def _targets(session: Session, task_id: int) -> Sequence[Target]:
    """Return the targets whose value the unit reports: neither observed by an indicator, nor counted from a roster, nor a bare comparison."""
    rows = select(Target).where(col(Target.task_id) == task_id, col(Target.id).not_in(select(col(Quota.target_id))))
    rows = rows.where(col(Target.indicator_id).is_(None), col(Target.comparator) != Comparator.EXCEEDS_SERIES)
    return session.execute(rows.order_by(col(Target.id))).scalars().all()


def _in_words(value: float | None, target: Target) -> str | None:
    return None if value is None else figure(value, target.unit_of_measure)
