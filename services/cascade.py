"""Handing a task down: the lead unit shares it out among its own lower units, as tasks with lives of their own.

Who may take on what is worked out in `services.shares`; here the whole table is refused or written, and shown beforehand where that is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.task import Assignment, AssignmentRole, Comparator, Target, Task, TaskState
from rules.cascade import Figure
from rules.errors import DubanError
from rules.rights import Act
from rules.texts import _
from rules.transitions import TaskEvent, state_name
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.shares import Decomposition, MeasureRow, Parent, Share, ShareRow, figure_of, figure_text, parent_of, shared_out
from services.tasks import lead_task


def preview_decomposition(session: Session, task_id: int, shares: Sequence[Share], occasion: Occasion) -> Decomposition:
    """Return what handing down would make and what would still be missing; nothing is written. Refused like `decompose_task`, except for what is missing."""
    return shared_out(session, _parent(session, task_id, occasion), shares, occasion.day)


def decompose_task(session: Session, task_id: int, shares: Sequence[Share], occasion: Occasion) -> Decomposition:
    """Hand the task down in these shares, beside those handed down before; a child that nobody has acknowledged yet may still be changed.

    1. The parent's row and its children's are locked, and right, state, units, days and figures are checked. 2. All children together must cover each measure of
    the parent, else shares-short. 3. The rows are written and entered: an entry on the parent, and one on each child that is new or changed.
    """
    parent = _parent(session, task_id, occasion)
    planned = shared_out(session, parent, shares, occasion.day)
    short = [_short_text(measure) for measure in planned.measures if measure.short_by]
    if short:
        raise DubanError("shares-short", _("分解没有覆盖本任务：{measures}").format(measures=_("；").join(short)))
    changed = [row for row in planned.shares if row.change != "kept"]
    if not changed:
        return planned
    written = {row.unit_id: row for row in _write(session, parent, changed)}
    rows = tuple(written.get(row.unit_id, row) for row in planned.shares)
    events = [_child_event(parent, row, is_new=row.change == "new") for row in written.values()]
    children = {str(row.task_id): _told(row) for row in rows}
    about = Event(Act.DECOMPOSE.value, f"task {task_id}", parent.task.plan_id, task_id, after={"children": children})
    record_all(session, occasion, [about, *events])
    return replace(planned, shares=rows)


def _parent(session: Session, task_id: int, occasion: Occasion) -> Parent:
    found = lead_task(session, task_id, occasion, Act.DECOMPOSE)
    if found.task.state is not TaskState.IN_PROGRESS:
        raise DubanError("not-now", _("任务现在是“{state}”，签收后、申请办结前才能分解").format(state=state_name(found.task.state)))
    return parent_of(session, found.task, found.lead_id)


def _short_text(measure: MeasureRow) -> str:
    assert measure.taken_on is not None
    is_missing = measure.taken_on.low < measure.wanted.low
    text = (
        _("{measure} 应为 {wanted}{unit}，各单位合计 {taken_on}{unit}，缺 {amount}")
        if is_missing
        else _("{measure} 应为 {wanted}{unit}，各单位合计 {taken_on}{unit}，多 {amount}")
    )
    unit = measure.unit_of_measure or ""
    wanted, taken_on, amount = figure_text(measure.wanted), figure_text(measure.taken_on), f"{measure.short_by:g}{unit}"
    return text.format(measure=measure.name, wanted=wanted, taken_on=taken_on, unit=unit, amount=amount)


def _write(session: Session, parent: Parent, rows: Sequence[ShareRow]) -> list[ShareRow]:
    """Write the children that are new or changed, all at once, and return them with their numbers."""
    ids = [row.task_id for row in rows if row.task_id is not None]
    known = {task.id: task for task in session.execute(select(Task).where(col(Task.id).in_(ids))).scalars()}
    earlier: dict[int | None, dict[str, Target]] = {}
    for target in session.execute(select(Target).where(col(Target.task_id).in_(ids))).scalars():
        earlier.setdefault(target.task_id, {})[target.measure] = target
    tasks = [_new_child(parent.task, row) if row.task_id is None else known[row.task_id] for row in rows]
    session.add_all(tasks)
    session.flush()
    for row, task in zip(rows, tasks, strict=True):
        assert task.id is not None
        # The day first promised stays on record, also where the share is changed before it is acknowledged.
        task.starts_on, task.due_on, task.text = row.starts_on, row.due_on, row.text
        if row.task_id is None:
            session.add(Assignment(task_id=task.id, unit_id=row.unit_id, role=AssignmentRole.LEAD))
        _write_targets(session, parent, row, task.id, earlier.get(task.id, {}))
    session.flush()
    return [replace(row, task_id=task.id) for row, task in zip(rows, tasks, strict=True)]


def _write_targets(session: Session, parent: Parent, row: ShareRow, task_id: int, earlier: Mapping[str, Target]) -> None:
    for target in parent.targets:
        figure = row.figures.get(target.measure)
        if target.measure in earlier and figure is not None:
            _set_figure(earlier[target.measure], figure)
        elif target.measure not in earlier and (figure is not None or figure_of(target) is None):
            session.add(_child_target(target, figure, task_id))


def _new_child(above: Task, row: ShareRow) -> Task:
    return Task(
        plan_id=above.plan_id,
        item_id=above.item_id,
        parent_id=above.id,
        label=above.label,
        text=row.text,
        starts_on=row.starts_on,
        due_on=row.due_on,
        original_due_on=row.due_on,
        criterion=above.criterion,
    )


def _child_target(target: Target, figure: Figure | None, task_id: int) -> Target:
    """Return the parent's target for a child: what is held against a series is the same for all; a series that observes the parent says nothing of its children."""
    child = Target(**target.model_dump(exclude={"id", "item_id"}))
    child.task_id = task_id
    if target.comparator is not Comparator.EXCEEDS_SERIES:
        child.indicator_id = child.against_id = None
    if figure is not None:
        _set_figure(child, figure)
    return child


def _set_figure(target: Target, figure: Figure) -> None:
    if target.value is not None and figure.low == figure.high:
        target.value = figure.low
    else:
        target.value, target.low, target.high = None, figure.low, figure.high
    unit = target.unit_of_measure or ""
    target.text = _("{measure}：{figure}{unit}").format(measure=target.measure, figure=figure_text(figure), unit=unit)


def _child_event(parent: Parent, row: ShareRow, *, is_new: bool) -> Event:
    act = TaskEvent.ISSUE.value if is_new else Act.DECOMPOSE.value
    state = {"state": TaskState.ASSIGNED.value}
    after = {"parent": parent.task.id, **state, "label": parent.task.label, "units": {str(row.unit_id): "lead"}, **_told(row)}
    before = {"state": TaskState.DRAFT.value} if is_new else state
    return Event(act, f"task {row.task_id}", parent.task.plan_id, row.task_id, before, after)


def _told(row: ShareRow) -> dict[str, Any]:
    figures = {name: figure_text(figure) for name, figure in row.figures.items()}
    return {"unit": row.unit, "starts_on": row.starts_on.isoformat(), "due_on": row.due_on.isoformat(), "figures": figures}
