"""Forms for units without an account: one workbook for a unit and a quarter, with what is due, what changed since its last form, and nothing answered before.

A form is a row first and a file second. The row keeps what was asked and where each plan's chain stood, so that an old file is known for one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.account import AccountRole
from models.form import Form
from models.request import Request, RequestKind, RequestState
from models.task import TaskState
from models.unit import Unit
from reports.form_sheets import Cell, FormLine, FormSheet, FormView, Role
from reports.readable import fit_text
from rules.errors import DubanError
from rules.requests import kind_name, refuse_filing
from rules.rights import Act, Actor, Parties, may, refuse_without_right
from rules.texts import _
from services.form_keys import LABEL_MARK, FormRow, house_mark, marks_of, row_key
from services.form_news import News
from services.ledger import Event, chain_of, record
from services.occasion import Occasion
from services.questions import AskedTarget, AskedTask, Survey
from services.reach import read_tree
from services.reported import reporting_limit

FORM_KINDS = (RequestKind.EXTENSION, RequestKind.REASSIGNMENT, RequestKind.SUSPENSION, RequestKind.CANCELLATION)
"""What may be asked for on a form; new targets need more words than a row holds."""

EXPORT_FORM = "export-form"


@dataclass(frozen=True)
class FormPlan:
    """What all forms of one run are made from: what is asked, what changed since each unit's last form, and the requests that wait."""

    survey: Survey
    names: Mapping[int, str]
    news: Mapping[int, Sequence[News]]
    waiting: Mapping[int, frozenset[RequestKind]]
    house: str


def unit_parties(session: Session, unit_id: int) -> Parties:
    """Return the parties that a right on a unit's form is asked with: the unit, and all units above it."""
    above: set[int] = set()
    following: int | None = unit_id
    while following is not None and following not in above:
        above.add(following)
        following = session.execute(select(col(Unit.parent_id)).where(col(Unit.id) == following)).scalar_one_or_none()
    return Parties(unit_id, above_lead=frozenset(above))


def make_form(session: Session, unit_id: int, plan: FormPlan, occasion: Occasion) -> FormView:
    """Make the unit's next form of the quarter and return how it is laid out. Refused with nothing-asked where nothing is due and nothing changed."""
    refuse_without_right(occasion.actor, Act.EXPORT_FORM, unit_parties(session, unit_id))
    survey = plan.survey
    asked, news = survey.asked_of(unit_id), plan.news.get(unit_id, ())
    if not asked and not news:
        text = _("{unit} 在 {period} 没有要填的事项，也没有变动，不用发表")
        raise DubanError("nothing-asked", text.format(unit=plan.names[unit_id], period=survey.period.code))
    drafts = [*_acknowledging(asked), *_reporting(asked), *_requesting(plan, unit_id)]
    form = _form_row(session, unit_id, plan, occasion)
    form.field_count = sum(task.field_count for task in asked)
    positions = [
        (task.record.name.id, survey.positions.get(chain_of(task.record.name.plan_id), 0)) for task in survey.tasks.get(unit_id, ())
    ]
    form.content = {
        "house": plan.house,
        "rows": [row.as_json() for row, _line in drafts],
        "asked": _asked_content(asked),
        "positions": {str(task_id): seq for task_id, seq in positions},
        "chains": dict(survey.positions),
        "taken": {},
    }
    session.add(form)
    session.flush()
    assert form.id is not None
    told = {"form": form.id, "unit": plan.names[unit_id], "period": form.period, "edition": form.edition, "fields": form.field_count}
    record(session, occasion, Event(EXPORT_FORM, f"form {form.id}", after=told))
    sheets = _sheets(form.id, plan.house, drafts, news)
    return FormView(
        number=form.id,
        edition=form.edition,
        unit=plan.names[unit_id],
        period=form.period,
        made_on=form.made_on,
        limit_on=_limit_on(survey, asked),
        field_count=form.field_count,
        sheets=sheets,
        marks=marks_of(form, plan.house, sheets, positions),
    )


def plan_forms(session: Session, survey: Survey, news: Mapping[int, Sequence[News]]) -> FormPlan:
    """Return what the forms of one run are made from, read once for all units."""
    names = {unit_id: name for unit_id, name in session.execute(select(col(Unit.id), col(Unit.name))).tuples() if unit_id is not None}
    waiting: dict[int, frozenset[RequestKind]] = {}
    rows = select(col(Request.task_id), col(Request.kind)).where(col(Request.state) == RequestState.FILED)
    for task_id, kind in session.execute(rows).tuples():
        waiting[task_id] = waiting.get(task_id, frozenset()) | {kind}
    return FormPlan(survey, names, news, waiting, house_mark(session))


def units_to_ask(session: Session, plan: FormPlan, actor: Actor) -> list[int]:
    """Return the units a run is for where none are named: those that owe an answer, or have news, and that the actor may make forms for, by name; a unit itself."""
    if actor.role is AccountRole.UNIT and actor.unit_id is not None:
        return [actor.unit_id]
    tree = read_tree(session)
    wanted = {*plan.survey.units_asked(), *plan.news}
    allowed = [unit_id for unit_id in wanted if may(actor, Act.EXPORT_FORM, tree.parties(unit_id))]
    if not allowed and wanted:
        refuse_without_right(actor, Act.EXPORT_FORM, tree.parties(min(wanted)))
    return sorted(allowed, key=lambda unit_id: plan.names[unit_id])


def _limit_on(survey: Survey, asked: Sequence[AskedTask]) -> date:
    """Return the last day for the form as a whole: where plans give different days, the earliest."""
    sets = [task.record.rules for task in asked if task.wants_report] or [survey.rules]
    return min(reporting_limit(survey.period, rules) for rules in sets)


def _form_row(session: Session, unit_id: int, plan: FormPlan, occasion: Occasion) -> Form:
    same = (col(Form.unit_id) == unit_id, col(Form.period) == plan.survey.period.code)
    last = session.execute(select(func.max(col(Form.edition))).where(*same)).scalar()
    return Form(unit_id=unit_id, period=plan.survey.period.code, edition=(last or 0) + 1, made_on=occasion.day)


def _asked_content(asked: Sequence[AskedTask]) -> dict[str, list[str]]:
    """Return which questions were asked, by task: what the burden meter leaves out of its own count."""
    return {
        str(task.record.name.id): [
            *([Role.ACKNOWLEDGE.value] if task.wants_acknowledgement else []),
            *([Role.REPORT.value] if task.wants_report else []),
        ]
        for task in asked
    }


Draft = tuple[FormRow, FormLine]


def _sheets(form_id: int, house: str, drafts: Sequence[Draft], news: Sequence[News]) -> tuple[FormSheet, ...]:
    keyed = [
        (row.role, FormLine(row_key(house, form_id, number, row), line.cells, line.choices, line.begins_task))
        for number, (row, line) in enumerate(drafts)
    ]
    by_role = {role: tuple(line for one, line in keyed if one is role) for role in (Role.ACKNOWLEDGE, Role.REPORT, Role.REQUEST)}
    changes = tuple(FormLine("", {"day": one.day, "plan": one.plan, "task": one.task, "what": one.what}) for one in news)
    return tuple(FormSheet(role, lines) for role, lines in {**by_role, Role.CHANGES: changes}.items() if lines)


def _acknowledging(asked: Sequence[AskedTask]) -> list[Draft]:
    return [
        _draft(Role.ACKNOWLEDGE, task, {**_about(task), "text": task.record.name.text, "acknowledged": None})
        for task in asked
        if task.wants_acknowledgement
    ]


def _reporting(asked: Sequence[AskedTask]) -> list[Draft]:
    return [draft for task in asked if task.wants_report for draft in _report_rows(task)]


def _report_rows(task: AskedTask) -> list[Draft]:
    words: dict[str, Cell] = {**_about(task), "pace": f"{task.pace:.0f}%", "unchanged": None, "text": None, "problem": None}
    words |= {"next_step": None, "evidence": None}
    if not task.targets:
        measure = task.record.facts.criterion or _("（没有数量指标，用文字填报）")
        return [_draft(Role.REPORT, task, {**words, "measure": measure})]
    drafts = []
    for number, target in enumerate(task.targets):
        figures: dict[str, Cell] = {"measure": _measure_words(target), "wanted": target.wanted, "last": target.last, "value": None}
        drafts.append(_draft(Role.REPORT, task, {**(words if number == 0 else {}), **figures}, target))
    return drafts


def _measure_words(target: AskedTarget) -> str:
    named = f"{target.measure}（{target.unit_of_measure}）" if target.unit_of_measure else target.measure
    return _("{measure}：{part}").format(measure=named, part=target.part) if target.part else named


def _requesting(plan: FormPlan, unit_id: int) -> list[Draft]:
    drafts = []
    for task in plan.survey.tasks.get(unit_id, ()):
        kinds = _open_kinds(task, plan)
        if kinds and task.record.facts.starts_on <= plan.survey.period.ends_on:
            cells: dict[str, Cell] = {**_about(task), "kind": None, "new_due_on": None, "new_unit": None, "days": None, "reason": None}
            drafts.append(_draft(Role.REQUEST, task, cells, choices=tuple(kind_name(kind) for kind in kinds)))
    return drafts


def _open_kinds(task: AskedTask, plan: FormPlan) -> list[RequestKind]:
    state, waiting = task.record.facts.state, plan.waiting.get(task.record.name.id, frozenset())
    is_late = plan.survey.day > task.record.facts.due_on
    return [
        kind
        for kind in FORM_KINDS
        if kind not in waiting and _may_be_filed(kind, state) and not (is_late and kind is RequestKind.EXTENSION)
    ]


def _may_be_filed(kind: RequestKind, state: TaskState) -> bool:
    try:
        refuse_filing(kind, state)
    except DubanError:
        return False
    return True


def _about(task: AskedTask) -> dict[str, Cell]:
    return {"plan": task.plan, "task": task.record.name.title, "due_on": task.record.facts.due_on}


def _draft(role: Role, task: AskedTask, cells: dict[str, Any], target: AskedTarget | None = None, choices: tuple[str, ...] = ()) -> Draft:
    """Return a row to be keyed, with what it is called in its own cells: words that stand once for a task's rows count with the first of them."""
    label = LABEL_MARK.join(fit_text(str(cells[name])) for name in ("task", "measure") if cells.get(name))
    row = FormRow(role, task.record.name.id, label, target.id if target else 0, target.part if target else "")
    return row, FormLine("", cells, choices, begins_task="task" in cells)
