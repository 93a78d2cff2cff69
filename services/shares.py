"""How a task is shared out among lower units: the shares asked for, held against the parent and against what was handed down before.

Nothing is written here: the table that comes out is what a preview shows and what `services.cascade` writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from models.roster import Quota
from models.task import Comparator, Target, Task, TaskState
from models.unit import Unit
from rules.cascade import Figure, Measure, loosens, short_by
from rules.errors import DubanError
from rules.texts import _
from rules.transitions import state_name
from services.children import children_of
from services.reach import read_tree
from services.target_names import target_named
from services.units import units_by_name


@dataclass(frozen=True)
class Share:
    """What a lower unit is to take on. `figures` is by measure; days and text not given stay as they were handed down before, else are the parent's."""

    unit: str
    figures: Mapping[str, Figure] = field(default_factory=dict)
    due_on: date | None = None
    starts_on: date | None = None
    text: str | None = None


@dataclass(frozen=True)
class ShareRow:
    """A lower unit's task as it stands or will stand. `task_id` is None while it is only planned; `change` is new, changed or kept."""

    unit_id: int
    unit: str
    starts_on: date
    due_on: date
    text: str
    figures: Mapping[str, Figure]
    task_id: int | None = None
    state: TaskState = TaskState.ASSIGNED
    change: str = "kept"


@dataclass(frozen=True)
class MeasureRow:
    """A measure of the parent: its figure, what the children take on together (None where each must reach it by itself), and by how much they miss it."""

    name: str
    unit_of_measure: str | None
    wanted: Figure
    taken_on: Figure | None
    short_by: float


@dataclass(frozen=True)
class Decomposition:
    """A task shared out: its children and its measures."""

    task_id: int
    shares: tuple[ShareRow, ...]
    measures: tuple[MeasureRow, ...]

    @property
    def is_covered(self) -> bool:
        """Tell whether the children together take on all of it."""
        return not any(measure.short_by for measure in self.measures)


@dataclass(frozen=True)
class Parent:
    """The task to be shared out; `measures` are its targets in figures, without those that named members fill."""

    task: Task
    lead_id: int
    targets: Sequence[Target]
    measures: Mapping[str, Measure]


def parent_of(session: Session, task: Task, lead_id: int) -> Parent:
    """Return the task with what it must reach."""
    targets = session.execute(select(Target).where(col(Target.task_id) == task.id).order_by(col(Target.id))).scalars().all()
    filled = set(session.execute(select(col(Quota.target_id)).where(col(Quota.target_id).in_([t.id for t in targets]))).scalars())
    measures = {target.measure: _measure(target, figure) for target in targets if (figure := figure_of(target)) and target.id not in filled}
    return Parent(task, lead_id, targets, measures)


def figure_of(target: Target) -> Figure | None:
    """Return the figure that can be shared out; None for a target in words, or held against another series."""
    low = target.low if target.value is None else target.value
    if low is None or target.comparator is Comparator.EXCEEDS_SERIES:
        return None
    return Figure(low, low if target.value is not None or target.high is None else target.high)


def shared_out(session: Session, parent: Parent, shares: Sequence[Share], day: date) -> Decomposition:
    """Return the children as they will stand, those handed down before included. Refused: shares-missing, unknown-unit, unit-not-below, unit-ended, unit-twice,
    child-begun, child-loosened, limit-passed, unknown-measure. Whether nothing is missing is told, not refused.
    """
    assert parent.task.id is not None
    if not shares:
        raise DubanError("shares-missing", _("没有写明分给哪些单位：请用 --to 单位=指标:数量，或给出分解表"))
    units = _lower_units(session, parent, shares, day)
    children = standing_shares(session, parent.task.id)
    for share, (unit_id, unit) in zip(shares, units, strict=True):
        children[unit_id] = _row(share, ShareRow(unit_id, unit, *_days(share, parent.task), parent.task.text, {}), children, parent)
        _refuse_loosened(children[unit_id], parent)
        if share.due_on is not None and share.due_on < day:
            raise DubanError("limit-passed", _("新的时限 {day} 已经过去").format(day=share.due_on))
    rows = tuple(children.values())
    return Decomposition(parent.task.id, rows, tuple(_measure_row(measure, rows) for measure in parent.measures.values()))


def refuse_gap(session: Session, child: Task, changed: Mapping[str, Figure]) -> None:
    """Refuse, with shares-short or child-loosened, other figures for a task handed down where its parent would no longer be covered. A task that was not
    handed down is let pass.
    """
    above = session.execute(select(Task).where(col(Task.id) == child.parent_id)).scalar_one_or_none()
    if above is None or above.id is None:
        return
    parent = parent_of(session, above, 0)
    before = list(standing_shares(session, above.id).values())
    after = [replace(row, figures={**row.figures, **changed}, change="changed") if row.task_id == child.id else row for row in before]
    for row in after:
        _refuse_loosened(row, parent)
    for name in changed.keys() & parent.measures.keys():
        measure = parent.measures[name]
        short = _measure_row(measure, after).short_by
        if short > _measure_row(measure, before).short_by:
            text = _("改后各下级的“{measure}”合计比上级任务（第 {parent} 号）还差 {short:g}，请先由上级任务调整目标或另行分解")
            raise DubanError("shares-short", text.format(measure=name, parent=above.id, short=short))


def _measure(target: Target, figure: Figure) -> Measure:
    return Measure(target.measure, target.unit_of_measure, target.comparator, figure, target.basis, target.scope, target.baseline)


def _lower_units(session: Session, parent: Parent, shares: Sequence[Share], day: date) -> list[tuple[int, str]]:
    tree, known = read_tree(session), units_by_name(session, [share.unit for share in shares])
    rows = session.execute(select(col(Unit.id), col(Unit.name), col(Unit.valid_to)).where(col(Unit.id).in_(known.values())))
    units = {unit_id: (name, valid_to) for unit_id, name, valid_to in rows.tuples() if unit_id is not None}
    lower: dict[int, str] = {}
    for share in shares:
        unit_id = known.get(share.unit)
        if unit_id is None:
            raise DubanError("unknown-unit", _("没有登记过单位“{unit}”，请用 duban unit list 查看").format(unit=share.unit))
        name, valid_to = units[unit_id]
        if unit_id in lower:
            raise DubanError("unit-twice", _("单位“{unit}”写了两次，请合成一行").format(unit=name))
        if not tree.is_below(unit_id, parent.lead_id):
            raise DubanError("unit-not-below", _("“{unit}”不是牵头单位的下级，只能分解给下级单位").format(unit=name))
        if valid_to is not None and valid_to < day:
            raise DubanError("unit-ended", _("“{unit}”已于 {day} 撤销，请分解给接替它的单位").format(unit=name, day=valid_to))
        lower[unit_id] = name
    return list(lower.items())


def standing_shares(session: Session, task_id: int, *, is_read_only: bool = False) -> dict[int, ShareRow]:
    """Return the children handed down before by their units; unless they are only read their rows are locked, so that none is acknowledged while it is changed."""
    children = select(Task).where(col(Task.parent_id) == task_id).order_by(col(Task.id)).execution_options(populate_existing=True)
    tasks = {task.id: task for task in session.execute(children if is_read_only else children.with_for_update()).scalars()}
    figures: dict[int, dict[str, Figure]] = {}
    for target in session.execute(select(Target).where(col(Target.task_id).in_(tasks)).order_by(col(Target.id))).scalars():
        figure = figure_of(target)
        if figure is not None and target.task_id is not None:
            figures.setdefault(target.task_id, {})[target.measure] = figure
    standing = {}
    for child in children_of(session, task_id):
        task = tasks[child.id]
        if task.state is not TaskState.CANCELLED:
            days = (task.starts_on, task.due_on)
            row = ShareRow(child.unit_id, child.unit, *days, task.text, figures.get(child.id, {}), child.id, task.state)
            standing[child.unit_id] = row
    return standing


def _days(share: Share, task: Task) -> tuple[date, date]:
    return share.starts_on or task.starts_on, share.due_on or task.due_on


def _row(share: Share, fresh: ShareRow, children: Mapping[int, ShareRow], parent: Parent) -> ShareRow:
    given = {_target(parent, measure).measure: figure for measure, figure in share.figures.items()}
    before = children.get(fresh.unit_id)
    if before is None:
        # Where each must reach the figure by itself, not saying it means the parent's own.
        own = {name: measure.figure for name, measure in parent.measures.items() if not measure.adds_up}
        return replace(fresh, text=share.text or fresh.text, figures={**own, **given}, change="new")
    after = replace(
        before,
        starts_on=share.starts_on or before.starts_on,
        due_on=share.due_on or before.due_on,
        text=share.text or before.text,
        figures={**before.figures, **given},
    )
    if after == before:
        return before
    if before.state is not TaskState.ASSIGNED:
        text = _("{unit}的任务 {task} 现在是“{state}”，不能再改分解；请由其申请调整")
        raise DubanError("child-begun", text.format(unit=before.unit, task=before.task_id, state=state_name(before.state)))
    return replace(after, change="changed")


def _target(parent: Parent, measure: str) -> Target:
    return target_named([target for target in parent.targets if figure_of(target) is not None], measure)


def _refuse_loosened(row: ShareRow, parent: Parent) -> None:
    if row.change == "kept":
        return
    task = parent.task
    if row.due_on > task.due_on or row.starts_on < task.starts_on or row.due_on < row.starts_on:
        text = _("{unit}的起止 {starts_on} 至 {due_on} 须在本任务的 {first} 至 {last} 之内")
        days = {"starts_on": row.starts_on, "due_on": row.due_on, "first": task.starts_on, "last": task.due_on}
        raise DubanError("child-loosened", text.format(unit=row.unit, **days))
    for name, figure in row.figures.items():
        measure = parent.measures.get(name)
        if measure is not None and not measure.adds_up and loosens(measure, figure):
            text = _("{unit}的“{measure}”为 {figure}，比本任务的 {wanted} 宽；每个下级都须达到")
            said = {"figure": figure_text(figure), "wanted": figure_text(measure.figure)}
            raise DubanError("child-loosened", text.format(unit=row.unit, measure=name, **said))


def _measure_row(measure: Measure, rows: Sequence[ShareRow]) -> MeasureRow:
    if not measure.adds_up:
        return MeasureRow(measure.name, measure.unit_of_measure, measure.figure, None, 0.0)
    figures = [row.figures[measure.name] for row in rows if measure.name in row.figures]
    together = Figure(sum(figure.low for figure in figures), sum(figure.high for figure in figures))
    return MeasureRow(measure.name, measure.unit_of_measure, measure.figure, together, short_by(measure, figures))


def figure_text(figure: Figure) -> str:
    """Return a figure as people write it: 10, or 4-6."""
    return f"{figure.low:g}" if figure.low == figure.high else f"{figure.low:g}-{figure.high:g}"
