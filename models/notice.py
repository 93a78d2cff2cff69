"""What leaves the house: reminders in messages, their deliveries, and formal notices."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import enum_column, instant_column, json_column


class MessageState(StrEnum):
    """How far a message has got. `HANDING_OVER` left behind by a crash becomes `UNCERTAIN`: nobody can know whether it arrived. `BOUNCED`: the channel
    took it, and its address sent it back later.
    """

    PENDING = "pending"
    CLAIMED = "claimed"
    HANDING_OVER = "handing_over"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    BOUNCED = "bounced"


# Not surely arrived: what a person must know of, may send again or settle.
UNDELIVERED = (MessageState.UNCERTAIN, MessageState.FAILED, MessageState.BOUNCED)


class Message(SQLModel, table=True):
    """One message for one recipient on one channel and day: the outbox. `recipient` is `contact-5`, `account-2`, or `unit-3` where a unit has no contact.

    `about` is empty for the day's digest and names the paper otherwise (`notice-7`). `unit_id` is empty for the house's own people. `instead_of_id` is the message
    that this one goes out for on a fallback channel. `is_entered` says that the ledger tells of its sending.
    """

    __table_args__ = (
        UniqueConstraint("recipient", "channel", "day", "about"),
        Index("ix_message_state", "state"),
        Index("ix_message_about_day", "about", "day"),
        Index("ix_message_unentered", "state", sqlite_where=text("is_entered = 0"), postgresql_where=text("NOT is_entered")),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    recipient: str = Field(max_length=40)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    channel: str = Field(max_length=40)
    name: str = Field(max_length=120)
    address: str = Field(max_length=254)
    day: date
    about: str = Field(default="", max_length=24)
    subject: str = Field(max_length=200)
    text: str
    html: str
    message_id: str = Field(max_length=120, unique=True)
    state: MessageState = Field(default=MessageState.PENDING, sa_column=enum_column(MessageState))
    owner: str | None = Field(default=None, max_length=120)
    claimed_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    sent_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    bounced_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    error: str | None = None
    instead_of_id: int | None = Field(default=None, foreign_key="message.id", unique=True)
    is_entered: bool = False


class MessageFile(SQLModel, table=True):
    """A file that goes with a message where its channel carries files; the bytes lie in the store under `sha256`."""

    __tablename__ = "message_file"
    __table_args__ = (UniqueConstraint("message_id", "name"), CheckConstraint("size_bytes > 0", name="not_empty"))

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    name: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    size_bytes: int


class Reminder(SQLModel, table=True):
    """One line of a message: a rule that fired for a task. The unique key is the promise that it is said once."""

    __table_args__ = (UniqueConstraint("rule", "task_id", "period", "recipient", "channel"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    rule: str = Field(max_length=24)
    period: str = Field(max_length=24)
    recipient: str = Field(max_length=40, index=True)
    channel: str = Field(max_length=40)


class DeliveryOutcome(StrEnum):
    """How one attempt to hand a message over ended."""

    STARTED = "started"
    SENT = "sent"
    PASSING_ERROR = "passing_error"
    PERMANENT_ERROR = "permanent_error"


class Delivery(SQLModel, table=True):
    """One attempt to hand a message over; the row exists before the attempt, so an attempt that never came back is seen.

    `parts` says how often it uses its channel: a long message goes to a robot in several.
    """

    __table_args__ = (Index("ix_delivery_started_at", "started_at"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    started_at: datetime = Field(sa_column=instant_column())
    ended_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    outcome: DeliveryOutcome = Field(default=DeliveryOutcome.STARTED, sa_column=enum_column(DeliveryOutcome))
    error: str | None = None
    parts: int = 1


class NoticeLevel(StrEnum):
    """The rung of the escalation ladder a formal notice stands on (domain handbook, part 4): L2 blue, L3 orange, L4 red, L5 a proposal to hold to account."""

    BLUE = "blue"
    ORANGE = "orange"
    RED = "red"
    ACCOUNTABILITY = "accountability"


class NoticeState(StrEnum):
    """A notice is prepared by the program and issued, or set aside with a reason, by a person; the unit's receipt is recorded."""

    PREPARED = "prepared"
    ISSUED = "issued"
    RECEIVED = "received"
    SET_ASIDE = "set_aside"


class Notice(SQLModel, table=True):
    """A formal supervision notice (督办通知单): one matter, one notice. `limit_on` is the last day for what it demands.

    `due_on` is the task's due day it was prepared for: a due day that is moved, or another lead unit, begins a new ladder. `matter` is the rule that called for it, in the words of
    `rules.escalation`, `grounds` the facts it fired on, `demand` what the issuing person asks. `sha256` is the issued file in the store. `reply` is what the unit
    answered last, on `replied_on`; what it answered before is in the ledger.
    """

    __table_args__ = (
        UniqueConstraint("task_id", "unit_id", "level", "due_on", "matter"),
        Index("ix_notice_state", "state"),
        UniqueConstraint("year", "number"),
        CheckConstraint("state IN ('prepared', 'set_aside') OR (number IS NOT NULL AND issued_on IS NOT NULL)", name="issued_has_number"),
        CheckConstraint("state <> 'set_aside' OR reason IS NOT NULL", name="set_aside_has_reason"),
        CheckConstraint("state <> 'received' OR received_on IS NOT NULL", name="received_has_day"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    level: NoticeLevel = Field(sa_column=enum_column(NoticeLevel))
    state: NoticeState = Field(default=NoticeState.PREPARED, sa_column=enum_column(NoticeState))
    due_on: date
    matter: str = Field(max_length=24)
    grounds: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    prepared_on: date
    year: int | None = None
    number: int | None = None
    doc_no: str | None = Field(default=None, max_length=60)
    issued_on: date | None = None
    limit_on: date | None = None
    demand: str = ""
    sha256: str | None = Field(default=None, max_length=64)
    received_on: date | None = None
    receiver: str | None = Field(default=None, max_length=60)
    reason: str | None = None
    reply: str | None = None
    replied_on: date | None = None
