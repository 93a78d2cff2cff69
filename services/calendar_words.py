"""The words of calendar events. A title must say in a month's view what matters: how pressing, what, and for supporting units that they support."""

from collections.abc import Sequence
from datetime import date

from models.notice import Notice
from models.plan import Plan
from models.task import TaskState
from notify.wording import document_words
from rules.calendar import working_days_until
from rules.lights import days_overdue
from rules.notice_words import level_name
from rules.periods import Period
from rules.rule_set import RuleSet
from rules.target_words import wanted_words
from rules.texts import _
from rules.transitions import state_name
from rules.words import day_words, period_words
from services.facts import TaskRecord

_LISTED = 50
_STILL_ASKED = (TaskState.ASSIGNED, TaskState.IN_PROGRESS)


def task_summary(record: TaskRecord, unit_id: int, day: date, rules: RuleSet) -> str:
    """Return a task's title with how it stands on `day` before it: overdue, near, handed in, done, suspended or cancelled."""
    marks = [_standing(record, day, rules), None if record.name.lead_id == unit_id else _("配合")]
    return "".join(_("【{mark}】").format(mark=mark) for mark in marks if mark) + record.name.title


def _standing(record: TaskRecord, day: date, rules: RuleSet) -> str | None:
    facts = record.facts
    if facts.state is TaskState.SUBMITTED:
        return _("待审核")
    if facts.state not in _STILL_ASKED:
        return state_name(facts.state)
    if days_overdue(facts, day):
        return _("已超期")
    return _("临近") if working_days_until(day, facts.due_on) <= rules.due_soon_days else None


def task_description(record: TaskRecord, plan: Plan, unit_id: int) -> str:
    """Return a task's plan, number, targets, limit and state, and how it is answered."""
    name, facts = record.name, record.facts
    limit = _("办结时限：{day}").format(day=day_words(facts.due_on))
    if facts.due_on != facts.original_due_on:
        limit = _("{limit}（原定{day}）").format(limit=limit, day=day_words(facts.original_due_on))
    lines = [
        _("计划：{plan}").format(plan=document_words(plan.title, plan.doc_no)),
        _("序号：{number}").format(number=name.number) if name.number else "",
        _("任务编号：{id}").format(id=name.id),
        *(_("目标：{measure} {wanted}").format(measure=target.measure, wanted=wanted_words(target)) for target in facts.targets),
        *([_("任务：{text}").format(text=name.text)] if not facts.targets else []),
        limit,
        _("状态：{state}").format(state=state_name(facts.state)),
        _("牵头单位：{unit}").format(unit=name.lead) if name.lead_id != unit_id else "",
        _answer(record, unit_id),
    ]
    return "\n".join(line for line in lines if line)


def _answer(record: TaskRecord, unit_id: int) -> str:
    if record.facts.state not in _STILL_ASKED:
        return ""
    if record.name.lead_id != unit_id:
        return _("办理：进展交牵头单位，duban task hand-in {id}").format(id=record.name.id)
    if record.facts.state is TaskState.ASSIGNED:
        text = _(
            "办理：签收 duban task acknowledge {id}，填报 duban task report {id}，办完后 duban task submit {id}；没有账号的，填好发来的填报表交回"
        )
    else:
        text = _("办理：填报 duban task report {id}，办完后 duban task submit {id}；没有账号的，填好发来的填报表交回")
    return text.format(id=record.name.id)


def report_summary(period: Period, count: int, *, is_late: bool) -> str:
    """Return what is to be reported by the limit."""
    text = _("【逾期未报】报送{quarter}进展（{count}项）") if is_late else _("报送{quarter}进展（{count}项）")
    return text.format(quarter=period_words(period.code), count=count)


def report_description(plan: Plan, records: Sequence[TaskRecord]) -> str:
    """Return of which tasks of a plan a report is awaited, and what it should say."""
    lines = [
        _("计划：{plan}").format(plan=document_words(plan.title, plan.doc_no)),
        *_listed([_("[{id}] {task}").format(id=record.name.id, task=record.name.title) for record in records]),
        _("填报截至季度末的完成情况、存在问题和下一步安排，没有变化的也请说明：duban task report 编号；没有账号的，填好发来的填报表交回"),
    ]
    return "\n".join(lines)


def notice_summary(notice: Notice, record: TaskRecord, day: date) -> str:
    """Return which notice is to be answered by its limit."""
    is_late = notice.limit_on is not None and day > notice.limit_on
    text = _("【已过时限】答复{notice}：{task}") if is_late else _("答复{notice}：{task}")
    return text.format(notice=level_name(notice.level), task=record.name.title)


def notice_description(notice: Notice, record: TaskRecord) -> str:
    """Return a notice's number and what it demands."""
    lines = [
        _("编号：{doc_no}").format(doc_no=notice.doc_no) if notice.doc_no else "",
        _("任务编号：{id}").format(id=record.name.id),
        _("要求：{demand}").format(demand=notice.demand) if notice.demand else "",
    ]
    return "\n".join(line for line in lines if line)


def overdue_summary(count: int) -> str:
    """Return how many tasks are overdue, for the day itself: on their due days nobody looks any more."""
    return _("【已超期】{count} 项任务待办").format(count=count)


def overdue_description(records: Sequence[TaskRecord], day: date) -> str:
    """Return the overdue tasks, the longest first, each with its days."""
    text = _("[{id}] {task}：{due}到期，已超期 {days} 天")
    return "\n".join(
        _listed(
            [
                text.format(
                    id=record.name.id, task=record.name.title, due=day_words(record.facts.due_on), days=days_overdue(record.facts, day)
                )
                for record in records
            ]
        )
    )


def _listed(lines: Sequence[str]) -> list[str]:
    """Return the lines, of very many the first ones and how many more there are: calendar programs cut long texts without a word."""
    more = len(lines) - _LISTED
    return [*lines[:_LISTED], *([_("另有 {count} 项").format(count=more)] if more > 0 else [])]
