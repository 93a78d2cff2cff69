"""Assignment sheets (交办单): what a plan gives a unit to do, issued at the start and, where tasks were changed afterwards, again with the changes alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.plan import Plan
from models.publication import Publication, PublicationKind
from models.unit import ContactDuty
from reports.assignment import Assignment, as_json, told_of
from reports.assignment_paper import assignment_paper
from reports.paper import Paper
from rules.calendar import add_working_days
from rules.errors import DubanError
from rules.lights import is_done
from rules.rights import Act, Actor, refuse_without_right
from rules.texts import _
from rules.words import day_words
from services.ledger import Event, head_of, record
from services.notices import lock_plans
from services.occasion import Occasion
from services.papers.assignment_changes import changes_between
from services.papers.duties import Carried, Roll, Rolls
from services.papers.filing import Filing
from services.papers.posting import FORMATS, IssuedPaper, Mailing, PostOffice, issue_paper, numbered_imprint
from services.papers.sending import PostingPlan, plan_sending
from services.reach import read_tree

ISSUE_ASSIGNMENT = "issue-assignment"
TO = (ContactDuty.OFFICE, ContactDuty.LIAISON)


@dataclass(frozen=True)
class DraftedAssignment:
    """A sheet as it would go out, and to whom."""

    view: Assignment
    paper: Paper
    postings: PostingPlan


def units_of_plan(session: Session, plan_id: int, day: date, actor: Actor | None = None) -> list[int]:
    """Return the units with tasks of the plan on `day`, in the order of the register; a set whose members are not named gets no sheet."""
    if actor is not None:
        refuse_without_right(actor, Act.ISSUE_ASSIGNMENT)
    roll = _roll(session, plan_id, day, Rolls())
    named = {unit_id for one in _given(roll) for unit_id in (one.record.name.lead_id, *one.record.name.support_ids)}
    return sorted({*named, *_had_sheets(session, plan_id, day)} - roll.open_sets)


def read_assignments(session: Session, plan_id: int, unit_ids: Sequence[int], day: date, actor: Actor | None = None) -> list[Assignment]:
    """Return the sheets of these units as they would be made on `day`, each with what changed since its last one. A unit may see its own, whoever may issue them all.

    Codes: unknown-plan, nothing-to-assign (no task of the plan is a unit's, and none was).
    """
    tree = read_tree(session)
    for unit_id in unit_ids:
        if actor is not None and actor.unit_id != unit_id:
            refuse_without_right(actor, Act.ISSUE_ASSIGNMENT, tree.parties(unit_id))
    roll = _roll(session, plan_id, day, Rolls())
    return [_made(session, roll, plan_id, unit_id) for unit_id in unit_ids]


def preview_assignment(session: Session, plan_id: int, unit_id: int, post: PostOffice, occasion: Occasion) -> DraftedAssignment:
    """Return what `issue_assignment` would send, with the same refusals; nothing is written."""
    view = _issuable(session, plan_id, unit_id, post, occasion)
    paper = assignment_paper(view, post.draft_imprint(occasion, [view.unit]))
    return DraftedAssignment(view, paper, plan_sending(session, [unit_id], TO, occasion.day, post.routes))


def issue_assignment(session: Session, plan_id: int, unit_id: int, post: PostOffice, occasion: Occasion) -> IssuedPaper:
    """Issue a unit's sheet on the occasion's day: the first whole, a later one with the changes alone.

    1. All plans are locked, so that numbers are given one after the other. 2. The sheet is made from the tasks of that moment. 3. Paper, messages and entry are
    written together. Codes: unknown-plan, nothing-to-assign, already-issued (nothing has changed since; the last one's number is named).
    """
    refuse_without_right(occasion.actor, Act.ISSUE_ASSIGNMENT, read_tree(session).parties(unit_id))
    lock_plans(session)
    view = _issuable(session, plan_id, unit_id, post, occasion)
    sheets = _sheets(session, plan_id, unit_id, occasion.day)
    draft = post.draft_imprint(occasion, [view.unit])
    filing = Filing(
        kind=PublicationKind.ASSIGNMENT,
        scope=_scope(plan_id, unit_id),
        period="",
        compose=lambda place: assignment_paper(view, numbered_imprint(draft, place)),
        formats=FORMATS,
        ledger_head=view.ledger_head,
        corrects_id=sheets[0].id if sheets else None,
    )
    issued = issue_paper(session, filing, Mailing((unit_id,), TO, _words(view)), post, occasion)
    record(session, occasion, Event(ISSUE_ASSIGNMENT, f"unit {unit_id}", plan_id, after={"unit": view.unit, **issued.as_entry()}))
    return issued


def _issuable(session: Session, plan_id: int, unit_id: int, post: PostOffice, occasion: Occasion) -> Assignment:
    refuse_without_right(occasion.actor, Act.ISSUE_ASSIGNMENT, read_tree(session).parties(unit_id))
    view = _made(session, _roll(session, plan_id, occasion.day, post.rolls), plan_id, unit_id)
    if view.replaces and not view.changes:
        doc_no, day = view.replaces
        text = _("{unit}的交办单已于{day}印发（{doc_no}），此后任务没有变化，不必再印发")
        raise DubanError("already-issued", text.format(unit=view.unit, day=day, doc_no=doc_no))
    return view


def _made(session: Session, roll: Roll, plan_id: int, unit_id: int) -> Assignment:
    day = roll.day
    sheets = _sheets(session, plan_id, unit_id, day)
    told = told_of(sheets[-1].view) if sheets else {}
    # What was done before the first sheet is no task any more; what a sheet gave stays on it when it is done.
    given = [one for one in _given(roll) if not is_done(one.record.facts) or one.duty.task in told]
    led = tuple(one.duty for one in given if one.record.name.lead_id == unit_id)
    supported = tuple(one.duty for one in given if unit_id in one.record.name.support_ids and one.record.name.lead_id != unit_id)
    if not (led or supported or sheets):
        text = _("{unit}在计划 {plan} 中没有任务，不用交办")
        raise DubanError("nothing-to-assign", text.format(unit=roll.units.get(unit_id, ""), plan=plan_id))
    title, doc_no = session.execute(sa.select(col(Plan.title), col(Plan.doc_no)).where(col(Plan.id) == plan_id)).tuples().one()
    view = Assignment(
        plan_id=plan_id,
        plan=title,
        doc_no=doc_no,
        unit_id=unit_id,
        unit=roll.units[unit_id],
        issued_on=day,
        acknowledge_by=add_working_days(day, roll.rules.acknowledge_days),
        report_limit_days=roll.rules.report_limit_days,
        led=led,
        supported=supported,
        replaces=(sheets[-1].doc_no, sheets[-1].published_on) if sheets else None,
        changes=(),
        rule_set=roll.rules.version,
        rule_sha256=roll.rules.sha256,
        ledger_head=head_of(session, [plan_id]),
    )
    return replace(view, changes=changes_between(told, told_of(as_json(view)))) if sheets else view


def _roll(session: Session, plan_id: int, day: date, rolls: Rolls) -> Roll:
    if session.get(Plan, plan_id) is None:
        raise DubanError("unknown-plan", _("没有计划 {id}，请用 duban plan list 查看").format(id=plan_id))
    return rolls.read(session, day, [plan_id])


def _given(roll: Roll) -> list[Carried]:
    """Return the tasks the plan itself gives out: what a unit handed down it assigns of its own."""
    return [one for one in roll.tasks if one.record.name.parent_id is None]


def _scope(plan_id: int, unit_id: int) -> str:
    return f"plan-{plan_id} unit-{unit_id}"


def _sheets(session: Session, plan_id: int, unit_id: int, day: date) -> Sequence[Publication]:
    """Return the sheets issued by `day`, oldest first."""
    rows = _issued_by(day).where(col(Publication.scope) == _scope(plan_id, unit_id))
    found: Sequence[Publication] = session.execute(rows.order_by(col(Publication.version))).scalars().all()
    return found


def _had_sheets(session: Session, plan_id: int, day: date) -> set[int]:
    scopes = _issued_by(day).with_only_columns(col(Publication.scope)).where(col(Publication.scope).startswith(f"plan-{plan_id} unit-"))
    return {int(scope.rpartition("-")[2]) for scope in session.execute(scopes).scalars()}


def _issued_by(day: date) -> sa.Select[tuple[Publication]]:
    return sa.select(Publication).where(col(Publication.kind) == PublicationKind.ASSIGNMENT, col(Publication.published_on) <= day)


def _words(view: Assignment) -> tuple[str, ...]:
    if view.replaces:
        first = _("更改 {count} 项任务，替代 {doc_no} 中的相应内容。").format(count=len(view.changes), doc_no=view.replaces[0])
    else:
        first = _("牵头任务 {led} 项，配合任务 {supported} 项。").format(led=len(view.led), supported=len(view.supported))
    return (first, _("请于{day}（含当日）前签收；没有系统账号的，填写回执退回。").format(day=day_words(view.acknowledge_by)))
