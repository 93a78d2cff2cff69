"""Amending and closing a plan in force: shown first, then done in one transaction, with an entry for every task it touches.

Tasks keep their ids, histories and reports. The old version stays: its document whole in `plan_version`, its days, units and targets in the ledger.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from intake.draft import DraftPlan
from intake.review.differences import Difference
from models.plan import Plan, PlanState
from models.task import AssignmentRole, Task, TaskState
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from rules.transitions import TaskEvent
from services.amendment import Amendment, Fate, ItemStep, TaskStep, work_out
from services.children import ENDED
from services.decisions import ended_with_parts
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.plan_rows import ItemMaking, NewTask, issue_items, issue_tasks, item_values, named_organs, version_row
from services.plans import Waiver, plan_of, refuse_issued, refuse_unwaived, waived_reasons
from services.task_amending import amend_task
from services.tasks import move
from services.unit_matching import settled_units
from services.units import register_units, units_by_name

SHOWN_TASKS = 5


@dataclass(frozen=True)
class TaskFate:
    """What an amendment does to one task, as it is shown. `task` is None for one to be issued; `fields` are what changes."""

    task: int | None
    item: str
    label: str
    fate: Fate
    fields: tuple[str, ...]


@dataclass(frozen=True)
class AmendmentSheet:
    """An amendment as it is shown before and after: what differs in the document, and what becomes of the tasks."""

    plan: int
    title: str
    version: int
    differences: tuple[Difference, ...]
    tasks: tuple[TaskFate, ...]


@dataclass(frozen=True)
class AmendmentOrder:
    """How an amendment is done: why, which errors are let pass, and the version it was worked out on (None: whichever it is)."""

    reason: str = ""
    waivers: tuple[Waiver, ...] = ()
    seen_version: int | None = None


def preview_amendment(session: Session, plan_id: int, draft: DraftPlan, waivers: Sequence[Waiver], occasion: Occasion) -> AmendmentSheet:
    """Return what `amend_plan` would do; nothing is written and nothing locked."""
    return _sheet_of(_checked(session, plan_of(session, plan_id), draft, waivers, occasion))


def amend_plan(session: Session, plan_id: int, draft: DraftPlan, order: AmendmentOrder, occasion: Occasion) -> AmendmentSheet:
    """Amend a plan to a new version of its document.

    1. As in issuing, error findings must be waived. 2. Items are paired by key, number and title, then likeness; what the document did not change stays as it was
    decided since. 3. Open tasks of dropped items are cancelled, new ones issued, changed ones amended; a new lead must acknowledge again; done ones stay.
    4. The plan's version counts up, and every task concerned gets its entry.

    Codes: plan-closed, nothing-to-amend, under-review, plan-changed.
    """
    plan = plan_of(session, plan_id, is_locked=True)
    session.execute(select(col(Task.id)).where(col(Task.plan_id) == plan_id).order_by(col(Task.id)).with_for_update()).all()
    amendment = _checked(session, plan, draft, order.waivers, occasion)
    if order.seen_version not in (None, amendment.plan.version):
        text = _("计划 {id} 在您查看之后已被他人调整为第 {version} 版，请重新查看后再办")
        raise DubanError("plan-changed", text.format(id=plan_id, version=amendment.plan.version))
    sheet = _sheet_of(amendment)
    ids = register_units(session, named_organs(amendment.draft.items), occasion)
    before = _facts_of(plan)
    for name, value in amendment.draft.plan.model_dump(exclude_none=True).items():
        setattr(plan, name, value)
    plan.version += 1
    plan.source_name, plan.source_sha256 = draft.source.name, draft.source.sha256
    session.add_all([plan, version_row(plan, amendment.draft, occasion.day, order.reason)])
    said = _said(amendment, draft, order)
    doing = _Doing(
        ItemMaking(plan, amendment.draft.plan, {**ids, **_ids_of_roles(session, amendment)}), order.reason or _("计划调整"), occasion
    )
    position = 0
    events: list[Event] = []
    for step in amendment.items:
        position += step.new is not None
        events += _applied(session, step, doing, position)
    after = {**_facts_of(plan), **said}
    record_all(session, occasion, [Event("amend-plan", f"plan {plan.id}", plan.id, before=before, after=after), *events])
    return sheet


def close_plan(session: Session, plan_id: int, reason: str, occasion: Occasion) -> int:
    """Close a plan, so that it is followed up no more, and return how many open tasks were cancelled with it.

    Open tasks are cancelled with `reason` as their basis; without a reason a plan that has some is refused with tasks-open.
    """
    refuse_without_right(occasion.actor, Act.CLOSE_PLAN)
    plan = plan_of(session, plan_id, is_locked=True)
    _refuse_closed(plan)
    open_tasks = select(Task).where(col(Task.plan_id) == plan_id, col(Task.state).not_in(ENDED)).order_by(col(Task.id))
    tasks = list(session.execute(open_tasks.with_for_update()).scalars())
    if tasks and not reason.strip():
        numbers = _("、").join(str(task.id) for task in tasks[:SHOWN_TASKS])
        text = _("计划 {id} 还有 {count} 项任务没有办结（任务 {numbers} 等）；请先办结，或用 --reason 写明依据，一并终止")
        raise DubanError("tasks-open", text.format(id=plan_id, count=len(tasks), numbers=numbers))
    plan.state = PlanState.CLOSED
    session.add(plan)
    after = {"state": plan.state.value, "reason": reason, "cancelled": [task.id for task in tasks]}
    closing = Event("close-plan", f"plan {plan_id}", plan_id, before={"state": PlanState.IN_FORCE.value}, after=after)
    cancelled = [event for task in tasks for event in _cancelled(session, task, reason, occasion)]
    record_all(session, occasion, [closing, *cancelled])
    return len(tasks)


def _checked(session: Session, plan: Plan, draft: DraftPlan, waivers: Sequence[Waiver], occasion: Occasion) -> Amendment:
    refuse_without_right(occasion.actor, Act.AMEND_PLAN)
    _refuse_closed(plan)
    refuse_issued(session, draft, but=plan.id)
    settled = settled_units(session, draft)
    refuse_unwaived(settled, waivers)
    amendment = work_out(session, plan, settled)
    if not amendment.draft.items:
        raise DubanError("nothing-to-issue", _("草案中没有要交办的事项，请在审核工作簿“是否交办”列选“是”"))
    if not amendment.differences:
        raise DubanError("nothing-to-amend", _("草案与计划 {id} 现在的第 {version} 版没有不同").format(id=plan.id, version=plan.version))
    _refuse_under_review(amendment)
    return amendment


def _refuse_closed(plan: Plan) -> None:
    if plan.state is PlanState.CLOSED:
        raise DubanError("plan-closed", _("计划 {id} 已经结束，不能再调整").format(id=plan.id))


def _refuse_under_review(amendment: Amendment) -> None:
    held = {"due_on", "targets", "units"}
    for step in (step for item in amendment.items for step in item.tasks):
        if step.task and step.fate is Fate.AMEND and step.task.state is TaskState.SUBMITTED and held & set(step.fields):
            text = _("任务 {id} 正在审核办结申请，不能同时调整期限、目标或单位；请先办结或退回，再调整计划")
            raise DubanError("under-review", text.format(id=step.task.id))


def _sheet_of(amendment: Amendment) -> AmendmentSheet:
    tasks = [
        TaskFate(step.task.id if step.task else None, _title(item), _label(step), step.fate, step.fields)
        for item in amendment.items
        for step in item.tasks
        if step.task or step.new
    ]
    plan = amendment.plan
    assert plan.id is not None
    return AmendmentSheet(plan.id, amendment.draft.plan.title or plan.title, plan.version, amendment.differences, tuple(tasks))


def _title(item: ItemStep) -> str:
    return item.new.title if item.new else item.row.title if item.row else ""


def _label(step: TaskStep) -> str:
    return step.new.label if step.new else step.task.label if step.task else ""


def _facts_of(plan: Plan) -> dict[str, object]:
    return {"version": plan.version, "title": plan.title, "doc_no": plan.doc_no, "source": plan.source_name, "sha256": plan.source_sha256}


def _said(amendment: Amendment, draft: DraftPlan, order: AmendmentOrder) -> dict[str, object]:
    concerned = {
        unit
        for item in amendment.items
        if any(step.fate is not Fate.STAY for step in item.tasks)
        for unit in (*item.old_roles, *item.new_roles)
    }
    waived = [finding for finding in draft.findings if any(waiver.covers(finding) for waiver in order.waivers)]
    return {
        "reason": order.reason,
        "added": [item.new.title for item in amendment.items if item.new and not item.row],
        "dropped": [item.row.title for item in amendment.items if item.row and not item.new],
        "units": sorted(concerned),
        "waived": waived_reasons(waived, order.waivers),
    }


def _ids_of_roles(session: Session, amendment: Amendment) -> Mapping[str, int]:
    return units_by_name(session, {name for item in amendment.items for name in (*item.old_roles, *item.new_roles)})


@dataclass(frozen=True)
class _Doing:
    """What every step of one amendment shares."""

    making: ItemMaking
    basis: str
    occasion: Occasion


def _applied(session: Session, step: ItemStep, doing: _Doing, position: int) -> Iterator[Event]:
    if step.new is None:
        assert step.row
        step.row.until_version = doing.making.plan.version - 1
        session.add(step.row)
    elif step.row is None:
        yield from issue_items(session, doing.making, [(position, step.new)])
        return
    else:
        for name, value in item_values(step.new, position).items():
            setattr(step.row, name, value)
        session.add(step.row)
    for task_step in step.tasks:
        yield from _task_events(session, step, task_step, doing)


def _task_events(session: Session, item: ItemStep, step: TaskStep, doing: _Doing) -> Iterator[Event]:
    assert item.row
    if step.fate is Fate.ISSUE and step.new:
        roles: dict[int, AssignmentRole] = {doing.making.unit_ids[name]: role for name, role in item.new_roles.items()}
        yield from issue_tasks(session, doing.making.plan, [NewTask(item.row.id or 0, item.row.title, step.new, roles)])
    elif step.fate is Fate.CANCEL and step.task:
        yield from ended_with_parts(session, step.task, {"basis": doing.basis}, doing.occasion)
    elif step.fate is Fate.AMEND and step.task:
        yield from amend_task(session, item, step, doing.making.unit_ids, doing.occasion)


def _cancelled(session: Session, task: Task, basis: str, occasion: Occasion) -> list[Event]:
    return move(session, task, TaskEvent.CANCEL, occasion, Event("", "", after={"basis": basis}))
