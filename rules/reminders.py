"""Which reminders a task asks for on a day. Level-triggered: what is due follows from the facts alone, so a day that was missed heals itself.

A reminder is known by its rule and a period: the due day, the day of issue, or the quarter it is about. Said once for that pair, it is never
needed again; a due day that is moved makes a new pair.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.task import TaskState
from rules.calendar import add_working_days, working_days_until
from rules.lights import TaskFacts
from rules.rule_set import RuleSet


class Urgency(StrEnum):
    """What a reminder is about, from the most to the least pressing: the order they are read in."""

    OVERDUE = "overdue"
    DUE = "due"
    REPORT = "report"
    ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True)
class ReportDue:
    """A quarter a task must be reported on. `period` is its code, `limit_on` the last day on which a report is on time."""

    period: str
    ends_on: date
    limit_on: date
    is_filed: bool


@dataclass(frozen=True)
class Watched:
    """A task as reminders see it: its facts, the day it was issued, and the quarters owed, the one running now included."""

    facts: TaskFacts
    issued_on: date | None
    reports: tuple[ReportDue, ...] = ()


@dataclass(frozen=True)
class DueReminder:
    """A reminder that is due. `limit_on` is the last day for what is asked."""

    rule: str
    period: str
    urgency: Urgency
    limit_on: date


def reminders_due(task: Watched, day: date, rules: RuleSet) -> list[DueReminder]:
    """Return what the lead unit should be reminded of on `day`, the most pressing first.

    Nothing is asked once the task is submitted: it is locked until it is reviewed, and a return opens it again.
    """
    if task.facts.state not in (TaskState.ASSIGNED, TaskState.IN_PROGRESS):
        return []
    return [*_due_rules(task.facts, day, rules), *_report_rules(task.reports, day, rules), *_acknowledge_rules(task, day, rules)]


def is_said(reminder: DueReminder, said: Collection[tuple[str, str]]) -> bool:
    """Tell whether the reminder, or a more pressing one of its kind for the same period, is among the (rule, period) pairs already said.

    A clock set back must not bring "due in seven days" after "due today".
    """
    return any(
        period == reminder.period and _kind(rule) == _kind(reminder.rule) and _rung(rule) >= _rung(reminder.rule) for rule, period in said
    )


def _due_rules(facts: TaskFacts, day: date, rules: RuleSet) -> Iterator[DueReminder]:
    if day < facts.starts_on:
        return
    left = working_days_until(day, facts.due_on)
    if day > facts.due_on:
        # A task due on a rest day is urged from the first working day after it.
        if left < 0:
            yield DueReminder("overdue", facts.due_on.isoformat(), Urgency.OVERDUE, facts.due_on)
        return
    windows = [lead for lead in rules.reminder_leads if lead >= left]
    if windows:
        yield DueReminder(f"due-{min(windows)}", facts.due_on.isoformat(), Urgency.DUE, facts.due_on)


def _report_rules(reports: tuple[ReportDue, ...], day: date, rules: RuleSet) -> Iterator[DueReminder]:
    opened = [report for report in reports if working_days_until(day, report.ends_on) <= rules.report_open_days]
    if not opened:
        return
    # Only the latest quarter is asked for: once the next one opens, an old gap is a fact in the record, not a daily question.
    latest = max(opened, key=lambda report: report.ends_on)
    if not latest.is_filed:
        rule = "report-open" if day <= latest.limit_on else "report-missing"
        yield DueReminder(rule, latest.period, Urgency.REPORT, latest.limit_on)


def _acknowledge_rules(task: Watched, day: date, rules: RuleSet) -> Iterator[DueReminder]:
    if task.facts.state is TaskState.ASSIGNED and task.issued_on and working_days_until(task.issued_on, day) > rules.acknowledge_days:
        limit_on = add_working_days(task.issued_on, rules.acknowledge_days)
        yield DueReminder("acknowledge", task.issued_on.isoformat(), Urgency.ACKNOWLEDGE, limit_on)


def _kind(rule: str) -> str:
    return "due" if rule == "overdue" else rule.partition("-")[0]


def _rung(rule: str) -> int:
    lead = rule.removeprefix("due-")
    return -int(lead) if lead.isdigit() else int(rule in ("overdue", "report-missing"))
