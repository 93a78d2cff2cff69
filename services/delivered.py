"""The ledger's entries on messages: one for each plan and delivery, naming every message that was sent, to whom, when, and about which tasks.

Messages are entered some at a time, after they were sent; `is_entered` says which the ledger tells of. What a stopped delivery left unentered is entered by
the next one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.notice import UNDELIVERED, Message, MessageState, Notice, Reminder
from models.plan import Plan
from models.task import Task
from services.ledger import Event, record_all
from services.occasion import Occasion

AT_ONCE = 200

# The tasks by plan and message.
_Spoken = Mapping[tuple[int | None, int], list[int]]
_SENT = (MessageState.SENT, MessageState.BOUNCED)
_UNENTERED = sa.select(col(Message.id)).where(sa.not_(col(Message.is_entered)), col(Message.state).in_(_SENT)).order_by(col(Message.id))
_FIRST_UNENTERED = _UNENTERED.limit(AT_ONCE)
_TASKS_OF_LINES = (
    sa.select(col(Reminder.message_id), col(Task.plan_id), col(Task.id))
    .join(Task, col(Task.id) == Reminder.task_id)
    .where(col(Reminder.message_id).in_(sa.bindparam("messages", expanding=True)))
    .order_by(col(Task.id))
)


def enter_sent(session: Session, occasion: Occasion, ids: Sequence[int] | None = None) -> int:
    """Write the entries of sent messages that have none yet and return how many there were, up to `AT_ONCE`: those of `ids`, else whichever there are."""
    unentered = _FIRST_UNENTERED if ids is None else _FIRST_UNENTERED.where(col(Message.id).in_(ids))
    wanted = [message_id or 0 for message_id in session.scalars(unentered)]
    if not wanted:
        return 0
    # What a message speaks of is settled once it began to be handed over.
    spoken_of = tasks_by_plan(session, wanted)
    _lock(session, spoken_of)
    free = _UNENTERED.where(col(Message.id).in_(wanted)).with_for_update(skip_locked=True)
    locked = [message_id or 0 for message_id in session.scalars(free)]
    if locked:
        marked = sa.update(Message).where(col(Message.id).in_(locked)).values(is_entered=True)
        session.execute(marked, execution_options={"synchronize_session": False})
        record_all(session, occasion, _entries(session, locked, spoken_of))
    return len(locked)


def lock_plans(session: Session, ids: Sequence[int]) -> None:
    """Lock the plans that messages speak of. Plans before messages, everywhere: two who lock in one order cannot wait for each other."""
    _lock(session, tasks_by_plan(session, ids))


def _lock(session: Session, spoken_of: _Spoken) -> None:
    plan_ids = {plan_id for plan_id, _message_id in spoken_of if plan_id is not None}
    session.execute(sa.select(col(Plan.id)).where(col(Plan.id).in_(plan_ids)).order_by(col(Plan.id)).with_for_update()).all()


def locked_undelivered(session: Session, message_id: int) -> Message | None:
    """Return a message that has not surely arrived, locked with the plans it speaks of; None where there is none of that number."""
    lock_plans(session, [message_id] if session.get(Message, message_id) else [])
    message = session.exec(select(Message).where(Message.id == message_id).with_for_update()).one_or_none()
    return message if message is not None and message.state in UNDELIVERED else None


def tasks_by_plan(session: Session, ids: Sequence[int]) -> _Spoken:
    """Return the tasks that each message speaks of, by plan and message: those of its lines, else the task of the notice it carries.

    A message about no task stands under no plan, with no tasks.
    """
    found: dict[tuple[int | None, int], list[int]] = defaultdict(list)
    if not ids:
        return found
    for message_id, plan_id, task_id in session.execute(_TASKS_OF_LINES, {"messages": list(ids)}).tuples():
        if task_id not in found[plan_id, message_id]:
            found[plan_id, message_id].append(task_id)
    for message_id in set(ids) - {message_id for _plan_id, message_id in found}:
        found.update(_matter_of(session, message_id))
    return found


def _matter_of(session: Session, message_id: int) -> dict[tuple[int | None, int], list[int]]:
    about = session.scalars(sa.select(col(Message.about)).where(col(Message.id) == message_id)).one()
    kind, _dash, number = about.partition("-")
    notice = session.get(Notice, int(number)) if kind == "notice" and number.isdigit() else None
    task = session.get(Task, notice.task_id) if notice else None
    return {(task.plan_id, message_id): [task.id or 0]} if task else {(None, message_id): []}


def _entries(session: Session, ids: Sequence[int], spoken_of: _Spoken) -> list[Event]:
    columns = (Message.id, Message.recipient, Message.channel, Message.sent_at)
    facts: dict[int, dict[str, Any]] = {}
    for message_id, recipient, channel, sent_at in session.execute(sa.select(*map(col, columns)).where(col(Message.id).in_(ids))):
        at = sent_at.astimezone(UTC).isoformat() if sent_at else None
        facts[message_id] = {"message": message_id, "recipient": recipient, "channel": channel, "at": at}
    told: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for (plan_id, message_id), tasks in sorted(spoken_of.items(), key=lambda item: item[0][1]):
        if message_id in facts:
            told[plan_id].append({**facts[message_id], "tasks": tasks})
    return [Event("deliver", _subject(messages), plan_id=plan_id, after={"messages": messages}) for plan_id, messages in told.items()]


def _subject(messages: Sequence[Mapping[str, Any]]) -> str:
    first, last = messages[0]["message"], messages[-1]["message"]
    return f"message {first}" if first == last else f"messages {first} to {last}"
