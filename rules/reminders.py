"""Which reminders a task asks for on a day. Level-triggered: what is due follows from the facts alone, so a day that was missed heals itself.

A reminder is known by its rule and a period: the due day, the day of issue, or the quarter it is about. Said once for that pair, it is never
needed again; a due day that is moved makes a new pair. Of the steps of one kind only the latest that has been reached is due, so that days of silence
are made up for by one line.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from models.task import TaskState
from rules.calendar import add_working_days
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


class DueReminder(NamedTuple):
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

    A clock set back must not bring "due in seven days" after "due today", nor the first urging after the second.
    """
    return any(
        period == reminder.period and _kind(rule) == _kind(reminder.rule) and _rung(rule) >= _rung(reminder.rule) for rule, period in said
    )


def _due_rules(facts: TaskFacts, day: date, rules: RuleSet) -> Iterator[DueReminder]:
    if day < facts.starts_on:
        return
    if day > facts.due_on:
        # Counted in working days, a step is reached on a working day: a task due on a rest day is urged from the first one after it.
        reached = [step for step in rules.overdue_steps if add_working_days(facts.due_on, step) <= day]
        if reached:
            yield DueReminder(f"overdue-{max(reached)}", facts.due_on.isoformat(), Urgency.OVERDUE, facts.due_on)
        return
    windows = [lead for lead in rules.reminder_leads if _is_within(facts.due_on, day, lead)]
    if windows:
        yield DueReminder(f"due-{min(windows)}", facts.due_on.isoformat(), Urgency.DUE, facts.due_on)


def _report_rules(reports: tuple[ReportDue, ...], day: date, rules: RuleSet) -> Iterator[DueReminder]:
    opened = [report for report in reports if _is_within(report.ends_on, day, rules.report_open_days)]
    if not opened:
        return
    # Only the latest quarter is asked for: once the next one opens, an old gap is a fact in the record, not a daily question.
    latest = max(opened, key=lambda report: report.ends_on)
    if not latest.is_filed:
        rule = "report-open" if day <= latest.limit_on else "report-missing"
        yield DueReminder(rule, latest.period, Urgency.REPORT, latest.limit_on)


def _acknowledge_rules(task: Watched, day: date, rules: RuleSet) -> Iterator[DueReminder]:
    if task.facts.state is not TaskState.ASSIGNED or task.issued_on is None:
        return
    limit_on = add_working_days(task.issued_on, rules.acknowledge_days)
    if add_working_days(limit_on, 1) <= day:
        yield DueReminder("acknowledge", task.issued_on.isoformat(), Urgency.ACKNOWLEDGE, limit_on)


def _is_within(limit_on: date, day: date, count: int) -> bool:
    """Tell whether at most `count` working days are left after `day` up to and with `limit_on`; true as well when it has passed."""
    # Asked this way round, a due day years ahead costs no more than one of next week.
    return limit_on < add_working_days(day, count + 1)


def _kind(rule: str) -> str:
    kind = rule.partition("-")[0]
    return "due" if kind == "overdue" else kind


def _rung(rule: str) -> int:
    """Return how far up its kind's rungs a rule stands: days before the due day below zero, days after it above."""
    kind, _dash, days = rule.partition("-")
    if kind == "due":
        return -int(days)
    return int(days or 1) if kind == "overdue" else int(rule == "report-missing")
