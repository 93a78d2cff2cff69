"""Recording what a unit reports on a task: quantities, words and evidence, once a period and correctable, never overwritten."""

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.progress import Evidence, ProgressReport, ReportedValue
from models.task import Basis, Target, Task
from rules.errors import DubanError
from rules.periods import Period, parse_period, period_before, quarter_of
from rules.rights import Act
from rules.texts import _
from rules.transitions import TaskEvent, state_after
from services.ledger import Event, record
from services.occasion import Occasion
from services.reported import reporting_limit
from services.rule_sets import rule_set_on
from services.store import Store
from services.tasks import latest_values, lead_task

MOST_EVIDENCE_BYTES = 50 * 2**20


@dataclass(frozen=True)
class Amount:
    """A reported quantity: the sum reached since the task's start, or, where `is_more`, what came on top of the last report."""

    value: float
    is_more: bool = False


@dataclass(frozen=True)
class ProgressInput:
    """What a unit says. `values` is by measure (a part of its name that fits one target will do); `period` is, where not given, the
    quarter of the day, or in the days up to the reporting limit the quarter before while it is unreported."""

    values: Mapping[str, Amount] = field(default_factory=dict)
    text: str = ""
    problem: str | None = None
    next_step: str | None = None
    period: str | None = None
    evidence: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Filed:
    """A report as it was recorded."""

    id: int
    period: str
    revision: int


def record_progress(session: Session, task_id: int, said: ProgressInput, store: Store, occasion: Occasion) -> Filed:
    """Record a report. A second report on the same period is a new revision; the latest one counts."""
    found = lead_task(session, task_id, occasion, Act.REPORT)
    state_after(found.task.state, TaskEvent.REPORT)
    period = _period(said.period, found.task, occasion.day) if said.period else _expected_period(session, found.task, occasion.day)
    values = _values(session, found.task, said.values, period)
    if not (values or said.text.strip() or said.problem):
        raise DubanError("empty-report", _("填报没有内容：请用 --value 指标=数量 或 --text 写明进展（无变化也请写明）"))
    files = [(path, _read_evidence(path)) for path in said.evidence]
    report = _report_row(session, found.task, said, period, occasion)
    session.add(report)
    session.flush()
    assert report.id is not None
    session.add_all(ReportedValue(report_id=report.id, target_id=target_id, value=value) for target_id, value in values.items())
    kept = _keep_evidence(session, report.id, files, store)
    _record(session, found.task, report, values, kept, occasion)
    return Filed(report.id, report.period, report.revision)


def _report_row(session: Session, task: Task, said: ProgressInput, period: Period, occasion: Occasion) -> ProgressReport:
    assert task.id is not None
    assert occasion.actor.account_id is not None
    assert occasion.actor.unit_id is not None
    revisions = select(func.count()).where(col(ProgressReport.task_id) == task.id, col(ProgressReport.period) == period.code)
    return ProgressReport(
        task_id=task.id,
        unit_id=occasion.actor.unit_id,
        account_id=occasion.actor.account_id,
        period=period.code,
        period_ends_on=period.ends_on,
        revision=session.execute(revisions).scalar_one() + 1,
        text=said.text,
        problem=said.problem,
        next_step=said.next_step,
        filed_on=occasion.day,
    )


def _expected_period(session: Session, task: Task, day: date) -> Period:
    # In the days after a quarter's end a report is meant for that quarter, as long as it is still owed.
    this, last = quarter_of(day), period_before(quarter_of(day))
    filed = select(col(ProgressReport.id)).where(col(ProgressReport.task_id) == task.id, col(ProgressReport.period) == last.code)
    owed = task.starts_on <= last.ends_on and day <= reporting_limit(last, rule_set_on(session, day))
    return last if owed and session.execute(filed).first() is None else this


def _period(code: str, task: Task, day: date) -> Period:
    period = parse_period(code)
    if quarter_of(period.starts_on) != period:
        raise DubanError("bad-period", _("进展按季度填报，期间请写成 {code}").format(code=quarter_of(period.ends_on).code))
    if period.starts_on > day:
        raise DubanError("period-not-begun", _("{code} 还没有开始，不能填报").format(code=period.code))
    if period.ends_on < task.starts_on:
        raise DubanError("period-before-task", _("任务自 {day} 起，{code} 不用填报").format(day=task.starts_on, code=period.code))
    return period


def _values(session: Session, task: Task, given: Mapping[str, Amount], period: Period) -> dict[int, float]:
    targets = session.execute(select(Target).where(col(Target.task_id) == task.id).order_by(col(Target.id))).scalars().all()
    earlier = latest_values(session, task.id or 0, before=period.ends_on)
    values = {}
    for measure, amount in given.items():
        target = _target_named(targets, measure)
        assert target.id is not None
        last = earlier.get(target.id, 0.0)
        value = last + amount.value if amount.is_more else amount.value
        _refuse_value(target, value, last)
        values[target.id] = value
    return values


def _target_named(targets: Sequence[Target], measure: str) -> Target:
    fitting = [target for target in targets if target.measure == measure] or [target for target in targets if measure in target.measure]
    if len(fitting) == 1:
        return fitting[0]
    names = _("、").join(target.measure for target in targets) or _("（没有数量指标，请用 --text 填报）")
    raise DubanError("unknown-measure", _("“{measure}”不能确定是哪一项指标。本任务的指标：{names}").format(measure=measure, names=names))


def _refuse_value(target: Target, value: float, last: float) -> None:
    if not 0 <= value < 1e13:
        raise DubanError(
            "bad-quantity", _("{measure} 的数量 {value:g} 不合理，应为不小于 0 的数").format(measure=target.measure, value=value)
        )
    if value < last and target.basis in (Basis.PERIOD, Basis.CUMULATIVE):
        text = _("{measure} 填的是自任务开始的累计数，{value:g} 少于以前期间已报的 {last:g}；如前期报错，请先更正前期")
        raise DubanError("quantity-falls", text.format(measure=target.measure, value=value, last=last))


def _keep_evidence(session: Session, report_id: int, files: Sequence[tuple[Path, bytes]], store: Store) -> list[Evidence]:
    kept: dict[str, Evidence] = {}
    for path, content in files:
        digest, media_type = store.keep(content), mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        kept.setdefault(
            digest, Evidence(report_id=report_id, sha256=digest, name=path.name, media_type=media_type, size_bytes=len(content))
        )
    session.add_all(kept.values())
    return list(kept.values())


def _read_evidence(path: Path) -> bytes:
    if not path.is_file():
        raise DubanError("file-missing", _("找不到佐证材料 {path}").format(path=path))
    if path.stat().st_size > MOST_EVIDENCE_BYTES:
        raise DubanError(
            "file-too-large", _("佐证材料 {name} 超过 {most} MB，请压缩或拆分").format(name=path.name, most=MOST_EVIDENCE_BYTES >> 20)
        )
    content = path.read_bytes()
    if not content:
        raise DubanError("file-empty", _("佐证材料 {name} 是空文件").format(name=path.name))
    return content


def _record(
    session: Session, task: Task, report: ProgressReport, values: Mapping[int, float], files: Sequence[Evidence], occasion: Occasion
) -> None:
    after = {
        "report": report.id,
        "period": report.period,
        "revision": report.revision,
        "values": {str(target_id): value for target_id, value in values.items()},
        "text": report.text,
        "problem": report.problem,
        "next_step": report.next_step,
        "evidence": [{"name": file.name, "sha256": file.sha256} for file in files],
    }
    record(session, occasion, Event(TaskEvent.REPORT.value, f"task {task.id}", task.plan_id, task.id, after=after))
