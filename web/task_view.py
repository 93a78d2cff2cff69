"""A task's page: how it stands on a day and by which rules, its figures and its curve, what was decided and sent, who did what when, and what may be done now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col

from models.unit import Unit
from rules.errors import DubanError
from rules.light_rules import light_rule
from rules.lights import light_of
from rules.notice_words import level_name, notice_state_name
from rules.pace import MilestoneFacts
from rules.requests import kind_name, request_state_name, terms_words
from rules.rounding import round_half_up
from rules.rule_set import RuleSet
from rules.target_words import actual_words, wanted_words
from rules.targets import TargetFacts, is_met, reached_percent
from rules.texts import _
from rules.words import day_words, light_word, period_words
from runtime.clock import today
from services.chronology import chronology
from services.facts import TaskRecord
from services.notice_list import NoticeFilter, NoticeRow, list_notices
from services.parts import Parts
from services.positions import last_act_on
from services.queries import TaskRow, TaskSheet, open_task
from services.request_list import RequestFilter, RequestRow, list_requests
from services.rule_sets import rule_set_on
from services.task_curve import TaskCurve, task_curve
from web.charts import LineChart, Series, line_chart
from web.chronology_view import ShownAct, ShownFile, shown_acts, shown_files
from web.day_steps import DaySteps, day_steps
from web.office_views import Fact
from web.task_doors import Door, doors_of
from web.task_head import progress_words
from web.visiting import Visitor
from web.words import distance_words, task_state_word


@dataclass(frozen=True)
class Reason:
    """Why the light is what it is: the fact, and the rule it met."""

    fact: str
    rule: str


@dataclass(frozen=True)
class ShownTarget:
    """A target beside what was reached. `percent` is empty where it is not measured so."""

    measure: str
    wanted: str
    reached: str
    percent: str
    is_met: bool


@dataclass(frozen=True)
class TaskLine:
    """Another task in a row: one above or below this one."""

    id: int
    title: str
    unit: str
    due: str
    state: str
    tone: str
    light: str
    progress: str
    to: str


@dataclass(frozen=True)
class Matter:
    """A request or a notice on the task in a row: what, how far, when, and the words of it. `to` is its own page, empty where the visitor has none."""

    name: str
    state: str
    day: str
    words: tuple[str, ...]
    to: str


@dataclass(frozen=True)
class TaskPage:
    """All that a task's page shows."""

    id: int
    plan_id: int
    plan: str
    title: str
    text: str
    state: str
    tone: str
    light: str
    reasons: tuple[Reason, ...]
    rule_set: str
    facts: tuple[Fact, ...]
    steps: DaySteps
    doors: tuple[Door, ...]
    targets: tuple[ShownTarget, ...]
    milestones: tuple[tuple[str, str, bool], ...]
    chart: LineChart | None
    points: tuple[tuple[str, ...], ...]
    parent: TaskLine | None
    children: tuple[TaskLine, ...]
    requests: tuple[Matter, ...]
    notices: tuple[Matter, ...]
    files: tuple[ShownFile, ...]
    acts: tuple[ShownAct, ...]
    seen: int


def task_page(session: Session, visitor: Visitor, task_id: int, day: date) -> TaskPage:
    """Return a task's page at the end of `day`. Code: unknown-task (also one the visitor may not see)."""
    rules = rule_set_on(session, day)
    told = chronology(session, task_id, day, visitor.actor)
    opened = open_task(session, task_id, day, rules, visitor.actor)
    sheet, record, row = opened.sheet, opened.record, opened.sheet.row
    curve = task_curve(session, record, opened.reader, day)
    requests = list_requests(session, RequestFilter(task_id=task_id, as_of=day), visitor.actor)
    notices = list_notices(session, NoticeFilter(task_id=task_id), day, visitor.actor)
    return TaskPage(
        id=task_id,
        plan_id=row.plan_id,
        plan=sheet.plan,
        title=record.name.title,
        text=sheet.text,
        state=task_state_word(row.state),
        tone=row.light.value,
        light=light_word(row.light),
        reasons=tuple(_reasons(record, day, rules)),
        rule_set=rules.version,
        facts=_facts(session, sheet, record, day),
        steps=day_steps(day, today(), told.previous_on, told.next_on),
        doors=doors_of(session, visitor, record) if day == today() else (),
        targets=tuple(_target(one) for one in sheet.targets),
        milestones=tuple(_milestone(one) for one in sheet.milestones),
        chart=_chart(curve, day),
        points=_points(curve),
        parent=_parent(session, visitor, sheet, day, rules),
        children=tuple(_line(one, day) for one in sheet.children),
        requests=tuple(_request(one, visitor) for one in requests),
        notices=tuple(_notice(one) for one in notices),
        files=shown_files(task_id, told.files),
        acts=shown_acts(task_id, told),
        seen=last_act_on(session, task_id),
    )


def _reasons(record: TaskRecord, day: date, rules: RuleSet) -> Iterator[Reason]:
    for code, fact in light_of(record.facts, day, rules).reasons:
        yield Reason(fact, light_rule(code, rules))


def _facts(session: Session, sheet: TaskSheet, record: TaskRecord, day: date) -> tuple[Fact, ...]:
    facts, row = record.facts, sheet.row
    support = sa.select(col(Unit.name)).where(col(Unit.id).in_(record.name.support_ids)).order_by(col(Unit.id))
    moved = _("{due}（原定{original}）") if facts.due_on != facts.original_due_on else _("{due}")
    due = moved.format(due=day_words(facts.due_on), original=day_words(facts.original_due_on))
    found = [
        (_("牵头单位"), row.lead),
        (_("其他责任单位"), _("、").join(session.scalars(support))),
        (_("开始"), day_words(facts.starts_on)),
        (_("期限"), due if facts.completed_on else _("{due}，{distance}").format(due=due, distance=distance_words(facts.due_on, day))),
        (_("办结"), day_words(facts.completed_on) if facts.completed_on else ""),
        (_("进度"), progress_words(row.reached, row.pace)),
        (_("完成标准"), sheet.criterion or ""),
        (_("最近填报"), sheet.last_text or ""),
        (_("存在问题"), sheet.problem or ""),
        (_("下步打算"), sheet.next_step or ""),
        *_parts_said(sheet.parts),
    ]
    return tuple(Fact(name, text) for name, text in found if text)


def _parts_said(parts: Parts | None) -> Iterator[tuple[str, str]]:
    if parts is not None and parts.silent:
        name = _("{period}未交材料的配合单位").format(period=period_words(parts.period))
        yield name, _("、").join(parts.silent)


def _target(one: TargetFacts) -> ShownTarget:
    percent = reached_percent(one)
    words = "" if percent is None else _percent(percent)
    return ShownTarget(one.measure, wanted_words(one), actual_words(one) or _("未填报"), words, is_met(one))


def _milestone(one: MilestoneFacts) -> tuple[str, str, bool]:
    return one.title, day_words(one.due_on), one.is_done


def _chart(curve: TaskCurve, day: date) -> LineChart | None:
    series = [
        Series(_("应达（序时进度）"), "planned", [(point.day, point.planned) for point in curve.planned]),
        Series(_("已达（填报）"), "reached", [(point.day, point.reached) for point in curve.reached if point.reached is not None]),
    ]
    return line_chart(_("进度与序时进度对照"), series, day)


def _points(curve: TaskCurve) -> tuple[tuple[str, ...], ...]:
    """Return the chart's table: every day that the lines turn on."""
    points = {point.day: point for point in (*curve.planned, *curve.reached)}
    return tuple((day_words(on), _percent(points[on].planned), _percent(points[on].reached)) for on in sorted(points))


def _percent(value: float | None) -> str:
    return "—" if value is None else _("{percent}%").format(percent=f"{round_half_up(value, 1):g}")


def _parent(session: Session, visitor: Visitor, sheet: TaskSheet, day: date, rules: RuleSet) -> TaskLine | None:
    """Return the task that this one was handed down from; a unit that may not read it is told no more than that there is one."""
    if sheet.parent_id is None:
        return None
    try:
        above = open_task(session, sheet.parent_id, day, rules, visitor.actor).sheet
    except DubanError:
        return TaskLine(sheet.parent_id, _("上级任务"), "", "", "", "", "", "", "")
    return _line(above.row, day)


def _line(row: TaskRow, day: date) -> TaskLine:
    return TaskLine(
        id=row.id,
        title=_("{title}（{label}）").format(title=row.title, label=row.label),
        unit=row.lead,
        due=day_words(row.due_on),
        state=task_state_word(row.state),
        tone=row.light.value,
        light=light_word(row.light),
        progress=progress_words(row.reached, row.pace),
        to=f"/tasks/{row.id}" if day == today() else f"/tasks/{row.id}?on={day.isoformat()}",
    )


def _request(one: RequestRow, visitor: Visitor) -> Matter:
    said = (
        (_("理由：{text}"), one.reason),
        (_("请求：{text}"), terms_words(one.wanted)),
        (_("批准：{text}"), terms_words(one.granted)),
        (_("答复：{text}"), one.decision or ""),
    )
    name = _("第{id}号{kind}申请").format(id=one.id, kind=kind_name(one.kind))
    to = f"/requests/{one.id}" if visitor.is_office else ""
    return Matter(
        name, request_state_name(one.state), day_words(one.filed_on), tuple(text.format(text=words) for text, words in said if words), to
    )


def _notice(one: NoticeRow) -> Matter:
    limit = _("时限：{day}").format(day=day_words(one.limit_on)) if one.limit_on else ""
    words: Sequence[str] = [one.doc_no or "", limit, one.demand]
    day = day_words(one.issued_on or one.prepared_on)
    return Matter(level_name(one.level), notice_state_name(one.state), day, tuple(word for word in words if word), f"/notices/{one.id}")
