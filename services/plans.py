"""Issuing a plan: a checked draft becomes plan, items, tasks, targets and assignments, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from intake.checks import check_draft
from intake.draft import DraftPlan, Finding, ItemDraft
from models.plan import Plan, PlanItem, PlanState, PlanVersion, SourceKind
from models.task import Assignment, AssignmentRole, Task, TaskState
from models.unit import Unit
from rules.errors import DubanError
from rules.rights import Act, Actor, may, refuse_without_right
from rules.texts import _
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.plan_rows import ItemMaking, issue_items, named_organs, version_row
from services.reach import parties_of_all
from services.unit_matching import settled_units
from services.units import register_units


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
    source_kind: SourceKind
    item_count: int
    task_count: int


def issue_plan(
    session: Session, draft: DraftPlan, waivers: Sequence[Waiver], occasion: Occasion, kind: SourceKind = SourceKind.PLAN
) -> IssuedPlan:
    """Issue a draft; `kind` is the kind of document it was read from.

    1. The actor's right and the document's novelty are checked, and units take their registered names. 2. Every error finding must be waived; waiving an unmarked lead confirms the unit
    listed first. 3. Rows are made for the items marked to be issued, one task a year or round. 4. Plan, waivers and every task are entered in the ledger.
    Nothing is kept where any step refuses.
    """
    refuse_without_right(occasion.actor, Act.ISSUE_PLAN)
    refuse_issued(session, draft)
    draft = settled_units(session, draft)
    waived = refuse_unwaived(draft, waivers)
    chosen = [item for item in draft.items if item.issue]
    if not chosen:
        raise DubanError("nothing-to-issue", _("草案中没有要交办的事项，请在审核工作簿“是否交办”列选“是”"))
    units = _register(session, chosen, occasion)
    plan = _plan_row(draft, kind)
    session.add(plan)
    session.flush()
    assert plan.id is not None
    session.add(version_row(plan, draft, occasion.day))
    events = [_plan_event(plan, draft, waived, waivers)]
    making = ItemMaking(plan, draft.plan, units.ids)
    events += issue_items(session, making, list(enumerate(chosen, 1)))
    record_all(session, occasion, events)
    skipped = tuple(item.title for item in draft.items if not item.issue)
    return IssuedPlan(plan.id, plan.title, len(chosen), len(events) - 1, units.new, skipped, waived)


def refuse_issued(session: Session, draft: DraftPlan, but: int | None = None) -> None:
    """Refuse a draft whose document is any version of a plan already, by its bytes or its number; plan `but` aside."""
    versions = select(col(PlanVersion.plan_id)).where(_is_same(PlanVersion, draft, col(PlanVersion.draft)["plan"]["doc_no"].as_string()))
    same = _is_same(Plan, draft, col(Plan.doc_no)) | col(Plan.id).in_(versions)
    issued = session.execute(select(col(Plan.id), col(Plan.title)).where(same, col(Plan.id) != (but or 0))).first()
    if issued:
        raise DubanError(
            "already-issued", _("这份文件已经下达为计划 {id}《{title}》，不能重复下达").format(id=issued.id, title=issued.title)
        )


def _is_same(kind: type[Plan] | type[PlanVersion], draft: DraftPlan, doc_no: Any) -> Any:
    same = col(kind.source_sha256) == draft.source.sha256
    return same | (doc_no == draft.plan.doc_no) if draft.plan.doc_no else same


def refuse_unwaived(draft: DraftPlan, waivers: Sequence[Waiver]) -> tuple[Finding, ...]:
    """Refuse, with the finding's code, a draft with an error that no waiver lets pass; return those let pass."""
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
    version: int
    state: PlanState
    source_kind: SourceKind
    tasks: tuple[PlanTask, ...]


@dataclass(frozen=True)
class _Units:
    ids: Mapping[str, int]
    new: tuple[str, ...]


def _register(session: Session, items: Sequence[ItemDraft], occasion: Occasion) -> _Units:
    units = named_organs(items)
    before = _last_unit_id(session)
    ids = register_units(session, units, occasion)
    return _Units(ids, tuple(unit.name for unit in units if ids[unit.name] > before))


def _last_unit_id(session: Session) -> int:
    return int(session.execute(select(func.coalesce(func.max(col(Unit.id)), 0))).scalar_one())


def _plan_row(draft: DraftPlan, kind: SourceKind) -> Plan:
    if not draft.plan.title:
        raise DubanError("no-title", _("草案没有计划名称，请在审核工作簿“计划”表补填"))
    facts = draft.plan.model_dump(exclude={"title"})
    return Plan(title=draft.plan.title, **facts, source_kind=kind, source_name=draft.source.name, source_sha256=draft.source.sha256)


def _plan_event(plan: Plan, draft: DraftPlan, waived: Sequence[Finding], waivers: Sequence[Waiver]) -> Event:
    reasons = waived_reasons(waived, waivers)
    said = {"title": plan.title, "doc_no": plan.doc_no, "kind": plan.source_kind.value, "source": draft.source.name}
    after = {**said, "sha256": plan.source_sha256, "waived": reasons}
    return Event("issue-plan", f"plan {plan.id}", plan.id, after=after)


def waived_reasons(waived: Sequence[Finding], waivers: Sequence[Waiver]) -> list[dict[str, Any]]:
    """Return, for the ledger, what was let pass and why."""
    return [
        {"code": finding.code, "item": finding.item, "message": finding.message, "reason": waiver.reason}
        for finding in waived
        for waiver in waivers
        if waiver.covers(finding)
    ]


def list_plans(session: Session, ids: Sequence[int] | None = None) -> list[PlanRow]:
    """Return all plans, or those with these numbers, in the order they were issued."""
    items = select(func.count()).where(col(PlanItem.plan_id) == Plan.id, col(PlanItem.until_version).is_(None)).scalar_subquery()
    tasks = select(func.count()).where(col(Task.plan_id) == Plan.id).scalar_subquery()
    columns = (col(Plan.id), col(Plan.title), col(Plan.doc_no), col(Plan.state), col(Plan.source_kind))
    wanted = select(*columns, items, tasks).order_by(col(Plan.id))
    return [PlanRow(*row) for row in session.execute(wanted if ids is None else wanted.where(col(Plan.id).in_(ids)))]


def show_plan(session: Session, plan_id: int, actor: Actor | None = None) -> PlanSheet:
    """Return a plan with the tasks the actor may see, those of items an amendment dropped only where they were done; an unknown plan is refused."""
    plan = plan_of(session, plan_id)
    columns = (col(Task.id), col(PlanItem.number), col(PlanItem.title), col(Task.label), col(Unit.name), col(Task.due_on))
    tasks = (
        select(*columns)
        .join(PlanItem, col(PlanItem.id) == col(Task.item_id))
        .join(Assignment, col(Assignment.task_id) == col(Task.id))
        .join(Unit, col(Unit.id) == col(Assignment.unit_id))
        .where(col(Task.plan_id) == plan_id, col(Assignment.role) == AssignmentRole.LEAD)
        .where(col(PlanItem.until_version).is_(None) | (col(Task.state) != TaskState.CANCELLED))
        .order_by(col(PlanItem.position), col(Task.starts_on), col(Task.id))
    )
    rows = tuple(PlanTask(*row) for row in session.execute(tasks))
    if actor is not None:
        parties = parties_of_all(session, select(col(Task.id)).where(col(Task.plan_id) == plan_id))
        rows = tuple(row for row in rows if may(actor, Act.READ, parties[row.id]))
    facts = {name: getattr(plan, name) for name in ("title", "doc_no", "issuer", "starts_on", "ends_on", "version", "state", "source_kind")}
    return PlanSheet(id=plan_id, **facts, tasks=rows)


def plan_of(session: Session, plan_id: int, is_locked: bool = False) -> Plan:
    """Return a plan's row, locked for a change where asked; an unknown one is refused."""
    wanted = select(Plan).where(col(Plan.id) == plan_id)
    plan: Plan | None = session.execute(wanted.with_for_update() if is_locked else wanted).scalar_one_or_none()
    if plan is None:
        raise DubanError("unknown-plan", _("没有计划 {id}，请用 duban plan list 查看").format(id=plan_id))
    return plan
