"""Recording what a unit reports on a task: quantities, words and evidence, once a period and correctable, never overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from models.progress import Evidence, ProgressReport, ReportedValue
from models.task import Task
from rules.errors import DubanError
from rules.periods import Period
from rules.rights import Act
from rules.texts import _
from rules.transitions import TaskEvent, state_after
from services.evidence import as_told, keep_evidence
from services.ledger import Event, record
from services.many_rows import insert_rows
from services.occasion import Occasion
from services.prepared import Prepared
from services.report_periods import expected_period, refuse_closed, stated_period
from services.report_values import Amount, Key, Limits, is_void, latest_values, read_values
from services.rule_sets import rule_set_on
from services.store import Store
from services.tasks import lead_task

_REVISIONS = Prepared(
    select(func.count()).where(col(ProgressReport.task_id) == bindparam("task"), col(ProgressReport.period) == bindparam("quarter"))
)


@dataclass(frozen=True)
class ProgressInput:
    """What a unit says. `values` is by measure (a part of its name that fits one target will do) or measure@part; `period` is, where not given, the quarter
    of the day, or in the days up to the reporting limit the quarter before while it is unreported.

    `is_unchanged` says in one act that all stands as last reported. `correction` is the reason for reporting on a closed quarter, `is_confirmed` that a
    quantity far above its target is right.
    """

    values: Mapping[str, Amount] = field(default_factory=dict)
    text: str = ""
    problem: str | None = None
    next_step: str | None = None
    period: str | None = None
    evidence: tuple[Path, ...] = ()
    is_unchanged: bool = False
    correction: str | None = None
    is_confirmed: bool = False


@dataclass(frozen=True)
class Filed:
    """A report as it was recorded."""

    id: int
    period: str
    revision: int


def record_progress(session: Session, task_id: int, said: ProgressInput, store: Store, occasion: Occasion) -> Filed:
    """Record a report. A second report on the same period is a new revision; the latest one counts, and what was known on earlier days stays as it was."""
    task = lead_task(session, task_id, occasion, Act.REPORT).task
    state_after(task.state, TaskEvent.REPORT)
    period = stated_period(said.period, task, occasion.day) if said.period else expected_period(session, task, occasion.day)
    if not (said.correction or "").strip():
        refuse_closed(session, task, period)
    if said.is_unchanged:
        said, values = _unchanged(session, task_id, said, period)
    else:
        limits = Limits(rule_set_on(session, occasion.day).unlikely_factor, said.is_confirmed)
        values = read_values(session, task, said.values, period, limits)
    if not (values or said.text.strip() or said.problem):
        raise DubanError("empty-report", _("填报没有内容：请用 --value 指标=数量 或 --text 写明进展；没有变化请用 --no-change"))
    report = _report_row(session, task_id, said, period, occasion)
    files = keep_evidence(session, report, said.evidence, store)
    assert report.id is not None
    rows = [{"report_id": report.id, "target_id": target_id, "part": part, "value": value} for (target_id, part), value in values.items()]
    insert_rows(session, ReportedValue, rows)
    _enter(session, task, report, _Content(said, values, files), occasion)
    return Filed(report.id, report.period, report.revision)


def _unchanged(session: Session, task_id: int, said: ProgressInput, period: Period) -> tuple[ProgressInput, dict[Key, float]]:
    """Return the report that nothing has changed, with the last values, problem and next step up to the period carried on."""
    if said.values:
        raise DubanError("no-change-with-values", _("“无变化”不带数量；有变化请去掉 --no-change，按变化填报"))
    standing = (
        col(ProgressReport.task_id) == task_id,
        ~is_void(),
        col(ProgressReport.period_ends_on) <= period.ends_on,
    )
    order = (col(ProgressReport.period_ends_on).desc(), col(ProgressReport.revision).desc())
    last = session.execute(select(ProgressReport).where(*standing).order_by(*order).limit(1)).scalar_one_or_none()
    carried = replace(
        said,
        text=said.text or _("本期没有变化"),
        problem=said.problem or (last.problem if last else None),
        next_step=said.next_step or (last.next_step if last else None),
    )
    return carried, latest_values(session, task_id, before=period.ends_on + timedelta(days=1))


def _report_row(session: Session, task_id: int, said: ProgressInput, period: Period, occasion: Occasion) -> ProgressReport:
    assert occasion.actor.account_id is not None
    assert occasion.actor.unit_id is not None
    ((count,),) = _REVISIONS.rows(session, {"task": task_id, "quarter": period.code})
    return ProgressReport(
        task_id=task_id,
        unit_id=occasion.actor.unit_id,
        account_id=occasion.actor.account_id,
        period=period.code,
        period_ends_on=period.ends_on,
        revision=count + 1,
        text=said.text,
        problem=said.problem,
        next_step=said.next_step,
        filed_on=occasion.day,
        correction=(said.correction or "").strip() or None,
    )


@dataclass(frozen=True)
class _Content:
    said: ProgressInput
    values: Mapping[Key, float]
    files: Sequence[Evidence]


def _enter(session: Session, task: Task, report: ProgressReport, content: _Content, occasion: Occasion) -> None:
    after = {
        "report": report.id,
        "period": report.period,
        "revision": report.revision,
        "values": {f"{target_id}@{part}" if part else str(target_id): value for (target_id, part), value in content.values.items()},
        "text": report.text,
        "problem": report.problem,
        "next_step": report.next_step,
        "evidence": as_told(content.files),
        **({"no_change": True} if content.said.is_unchanged else {}),
        **({"correction": report.correction} if report.correction else {}),
        **({"confirmed": True} if content.said.is_confirmed else {}),
    }
    record(session, occasion, Event(TaskEvent.REPORT.value, f"task {task.id}", task.plan_id, task.id, after=after))
