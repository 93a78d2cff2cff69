"""What a reminder run did, as plain values that can be printed or written as JSON: what was sent to whom and why, what was not and why."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.notice import Message, MessageState, Reminder
from models.plan import Plan, PlanItem
from models.task import Task
from models.unit import Unit
from notify.messages import Line
from notify.wording import rule_words
from rules.texts import _
from rules.words import day_words
from services.contacts import Recipient
from services.outbox import DeliveryReport
from services.reminder_plan import ReminderPlan


@dataclass(frozen=True)
class RemindedLine:
    """One reminder of a message; `why` is its rule in words."""

    task_id: int
    task: str
    plan: str
    rule: str
    period: str
    why: str


@dataclass(frozen=True)
class RemindedMessage:
    """One recipient's message, or lines without one (`message_id` None). `code` and `reason` say why it was not sent, or is uncertain."""

    message_id: int | None
    unit: str
    name: str
    address: str
    lines: tuple[RemindedLine, ...]
    code: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class RemindReport:
    """A run on a day (ISO), or its preview: then `planned` holds what would be sent and nothing was."""

    day: str
    planned: tuple[RemindedMessage, ...] = ()
    sent: tuple[RemindedMessage, ...] = ()
    not_sent: tuple[RemindedMessage, ...] = ()
    uncertain: tuple[RemindedMessage, ...] = ()
    notes: tuple[str, ...] = ()


def preview_of(plan: ReminderPlan) -> RemindReport:
    """Return what the plan would send and what not."""
    planned = tuple(_without_message(message.recipient, message.lines) for message in plan.outgoing)
    return RemindReport(plan.day.isoformat(), planned=planned, not_sent=_held(plan), notes=tuple(_notes(plan)))


def report_of(session: Session, plan: ReminderPlan, delivery: DeliveryReport) -> RemindReport:
    """Return what became of the run's messages; every uncertain one is listed until a person has decided, whichever run left it."""
    waiting_or_open = col(Message.state).in_(
        (MessageState.UNCERTAIN, MessageState.PENDING, MessageState.CLAIMED, MessageState.HANDING_OVER)
    )
    touched = col(Message.id).in_([*delivery.sent, *delivery.failed])
    found = session.exec(select(Message, Unit.name).outerjoin(Unit).where(sa.or_(waiting_or_open, touched)).order_by(col(Message.id))).all()
    lines = _stored_lines(session, [message.id or 0 for message, _unit in found])
    told = {message.id or 0: _told(message, unit, lines, delivery) for message, unit in found}
    sent, uncertain = set(delivery.sent), {message.id or 0 for message, _unit in found if message.state is MessageState.UNCERTAIN}
    notes = [*_notes(plan), *_failed_earlier(session, delivery), *delivery.channel_errors.values()]
    return RemindReport(
        plan.day.isoformat(),
        sent=_picked(told, sent),
        not_sent=(*_held(plan), *_picked(told, told.keys() - sent - uncertain)),
        uncertain=_picked(told, uncertain),
        notes=tuple(notes),
    )


def _picked(told: Mapping[int, RemindedMessage], ids: Collection[int]) -> tuple[RemindedMessage, ...]:
    return tuple(message for message_id, message in told.items() if message_id in ids)


def _told(message: Message, unit: str | None, lines: Mapping[int, tuple[RemindedLine, ...]], delivery: DeliveryReport) -> RemindedMessage:
    code, reason = _why_not(message, delivery)
    return RemindedMessage(message.id, unit or "", message.name, message.address, lines.get(message.id or 0, ()), code, reason)


def _why_not(message: Message, delivery: DeliveryReport) -> tuple[str | None, str | None]:
    match message.state:
        case MessageState.SENT:
            return None, None
        case MessageState.UNCERTAIN:
            return "uncertain", _("{error}；问明后如需重发，请由督办人员决定").format(error=message.error)
        case MessageState.FAILED:
            return "failed", message.error
        case _ if message.next_attempt_at is not None:
            return "postponed", _("{error}；稍后自动重试（已试 {count} 次）").format(error=message.error, count=message.attempts)
        case _:
            return "waiting", delivery.channel_errors.get(message.channel) or _("仍在发件箱中，等待经“{channel}”发出").format(
                channel=message.channel
            )


def _held(plan: ReminderPlan) -> tuple[RemindedMessage, ...]:
    return tuple(_without_message(held.recipient, held.lines, held.code, held.reason) for held in plan.held)


def _without_message(recipient: Recipient, lines: Iterable[Line], code: str | None = None, reason: str | None = None) -> RemindedMessage:
    told = tuple(RemindedLine(line.task_id, line.task, line.plan, line.rule, line.period, rule_words(line.rule)) for line in lines)
    return RemindedMessage(None, recipient.unit, recipient.person or recipient.unit, recipient.address, told, code, reason)


def _stored_lines(session: Session, message_ids: list[int]) -> Mapping[int, tuple[RemindedLine, ...]]:
    stored = (
        sa.select(
            *(col(Reminder.message_id), col(Task.id), col(PlanItem.title), col(Task.label)),
            *(col(Plan.title), col(Reminder.rule), col(Reminder.period)),
        )
        .join(Task, col(Task.id) == Reminder.task_id)
        .join(PlanItem, col(PlanItem.id) == Task.item_id)
        .join(Plan, col(Plan.id) == Task.plan_id)
        .where(col(Reminder.message_id).in_(message_ids))
        .order_by(col(Reminder.id))
    )
    found: dict[int, tuple[RemindedLine, ...]] = {}
    for message_id, task_id, item, label, plan, rule, period in session.execute(stored):
        line = RemindedLine(task_id, f"{item}（{label}）", plan, rule, period, rule_words(rule))
        found[message_id] = (*found.get(message_id, ()), line)
    return found


def _failed_earlier(session: Session, delivery: DeliveryReport) -> Iterable[str]:
    failed = session.scalars(sa.select(col(Message.id)).where(col(Message.state) == MessageState.FAILED).order_by(col(Message.id)))
    numbers = [str(message_id) for message_id in failed if message_id not in delivery.failed]
    if numbers:
        yield _("此前有 {count} 封消息发送失败（消息 {numbers}），改正联系人地址后可以重发").format(
            count=len(numbers), numbers=_("、").join(numbers)
        )


def _notes(plan: ReminderPlan) -> Iterable[str]:
    if not plan.is_working_day:
        yield _("{day}不是工作日，不发提醒；应提醒的事项下一个工作日一并提醒").format(day=day_words(plan.day))
    for year in plan.unknown_years:
        yield _("{year} 年的节假日安排尚未收录，工作日暂按周一至周五计算").format(year=year)
    if plan.repeated_count:
        yield _("另有 {count} 条提醒此前已经发出，不再重复").format(count=plan.repeated_count)
