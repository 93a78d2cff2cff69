"""What would be said on a day, to whom, and what would not and why. Reads only: the preview and the writing both start from here.

What is due is computed anew from the facts each time (level-triggered); what was said is known from the lines of earlier messages.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.notice import Message, MessageState, Reminder
from models.plan import Plan, PlanState
from notify.channel import Channel, Routes
from notify.messages import Line
from rules.calendar import calendar_is_known, is_working_day
from rules.periods import period_before, quarter_of
from rules.reminders import DueReminder, ReportDue, Urgency, Watched, is_said, reminders_due
from rules.rule_set import RuleSet
from rules.texts import _
from services.contacts import Recipient, reach_of
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.reported import owed_periods, reporting_limit


@dataclass(frozen=True)
class Outgoing:
    """A message to be queued with all its lines on a channel; `waiting_id` is the recipient's message that still waits and is rewritten into this one."""

    recipient: Recipient
    channel: str
    lines: tuple[Line, ...]
    waiting_id: int | None = None


@dataclass(frozen=True)
class Held:
    """Lines that are due and yet not sent on this day: a stable code and what a reader should know or do."""

    recipient: Recipient
    lines: tuple[Line, ...]
    code: str
    reason: str


@dataclass(frozen=True)
class ReminderPlan:
    """A day's reminders. `moot_ids` are waiting messages in which nothing is due any more; `repeated_count` lines were said before."""

    day: date
    is_working_day: bool = True
    outgoing: tuple[Outgoing, ...] = ()
    held: tuple[Held, ...] = ()
    moot_ids: tuple[int, ...] = ()
    repeated_count: int = 0
    unknown_years: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Outbox:
    """What the outbox says of each recipient on each channel: the (rule, period) pairs said of a task, the message that can still be rewritten, the one in the way."""

    said: Mapping[tuple[str, str, int], set[tuple[str, str]]]
    waiting: Mapping[tuple[str, str], int]
    in_the_way: Mapping[tuple[str, str], str]


def plan_reminders(session: Session, day: date, routes: Routes, rules: RuleSet) -> ReminderPlan:
    """Return what is to be said on `day`, to each recipient through its own channel. On a rest day nothing is."""
    if not is_working_day(day):
        return ReminderPlan(day, is_working_day=False, unknown_years=_unknown_years(day, []))
    plans = {plan.id or 0: plan for plan in session.exec(select(Plan).where(Plan.state == PlanState.IN_FORCE))}
    due = _lines_by_recipient(session, read_tasks(session, Viewpoint(day, day), rules, list(plans)), plans, day, rules)
    outbox = _read_outbox(session, day)
    outgoing, held, repeated_count = [], [], 0
    for (recipient, is_open), lines in due.items():
        channel = routes.leading(recipient.channel)
        way = recipient.key, channel.name if channel else recipient.channel
        fresh = tuple(line for line in lines if not is_said(_reminder(line), outbox.said.get((*way, line.task_id), ())))
        repeated_count += len(lines) - len(fresh)
        held_for = _obstacle(recipient, is_open, channel, outbox)
        if fresh and held_for:
            held.append(Held(recipient, fresh, *held_for))
        elif fresh:
            outgoing.append(Outgoing(recipient, way[1], fresh, outbox.waiting.get(way)))
    return ReminderPlan(
        day=day,
        outgoing=tuple(outgoing),
        held=tuple(held),
        moot_ids=tuple(sorted(set(outbox.waiting.values()) - {message.waiting_id for message in outgoing})),
        repeated_count=repeated_count,
        unknown_years=_unknown_years(day, [line for lines in due.values() for line in lines]),
    )


def _obstacle(recipient: Recipient, is_open: bool, channel: Channel | None, outbox: _Outbox) -> tuple[str, str] | None:
    """Return the code and the reason why nothing can be said to the recipient on this day, None where it can."""
    if is_open and not recipient.address:
        return "members-not-named", _("“{unit}”所含单位尚未明确，明确后才能提醒").format(unit=recipient.unit)
    if channel is None:
        return "no-channel", _("没有设置渠道“{channel}”").format(channel=recipient.channel)
    if channel.needs_address and not recipient.address:
        return "no-address", _("没有“{unit}”的联系人地址，请用 duban unit contact 登记").format(unit=recipient.unit)
    if (recipient.key, channel.name) in outbox.in_the_way:
        return "message-in-the-way", outbox.in_the_way[recipient.key, channel.name]
    return None


def _lines_by_recipient(
    session: Session, records: Sequence[TaskRecord], plans: Mapping[int, Plan], day: date, rules: RuleSet
) -> Mapping[tuple[Recipient, bool], list[Line]]:
    due = [(record, reminder) for record in records for reminder in reminders_due(_watched(record, day, rules), day, rules)]
    reach = reach_of(session, {record.name.lead_id for record, _reminder in due})
    lines: dict[tuple[Recipient, bool], list[Line]] = defaultdict(list)
    for record, reminder in due:
        unit = reach[record.name.lead_id]
        for recipient in unit.recipients(urging=reminder.urgency is Urgency.OVERDUE):
            lines[recipient, unit.is_open].append(_line(record, reminder, plans[record.name.plan_id]))
    return lines


def _watched(record: TaskRecord, day: date, rules: RuleSet) -> Watched:
    this_quarter = quarter_of(day)
    recent = (period_before(this_quarter), this_quarter)
    owed = [period for period in owed_periods(record.facts.starts_on, record.life, this_quarter.ends_on) if period in recent]
    filed = record.reported.first_filed_on
    reports = tuple(ReportDue(period.code, period.ends_on, reporting_limit(period, rules), period.code in filed) for period in owed)
    return Watched(record.facts, record.life.handed_on, reports)


def _line(record: TaskRecord, reminder: DueReminder, plan: Plan) -> Line:
    return Line(
        rule=reminder.rule,
        period=reminder.period,
        urgency=reminder.urgency,
        limit_on=reminder.limit_on,
        task_id=record.name.id,
        task=record.name.title,
        plan_id=record.name.plan_id,
        plan=plan.title,
        doc_no=plan.doc_no,
    )


def _reminder(line: Line) -> DueReminder:
    return DueReminder(line.rule, line.period, line.urgency, line.limit_on)


def _read_outbox(session: Session, day: date) -> _Outbox:
    """Read the outbox. A message that never began to be handed over has said nothing yet: its lines count as unsaid and it can be rewritten."""
    never_tried = sa.and_(col(Message.state) == MessageState.PENDING, col(Message.attempts) == 0)
    waiting: dict[tuple[str, str], int] = {}
    in_the_way: dict[tuple[str, str], str] = {}
    is_current = sa.or_(
        col(Message.day) == day, col(Message.state).in_((MessageState.PENDING, MessageState.CLAIMED, MessageState.HANDING_OVER))
    )
    columns = col(Message.id), col(Message.recipient), col(Message.channel), col(Message.day), never_tried
    current = sa.select(*columns).where(is_current, col(Message.about) == "")
    for message_id, recipient, channel, its_day, is_untouched in session.execute(current.order_by(col(Message.id))):
        if is_untouched:
            waiting[recipient, channel] = message_id
        else:
            why = _("当天已有一封消息，下一个工作日再发") if its_day == day else _("上一封消息还没有发出，发出后再发")
            in_the_way[recipient, channel] = why
    names = ("recipient", "channel", "task_id", "rule", "period")
    lines = sa.select(*(getattr(Reminder, name) for name in names)).join(Message)
    said: dict[tuple[str, str, int], set[tuple[str, str]]] = defaultdict(set)
    for recipient, channel, task_id, rule, period in session.execute(lines.where(sa.not_(never_tried))):
        said[recipient, channel, task_id].add((rule, period))
    return _Outbox(said, waiting, in_the_way)


def _unknown_years(day: date, lines: Sequence[Line]) -> tuple[int, ...]:
    def touched() -> Iterator[date]:
        yield day
        yield from (line.limit_on for line in lines)

    return tuple(sorted({at.year for at in touched() if not calendar_is_known(at)}))
