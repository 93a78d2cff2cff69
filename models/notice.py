"""What leaves the house: reminders in messages, their deliveries, and formal notices."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import enum_column, instant_column


class MessageState(StrEnum):
    """How far a message has got. `HANDING_OVER` left behind by a crash becomes `UNCERTAIN`: nobody can know whether it arrived."""

    PENDING = "pending"
    CLAIMED = "claimed"
    HANDING_OVER = "handing_over"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"


class Message(SQLModel, table=True):
    """One digest for one recipient, channel and day: the outbox. `recipient` is `contact-5`, or `unit-3` where a unit has no contact."""

    __table_args__ = (
        UniqueConstraint("recipient", "channel", "day"),
        Index("ix_message_state", "state"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    recipient: str = Field(max_length=40)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    channel: str = Field(max_length=24)
    name: str = Field(max_length=120)
    address: str = Field(max_length=254)
    day: date
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
    error: str | None = None


class Reminder(SQLModel, table=True):
    """One line of a message: a rule that fired for a task. The unique key is the promise that it is said once."""

    __table_args__ = (UniqueConstraint("rule", "task_id", "period", "recipient", "channel"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    rule: str = Field(max_length=24)
    period: str = Field(max_length=24)
    recipient: str = Field(max_length=40)
    channel: str = Field(max_length=24)


class DeliveryOutcome(StrEnum):
    """How one attempt to hand a message over ended."""

    STARTED = "started"
    SENT = "sent"
    PASSING_ERROR = "passing_error"
    PERMANENT_ERROR = "permanent_error"


class Delivery(SQLModel, table=True):
    """One attempt to hand a message over; the row exists before the attempt, so an attempt that never came back is seen."""

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    started_at: datetime = Field(sa_column=instant_column())
    ended_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    outcome: DeliveryOutcome = Field(default=DeliveryOutcome.STARTED, sa_column=enum_column(DeliveryOutcome))
    error: str | None = None


class NoticeLevel(StrEnum):
    """The rung of the escalation ladder a formal notice stands on."""

    BLUE = "blue"
    ORANGE = "orange"
    RED = "red"


class NoticeState(StrEnum):
    """A notice is prepared by the program and issued by a person."""

    PREPARED = "prepared"
    ISSUED = "issued"
    RECEIVED = "received"


class Notice(SQLModel, table=True):
    """A formal supervision notice (督办通知单): one matter, one notice. `limit_on` is the last day for the unit's answer."""

    __table_args__ = (
        UniqueConstraint("task_id", "level", "prepared_on"),
        CheckConstraint("state = 'prepared' OR (number IS NOT NULL AND issued_on IS NOT NULL)", name="issued_has_number"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task_id: int = Field(foreign_key="task.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    level: NoticeLevel = Field(sa_column=enum_column(NoticeLevel))
    number: str | None = Field(default=None, max_length=60, unique=True)
    state: NoticeState = Field(default=NoticeState.PREPARED, sa_column=enum_column(NoticeState))
    prepared_on: date
    issued_on: date | None = None
    limit_on: date | None = None
    text: str
