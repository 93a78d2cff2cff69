"""What a unit is asked for now: notices and cases to answer, tasks to acknowledge, reports, submissions, parts and members.

Nothing is asked early, and nothing twice: a quarter's report from the day reports open, a submission once every figure is met or the due day is near.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.case import AccountabilityCase, CaseState
from models.notice import NoticeState
from models.task import TaskState
from rules.calendar import add_working_days
from rules.case_words import case_no, objection_until
from rules.lights import Light, light_of, pace_of, reached_of
from rules.notice_words import level_name
from rules.periods import Period, quarter_of
from rules.target_words import actual_words, figure, missing_words, wanted_words
from rules.targets import planned_value
from rules.texts import _
from rules.words import day_words, period_words
from services.facts import TaskRecord
from services.reported import reporting_limit
from services.work_facts import Vacancy, WorkFacts


class Ask(StrEnum):
    """What a unit can be asked for, in the order in which it is listed."""

    NOTICE = "notice"
    CASE = "case"
    ACKNOWLEDGE = "acknowledge"
    RETURNED = "returned"
    REPORT = "report"
    SUBMIT = "submit"
    PART = "part"
    MEMBERS = "members"


@dataclass(frozen=True)
class FigureNow:
    """A figure of a task in words: what is wanted, what was reached, and what is planned for the day (None where that cannot be told)."""

    measure: str
    wanted: str
    actual: str | None
    planned: str | None


@dataclass(frozen=True)
class WorkTask:
    """A task as the unit's list names it. `pace` and `reached` are in per cent."""

    id: int
    title: str
    plan: str
    state: TaskState
    due_on: date
    light: Light
    why: tuple[str, ...]
    pace: float
    reached: float | None


@dataclass(frozen=True)
class Asked:
    """One thing that is asked. `about` is the number of the notice or the case, else of the task; `by` the last day for it; `period` the quarter of a report or
    a part. `words` say why, or what is missing.
    """

    ask: Ask
    about: int
    title: str
    by: date | None = None
    words: tuple[str, ...] = ()
    task: WorkTask | None = None
    period: str | None = None
    figures: tuple[FigureNow, ...] = ()

    def is_late(self, day: date) -> bool:
        """Tell whether the last day for it has passed."""
        return self.by is not None and self.by < day


@dataclass(frozen=True)
class _Desk:
    facts: WorkFacts
    tasks: Mapping[int, WorkTask]

    @property
    def day(self) -> date:
        return self.facts.day


def asked_of(facts: WorkFacts, tasks: Mapping[int, WorkTask]) -> Iterator[Asked]:
    """Go through what is asked of the unit; `tasks` names all its open tasks."""
    desk = _Desk(facts, tasks)
    yield from _notices(desk)
    for case in facts.cases:
        yield from _of_case(desk, case)
    for record in facts.led:
        if record.facts.state is TaskState.ASSIGNED:
            yield _receipt(desk, record)
        elif record.facts.state is TaskState.IN_PROGRESS:
            yield from _report(desk, record)
            yield from _submission(desk, record)
    for record in facts.supported:
        yield from _part(desk, record)
    for vacancy in facts.vacancies:
        yield from _members(desk, vacancy)


def _notices(desk: _Desk) -> Iterator[Asked]:
    for notice in desk.facts.notices:
        said = (notice.demand,) if notice.demand else ()
        signed = (_("已由{name}签收，还没有答复办理情况").format(name=notice.receiver),) if notice.state is NoticeState.RECEIVED else ()
        title = _("{level} {doc_no}").format(level=level_name(notice.level), doc_no=notice.doc_no)
        yield Asked(Ask.NOTICE, notice.id or 0, title, notice.limit_on, (*said, *signed), desk.tasks.get(notice.task_id))


def _of_case(desk: _Desk, case: AccountabilityCase) -> Iterator[Asked]:
    number, about = case_no(case.year, case.number), case.id or 0
    if case.state in (CaseState.OPENED, CaseState.DRAFTED, CaseState.APPROVED) and case.statement is None:
        yield Asked(Ask.CASE, about, number, None, (_("请就有关情况作出陈述"), _("依据：{basis}").format(basis=case.basis)))
    if case.state is CaseState.SERVED and case.served_on is not None and case.objected_on is None and case.rectified_on is None:
        until = objection_until(case.served_on, desk.facts.rules.objection_days)
        if desk.day <= until and not case.demand:
            yield Asked(Ask.CASE, about, number, until, (_("结论已经送达；有异议的，请在期限内提出"),))
    if case.state in (CaseState.SERVED, CaseState.DECIDED) and case.demand:
        back = (_("整改情况被退回：{why}").format(why=case.verification),) if case.verification else ()
        yield Asked(Ask.CASE, about, number, case.demand_by, (*back, _("请报送整改情况：{demand}").format(demand=case.demand)))


def _receipt(desk: _Desk, record: TaskRecord) -> Asked:
    task, since = desk.tasks[record.name.id], record.facts.handed_on or desk.day
    by = add_working_days(since, record.rules.acknowledge_days)
    return Asked(
        Ask.ACKNOWLEDGE,
        task.id,
        task.title,
        by,
        (_("{day}交办，{due}前办结").format(day=day_words(since), due=day_words(record.facts.due_on)),),
        task,
    )


def _report(desk: _Desk, record: TaskRecord) -> Iterator[Asked]:
    period = _asked_period(desk, record)
    if period is None:
        return
    task = desk.tasks[record.name.id]
    reason = desk.facts.returned_reports.get((task.id, period.code))
    words = (_("{period}的填报被退回：{why}").format(period=period_words(period.code), why=reason),) if reason is not None else ()
    ask, by = (Ask.REPORT if reason is None else Ask.RETURNED), reporting_limit(period, record.rules)
    yield Asked(ask, task.id, task.title, by, words, task, period.code, _figures(record, desk.day))


def _asked_period(desk: _Desk, record: TaskRecord) -> Period | None:
    """Return the latest quarter that reports are open for, where it was not reported on; older gaps are on record and no daily question."""
    opened = [*record.owed, *_running(record, desk.day)]
    latest = opened[-1] if opened else None
    if latest is None or latest.code in record.reported.first_filed_on or desk.facts.is_closed(record.name.plan_id, latest.code):
        return None
    return latest


def _running(record: TaskRecord, day: date) -> Iterator[Period]:
    """Give the running quarter once reports on it are open, as reminders count it."""
    this = quarter_of(day)
    has_begun = max(record.facts.starts_on, record.life.issued_on or date.min) <= day
    if this not in record.owed and has_begun and this.ends_on < add_working_days(day, record.rules.report_open_days + 1):
        yield this


def _submission(desk: _Desk, record: TaskRecord) -> Iterator[Asked]:
    task, missing = desk.tasks[record.name.id], _missing(desk, record)
    said = desk.facts.returns.get(task.id)
    if said is not None:
        limit = date.fromisoformat(said["limit_on"]) if said.get("limit_on") else record.facts.due_on
        back = _("申请办结被退回：{why}").format(why=said.get("reason") or "")
        yield Asked(Ask.RETURNED, task.id, task.title, limit, (back, *(missing or ())), task)
    elif missing == () or record.facts.due_on < add_working_days(desk.day, desk.facts.rules.due_soon_days + 1):
        yield Asked(Ask.SUBMIT, task.id, task.title, record.facts.due_on, missing or (), task)


def _missing(desk: _Desk, record: TaskRecord) -> tuple[str, ...] | None:
    """Return what is missing for the task to be handed in, empty where nothing is; None where only people can tell."""
    waiting = desk.facts.open_children.get(record.name.id, ())
    short = [_("分解给下级的任务还没有办结：{units}").format(units=_("、").join(waiting))] if waiting else []
    if record.facts.targets:
        short += [words for words in map(missing_words, record.facts.targets) if words]
    elif record.facts.milestones:
        short += [_("节点“{title}”尚未完成").format(title=one.title) for one in record.facts.milestones if not one.is_done]
    elif not short:
        return None
    return tuple(short)


def _part(desk: _Desk, record: TaskRecord) -> Iterator[Asked]:
    """Ask for a part while the lead unit's own report on the quarter is asked for, still out and not late."""
    period = _asked_period(desk, record) if record.facts.state is TaskState.IN_PROGRESS else None
    if period is None or (record.name.id, period.code) in desk.facts.handed_in:
        return
    by, task = reporting_limit(period, record.rules), desk.tasks[record.name.id]
    if desk.day <= by:
        words = (_("{lead}牵头，由其汇总填报").format(lead=record.name.lead),)
        yield Asked(Ask.PART, task.id, task.title, by, words, task, period.code)


def _members(desk: _Desk, vacancy: Vacancy) -> Iterator[Asked]:
    words = (
        *([_("{measure}还缺 {count} 名").format(measure=vacancy.measure, count=vacancy.vacant)] if vacancy.vacant else []),
        *([_("{measure}有 {count} 名待确定入选").format(measure=vacancy.measure, count=vacancy.nominated)] if vacancy.nominated else []),
    )
    task = desk.tasks[vacancy.task_id]
    if words:
        yield Asked(Ask.MEMBERS, task.id, task.title, task.due_on, words, task)


def _figures(record: TaskRecord, day: date) -> tuple[FigureNow, ...]:
    pace = pace_of(record.facts, day)
    return tuple(
        FigureNow(
            one.measure,
            wanted_words(one),
            actual_words(one),
            None if (planned := planned_value(one, pace)) is None else figure(round(planned, 1), one.unit_of_measure),
        )
        for one in record.facts.targets
    )


def work_task(facts: WorkFacts, record: TaskRecord) -> WorkTask:
    """Return how the unit's list names a task."""
    reading = light_of(record.facts, facts.day, facts.rules)
    return WorkTask(
        id=record.name.id,
        title=record.name.title,
        plan=facts.plans.get(record.name.plan_id, ""),
        state=record.facts.state,
        due_on=record.facts.due_on,
        light=reading.light,
        why=tuple(text for _code, text in reading.reasons),
        pace=pace_of(record.facts, facts.day),
        reached=reached_of(record.facts),
    )
