"""Which quarter a report is about, and whether it can still be reported on: a quarter whose bulletin is out is closed but for corrections."""

from datetime import date

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from models.progress import ProgressReport
from models.publication import Publication, PublicationKind
from models.task import Task
from rules.errors import DubanError
from rules.periods import Period, parse_period, period_before, quarter_of
from rules.texts import _
from services.prepared import Prepared
from services.report_values import is_void
from services.reported import reporting_limit
from services.rule_sets import rule_book_on

_STANDING = Prepared(
    select(col(ProgressReport.id)).where(
        col(ProgressReport.task_id) == bindparam("task"), col(ProgressReport.period) == bindparam("quarter"), ~is_void()
    )
)
_BULLETINS = Prepared(
    select(col(Publication.period), col(Publication.scope), col(Publication.published_on))
    .where(col(Publication.kind) == PublicationKind.BULLETIN)
    .order_by(col(Publication.id))
)


def expected_period(session: Session, task: Task, day: date) -> Period:
    """Return the quarter meant where none is named: in the days after a quarter's end that quarter, as long as its report is still owed."""
    this, last = quarter_of(day), period_before(quarter_of(day))
    owed = task.starts_on <= last.ends_on and day <= reporting_limit(last, rule_book_on(session, day).of(task.plan_id))
    return last if owed and not _STANDING.rows(session, {"task": task.id, "quarter": last.code}) else this


def stated_period(code: str, task: Task, day: date) -> Period:
    """Return the quarter that is named; one that has not begun, or lies before the task, is refused."""
    period = parse_period(code)
    if quarter_of(period.starts_on) != period:
        raise DubanError("bad-period", _("进展按季度填报，期间请写成 {code}").format(code=quarter_of(period.ends_on).code))
    if period.starts_on > day:
        raise DubanError("period-not-begun", _("{code} 还没有开始，不能填报").format(code=period.code))
    if period.ends_on < task.starts_on:
        raise DubanError("period-before-task", _("任务自 {day} 起，{code} 不用填报").format(day=task.starts_on, code=period.code))
    return period


def refuse_closed(session: Session, task: Task, period: Period) -> None:
    """Refuse a quarter that a published bulletin covers, whether of all plans or of this one; its figures are out."""
    published_on = closed_on(session, task.plan_id, period)
    if published_on is not None:
        text = _("{code} 的通报已于 {day} 印发，该期已封；补报或更正请用 --correction 写明原因，通报不会改动")
        raise DubanError("period-closed", text.format(code=period.code, day=published_on))


def closed_on(session: Session, plan_id: int, period: Period) -> date | None:
    """Return the day the bulletin that covers this plan's quarter was published, None while the quarter is open."""
    published_on: date
    for code, scope, published_on in _BULLETINS.rows(session, {}):
        covered = parse_period(code)
        is_ours = scope == "all" or str(plan_id) in scope.removeprefix("plan-").split("-")
        if is_ours and covered.starts_on <= period.starts_on and period.ends_on <= covered.ends_on:
            return published_on
    return None
