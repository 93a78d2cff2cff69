"""Reminders on a day: written into the outbox once, with their ledger entries, then delivered.

A message that still waits is rewritten for the day it will leave on, so that a channel that was down for ten days brings one digest, not ten.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from models.account import AccountRole
from models.notice import Delivery, Message, MessageState, Reminder
from models.plan import Plan
from models.task import Task
from notify.channel import Routes
from notify.letterhead import Rendered
from notify.template_check import template_mistakes
from rules.calendar import is_working_day
from rules.rights import Act, refuse_without_right
from rules.rule_set import RuleSet
from rules.sending_hours import is_sending_hour
from services.courier import Courier
from services.due_lines import Due, due_in
from services.ledger import Event, record_all
from services.occasion import Occasion
from services.outbox import DeliveryReport, deliver
from services.plan_chunks import PlanChunk, plan_chunks
from services.queueing import Envelope, queue_message
from services.remind_report import RemindReport, preview_of, report_of
from services.remind_texts import rendered_of
from services.reminder_plan import Outgoing, ReminderPlan, plan_reminders, planned
from services.reviews import lock_in_force, note_missed_in

LineKey = tuple[int, str, str, str]


def remind(courier: Courier, occasion: Occasion, rules: RuleSet, office: str | None) -> RemindReport:
    """Queue what is due on the occasion's day and deliver all that waits; doing it again on the same day says nothing twice.

    `office` signs the messages. Reports missing since their limit are written down first. On a rest day nothing is queued and nothing leaves; what the program
    does by itself leaves only in the hours the rules name.
    """
    parts = [look_through(courier, occasion, rules, chunk) for chunk in chunks_of(courier, occasion)]
    return remind_of(courier, occasion, office, Due(occasion.day, rules).with_all(parts))


def chunks_of(courier: Courier, occasion: Occasion) -> list[PlanChunk]:
    """Return the plans to be looked through, chunk by chunk; none on a rest day."""
    refuse_without_right(occasion.actor, Act.REMIND)
    with courier.open_transaction() as session:
        return plan_chunks(session) if is_working_day(occasion.day) else []


def look_through(courier: Courier, occasion: Occasion, rules: RuleSet, chunk: PlanChunk) -> Due:
    """Write down the reports missing in some plans and return what is due in them, in one transaction; doing it again writes nothing twice."""
    refuse_without_right(occasion.actor, Act.REMIND)
    with courier.open_transaction() as session:
        plan_ids = lock_in_force(session, chunk.plan_ids)
        note_missed_in(session, occasion, rules, plan_ids)
        return due_in(session, occasion.day, rules, plan_ids)


def remind_of(courier: Courier, occasion: Occasion, office: str | None, due: Due) -> RemindReport:
    """Queue what is due, as it was found just before, and deliver all that waits; see `remind`."""
    refuse_without_right(occasion.actor, Act.REMIND)
    with courier.open_transaction() as session:
        plan = queue_reminders(session, occasion, courier.routes, due, office)
    is_quiet = occasion.actor.role is AccountRole.SYSTEM and not is_sending_hour(courier.now(), due.rules)
    delivery = deliver(courier, occasion.day) if plan.is_working_day and not is_quiet else DeliveryReport()
    with courier.open_transaction() as session:
        return report_of(session, plan, delivery, is_quiet=is_quiet)


def preview_reminders(session: Session, occasion: Occasion, routes: Routes, rules: RuleSet, office: str | None = None) -> RemindReport:
    """Return what `remind` would say on the occasion's day, word for word, and what not and why; nothing is written."""
    refuse_without_right(occasion.actor, Act.REMIND)
    return preview_of(plan_reminders(session, occasion.day, routes, rules), office)


def queue_reminders(session: Session, occasion: Occasion, routes: Routes, due: Due, office: str | None) -> ReminderPlan:
    """Write the day's messages and reminder lines, each line an entry in its plan's chain.

    1. The plans are locked, so that two runs at once write one after the other. 2. Of what is due, what is to be said is planned by the outbox as it stands
    by then. 3. Waiting messages in which nothing is due any more are withdrawn. 4. The messages are written, new or over the one that waits.
    """
    session.execute(sa.select(col(Plan.id)).order_by(col(Plan.id)).with_for_update()).all()
    plan = planned(session, routes, due)
    mistakes = template_mistakes()
    events = [event for message_id in plan.moot_ids for event in _withdraw(session, message_id)]
    for outgoing in plan.outgoing:
        rendered = rendered_of(outgoing, plan, office, mistakes)
        if outgoing.waiting_id is None:
            message_id = _add(session, outgoing, rendered, plan, occasion)
            events += _write_lines(session, message_id, outgoing)
        elif _rewrite(session, outgoing, rendered, plan):
            events += _write_lines(session, outgoing.waiting_id, outgoing)
    record_all(session, occasion, events)
    return plan


def _add(session: Session, outgoing: Outgoing, rendered: Rendered, plan: ReminderPlan, occasion: Occasion) -> int:
    recipient = outgoing.recipient
    seed = f"{recipient.key}|{recipient.unit}|{outgoing.channel}|{plan.day.isoformat()}|{occasion.at.isoformat()}"
    return queue_message(session, recipient, rendered, Envelope(outgoing.channel, recipient.address, plan.day, seed))


def _rewrite(session: Session, outgoing: Outgoing, rendered: Rendered, plan: ReminderPlan) -> bool:
    """Put today's day and text into the waiting message; False where a delivery has taken it meanwhile."""
    recipient = outgoing.recipient
    marks = {
        "day": plan.day,
        "name": recipient.person or recipient.unit,
        "address": recipient.address,
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
    }
    untouched = (col(Message.id) == outgoing.waiting_id, col(Message.state) == MessageState.PENDING, col(Message.attempts) == 0)
    return session.connection().execute(sa.update(Message).where(*untouched).values(**marks)).rowcount == 1


def _write_lines(session: Session, message_id: int, outgoing: Outgoing) -> list[Event]:
    """Make the message's lines exactly those of `outgoing` and return what changed as ledger events."""
    wanted = {
        (line.task_id, line.rule, line.period, portion.recipient.key): line.plan_id
        for portion in outgoing.portions
        for line in portion.lines
    }
    stored = _stored_lines(session, message_id)
    events = _drop_lines(session, message_id, [line for line in stored if line not in wanted])
    added = [line for line in wanted if line not in stored]
    for task_id, rule, period, recipient in added:
        session.add(
            Reminder(message_id=message_id, task_id=task_id, rule=rule, period=period, recipient=recipient, channel=outgoing.channel)
        )
    about = {"channel": outgoing.channel, "message": message_id}
    return events + [
        Event(
            "remind",
            f"task {task_id}",
            plan_id=wanted[task_id, rule, period, recipient],
            task_id=task_id,
            after={"rule": rule, "period": period, "recipient": recipient, **about},
        )
        for task_id, rule, period, recipient in added
    ]


def _withdraw(session: Session, message_id: int) -> list[Event]:
    """Take a message out of the outbox that never left and says nothing that is still due."""
    untouched = (col(Message.id) == message_id, col(Message.state) == MessageState.PENDING, col(Message.attempts) == 0)
    if session.execute(sa.select(col(Message.id)).where(*untouched).with_for_update()).first() is None:
        return []
    events = _drop_lines(session, message_id, list(_stored_lines(session, message_id)))
    session.execute(sa.delete(Delivery).where(col(Delivery.message_id) == message_id))
    session.execute(sa.delete(Message).where(col(Message.id) == message_id))
    return events


def _stored_lines(session: Session, message_id: int) -> dict[LineKey, int]:
    names = ("task_id", "rule", "period", "recipient")
    lines = sa.select(*(getattr(Reminder, name) for name in names), col(Task.plan_id))
    found = session.execute(lines.join(Task, col(Task.id) == Reminder.task_id).where(col(Reminder.message_id) == message_id))
    return {(task_id, rule, period, recipient): plan_id for task_id, rule, period, recipient, plan_id in found}


def _drop_lines(session: Session, message_id: int, lines: Sequence[LineKey]) -> list[Event]:
    stored = _stored_lines(session, message_id)
    for task_id, rule, period, recipient in lines:
        key = (col(Reminder.task_id) == task_id, col(Reminder.rule) == rule, col(Reminder.period) == period)
        own = (col(Reminder.message_id) == message_id, col(Reminder.recipient) == recipient)
        session.execute(sa.delete(Reminder).where(*own, *key))
    return [
        Event(
            "withdraw-reminder",
            f"task {line[0]}",
            plan_id=stored[line],
            task_id=line[0],
            before={"rule": line[1], "period": line[2], "message": message_id},
        )
        for line in lines
    ]
