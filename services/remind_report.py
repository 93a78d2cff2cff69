"""What a reminder run did, as plain values that can be printed or written as JSON: what was sent to whom and why, what was not and why."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.notice import Message, MessageState, Reminder
from models.plan import Plan, PlanItem
from models.task import Task
from models.unit import Unit
from notify.letterhead import Rendered
from notify.messages import AnyLine
from notify.template_check import TemplateMistake, template_mistakes
from notify.wording import rule_words
from rules.texts import _
from rules.words import day_words
from services.contacts import Recipient
from services.office_lines import settled_messages
from services.outbox import DeliveryReport
from services.remind_texts import remarks_of, rendered_of
from services.reminder_plan import Outgoing, ReminderPlan


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
    """One person's message, or lines without one (`message_id` None). `code` and `reason` say why it was not sent, or is uncertain.

    `texts` are the message's own in a preview, None otherwise: `duban message show` tells them.
    """

    message_id: int | None
    unit: str
    name: str
    address: str
    lines: tuple[RemindedLine, ...]
    code: str | None = None
    reason: str | None = None
    channel: str = ""
    texts: Rendered | None = None


@dataclass(frozen=True)
class RemindReport:
    """A run on a day (ISO), or its preview: then `planned` holds what would be sent and nothing was."""

    day: str
    planned: tuple[RemindedMessage, ...] = ()
    sent: tuple[RemindedMessage, ...] = ()
    not_sent: tuple[RemindedMessage, ...] = ()
    uncertain: tuple[RemindedMessage, ...] = ()
    notes: tuple[str, ...] = ()


def preview_of(plan: ReminderPlan, office: str | None) -> RemindReport:
    """Return what the plan would send, word for word, and what not."""
    mistakes = template_mistakes()
    planned = tuple(_planned(message, rendered_of(message, plan, office, mistakes)) for message in plan.outgoing)
    return RemindReport(plan.day.isoformat(), planned=planned, not_sent=_held(plan), notes=tuple(_notes(plan, mistakes)))


def report_of(session: Session, plan: ReminderPlan, delivery: DeliveryReport, is_quiet: bool = False) -> RemindReport:
    """Return what became of the run's messages; every uncertain one is listed until a person has decided, whichever run left it.

    `is_quiet`: nothing was handed over, since it is not the hour for it.
    """
    waiting_or_open = col(Message.state).in_(
        (MessageState.UNCERTAIN, MessageState.PENDING, MessageState.CLAIMED, MessageState.HANDING_OVER)
    )
    touched = col(Message.id).in_([*delivery.sent, *delivery.failed])
    found = session.exec(select(Message, Unit.name).outerjoin(Unit).where(sa.or_(waiting_or_open, touched)).order_by(col(Message.id))).all()
    lines = stored_lines(session, [message.id or 0 for message, _unit in found])
    told = {message.id or 0: _told(message, unit, lines, _why_not(message, delivery, is_quiet)) for message, unit in found}
    sent, uncertain = set(delivery.sent), {message.id or 0 for message, _unit in found if message.state is MessageState.UNCERTAIN}
    notes = [*_notes(plan, template_mistakes()), *_failed_earlier(session, delivery), *delivery.channel_errors.values()]
    return RemindReport(
        plan.day.isoformat(),
        sent=_picked(told, sent),
        not_sent=(*_held(plan), *_picked(told, told.keys() - sent - uncertain)),
        uncertain=_picked(told, uncertain),
        notes=tuple(notes),
    )


def _picked(told: Mapping[int, RemindedMessage], ids: Collection[int]) -> tuple[RemindedMessage, ...]:
    return tuple(message for message_id, message in told.items() if message_id in ids)


def _told(
    message: Message, unit: str | None, lines: Mapping[int, tuple[RemindedLine, ...]], why: tuple[str | None, str | None]
) -> RemindedMessage:
    number = message.id or 0
    return RemindedMessage(number, unit or "", message.name, message.address, lines.get(number, ()), *why, channel=message.channel)


def _why_not(message: Message, delivery: DeliveryReport, is_quiet: bool) -> tuple[str | None, str | None]:
    match message.state:
        case MessageState.SENT:
            return None, None
        case MessageState.UNCERTAIN:
            return "uncertain", _("{error}；问明后如需重发，请由督办人员决定").format(error=message.error)
        case MessageState.FAILED:
            return "failed", message.error
        case _ if message.next_attempt_at is not None:
            return "postponed", _("{error}；稍后自动重试（已试 {count} 次）").format(error=message.error, count=message.attempts)
        case _ if is_quiet:
            return "outside-hours", _("不在发送时段，到时段内自动发出")
        case _:
            return "waiting", delivery.channel_errors.get(message.channel) or _("仍在发件箱中，等待经“{channel}”发出").format(
                channel=message.channel
            )


def _held(plan: ReminderPlan) -> tuple[RemindedMessage, ...]:
    return tuple(_without_message(held.recipient, held.lines, held.code, held.reason) for held in plan.held)


def _planned(message: Outgoing, texts: Rendered) -> RemindedMessage:
    told = _without_message(message.recipient, message.lines)
    return replace(told, unit=message.unit, channel=message.channel, texts=texts)


def _without_message(recipient: Recipient, lines: Iterable[AnyLine], code: str | None = None, reason: str | None = None) -> RemindedMessage:
    told = tuple(RemindedLine(line.task_id, line.task, line.plan, line.rule, line.period, rule_words(line.rule)) for line in lines)
    return RemindedMessage(
        None, recipient.unit, recipient.person or recipient.unit, recipient.address, told, code, reason, recipient.channel
    )


def stored_lines(session: Session, message_ids: Sequence[int]) -> Mapping[int, tuple[RemindedLine, ...]]:
    """Return the lines of these messages, by message."""
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
    earlier = [message_id or 0 for message_id in failed if message_id not in delivery.failed]
    settled = settled_messages(session, earlier)
    numbers = [str(message_id) for message_id in earlier if message_id not in settled]
    if numbers:
        yield _("此前有 {count} 封消息发送失败（消息 {numbers}），改正联系人地址后可以重发").format(
            count=len(numbers), numbers=_("、").join(numbers)
        )


def _notes(plan: ReminderPlan, mistakes: Sequence[TemplateMistake]) -> Iterable[str]:
    if not plan.is_working_day:
        yield _("{day}不是工作日，不发提醒；应提醒的事项下一个工作日一并提醒").format(day=day_words(plan.day))
    yield from remarks_of(plan, mistakes)
    if plan.repeated_count:
        yield _("另有 {count} 条提醒此前已经发出，不再重复").format(count=plan.repeated_count)
