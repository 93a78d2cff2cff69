"""Indicators: what was observed of them, with source and day, and which targets are judged by them instead of by reports.

Nothing observed is overwritten: a correction is a new revision, and a day before it was recorded still knows the old value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite

from sqlalchemy import select
from sqlmodel import Session, col

from models.indicator import Indicator, Observation
from models.roster import Quota
from models.task import Comparator, Target, Task
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.ledger import Event, record, record_all
from services.occasion import Occasion
from services.target_names import target_named
from services.tasks import lead_task


@dataclass(frozen=True)
class Reading:
    """What was read: an indicator's value on a day. `unit_of_measure` and `source` may be left out where the indicator is known."""

    name: str
    value: float
    observed_on: date
    unit_of_measure: str | None = None
    source: str = ""


@dataclass(frozen=True)
class Kept:
    """How a reading was kept. Revision 1 is the first value of its day; `is_new` is False where the very same value stood already."""

    indicator_id: int
    revision: int
    is_new: bool = True
    is_new_indicator: bool = False


@dataclass(frozen=True)
class ObservationRow:
    """An observation as it is listed; `is_current` is False where a later revision corrected it."""

    name: str
    unit_of_measure: str | None
    observed_on: date
    value: float
    source: str
    revision: int
    recorded_on: date
    is_current: bool = True


@dataclass(frozen=True)
class Link:
    """Which series a target is judged by, and which one it must exceed."""

    observed_by: str | None = None
    against: str | None = None


def observe(session: Session, reading: Reading, occasion: Occasion) -> Kept:
    """Keep a reading. The same value from the same source again changes nothing; another one for the same day is a new revision."""
    refuse_without_right(occasion.actor, Act.OBSERVE_INDICATOR)
    name = reading.name.strip()
    _refuse_reading(reading, name, occasion.day)
    indicator = session.execute(select(Indicator).where(col(Indicator.name) == name).with_for_update()).scalar_one_or_none()
    is_new_indicator = indicator is None
    if indicator is None:
        indicator = Indicator(name=name, unit_of_measure=reading.unit_of_measure, source=reading.source)
        session.add(indicator)
        session.flush()
    elif reading.unit_of_measure not in (None, indicator.unit_of_measure):
        text = _("指标“{name}”的计量单位是 {known}，不是 {given}；口径不同请另立一个指标")
        raise DubanError(
            "unit-differs", text.format(name=name, known=indicator.unit_of_measure or _("（无）"), given=reading.unit_of_measure)
        )
    assert indicator.id is not None
    last = _last_of_day(session, indicator.id, reading.observed_on)
    source = reading.source or (last.source if last else indicator.source)
    if last and (last.value, last.source) == (reading.value, source):
        return Kept(indicator.id, last.revision, is_new=False)
    revision = last.revision + 1 if last else 1
    made = Observation(
        indicator_id=indicator.id,
        observed_on=reading.observed_on,
        revision=revision,
        value=reading.value,
        source=source,
        recorded_on=occasion.day,
    )
    session.add(made)
    before = {"value": last.value, "source": last.source} if last else {}
    after = {"name": name, "observed_on": made.observed_on.isoformat(), "revision": revision, "value": made.value, "source": source}
    record(session, occasion, Event("observe-indicator", f"indicator {indicator.id}", before=before, after=after))
    return Kept(indicator.id, revision, is_new_indicator=is_new_indicator)


def _refuse_reading(reading: Reading, name: str, day: date) -> None:
    if not name or len(name) > 200:
        raise DubanError("bad-indicator-name", _("指标名称须有 1 到 200 个字"))
    if not isfinite(reading.value) or abs(reading.value) >= 1e15:
        raise DubanError("bad-quantity", _("指标“{name}”的数值 {value} 不合理").format(name=name, value=reading.value))
    if reading.observed_on > day:
        raise DubanError("observed-later", _("{observed} 还没有到，不能登记那天的数值").format(observed=reading.observed_on))


def _last_of_day(session: Session, indicator_id: int, day: date) -> Observation | None:
    rows = select(Observation).where(col(Observation.indicator_id) == indicator_id, col(Observation.observed_on) == day)
    found: Observation | None = session.execute(rows.order_by(col(Observation.revision).desc()).limit(1)).scalar_one_or_none()
    return found


def list_observations(session: Session, day: date, name: str | None = None) -> list[ObservationRow]:
    """Return what was known by the end of `day`: of every indicator its latest value, or, with `name`, every value of that one with its corrections."""
    columns = ("observed_on", "value", "source", "revision", "recorded_on")
    rows = (
        select(col(Indicator.name), col(Indicator.unit_of_measure), *(getattr(Observation, column) for column in columns))
        .join(Observation, col(Observation.indicator_id) == col(Indicator.id))
        .where(col(Observation.recorded_on) <= day)
        .order_by(col(Indicator.name), col(Observation.observed_on), col(Observation.revision))
    )
    if name is not None:
        rows = rows.where(col(Indicator.id) == indicator_named(session, name).id)
    found = [ObservationRow(*row) for row in session.execute(rows)]
    current = {(row.name, row.observed_on): row.revision for row in found}
    listed = [replace(row, is_current=current[row.name, row.observed_on] == row.revision) for row in found]
    return listed if name is not None else list({row.name: row for row in listed}.values())


def indicator_named(session: Session, name: str) -> Indicator:
    """Return the indicator of this name, else the only one whose name holds it; anything else is refused with the names there are."""
    known: Sequence[Indicator] = session.execute(select(Indicator).order_by(col(Indicator.name))).scalars().all()
    fitting = [one for one in known if one.name == name.strip()] or [one for one in known if name.strip() and name.strip() in one.name]
    if len(fitting) == 1:
        return fitting[0]
    names = _("、").join(one.name for one in fitting or known) or _("（还没有指标，请用 duban indicator set 登记）")
    raise DubanError("unknown-indicator", _("“{name}”不能确定是哪个指标。可用的有：{names}").format(name=name, names=names))


def link_target(session: Session, task_id: int, measure: str, link: Link, occasion: Occasion, *, all_years: bool = False) -> list[int]:
    """Let indicators speak for a target from now on and return the tasks it was linked in; with `all_years` in every task of the item that counts the same.

    Without any indicator the target goes back to what is reported. Days before keep the value they had.
    """
    task = lead_task(session, task_id, occasion, Act.LINK_INDICATOR).task
    own = indicator_named(session, link.observed_by) if link.observed_by else None
    other = indicator_named(session, link.against) if link.against else None
    targets = session.execute(select(Target).where(col(Target.task_id) == task_id).order_by(col(Target.id))).scalars().all()
    target = target_named(targets, measure)
    _refuse_link(session, target, own, other)
    events = []
    for linked_task, linked in _linked(session, task, target) if all_years else [(task, target)]:
        before = {"observed_by": linked.indicator_id, "against": linked.against_id}
        linked.indicator_id, linked.against_id = own.id if own else None, other.id if other else None
        session.add(linked)
        after = {"measure": linked.measure, "observed_by": own and own.name, "against": other and other.name}
        events.append(Event("link-indicator", f"target {linked.id}", linked_task.plan_id, linked_task.id, before, after))
    record_all(session, occasion, events)
    return [event.task_id for event in events if event.task_id is not None]


def _refuse_link(session: Session, target: Target, own: Indicator | None, other: Indicator | None) -> None:
    is_comparison = target.comparator is Comparator.EXCEEDS_SERIES
    if other is not None and not is_comparison:
        text = _("{measure} 的目标是一个数，不是高于另一指标，不用 --against")
        raise DubanError("not-a-comparison", text.format(measure=target.measure))
    if own is not None and own is other:
        raise DubanError("same-indicator", _("指标“{name}”不能与自己比较").format(name=own.name))
    if own is not None and session.execute(select(col(Quota.id)).where(col(Quota.target_id) == target.id)).first():
        raise DubanError("roster-counts", _("{measure} 按名单中已确认的个数计，不能再关联指标").format(measure=target.measure))


def _linked(session: Session, task: Task, target: Target) -> Sequence[tuple[Task, Target]]:
    same = (col(Target.measure) == target.measure, col(Target.comparator) == target.comparator, col(Task.item_id) == task.item_id)
    unit = (
        col(Target.unit_of_measure).is_(None) if target.unit_of_measure is None else col(Target.unit_of_measure) == target.unit_of_measure
    )
    rows = select(Task, Target).join(Target, col(Target.task_id) == col(Task.id)).where(*same, unit).order_by(col(Task.id))
    return [(one, other) for one, other in session.execute(rows).tuples()]
