"""Supporting units' parts: what each hands to the lead unit for a period, and which of them are still silent.

A part's figures are offered to the lead unit, which reports for all; they enter no report, light or count by themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.progress import Evidence, SupportPart
from models.task import Assignment, AssignmentRole, Target, Task, TaskState
from models.unit import Unit
from rules.errors import DubanError
from rules.periods import Period
from rules.rights import Act
from rules.texts import _
from rules.transitions import state_name
from services.evidence import as_told, keep_evidence
from services.ledger import Event, record
from services.occasion import Occasion
from services.progress import Filed
from services.report_periods import expected_period, stated_period
from services.store import Store
from services.target_names import target_named
from services.tasks import lead_task

_RECEIVING = (TaskState.ASSIGNED, TaskState.IN_PROGRESS)


@dataclass(frozen=True)
class PartInput:
    """What a supporting unit says. `values` is by measure: what this unit alone has reached since the task's start. `period` is, where not given, the one
    a report would be for."""

    values: Mapping[str, float] = field(default_factory=dict)
    text: str = ""
    problem: str | None = None
    period: str | None = None
    evidence: tuple[Path, ...] = ()


@dataclass(frozen=True)
class PartRow:
    """A part as the lead unit sees it; `values` is by measure."""

    unit: str
    period: str
    revision: int
    handed_in_on: date
    text: str
    problem: str | None
    values: Mapping[str, float]
    files: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """All that supporting units handed in for a period: the latest word of each, the units still silent, and their figures added up by measure."""

    period: str
    rows: tuple[PartRow, ...] = ()
    silent: tuple[str, ...] = ()
    offered: Mapping[str, float] = field(default_factory=dict)


def hand_in_part(session: Session, task_id: int, said: PartInput, store: Store, occasion: Occasion) -> Filed:
    """Hand a part to the lead unit; a second one for the same period is a new revision, the first is kept.

    Refused: not-now unless the task is assigned or in progress, empty-part, unknown-measure, bad-quantity, and what is wrong with period or evidence.
    """
    task = lead_task(session, task_id, occasion, Act.HAND_IN).task
    if task.state not in _RECEIVING:
        raise DubanError("not-now", _("任务现在是“{state}”，不再收配合单位的材料").format(state=state_name(task.state)))
    period = stated_period(said.period, task, occasion.day) if said.period else expected_period(session, task, occasion.day)
    values = _values(session, task_id, said.values)
    if not (values or said.text.strip() or said.problem or said.evidence):
        raise DubanError("empty-part", _("没有内容：请用 --value 指标=数量、--text 或 --evidence 说明本单位完成的部分"))
    part = _part_row(session, task_id, said, period, occasion)
    part.values = {str(target_id): value for target_id, value in values.items()}
    files = keep_evidence(session, part, said.evidence, store)
    _record(session, task, part, files, occasion)
    assert part.id is not None
    return Filed(part.id, part.period, part.revision)


def read_parts(session: Session, task_id: int, day: date) -> Parts | None:
    """Return the parts for the period that is reported on `day`, handed in by then; None for a task without supporting units."""
    supports = _supports(session, task_id)
    task = session.execute(select(Task).where(col(Task.id) == task_id)).scalar_one()
    if not supports:
        return None
    period = expected_period(session, task, day)
    latest = _latest(session, task_id, period, day)
    measures = dict(session.execute(select(col(Target.id), col(Target.measure)).where(col(Target.task_id) == task_id)).tuples().all())
    files = _files(session, [part.id for part in latest.values()])
    names = {**_names(session, latest), **supports}
    rows = tuple(_row(part, names[unit_id], measures, files.get(part.id or 0, ())) for unit_id, part in latest.items())
    offered: dict[str, float] = {}
    for row in rows:
        for measure, value in row.values.items():
            offered[measure] = offered.get(measure, 0.0) + value
    is_asked = task.state in _RECEIVING and task.starts_on <= period.ends_on
    silent = tuple(name for unit_id, name in supports.items() if is_asked and unit_id not in latest)
    return Parts(period.code, rows, silent, offered)


def _values(session: Session, task_id: int, given: Mapping[str, float]) -> dict[int, float]:
    targets = session.execute(select(Target).where(col(Target.task_id) == task_id).order_by(col(Target.id))).scalars().all()
    values: dict[int, float] = {}
    for measure, value in given.items():
        if not 0 <= value < 1e13:
            text = _("{measure} 的数量 {value:g} 不合理，应为不小于 0 的数")
            raise DubanError("bad-quantity", text.format(measure=measure, value=value))
        target = target_named(targets, measure)
        assert target.id is not None
        values[target.id] = value
    return values


def _part_row(session: Session, task_id: int, said: PartInput, period: Period, occasion: Occasion) -> SupportPart:
    unit_id = occasion.actor.unit_id
    assert unit_id is not None
    same = (col(SupportPart.task_id) == task_id, col(SupportPart.unit_id) == unit_id, col(SupportPart.period) == period.code)
    revision = session.execute(select(func.count()).select_from(SupportPart).where(*same)).scalar_one() + 1
    return SupportPart(
        task_id=task_id,
        unit_id=unit_id,
        period=period.code,
        revision=revision,
        text=said.text.strip(),
        problem=said.problem,
        handed_in_on=occasion.day,
    )


def _record(session: Session, task: Task, part: SupportPart, files: Sequence[Evidence], occasion: Occasion) -> None:
    after = {
        "part": part.id,
        "period": part.period,
        "revision": part.revision,
        "values": part.values,
        "text": part.text,
        "problem": part.problem,
        "evidence": as_told(files),
    }
    record(session, occasion, Event(Act.HAND_IN.value, f"task {task.id}", task.plan_id, task.id, after=after))


def _supports(session: Session, task_id: int) -> dict[int, str]:
    units = select(col(Unit.id), col(Unit.name)).join(Assignment, col(Assignment.unit_id) == col(Unit.id))
    units = units.where(col(Assignment.task_id) == task_id, col(Assignment.role) != AssignmentRole.LEAD, col(Unit.is_open).is_(False))
    return {unit_id: name for unit_id, name in session.execute(units.order_by(col(Assignment.id))).tuples() if unit_id is not None}


def _latest(session: Session, task_id: int, period: Period, day: date) -> dict[int, SupportPart]:
    parts = select(SupportPart).where(col(SupportPart.task_id) == task_id, col(SupportPart.period) == period.code)
    parts = parts.where(col(SupportPart.handed_in_on) <= day).order_by(col(SupportPart.revision))
    return {part.unit_id: part for part in session.execute(parts).scalars()}


def _names(session: Session, unit_ids: Mapping[int, SupportPart]) -> dict[int, str]:
    units = select(col(Unit.id), col(Unit.name)).where(col(Unit.id).in_(list(unit_ids)))
    return {unit_id: name for unit_id, name in session.execute(units).tuples() if unit_id is not None}


def _files(session: Session, part_ids: Sequence[int | None]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = select(col(Evidence.part_id), col(Evidence.name)).where(col(Evidence.part_id).in_(part_ids)).order_by(col(Evidence.id))
    for part_id, name in session.execute(rows).tuples():
        found[part_id or 0] = (*found.get(part_id or 0, ()), name)
    return found


def _row(part: SupportPart, unit: str, measures: Mapping[int | None, str], files: tuple[str, ...]) -> PartRow:
    # A target taken away by an amendment keeps its number: what was handed in is not lost.
    values = {measures.get(int(target_id), target_id): value for target_id, value in part.values.items()}
    return PartRow(unit, part.period, part.revision, part.handed_in_on, part.text, part.problem, values, files)
