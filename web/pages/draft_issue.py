"""`/drafts/{id}/issue`: what issuing would make, then the yes. Also the completion of unit names from the register."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from intake.review.differences import Difference, change_name, field_name
from models.draft_document import DraftDocumentState
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.amendment import Fate
from services.draft_documents import draft_document
from services.draft_issuing import IssueOrder, IssueSheet, NewName, amendment_sheet, issue_document, issue_sheet
from services.occasion import Occasion
from services.unit_matching import register_of
from web.acting import Deed, act, occasion_of
from web.draft_words import finding_text
from web.forms import Sent
from web.pages.drafts import revision_of
from web.refusals import Refusal, refusal_of
from web.rendering import Page, show
from web.visiting import Visiting, Visitor, reading

router = APIRouter()
MOST_NAMES = 20
SHOWN_LENGTH = 120


@dataclass(frozen=True)
class Change:
    """One thing an amendment changes."""

    kind: str
    item: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Amending:
    """What issuing as the next version of a plan would do, or why it cannot."""

    plan: int
    version: int
    changes: tuple[Change, ...] = ()
    fates: tuple[tuple[str, int], ...] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Duty:
    """What a unit is given: how many items it leads, and how many it helps with."""

    unit: str
    lead: int
    support: int


@dataclass(frozen=True)
class IssuePage:
    """The summary before the yes."""

    id: int
    sheet: IssueSheet
    errors: tuple[str, ...]
    waived: tuple[tuple[str, str, str], ...]
    new_units: tuple[tuple[NewName, str], ...]
    duties: tuple[Duty, ...]
    plans: tuple[tuple[str, str], ...]
    chosen: str
    amending: Amending | None


@router.get("/drafts/{draft_id:int}/issue")
def issue_page(request: Request, visitor: Visiting, draft_id: int, plan: str | None = None) -> Response:
    """Show what issuing would make; `plan` is the plan in force it would amend, empty for a new one."""
    with reading(visitor) as session:
        row = draft_document(session, draft_id, visitor.actor)
        page = _page(session, visitor, draft_id, plan) if row.state is DraftDocumentState.OPEN else None
    return (
        show(request, visitor, page) if page else RedirectResponse(f"/plans/{row.plan_id}" if row.plan_id else f"/drafts/{draft_id}", 303)
    )


@router.post("/drafts/{draft_id:int}/issue")
def issue(request: Request, visitor: Visiting, sent: Sent, draft_id: int) -> Response:
    """Issue the draft, or amend a plan by it."""
    written, version = sent.text("plan"), sent.text("version")
    amends = int(written) if written.isdecimal() and len(written) < 10 else None
    order = IssueOrder(
        revision=revision_of(sent),
        confirmed=frozenset(sent.texts("new_unit") if sent.flag("names_checked") else ()),
        amends=amends,
        seen_version=int(version) if version.isdecimal() and len(version) < 10 else None,
        reason=sent.text("reason"),
    )

    def do(session: Session, occasion: Occasion) -> object:
        return issue_document(session, draft_id, order, occasion)

    said = _("计划已调整，有关单位会收到通知") if amends else _("计划已下达，请各单位签收")
    deed = Deed(do, lambda plan_id: f"/plans/{plan_id}", said, lambda session: _page(session, visitor, draft_id, written))
    return act(request, visitor, sent, deed)


@router.get("/units/names")
def unit_names(request: Request, visitor: Visiting, q: str = "") -> Response:
    """Complete a unit's name from the register: as options for a list."""
    typed = (q or next(iter(request.query_params.values()), "")).strip()
    with reading(visitor) as session:
        refuse_without_right(visitor.actor, Act.ISSUE_PLAN)
        units = register_of(session).units
    names = [unit.name for unit in units if typed and any(typed in name for name in (unit.name, *unit.other_names))]
    names.sort(key=lambda name: (not name.startswith(typed), len(name), name))
    return show(request, visitor, Page("draft/unit_names.html.j2", tuple(names[:MOST_NAMES]), _("单位名称")))


def _page(session: Session, visitor: Visitor, draft_id: int, plan: str | None) -> Page:
    row = draft_document(session, draft_id, visitor.actor)
    sheet = issue_sheet(session, draft_id, visitor.actor)
    chosen = plan if plan is not None else str(sheet.proposed_plan or "")
    amending = None
    if chosen.isdecimal() and not sheet.errors:
        amending = _amending(session, visitor, draft_id, int(chosen[:9]))
    view = IssuePage(
        id=draft_id,
        sheet=sheet,
        errors=_errors(sheet),
        waived=tuple((finding_text(one.finding), one.reason, _("{who}放行，理由：").format(who=one.by)) for one in sheet.waived),
        new_units=tuple((unit, _new_note(unit)) for unit in sheet.new_units),
        duties=_duties(sheet),
        plans=(
            ("", _("作为新计划下达")),
            *((str(one.id), _("调整计划 {id}《{title}》").format(id=one.id, title=one.title)) for one in sheet.plans),
        ),
        chosen=chosen,
        amending=amending,
    )
    return Page("draft/issue.html.j2", view, _("下达：{title}").format(title=sheet.draft.plan.title or row.name))


def _amending(session: Session, visitor: Visitor, draft_id: int, plan_id: int) -> Amending:
    try:
        sheet = amendment_sheet(session, draft_id, plan_id, occasion_of(visitor))
    except DubanError as error:
        return Amending(plan_id, 0, refusal=refusal_of(error))
    counts = [(_fate_name(fate), sum(task.fate is fate for task in sheet.tasks)) for fate in Fate]
    return Amending(sheet.plan, sheet.version, tuple(_change(one) for one in sheet.differences), tuple(one for one in counts if one[1]))


def _errors(sheet: IssueSheet) -> tuple[str, ...]:
    untitled = () if sheet.draft.plan.title else (_("计划没有名称；请在“修改计划信息”里填写"),)
    return (*untitled, *(finding_text(finding) for finding in sheet.errors))


def _duties(sheet: IssueSheet) -> tuple[Duty, ...]:
    counted: dict[str, list[int]] = {}
    for item in sheet.draft.items:
        for unit in item.units if item.issue else ():
            counted.setdefault(unit.name, [0, 0])[unit.role != "lead"] += 1
    return tuple(Duty(name, *counts) for name, counts in counted.items())


def _new_note(unit: NewName) -> str:
    if unit.proposal:
        return _("{count} 个事项；是否即“{unit}”？").format(count=unit.item_count, unit=unit.proposal)
    return _("{count} 个事项").format(count=unit.item_count)


def _change(difference: Difference) -> Change:
    def short(text: str) -> str:
        return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"

    kind = change_name(difference.change)
    return Change(kind, difference.title or _("计划"), field_name(difference.field), short(difference.before), short(difference.after))


def _fate_name(fate: Fate) -> str:
    return {
        Fate.STAY: _("任务照旧"),
        Fate.AMEND: _("任务调整"),
        Fate.ISSUE: _("任务新下达"),
        Fate.CANCEL: _("任务终止"),
    }.get(fate, fate.value)
