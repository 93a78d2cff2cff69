"""What becomes of progress reports: a supervisor accepts or returns them, and one that never came is written down once, as missed.

A returned report says nothing any more: its figures do not count and the quarter is owed again, from the day of the return on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models.ledger import LedgerEntry
from models.plan import Plan, PlanState
from models.progress import ProgressReport, ReportState
from models.task import Task, TaskState
from rules.errors import DubanError
from rules.periods import Period, parse_period
from rules.rights import Act, refuse_without_right
from rules.rule_set import RuleSet
from rules.texts import _
from rules.transitions import state_name
from services.facts import TaskRecord
from services.ledger import Event, record, record_all
from services.missing_reports import REPORT_MISSED, read_missing
from services.occasion import Occasion
from services.reported import reporting_limit
from services.rule_sets import rule_set_on
from services.tasks import lead_task

ACCEPT_REPORT, RETURN_REPORT = "accept-report", "return-report"

_IN_FORCE = select(col(Plan.id)).where(col(Plan.state) == PlanState.IN_FORCE).order_by(col(Plan.id)).with_for_update()
_SOME_IN_FORCE = _IN_FORCE.where(col(Plan.id).in_(bindparam("plans", expanding=True)))


@dataclass(frozen=True)
class Verdict:
    """A supervisor's word on a report. `words` say why it is returned; an acceptance may have some."""

    is_accepted: bool
    words: str = ""


def review_report(session: Session, task_id: int, period: str, verdict: Verdict, occasion: Occasion) -> None:
    """Accept or return the latest report on a quarter. Each revision is reviewed once; one is returned only while the unit can report again."""
    task = lead_task(session, task_id, occasion, Act.REVIEW_REPORT).task
    report = _latest(session, task_id, parse_period(period))
    if not verdict.is_accepted:
        _refuse_returning(task, verdict)
    report.state = ReportState.ACCEPTED if verdict.is_accepted else ReportState.RETURNED
    report.review = verdict.words.strip() or None
    session.add(report)
    told = {"report": report.id, "period": report.period, "revision": report.revision, "reason": report.review}
    act = ACCEPT_REPORT if verdict.is_accepted else RETURN_REPORT
    record(session, occasion, Event(act, f"task {task_id}", task.plan_id, task_id, {"state": ReportState.FILED.value}, told))


def note_missed_reports(session: Session, occasion: Occasion) -> int:
    """Write down every report whose limit passed before the day without one, once for each task and quarter, and return how many were new.

    Doing it again, or by two at once, writes nothing twice: the plans' rows are locked before what was noted is read.
    """
    refuse_without_right(occasion.actor, Act.NOTE_MISSED_REPORTS)
    return note_missed_in(session, occasion, rule_set_on(session, occasion.day), lock_in_force(session))


def lock_in_force(session: Session, among: Sequence[int] | None = None) -> list[int]:
    """Lock the plans in force, all of them or those among some, in one order everywhere, and return them."""
    found = session.execute(_IN_FORCE) if among is None else session.execute(_SOME_IN_FORCE, {"plans": among})
    return [plan_id for plan_id in found.scalars() if plan_id is not None]


def note_missed_in(session: Session, occasion: Occasion, rules: RuleSet, plan_ids: Sequence[int]) -> int:
    """Write down the reports missing in these plans, which are locked, and return how many were new."""
    events: list[Event] = []
    for records in read_missing(session, occasion.day, rules, plan_ids):
        noted = set(_noted(session, [record.name.id for record in records]))
        events += [
            _missed(record, period)
            for record in records
            if record.facts.state is not TaskState.CANCELLED
            for period in record.owed
            if period.code not in record.reported.first_filed_on
            and reporting_limit(period, record.rules) < occasion.day
            and (record.name.id, period.code) not in noted
        ]
    record_all(session, occasion, events)
    return len(events)


def _missed(record: TaskRecord, period: Period) -> Event:
    name = record.name
    after = {"period": period.code, "lead": name.lead, "lead_id": name.lead_id}
    return Event(REPORT_MISSED, f"task {name.id}", name.plan_id, name.id, after=after)


def _noted(session: Session, task_ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    entries = select(col(LedgerEntry.task_id), col(LedgerEntry.after)).where(col(LedgerEntry.act) == REPORT_MISSED)
    entries = entries.where(col(LedgerEntry.task_id).in_(task_ids))
    for task_id, after in session.execute(entries).tuples():
        assert task_id is not None
        yield task_id, after["period"]


def _latest(session: Session, task_id: int, period: Period) -> ProgressReport:
    reports = select(ProgressReport).where(col(ProgressReport.task_id) == task_id, col(ProgressReport.period) == period.code)
    latest = reports.order_by(col(ProgressReport.revision).desc()).limit(1)
    report: ProgressReport | None = session.execute(latest.execution_options(populate_existing=True)).scalar_one_or_none()
    if report is None:
        raise DubanError("no-report", _("任务 {task} 没有填报过 {period}，没有可审核的进展").format(task=task_id, period=period.code))
    if report.state is not ReportState.FILED:
        text = _("{period} 的进展（第 {revision} 次）{state}，不用再审")
        state = _("已经审核通过") if report.state is ReportState.ACCEPTED else _("已经退回，等待重报")
        raise DubanError("already-reviewed", text.format(period=period.code, revision=report.revision, state=state))
    return report


def _refuse_returning(task: Task, verdict: Verdict) -> None:
    if not verdict.words.strip():
        raise DubanError("no-reason", _("退回进展须写明理由"))
    if task.state is not TaskState.IN_PROGRESS:
        text = _("任务现在是“{state}”，单位不能重报，进展不能退回；申请办结的任务请整件退回")
        raise DubanError("not-now", text.format(state=state_name(task.state)))
