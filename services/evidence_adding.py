"""Handing in evidence after the report it belongs to: a program sends the report first and the files one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from models.progress import Evidence, ProgressReport, ReportState
from rules.errors import DubanError
from rules.rights import Act
from rules.texts import _
from rules.transitions import TaskEvent, state_after
from services.evidence import as_told, keep_evidence
from services.ledger import Event, record
from services.occasion import Occasion
from services.store import Store
from services.tasks import lead_task

ADD_EVIDENCE = "add-evidence"


@dataclass(frozen=True)
class Added:
    """What was added: the rows of the files, those that the report had already among them, and the report's quarter."""

    period: str
    files: tuple[Evidence, ...]


def add_evidence(session: Session, task_id: int, paths: Sequence[Path], store: Store, occasion: Occasion) -> Added:
    """Add files to the last report on a task; the lead unit does, while it can report and the report was not reviewed. A file it has already is kept once.

    Codes: no-report, already-reviewed, not-now, and what is wrong with the files.
    """
    task = lead_task(session, task_id, occasion, Act.REPORT).task
    state_after(task.state, TaskEvent.REPORT)
    report = _last_report(session, task_id)
    new = keep_evidence(session, report, paths, store)
    if new:
        after = {"report": report.id, "period": report.period, "revision": report.revision, "evidence": as_told(new)}
        record(session, occasion, Event(ADD_EVIDENCE, f"task {task_id}", task.plan_id, task_id, after=after))
    kept = session.execute(select(Evidence).where(col(Evidence.report_id) == report.id).order_by(col(Evidence.id))).scalars()
    return Added(report.period, tuple(kept))


def _last_report(session: Session, task_id: int) -> ProgressReport:
    reports = select(ProgressReport).where(col(ProgressReport.task_id) == task_id)
    last = reports.order_by(col(ProgressReport.period_ends_on).desc(), col(ProgressReport.revision).desc()).limit(1)
    report: ProgressReport | None = session.execute(last.execution_options(populate_existing=True)).scalar_one_or_none()
    if report is None:
        raise DubanError("no-report", _("任务 {task} 还没有填报过进展；请先填报，再交佐证材料").format(task=task_id))
    if report.state is not ReportState.FILED:
        text = _("{period} 的进展（第 {revision} 次）已经审核，不再收材料；请重新填报后再交")
        raise DubanError("already-reviewed", text.format(period=report.period, revision=report.revision))
    return report
