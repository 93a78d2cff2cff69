"""A draft becomes a plan, or the next version of one: what it would make is shown first, then it is done in one transaction.

Names that are new to the register are confirmed by whoever issues, each as it is written: a misspelt name would be a unit that nobody answers for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from intake.draft import DraftPlan, Finding, ItemDraft
from intake.review.register import Register, with_registered_names
from models.draft_document import DraftDocument, DraftDocumentState
from models.plan import PlanState
from rules.errors import DubanError
from rules.rights import Actor
from rules.texts import _
from services.amending import AmendmentOrder, AmendmentSheet, amend_plan, preview_amendment
from services.decomposing import tasks_of
from services.draft_documents import checked, draft_document, draft_of_row, open_document, waiver_of
from services.occasion import Occasion
from services.plan_rows import named_organs
from services.plans import PlanRow, Waiver, issue_plan, list_plans
from services.unit_matching import register_of
from services.units import units_by_name


@dataclass(frozen=True)
class NewName:
    """A name that no unit of the register has, and the registered unit it may stand for."""

    name: str
    proposal: str | None
    item_count: int


@dataclass(frozen=True)
class WaivedFinding:
    """A finding let pass: by whom and why."""

    finding: Finding
    reason: str
    by: str


@dataclass(frozen=True)
class IssueSheet:
    """What issuing a draft would make, and what still stands against it."""

    revision: int
    draft: DraftPlan
    item_count: int
    task_count: int
    skipped: tuple[str, ...]
    unit_count: int
    new_units: tuple[NewName, ...]
    waived: tuple[WaivedFinding, ...]
    errors: tuple[Finding, ...]
    plans: tuple[PlanRow, ...]
    proposed_plan: int | None


@dataclass(frozen=True)
class IssueOrder:
    """How a draft is issued: the revision that was read, the new names confirmed, and the plan it amends with its version as seen and the reason."""

    revision: int
    confirmed: frozenset[str] = frozenset()
    amends: int | None = None
    seen_version: int | None = None
    reason: str = ""


def issue_sheet(session: Session, draft_id: int, actor: Actor) -> IssueSheet:
    """Return what issuing would make today; the findings are made anew, since the register may have changed."""
    row = draft_document(session, draft_id, actor)
    register = register_of(session)
    draft = _as_of_now(row, register)
    chosen = [item for item in draft.items if item.issue]
    waived, errors = _sorted_out(draft, row)
    plans = tuple(plan for plan in list_plans(session) if plan.state is PlanState.IN_FORCE)
    return IssueSheet(
        revision=row.revision,
        draft=draft,
        item_count=len(chosen),
        task_count=sum(_task_count(item, draft) for item in chosen),
        skipped=tuple(item.title for item in draft.items if not item.issue),
        unit_count=len({unit.name for item in chosen for unit in item.units}),
        new_units=_new_names(session, with_registered_names(draft, register), register),
        waived=waived,
        errors=errors,
        plans=plans,
        proposed_plan=_same_plan(draft, plans),
    )


def amendment_sheet(session: Session, draft_id: int, plan_id: int, occasion: Occasion) -> AmendmentSheet:
    """Return what issuing the draft as the next version of a plan would change. Codes: those of `preview_amendment`, errors-left."""
    row = draft_document(session, draft_id, occasion.actor)
    draft = _as_of_now(row, register_of(session))
    _refuse_errors(_sorted_out(draft, row)[1])
    return preview_amendment(session, plan_id, draft, _waivers(row), occasion)


def issue_document(session: Session, draft_id: int, order: IssueOrder, occasion: Occasion) -> int:
    """Issue the draft as a plan, or as the next version of the one it amends, and return the plan's id.

    1. It must be what was read when the yes was given, without an error that is not let pass, and every new name confirmed. 2. The plan is issued or amended with
    its entries in the ledger. 3. The draft is closed and leads to the plan.

    Codes: changed-meanwhile, errors-left, names-not-confirmed, and those of `issue_plan` and `amend_plan`.
    """
    row = open_document(session, draft_id, occasion.actor)
    if row.revision != order.revision:
        raise DubanError("changed-meanwhile", _("您打开之后，草案又被修改过，没有下达；请重新核对汇总，再确认一次"))
    register = register_of(session)
    draft = _as_of_now(row, register)
    _refuse_errors(_sorted_out(draft, row)[1])
    _refuse_unconfirmed(_new_names(session, with_registered_names(draft, register), register), order.confirmed)
    waivers = _waivers(row)
    if order.amends is None:
        plan_id = issue_plan(session, draft, waivers, occasion).id
    else:
        amending = AmendmentOrder(order.reason, tuple(waivers), order.seen_version)
        plan_id = amend_plan(session, order.amends, draft, amending, occasion).plan
    row.state, row.plan_id, row.changed_at = DraftDocumentState.ISSUED, plan_id, occasion.at
    session.add(row)
    session.flush()
    return plan_id


def _as_of_now(row: DraftDocument, register: Register) -> DraftPlan:
    draft = draft_of_row(row)
    return checked(draft, draft, register)


def _sorted_out(draft: DraftPlan, row: DraftDocument) -> tuple[tuple[WaivedFinding, ...], tuple[Finding, ...]]:
    waived: list[WaivedFinding] = []
    errors: list[Finding] = []
    for finding in draft.findings:
        waiver = waiver_of(row.waivers, finding.code, finding.item)
        if waiver is not None:
            waived.append(WaivedFinding(finding, waiver["reason"], waiver["by"]))
        elif finding.severity == "error":
            errors.append(finding)
    return tuple(waived), tuple(errors)


def _waivers(row: DraftDocument) -> list[Waiver]:
    return [Waiver(one["code"], one["reason"], one["item"]) for one in row.waivers]


def _refuse_errors(errors: Sequence[Finding]) -> None:
    if errors:
        text = _("还有 {count} 处“须处理”的检查意见，请先改正，或写明理由放行，再下达")
        raise DubanError("errors-left", text.format(count=len(errors)))


def _refuse_unconfirmed(new: Sequence[NewName], confirmed: frozenset[str]) -> None:
    left = [name.name for name in new if name.name not in confirmed]
    if left:
        text = _("名册里没有“{unit}”，请先确认：是新单位，还是已登记的某个单位")
        raise DubanError("names-not-confirmed", text.format(unit=_("”“").join(left[:3])))


def _new_names(session: Session, draft: DraftPlan, register: Register) -> tuple[NewName, ...]:
    organs = named_organs([item for item in draft.items if item.issue])
    known = units_by_name(session, [name for unit in organs for name in (unit.name, *unit.other_names)])
    # Sets whose members are named later are no names to be mistaken for a unit's.
    named = [unit for unit in organs if not unit.is_open]
    new = [unit.name for unit in named if not any(name in known for name in (unit.name, *unit.other_names))]
    counts = _item_counts(draft.items)
    return tuple(NewName(name, proposed_unit(register, name), counts.get(name, 0)) for name in new)


def _item_counts(items: Sequence[ItemDraft]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for item in items:
        for name in {unit.name for unit in item.units if item.issue}:
            counts[name] = counts.get(name, 0) + 1
    return counts


def proposed_unit(register: Register, name: str) -> str | None:
    """Return the registered unit that a name may stand for."""
    return next(iter(register.shortened(name)), None) or register.nearest(name)


def _task_count(item: ItemDraft, draft: DraftPlan) -> int:
    try:
        return len(tasks_of(item, draft.plan))
    except DubanError:
        # Without a day it makes none yet, and a finding says so.
        return 0


def _same_plan(draft: DraftPlan, plans: Sequence[PlanRow]) -> int | None:
    """Return the plan in force that the document is likely the next version of: of its number, else its title."""
    same_number = (plan.id for plan in plans if draft.plan.doc_no and plan.doc_no == draft.plan.doc_no)
    same_title = (plan.id for plan in plans if plan.title == draft.plan.title)
    return next(same_number, None) or next(same_title, None)
