"""Taking a returned form in: each row does what the unit could have done itself, through the same services and under the same rules.

An office that enters a form acts for the unit: the ledger names the office's account and the unit. A row whose task has newer facts than the form is
refused, so that an old form overwrites nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.account import AccountRole
from models.form import Form
from models.ledger import LedgerEntry, LedgerHead
from models.task import Target, Task, TaskState
from models.unit import Unit
from reports.form_sheets import SCHEMA, Role, sheet_title
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from rules.transitions import TaskEvent
from services.changes import take_changes
from services.form_keys import house_mark, rows_of
from services.form_news import act_word
from services.form_reading import ReturnedForm, ReturnedRow, tampered
from services.form_rows import Named, RowOutcome, Sent, TaskAnswers, Verdict, answers_in
from services.forms import unit_parties
from services.ledger import Event, chain_of, record
from services.missing_reports import REPORT_MISSED
from services.occasion import Occasion
from services.progress import record_progress
from services.requests import file_request
from services.reviews import ACCEPT_REPORT
from services.store import Store
from services.tasks import acknowledge_task

IMPORT_FORM = "import-form"

# What may happen to a task without making a form old: the unit's own receipt and requests, others' parts, and words on what was reported before.
_HARMLESS = (
    *(TaskEvent.ACKNOWLEDGE.value, REPORT_MISSED, ACCEPT_REPORT),
    *("hand-in", "file-request", "withdraw-request", "refuse-request"),
)
# A refusal of these is not about one row: nothing of the file can be taken in.
_OF_THE_WHOLE = ("past-date",)


@dataclass(frozen=True)
class TakeOrder:
    """How a form is taken in. Without `accept_good` one bad row keeps all out. `is_confirmed` and `correction` hold for every report in it."""

    store: Store
    is_dry_run: bool = False
    accept_good: bool = False
    is_confirmed: bool = False
    correction: str | None = None


@dataclass(frozen=True)
class TakenForm:
    """What became of a form, row by row. `is_kept` says that something was written; a dry run and a file with nothing new write nothing."""

    file: str
    form_id: int
    unit: str
    period: str
    rows: tuple[RowOutcome, ...]
    is_kept: bool

    @property
    def refused(self) -> tuple[RowOutcome, ...]:
        """Return the rows that are not taken in."""
        return tuple(row for row in self.rows if row.verdict is Verdict.REFUSED)


def unit_of_form(session: Session, returned: ReturnedForm) -> int:
    """Return the unit the form was made for. Refused: foreign-form (another house's), unknown-form, form-tampered (its hidden sheet was changed)."""
    if returned.house != house_mark(session):
        raise DubanError("foreign-form", _("“{name}”是另一个系统发出的表，请发回原来的地方").format(name=returned.name))
    form: Form | None = session.execute(select(Form).where(col(Form.id) == returned.form_id)).scalar_one_or_none()
    if form is None:
        text = _("“{name}”写的是第 {id} 号表，台账里没有；请用 duban form export 重新发表")
        raise DubanError("unknown-form", text.format(name=returned.name, id=returned.form_id))
    first = (SCHEMA, str(form.id), returned.house, str(form.unit_id), form.period, str(form.edition))
    positions = {task_id: str(seq) for task_id, seq in form.content["positions"].items()}
    if returned.marks[0] != first or dict(mark[1:3] for mark in returned.marks if mark[0] == "task" and len(mark) == 3) != positions:
        raise tampered(returned.name, _("的隐藏页被改动过"))
    return form.unit_id


def take_form(session: Session, unit_id: int, returned: ReturnedForm, order: TakeOrder, occasion: Occasion) -> TakenForm:
    """Take in a form of this unit, or try it.

    1. The form and its tasks are locked. 2. Every row is done inside a savepoint, which is given up in a dry run, where nothing is new, and where a row is
    refused and `accept_good` is not said. 3. One entry tells of the form; the entries of its acts name it.
    """
    refuse_without_right(occasion.actor, Act.IMPORT_FORM, unit_parties(session, unit_id))
    form = _locked(session, unit_id, returned)
    unit = session.execute(select(col(Unit.name)).where(col(Unit.id) == unit_id)).scalar_one()
    answers, strangers = answers_in(returned, _sent(session, form))
    taking = _Taking(session, form, order, _on_behalf(occasion, unit_id, returned.form_id))
    savepoint = session.begin_nested()
    try:
        rows = [*strangers, *(outcome for one in answers for outcome in taking.outcomes(one))]
    except DubanError:
        savepoint.rollback()
        raise
    is_new = any(row.verdict is Verdict.TAKEN for row in rows)
    is_refused = any(row.verdict is Verdict.REFUSED for row in rows)
    is_kept = is_new and not order.is_dry_run and (order.accept_good or not is_refused)
    if is_kept:
        taking.enter(returned, rows)
        savepoint.commit()
    else:
        take_changes(session)
        savepoint.rollback()
    sheets = list(dict.fromkeys(row.sheet for row in returned.rows))
    in_order = sorted(rows, key=lambda outcome: (sheets.index(outcome.sheet), outcome.row))
    return TakenForm(returned.name, returned.form_id, unit, form.period, tuple(in_order), is_kept)


def _on_behalf(occasion: Occasion, unit_id: int, form_id: int) -> Occasion:
    """Return the occasion on which the unit acts through whoever enters its form: his name and account, the unit's rights and no more."""
    actor = replace(occasion.actor, role=AccountRole.UNIT, unit_id=unit_id)
    return replace(occasion, actor=actor, form_id=form_id)


def _locked(session: Session, unit_id: int, returned: ReturnedForm) -> Form:
    wanted = select(Form).where(col(Form.id) == returned.form_id, col(Form.unit_id) == unit_id).with_for_update()
    form: Form = session.execute(wanted.execution_options(populate_existing=True)).scalar_one()
    task_ids = sorted({row.task_id for row in rows_of(form)})
    session.execute(select(col(Task.id)).where(col(Task.id).in_(task_ids)).order_by(col(Task.id)).with_for_update())
    return form


def _sent(session: Session, form: Form) -> Sent:
    rows = rows_of(form)
    ids = sorted({row.target_id for row in rows if row.target_id})
    targets = select(col(Target.id), col(Target.measure), col(Target.unit_of_measure)).where(col(Target.id).in_(ids))
    named = {target_id: Named(measure, unit) for target_id, measure, unit in session.execute(targets).tuples() if target_id is not None}
    assert form.id is not None
    return Sent(form.id, form.content["house"], form.period, rows, named)


class _Taking:
    """One form being taken in: what happened since it was made, and what was taken in from it before."""

    def __init__(self, session: Session, form: Form, order: TakeOrder, occasion: Occasion) -> None:
        self.session, self.form, self.order, self.occasion = session, form, order, occasion
        self.taken: dict[str, dict[str, Any]] = {task_id: dict(known) for task_id, known in form.content["taken"].items()}
        ids = {int(task_id) for task_id in form.content["positions"]}
        found = session.execute(select(col(Task.id), col(Task.plan_id), col(Task.state)).where(col(Task.id).in_(ids))).tuples()
        self.tasks = {task_id: (plan_id, state) for task_id, plan_id, state in found if task_id is not None}
        self.newer = self._newer()

    def outcomes(self, answers: TaskAnswers) -> list[RowOutcome]:
        """Do what the form says of one task, sheet by sheet, and tell it row by row. What a sheet says with one wrong cell in it is left undone."""
        done = [mistake for mistakes in answers.mistakes.values() for mistake in mistakes]
        if answers.acknowledged is not None:
            done.append(self._acknowledge(answers, answers.acknowledged))
        if answers.report is not None and answers.report_row is not None and not answers.mistakes[Role.REPORT]:
            done.append(self._unless_old(answers, answers.report_row, Role.REPORT, self._report))
        if answers.request is not None and answers.request_row is not None and not answers.mistakes[Role.REQUEST]:
            done.append(self._unless_old(answers, answers.request_row, Role.REQUEST, self._request))
        return done

    def enter(self, returned: ReturnedForm, rows: Sequence[RowOutcome]) -> None:
        """Keep what was taken in with the form, and enter it."""
        heads = dict(self.session.execute(select(col(LedgerHead.chain), col(LedgerHead.seq))).tuples().all())
        for task_id, known in self.taken.items():
            if known.pop("is_new", False):
                known["seq"] = heads[chain_of(self.tasks[int(task_id)][0])]
        self.form.content = {**self.form.content, "taken": self.taken}
        self.form.returned_on, self.form.returned_sha256 = self.occasion.day, returned.sha256
        self.session.add(self.form)
        counts = {verdict.value: sum(row.verdict is verdict for row in rows) for verdict in Verdict}
        told = {"file": returned.name, "sha256": returned.sha256, **counts}
        record(self.session, self.occasion, Event(IMPORT_FORM, f"form {self.form.id}", after=told))

    def _acknowledge(self, answers: TaskAnswers, row: ReturnedRow) -> RowOutcome:
        if self.tasks[answers.task_id][1] is not TaskState.ASSIGNED:
            return self._told(answers, row, Verdict.UNCHANGED, _("已经签收过，不用再签"))
        return self._done(answers, row, lambda: self._receipt(answers))

    def _receipt(self, answers: TaskAnswers) -> str:
        acknowledge_task(self.session, answers.task_id, self.occasion)
        return _("签收")

    def _unless_old(self, answers: TaskAnswers, row: ReturnedRow, role: Role, act: Callable[[TaskAnswers], str]) -> RowOutcome:
        known, digest = self.taken.get(str(answers.task_id), {}), answers.digest(role)
        if known.get(role.value) == digest:
            return self._told(answers, row, Verdict.UNCHANGED, _("与上次收到的相同"))
        newer = self.newer.get(answers.task_id, ())
        if newer:
            text = _("本表导出以后任务又有新情况（{news}），这一行不再收；请重新导出一份再填")
            return self._told(answers, row, Verdict.REFUSED, text.format(news=_("；").join(newer)), "form-stale")
        outcome = self._done(answers, row, lambda: act(answers))
        if outcome.verdict is Verdict.TAKEN:
            self.taken[str(answers.task_id)] = {**known, role.value: digest, "is_new": True}
        return outcome

    def _report(self, answers: TaskAnswers) -> str:
        assert answers.report is not None
        if answers.acknowledged is None and self.tasks[answers.task_id][1] is TaskState.ASSIGNED:
            text = _("这项任务还没有签收；请先在“{sheet}”页签收")
            raise DubanError("not-now", text.format(sheet=sheet_title(Role.ACKNOWLEDGE)))
        said = replace(answers.report, is_confirmed=self.order.is_confirmed, correction=self.order.correction)
        filed = record_progress(self.session, answers.task_id, said, self.order.store, self.occasion)
        if said.is_unchanged:
            return _("填报 {period}：没有变化").format(period=filed.period)
        return _("填报 {period}：{figures}").format(period=filed.period, figures=_("，").join(answers.figures) or _("文字"))

    def _request(self, answers: TaskAnswers) -> str:
        assert answers.request is not None
        number = file_request(self.session, answers.task_id, answers.request, self.occasion)
        return _("提出申请，第 {id} 号").format(id=number)

    def _done(self, answers: TaskAnswers, row: ReturnedRow, act: Callable[[], str]) -> RowOutcome:
        try:
            said = act()
        except DubanError as error:
            if error.code in _OF_THE_WHOLE:
                raise
            return self._told(answers, row, Verdict.REFUSED, error.message, error.code)
        return self._told(answers, row, Verdict.TAKEN, said)

    def _told(self, answers: TaskAnswers, row: ReturnedRow, verdict: Verdict, what: str, code: str = "") -> RowOutcome:
        text = _("“{sheet}”第 {row} 行：{what}").format(sheet=row.sheet, row=row.number, what=what)
        return RowOutcome(row.sheet, row.number, answers.task_id, verdict, text, code)

    def _newer(self) -> Mapping[int, list[str]]:
        """Return, by task, what changed facts since the form was made or its last answers on it were taken in."""
        since = {
            int(task_id): self.taken.get(task_id, {}).get("seq", position) for task_id, position in self.form.content["positions"].items()
        }
        columns = [getattr(LedgerEntry, name) for name in ("task_id", "seq", "acted_on", "actor", "act")]
        entries = select(*columns).where(col(LedgerEntry.task_id).in_(list(since)), col(LedgerEntry.changes).is_not(None))
        entries = entries.where(col(LedgerEntry.seq) > min(since.values(), default=0), col(LedgerEntry.act).not_in(_HARMLESS))
        found: dict[int, list[str]] = {}
        for task_id, seq, acted_on, actor, act in self.session.execute(entries.order_by(col(LedgerEntry.id))):
            if seq > since[task_id]:
                found.setdefault(task_id, []).append(_("{day} {act}（{actor}）").format(day=acted_on, act=act_word(act), actor=actor))
        return found
