"""The event ledger: every act, chained by hash, never changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import instant_column, json_column


class LedgerEntry(SQLModel, table=True):
    """One act. `acted_on` is the day it was done, `for_day` the day it holds for (a completion holds for the day of its submission), `at` the instant it was written.

    `chain` is `plan-7` for what concerns a plan and `house` for everything else; `seq` counts from 1 without a gap in each chain. The
    database refuses update and delete. `changes` are the rows the act wrote, each with its values before and after, so that the tables can be made again
    from the ledger; entries from before version 0003 have none.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        Index("ix_ledger_entry_task_id_seq", "task_id", "seq"),
        Index("ix_ledger_entry_acted_on", "acted_on"),
        CheckConstraint("seq >= 1", name="seq_counts_from_one"),
    )

    id: int | None = Field(default=None, primary_key=True)
    chain: str = Field(max_length=24)
    seq: int
    at: datetime = Field(sa_column=instant_column())
    acted_on: date
    for_day: date
    actor: str = Field(max_length=60)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    act: str = Field(max_length=40, index=True)
    plan_id: int | None = Field(default=None, foreign_key="plan.id")
    task_id: int | None = Field(default=None, foreign_key="task.id")
    subject: str = Field(max_length=120)
    before: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    after: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    changes: list[dict[str, Any]] | None = Field(default=None, sa_column=json_column(nullable=True))
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class LedgerHead(SQLModel, table=True):
    """A chain's last entry, kept apart from the entries: without it, an entry taken from the end would not be missed."""

    __tablename__ = "ledger_head"

    chain: str = Field(primary_key=True, max_length=24)
    seq: int
    hash: str = Field(max_length=64)
