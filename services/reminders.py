"""Reminders on a day: written into the outbox once, with their ledger entries, then delivered.

A message that still waits is rewritten for the day it will leave on, so that a channel that was down for ten days brings one digest, not ten.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

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
from services.changes import table_of
from services.courier import Courier
from services.due_lines import Due, due_in
from services.ledger import Event, record_all
from services.many_rows import insert_rows
from services.occasion import Occasion
from services.outbox import DeliveryReport, deliver
from services.plan_chunks import PlanChunk, plan_chunks
from services.portions import portions
from services.queueing import Envelope, message_row, queue_messages
from services.remind_report import RemindReport, preview_of, report_of
from services.remind_texts import rendered_of
from services.reminder_plan import Outgoing, ReminderPlan, plan_reminders, planned
from services.reviews import lock_in_force, note_missed_in

LineKey = tuple[int, str, str, str]
# By message and line: the row's number and the plan.
_StoredLines = Mapping[int, Mapping[LineKey, tuple[int, int]]]
_MESSAGES_AT_ONCE = 200
_REWRITTEN = ("day", "name", "address", "subject", "text", "html")


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
    by then. 3. The messages that wait are locked, but for those that a delivery has taken meanwhile. 4. What they say and is no longer due is withdrawn, and those
    that say nothing then. 5. The messages are written, new or over the one that waits.
    """
    session.execute(sa.select(col(Plan.id)).order_by(col(Plan.id)).with_for_update()).all()
    plan = planned(session, routes, due)
    mistakes = template_mistakes()
    rewritten = {message.waiting_id: message for message in plan.outgoing if message.waiting_id is not None}
    waiting = _locked(session, [*plan.moot_ids, *rewritten])
    stored = _stored_lines(session, waiting)
    wanted = {message_id: _lines_of(message) for message_id, message in rewritten.items()}
    events = _withdraw_lines(session, stored, wanted)
    _withdraw(session, [message_id for message_id in plan.moot_ids if message_id in waiting])
    free = [message for message in plan.outgoing if message.waiting_id is None or message.waiting_id in waiting]
    for some in portions(free, _MESSAGES_AT_ONCE):
        rows = [_row_of(message, rendered_of(message, plan, office, mistakes), occasion) for message in some]
        numbers = _write_messages(session, some, rows)
        events += _write_lines(session, dict(zip(numbers, some, strict=True)), stored)
    record_all(session, occasion, events)
    return plan


def _row_of(outgoing: Outgoing, rendered: Rendered, occasion: Occasion) -> dict[str, Any]:
    recipient, day = outgoing.recipient, occasion.day
    seed = f"{recipient.key}|{recipient.unit}|{outgoing.channel}|{day.isoformat()}|{occasion.at.isoformat()}"
    return message_row(recipient, rendered, Envelope(outgoing.channel, recipient.address, day, seed))


def _write_messages(session: Session, messages: Sequence[Outgoing], rows: Sequence[dict[str, Any]]) -> list[int]:
    """Write the messages and return their numbers. One that waits gets today's day and text, and stays the message it was."""
    new = iter(queue_messages(session, [row for message, row in zip(messages, rows, strict=True) if message.waiting_id is None]))
    over = [
        {"its_id": message.waiting_id, **{f"its_{name}": row[name] for name in _REWRITTEN}}
        for message, row in zip(messages, rows, strict=True)
        if message.waiting_id is not None
    ]
    if over:
        table = table_of(Message)
        marked = sa.update(table).where(table.c.id == sa.bindparam("its_id"))
        session.connection().execute(marked.values({name: sa.bindparam(f"its_{name}") for name in _REWRITTEN}), over)
    return [next(new) if message.waiting_id is None else message.waiting_id for message in messages]


def _write_lines(session: Session, messages: Mapping[int, Outgoing], stored: _StoredLines) -> list[Event]:
    """Write the lines of these messages that are not stored yet, and return them as ledger events."""
    added = [
        (message_id, message.channel, plan_id, line)
        for message_id, message in messages.items()
        for line, plan_id in _lines_of(message).items()
        if line not in stored.get(message_id, {})
    ]
    names = ("task_id", "rule", "period", "recipient")
    rows = [{**dict(zip(names, line, strict=True)), "message_id": number, "channel": channel} for number, channel, _plan_id, line in added]
    insert_rows(session, Reminder, rows)
    return [
        Event(
            "remind",
            f"task {task_id}",
            plan_id=plan_id,
            task_id=task_id,
            after={"rule": rule, "period": period, "recipient": recipient, "channel": channel, "message": number},
        )
        for number, channel, plan_id, (task_id, rule, period, recipient) in added
    ]


def _lines_of(outgoing: Outgoing) -> dict[LineKey, int]:
    return {
        (line.task_id, line.rule, line.period, portion.recipient.key): line.plan_id
        for portion in outgoing.portions
        for line in portion.lines
    }


def _locked(session: Session, message_ids: Sequence[int]) -> set[int]:
    """Lock the messages that no delivery has taken, and return them."""
    untouched = (col(Message.state) == MessageState.PENDING, col(Message.attempts) == 0)
    found: set[int] = set()
    for some in portions(sorted(message_ids)):
        rows = sa.select(col(Message.id)).where(col(Message.id).in_(some), *untouched).order_by(col(Message.id)).with_for_update()
        found.update(message_id or 0 for message_id in session.execute(rows).scalars())
    return found


def _stored_lines(session: Session, message_ids: Collection[int]) -> _StoredLines:
    names = ("message_id", "id", "task_id", "rule", "period", "recipient")
    lines = sa.select(*(getattr(Reminder, name) for name in names), col(Task.plan_id)).join(Task, col(Task.id) == Reminder.task_id)
    found: dict[int, dict[LineKey, tuple[int, int]]] = defaultdict(dict)
    for some in portions(sorted(message_ids)):
        rows = session.execute(lines.where(col(Reminder.message_id).in_(some)).order_by(col(Reminder.id)))
        for message_id, number, task_id, rule, period, recipient, plan_id in rows:
            found[message_id][task_id, rule, period, recipient] = number, plan_id
    return found


def _withdraw_lines(session: Session, stored: _StoredLines, wanted: Mapping[int, Mapping[LineKey, int]]) -> list[Event]:
    """Take out the lines of waiting messages that are not wanted any more, and return them as ledger events."""
    dropped = [
        (message_id, *place, line)
        for message_id, lines in stored.items()
        for line, place in lines.items()
        if line not in wanted.get(message_id, {})
    ]
    for some in portions([number for _message_id, number, _plan_id, _line in dropped]):
        session.execute(sa.delete(Reminder).where(col(Reminder.id).in_(some)))
    return [
        Event(
            "withdraw-reminder",
            f"task {task_id}",
            plan_id=plan_id,
            task_id=task_id,
            before={"rule": rule, "period": period, "message": message_id},
        )
        for message_id, _number, plan_id, (task_id, rule, period, _recipient) in dropped
    ]


def _withdraw(session: Session, message_ids: Sequence[int]) -> None:
    """Take messages out of the outbox that never left and say nothing that is still due."""
    for some in portions(message_ids):
        session.execute(sa.delete(Delivery).where(col(Delivery.message_id).in_(some)))
        session.execute(sa.delete(Message).where(col(Message.id).in_(some)))
