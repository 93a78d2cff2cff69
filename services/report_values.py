"""The figures of a report: which target each is meant for, and whether it can be. What is stored is always the sum since the task's start."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.progress import ProgressReport, ReportedValue, ReportState
from models.task import Basis, Target, Task
from rules.errors import DubanError
from rules.periods import Period
from rules.targets import is_for_each
from rules.texts import _
from services.prepared import Prepared
from services.roster_facts import target_has_quota
from services.target_names import target_named

Key = tuple[int, str]
"""A target's id and the part (unit or region) the value holds for, empty for the whole."""

_Reported = tuple[date, Key, float]

PART_MARK = "@"


@dataclass(frozen=True)
class Amount:
    """A reported quantity: the sum reached since the task's start, or, where `is_more`, what came on top of the last report."""

    value: float
    is_more: bool = False


@dataclass(frozen=True)
class Limits:
    """How far above its target a quantity may lie unconfirmed, and whether the unit has confirmed that it is right."""

    unlikely_factor: float
    is_confirmed: bool = False


def read_values(session: Session, task: Task, given: Mapping[str, Amount], period: Period, limits: Limits) -> dict[Key, float]:
    """Return the values by target and part. `given` is by measure, or by measure@part for a target that is asked of each of many.

    Refused: unknown-measure, roster-counts (its confirmed members are counted instead), not-by-part, bad-quantity, quantity-falls and quantity-above-later
    (sums never fall from one quarter to the next), quantity-unlikely.
    """
    targets = session.execute(select(Target).where(col(Target.task_id) == task.id).order_by(col(Target.id))).scalars().all()
    reported = _values_in_order(session, task.id or 0)
    earlier, later = _latest(reported, before=period.ends_on), _next(reported, after=period.ends_on)
    values = {}
    for name, amount in given.items():
        measure, mark, part = name.partition(PART_MARK)
        target = target_named(targets, measure.strip())
        assert target.id is not None
        if target_has_quota(session, target.id):
            text = _("{measure} 按已确认的名单计数，不填数量；请用 duban roster 提名、确认")
            raise DubanError("roster-counts", text.format(measure=target.measure))
        if mark and not (part.strip() and is_for_each(target.scope)):
            text = _("{measure} 不是要求逐个达到的指标，或没有写明是哪一个；请写成 指标=数量")
            raise DubanError("not-by-part", text.format(measure=target.measure))
        key = (target.id, part.strip())
        last = earlier.get(key, 0.0)
        value = last + amount.value if amount.is_more else amount.value
        _refuse_value(target, value, last, later.get(key))
        _refuse_unlikely(target, value, limits)
        values[key] = value
    return values


def latest_values(session: Session, task_id: int, before: date | None = None) -> dict[Key, float]:
    """Return the value last reported for each target and part of the task; with `before`, for periods that ended before that day.

    A report that was returned says nothing, and what it had replaced does not come back.
    """
    return _latest(_values_in_order(session, task_id), before)


def _latest(reported: Iterable[_Reported], before: date | None) -> dict[Key, float]:
    return {key: value for ends_on, key, value in reported if before is None or ends_on < before}


def _next(reported: Iterable[_Reported], after: date) -> dict[Key, float]:
    """Return the value of each target and part for the first period after `after` that has one."""
    found: dict[Key, tuple[date, float]] = {}
    for ends_on, key, value in reported:
        if ends_on > after and (key not in found or found[key][0] == ends_on):
            found[key] = (ends_on, value)
    return {key: value for key, (_ends_on, value) in found.items()}


def is_void() -> ColumnElement[bool]:
    """Return the condition that a report says nothing: it, or one that replaced it on its quarter, was returned."""
    returned = aliased(ProgressReport)
    same = (col(returned.task_id) == col(ProgressReport.task_id), col(returned.period) == col(ProgressReport.period))
    later = (col(returned.revision) >= col(ProgressReport.revision), col(returned.state) == ReportState.RETURNED)
    return select(col(returned.id)).where(*same, *later).correlate(ProgressReport).exists()


_IN_ORDER = Prepared(
    select(col(ProgressReport.period_ends_on), col(ReportedValue.target_id), col(ReportedValue.part), col(ReportedValue.value))
    .join(ProgressReport, col(ProgressReport.id) == col(ReportedValue.report_id))
    .where(col(ProgressReport.task_id) == bindparam("task"), ~is_void())
    .order_by(col(ProgressReport.period_ends_on), col(ProgressReport.revision))
)


def _values_in_order(session: Session, task_id: int) -> list[_Reported]:
    return [(ends_on, (target_id, part), value) for ends_on, target_id, part, value in _IN_ORDER.rows(session, {"task": task_id})]


def _refuse_value(target: Target, value: float, last: float, later: float | None) -> None:
    if not 0 <= value < 1e13:
        text = _("{measure} 的数量 {value:g} 不合理，应为不小于 0 的数")
        raise DubanError("bad-quantity", text.format(measure=target.measure, value=value))
    if target.basis not in (Basis.PERIOD, Basis.CUMULATIVE):
        return
    if value < last:
        text = _("{measure} 填的是自任务开始的累计数，{value:g} 少于以前期间已报的 {last:g}；如前期报错，请先更正前期")
        raise DubanError("quantity-falls", text.format(measure=target.measure, value=value, last=last))
    if later is not None and value > later:
        text = _("{measure} 填的是自任务开始的累计数，{value:g} 多于以后期间已报的 {later:g}；如后期报错，请先更正后期")
        raise DubanError("quantity-above-later", text.format(measure=target.measure, value=value, later=later))


def _refuse_unlikely(target: Target, value: float, limits: Limits) -> None:
    wanted = max(figure or 0.0 for figure in (target.value, target.low, target.high, target.baseline))
    if wanted > 0 and value > limits.unlikely_factor * wanted and not limits.is_confirmed:
        text = _("{measure} 填报 {value:g}，超过目标 {wanted:g} 的 {factor:g} 倍；请核对数量和计量单位，确认无误再加 --confirm")
        factor = limits.unlikely_factor
        raise DubanError("quantity-unlikely", text.format(measure=target.measure, value=value, wanted=wanted, factor=factor))
