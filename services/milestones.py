"""How a task's progress is planned and, without figures, measured: milestones with weights, a planned curve, a written criterion.

The plan office plans, the lead unit reaches. What is changed holds from its day on: an earlier day keeps the pace it was judged by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite

from sqlalchemy import select
from sqlmodel import Session, col

from models.task import Milestone, PlannedPoint, Task, TaskState
from rules.errors import DubanError
from rules.rights import Act
from rules.texts import _
from rules.transitions import state_name
from services.ledger import Event, record
from services.occasion import Occasion
from services.tasks import lead_task

_ENDED = (TaskState.COMPLETED, TaskState.CLOSED, TaskState.CANCELLED)
MOST_WEIGHT = 1000.0


@dataclass(frozen=True)
class MilestoneInput:
    """A step: its title (unique in the task), the day by which it is to be reached, and how much it weighs among the others."""

    title: str
    due_on: date
    weight: float = 1.0


def add_milestone(session: Session, task_id: int, wanted: MilestoneInput, occasion: Occasion) -> None:
    """Add a milestone to a task that is not ended; its day lies within the task's."""
    task = _open_task(session, task_id, occasion, Act.PLAN_PACE)
    title = wanted.title.strip()
    if not title or len(title) > 200:
        raise DubanError("bad-milestone", _("节点名称须有 1 到 200 个字"))
    if not (isfinite(wanted.weight) and 0 < wanted.weight <= MOST_WEIGHT):
        raise DubanError("bad-milestone", _("节点“{title}”的权重须大于 0，不超过 {most:g}").format(title=title, most=MOST_WEIGHT))
    if not task.starts_on <= wanted.due_on <= task.due_on:
        text = _("节点“{title}”的日期 {day} 不在任务期内（{starts_on} 至 {due_on}）")
        raise DubanError("outside-task", text.format(title=title, day=wanted.due_on, starts_on=task.starts_on, due_on=task.due_on))
    if _find(session, task_id, title) is not None:
        raise DubanError("milestone-exists", _("任务 {task} 已有节点“{title}”").format(task=task_id, title=title))
    session.add(Milestone(task_id=task_id, title=title, due_on=wanted.due_on, weight=wanted.weight))
    after = {"title": title, "due_on": wanted.due_on.isoformat(), "weight": wanted.weight}
    _enter(session, task, occasion, _Told("add-milestone", {}, after))


def drop_milestone(session: Session, task_id: int, title: str, occasion: Occasion) -> None:
    """Take a milestone out of the plan; one that was reached stays."""
    task = _open_task(session, task_id, occasion, Act.PLAN_PACE)
    found = _named(session, task_id, title)
    if found.done_on is not None:
        raise DubanError("milestone-reached", _("节点“{title}”已于 {day} 完成，不能删去").format(title=found.title, day=found.done_on))
    session.delete(found)
    before = {"title": found.title, "due_on": found.due_on.isoformat(), "weight": found.weight}
    _enter(session, task, occasion, _Told("drop-milestone", before, {"title": found.title}))


def reach_milestone(session: Session, task_id: int, title: str, occasion: Occasion, reached_on: date | None = None) -> None:
    """Report a milestone as reached, on `reached_on` or on the day itself; the lead unit does, once it has taken the task up."""
    task = _open_task(session, task_id, occasion, Act.REACH_MILESTONE)
    if task.state is not TaskState.IN_PROGRESS:
        raise DubanError("not-now", _("任务现在是“{state}”，不能填报节点").format(state=state_name(task.state)))
    found = _named(session, task_id, title)
    if found.done_on is not None:
        raise DubanError("milestone-reached", _("节点“{title}”已于 {day} 完成，不用再报").format(title=found.title, day=found.done_on))
    day = reached_on or occasion.day
    if not task.starts_on <= day <= occasion.day:
        text = _("节点“{title}”的完成日期 {day} 应在任务开始（{starts_on}）之后、今天（{today}）之前")
        raise DubanError("outside-task", text.format(title=found.title, day=day, starts_on=task.starts_on, today=occasion.day))
    found.done_on = day
    session.add(found)
    _enter(session, task, occasion, _Told("reach-milestone", {}, {"title": found.title, "done_on": day.isoformat()}))


def plan_curve(session: Session, task_id: int, points: Mapping[date, float], occasion: Occasion) -> None:
    """Plan the task's pace: the per cent that should be done at the end of each day, rising, within the task; without points it is a straight line again.

    The due day is always 100 and needs no point.
    """
    task = _open_task(session, task_id, occasion, Act.PLAN_PACE)
    _refuse_points(task, points)
    standing = session.execute(select(PlannedPoint).where(col(PlannedPoint.task_id) == task_id).order_by(col(PlannedPoint.day))).scalars()
    rows = {row.day: row for row in standing}
    before = {day.isoformat(): row.percent for day, row in rows.items()}
    after = {day.isoformat(): percent for day, percent in sorted(points.items())}
    if before == after:
        raise DubanError("nothing-changes", _("任务 {task} 的进度安排本来就是这样").format(task=task_id))
    for day in rows.keys() - points.keys():
        session.delete(rows[day])
    for day, percent in points.items():
        row = rows.get(day) or PlannedPoint(task_id=task_id, day=day, percent=percent)
        row.percent = percent
        session.add(row)
    _enter(session, task, occasion, _Told("plan-curve", before, after))


def _refuse_points(task: Task, points: Mapping[date, float]) -> None:
    last = 0.0
    for day, percent in sorted(points.items()):
        if not task.starts_on <= day <= task.due_on:
            text = _("{day} 不在任务期内（{starts_on} 至 {due_on}）")
            raise DubanError("outside-task", text.format(day=day, starts_on=task.starts_on, due_on=task.due_on))
        if not 0 <= percent <= 100:
            raise DubanError("bad-curve", _("{day} 的进度 {percent:g} 应在 0 到 100 之间").format(day=day, percent=percent))
        if percent < last:
            raise DubanError(
                "bad-curve", _("{day} 的进度 {percent:g} 低于此前的 {last:g}，进度只升不降").format(day=day, percent=percent, last=last)
            )
        last = percent
    if task.due_on in points and points[task.due_on] != 100:
        raise DubanError("bad-curve", _("到期日 {day} 的进度应为 100").format(day=task.due_on))


def set_criterion(session: Session, task_id: int, criterion: str, occasion: Occasion) -> None:
    """Write down when a task counts as done where no figure says so; empty takes it away. It is shown at submission and review."""
    task = _open_task(session, task_id, occasion, Act.SET_CRITERION)
    said = criterion.strip() or None
    if said == task.criterion:
        raise DubanError("nothing-changes", _("任务 {task} 的完成标准本来就是这样").format(task=task_id))
    before, task.criterion = task.criterion, said
    session.add(task)
    _enter(session, task, occasion, _Told("set-criterion", {"criterion": before}, {"criterion": said}))


def criterion_of(session: Session, task_id: int) -> str | None:
    """Return the task's written criterion, None where there is none."""
    return session.execute(select(col(Task.criterion)).where(col(Task.id) == task_id)).scalar_one_or_none()


def _open_task(session: Session, task_id: int, occasion: Occasion, act: Act) -> Task:
    task = lead_task(session, task_id, occasion, act).task
    if task.state in _ENDED:
        raise DubanError("task-ended", _("任务 {task}{state}，进度安排不再改动").format(task=task_id, state=state_name(task.state)))
    return task


def _find(session: Session, task_id: int, title: str) -> Milestone | None:
    rows = select(Milestone).where(col(Milestone.task_id) == task_id, col(Milestone.title) == title)
    found: Milestone | None = session.execute(rows).scalar_one_or_none()
    return found


def _named(session: Session, task_id: int, title: str) -> Milestone:
    known: Sequence[Milestone] = (
        session.execute(select(Milestone).where(col(Milestone.task_id) == task_id).order_by(col(Milestone.due_on))).scalars().all()
    )
    wanted = title.strip()
    fitting = [one for one in known if one.title == wanted] or [one for one in known if wanted and wanted in one.title]
    if len(fitting) == 1:
        return fitting[0]
    names = _("、").join(one.title for one in known) or _("（没有节点）")
    raise DubanError("unknown-milestone", _("“{title}”不能确定是哪个节点。本任务的节点：{names}").format(title=title, names=names))


@dataclass(frozen=True)
class _Told:
    act: str
    before: Mapping[str, object]
    after: Mapping[str, object]


def _enter(session: Session, task: Task, occasion: Occasion, told: _Told) -> None:
    record(session, occasion, Event(told.act, f"task {task.id}", task.plan_id, task.id, told.before, told.after))
