"""The event ledger: every act, chained by hash, never changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.columns import instant_column, json_column

# Acts that say how far a task has come, whatever it was before. A report says nothing of it, nor does the writing-off of what is done already.
STANDING_ACTS = ("issue", "acknowledge", "submit", "return", "complete", "reopen", "suspend", "resume", "cancel", "reassign")
# Acts that alter no row that figures of an earlier day are counted from: the life of tasks, new plans and tasks, reports and their acceptance.
HARMLESS_ACTS = (
    *("inventory", "issue-plan", "issue", "acknowledge", "report", "submit", "return", "complete", "close", "reopen", "suspend"),
    *("resume", "cancel", "accept-report"),
)
# Acts that change no due day, unit or target, which rows of an earlier day are made from: they move a task along and add reports, which carry their own days.
# An inventory enters rows that stood long before.
PASSED_OVER = ("inventory", "acknowledge", "report", "submit", "return", "complete", "close", "reopen", "suspend", "resume", "cancel")
# Written out, since an index is used only where the question has its very words.
SAYS_STANDING = f"act IN {STANDING_ACTS}"
WROTE_ROWS = f"changes IS NOT NULL AND act NOT IN {PASSED_OVER}"
IS_ALTERING = f"changes IS NOT NULL AND act NOT IN {HARMLESS_ACTS}"


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
        Index(
            "ix_ledger_entry_standing",
            *("task_id", "seq", "act", "for_day", "acted_on"),
            sqlite_where=text(SAYS_STANDING),
            postgresql_where=text(SAYS_STANDING),
        ),
        Index("ix_ledger_entry_altering", "acted_on", sqlite_where=text(IS_ALTERING), postgresql_where=text(IS_ALTERING)),
        Index("ix_ledger_entry_wrote_rows", "chain", "acted_on", sqlite_where=text(WROTE_ROWS), postgresql_where=text(WROTE_ROWS)),
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
    """A chain's last entry, kept apart from the entries: without it, an entry taken from the end would not be missed.

    `ordered_on` is the last day of an act whose rows keep the chain's acts in the order of their days; None before there was one.
    """

    __tablename__ = "ledger_head"

    chain: str = Field(primary_key=True, max_length=24)
    seq: int
    hash: str = Field(max_length=64)
    ordered_on: date | None = None
