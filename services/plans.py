"""Issuing a plan: a checked draft becomes plan, items, tasks, targets and assignments, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from sqlalchemy import func, select
from sqlmodel import Session, col

from intake.checking.units import same_organ
from intake.checks import check_draft
from intake.draft import DraftPlan, Finding, ItemDraft, TargetDraft, TaskDraft, UnitDraft
from models.plan import Plan, PlanItem, PlanState
from models.task import Assignment, AssignmentRole, Basis, Comparator, Target, Task, TaskState
from models.unit import Unit
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from rules.transitions import TaskEvent
from services.decomposing import tasks_of
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.unit_matching import settled_units
from services.units import NewUnit, register_units


@dataclass(frozen=True)
class Waiver:
    """An error finding let pass, with the reason. `item` is the draft's item id; None waives the code wherever it stands."""

    code: str
    reason: str
    item: str | None = None

    def covers(self, finding: Finding) -> bool:
        """Tell whether this waiver lets `finding` pass."""
        return finding.code == self.code and self.item in (None, finding.item)


@dataclass(frozen=True)
class IssuedPlan:
    """What issuing made."""

    id: int
    title: str
    item_count: int
    task_count: int
    new_units: tuple[str, ...]
    skipped_items: tuple[str, ...]
    waived: tuple[Finding, ...]


@dataclass(frozen=True)
class PlanRow:
    """A plan as it is listed."""

    id: int
    title: str
    doc_no: str | None
    state: PlanState
    item_count: int
    task_count: int


def issue_plan(session: Session, draft: DraftPlan, waivers: Sequence[Waiver], occasion: Occasion) -> IssuedPlan:
    """Issue a draft.

    1. The actor's right and the document's novelty are checked, and units take their registered names. 2. Every error finding must be waived; waiving an unmarked lead confirms the unit
    listed first. 3. Rows are made for the items marked to be issued, one task a year or round. 4. Plan, waivers and every task are entered in the ledger.
    Nothing is kept where any step refuses.
    """
    refuse_without_right(occasion.actor, Act.ISSUE_PLAN)
    _refuse_issued(session, draft)
    draft = settled_units(session, draft)
    waived = _refuse_unwaived(draft, waivers)
    chosen = [item for item in draft.items if item.issue]
    if not chosen:
        raise DubanError("nothing-to-issue", _("草案中没有要交办的事项，请在审核工作簿“是否交办”列选“是”"))
    units = _register(session, chosen, occasion)
    plan = _plan_row(draft)
    session.add(plan)
    session.flush()
    assert plan.id is not None
    events = [_plan_event(plan, draft, waived, waivers)]
    for position, item in enumerate(chosen, 1):
        events += _issue_item(session, plan, position, item, draft, units.ids)
    record_all(session, occasion, events)
    skipped = tuple(item.title for item in draft.items if not item.issue)
    return IssuedPlan(plan.id, plan.title, len(chosen), len(events) - 1, units.new, skipped, waived)


def _refuse_issued(session: Session, draft: DraftPlan) -> None:
    same = col(Plan.source_sha256) == draft.source.sha256
    if draft.plan.doc_no:
        same |= col(Plan.doc_no) == draft.plan.doc_no
    issued = session.execute(select(col(Plan.id), col(Plan.title)).where(same)).first()
    if issued:
        raise DubanError(
            "already-issued", _("这份文件已经下达为计划 {id}《{title}》，不能重复下达").format(id=issued.id, title=issued.title)
        )


def _refuse_unwaived(draft: DraftPlan, waivers: Sequence[Waiver]) -> tuple[Finding, ...]:
    errors = [finding for finding in check_draft(draft) if finding.severity == "error"]
    left = [finding for finding in errors if not any(waiver.covers(finding) for waiver in waivers)]
    if left:
        more = _("（另有 {count} 处，见 duban plan check）").format(count=len(left) - 1) if len(left) > 1 else ""
        text = _("{message}{more}。请修改草案后再下达，或用 --waive {code}=理由 说明为何放行")
        raise DubanError(left[0].code, text.format(message=left[0].message.rstrip("。"), more=more, code=left[0].code))
    if any(not waiver.reason.strip() for waiver in waivers):
        raise DubanError("no-reason", _("放行须写明理由：--waive 代码=理由"))
    return tuple(errors)


@dataclass(frozen=True)
class PlanTask:
    """A task as its plan lists it."""

    id: int
    number: str | None
    title: str
    label: str
    lead: str
    due_on: date


@dataclass(frozen=True)
class PlanSheet:
    """A plan opened: its facts and its tasks in the document's order."""

    id: int
    title: str
    doc_no: str | None
    issuer: str | None
    starts_on: date | None
    ends_on: date | None
    tasks: tuple[PlanTask, ...]


@dataclass(frozen=True)
class _Units:
    ids: Mapping[str, int]
    new: tuple[str, ...]


def _register(session: Session, items: Sequence[ItemDraft], occasion: Occasion) -> _Units:
    # 人社厅 and 人力资源社会保障厅 are one organ: the longest name is registered, the others lead to it.
    organs: dict[str, dict[str, bool]] = {}
    for unit in (unit for item in items for unit in item.units):
        organs.setdefault(same_organ(unit.name), {})[unit.name] = unit.open
    units = []
    for names in organs.values():
        full = max(names, key=len)
        units.append(NewUnit(full, names[full], tuple(name for name in names if name != full)))
    before = _last_unit_id(session)
    ids = register_units(session, units, occasion)
    return _Units(ids, tuple(unit.name for unit in units if ids[unit.name] > before))


def _last_unit_id(session: Session) -> int:
    return int(session.execute(select(func.coalesce(func.max(col(Unit.id)), 0))).scalar_one())


def _plan_row(draft: DraftPlan) -> Plan:
    if not draft.plan.title:
        raise DubanError("no-title", _("草案没有计划名称，请在审核工作簿“计划”表补填"))
    facts = draft.plan.model_dump(exclude={"title"})
    return Plan(title=draft.plan.title, **facts, source_name=draft.source.name, source_sha256=draft.source.sha256)


def _plan_event(plan: Plan, draft: DraftPlan, waived: Sequence[Finding], waivers: Sequence[Waiver]) -> Event:
    reasons = [
        {"code": finding.code, "item": finding.item, "message": finding.message, "reason": waiver.reason}
        for finding in waived
        for waiver in waivers
        if waiver.covers(finding)
    ]
    after = {"title": plan.title, "doc_no": plan.doc_no, "source": draft.source.name, "sha256": plan.source_sha256, "waived": reasons}
    return Event("issue-plan", f"plan {plan.id}", plan.id, after=after)


def _issue_item(
    session: Session, plan: Plan, position: int, draft_item: ItemDraft, draft: DraftPlan, ids: Mapping[str, int]
) -> list[Event]:
    assert plan.id is not None
    item = PlanItem(
        plan_id=plan.id,
        key=draft_item.id,
        position=position,
        number=draft_item.number,
        path=list(draft_item.path),
        title=draft_item.title,
        text=draft_item.text,
        place=draft_item.place,
        source=draft_item.source.model_dump(exclude_none=True),
    )
    session.add(item)
    session.flush()
    assert item.id is not None
    if draft_item.tasks:
        session.add_all(_targets(draft_item.targets, item_id=item.id))
    roles = assigned_roles(draft_item.units, ids)
    return [_issue_task(session, item, task, roles) for task in tasks_of(draft_item, draft.plan)]


def _issue_task(session: Session, item: PlanItem, draft: TaskDraft, roles: Mapping[int, AssignmentRole]) -> Event:
    assert item.id is not None
    task = Task(
        plan_id=item.plan_id,
        item_id=item.id,
        label=draft.label,
        text=draft.text,
        starts_on=draft.starts_on,
        due_on=draft.due_on,
        original_due_on=draft.due_on,
    )
    session.add(task)
    session.flush()
    assert task.id is not None
    session.add_all(_targets(draft.targets, task_id=task.id))
    session.add_all(Assignment(task_id=task.id, unit_id=unit_id, role=role) for unit_id, role in roles.items())
    after = {
        "state": TaskState.ASSIGNED.value,
        "item": item.title,
        "label": task.label,
        "starts_on": task.starts_on.isoformat(),
        "due_on": task.due_on.isoformat(),
        "units": {str(unit_id): role.value for unit_id, role in roles.items()},
        "targets": [target.model_dump(exclude_none=True) for target in draft.targets],
    }
    return Event(TaskEvent.ISSUE.value, f"task {task.id}", item.plan_id, task.id, {"state": TaskState.DRAFT.value}, after)


def assigned_roles(units: Sequence[UnitDraft], ids: Mapping[str, int]) -> dict[int, AssignmentRole]:
    """Return each unit's role with exactly one lead: the one marked, else the one listed first. Further marked leads support it."""
    roles: dict[int, AssignmentRole] = {}
    for unit in units:
        roles.setdefault(ids[unit.name], AssignmentRole(unit.role))
    lead = next((unit_id for unit_id, role in roles.items() if role is AssignmentRole.LEAD), next(iter(roles)))
    others = {unit_id: AssignmentRole.SUPPORT if role is AssignmentRole.LEAD else role for unit_id, role in roles.items()}
    return {**others, lead: AssignmentRole.LEAD}


def _targets(drafts: Sequence[TargetDraft], item_id: int | None = None, task_id: int | None = None) -> list[Target]:
    # A report names a target by its measure, so two targets of one owner never share one.
    taken: dict[str, count[int]] = {}
    rows = []
    for draft in drafts:
        measure = (draft.measure or draft.text)[:190]
        number = next(taken.setdefault(measure, count(1)))
        row = Target(
            item_id=item_id,
            task_id=task_id,
            comparator=Comparator(draft.comparator),
            basis=Basis(draft.basis) if draft.basis else None,
            **draft.model_dump(exclude={"measure", "comparator", "basis"}),
            measure=measure if number == 1 else f"{measure}（{number}）",
        )
        rows.append(row)
    return rows


def list_plans(session: Session) -> list[PlanRow]:
    """Return all plans in the order they were issued."""
    items = select(func.count()).where(col(PlanItem.plan_id) == Plan.id).scalar_subquery()
    tasks = select(func.count()).where(col(Task.plan_id) == Plan.id).scalar_subquery()
    columns = (col(Plan.id), col(Plan.title), col(Plan.doc_no), col(Plan.state))
    return [PlanRow(*row) for row in session.execute(select(*columns, items, tasks).order_by(col(Plan.id)))]


def show_plan(session: Session, plan_id: int) -> PlanSheet:
    """Return a plan with its tasks; an unknown one is refused."""
    plan = session.get(Plan, plan_id)
    if plan is None:
        raise DubanError("unknown-plan", _("没有计划 {id}，请用 duban plan list 查看").format(id=plan_id))
    columns = (col(Task.id), col(PlanItem.number), col(PlanItem.title), col(Task.label), col(Unit.name), col(Task.due_on))
    tasks = (
        select(*columns)
        .join(PlanItem, col(PlanItem.id) == col(Task.item_id))
        .join(Assignment, col(Assignment.task_id) == col(Task.id))
        .join(Unit, col(Unit.id) == col(Assignment.unit_id))
        .where(col(Task.plan_id) == plan_id, col(Assignment.role) == AssignmentRole.LEAD)
        .order_by(col(PlanItem.position), col(Task.starts_on), col(Task.id))
    )
    rows = tuple(PlanTask(*row) for row in session.execute(tasks))
    return PlanSheet(plan_id, plan.title, plan.doc_no, plan.issuer, plan.starts_on, plan.ends_on, rows)
