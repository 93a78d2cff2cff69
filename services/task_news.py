"""What others did on a task since somebody opened its form: told so that nobody overwrites what he has not read."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from models.account import AccountRole
from models.ledger import LedgerEntry
from rules.rights import Actor
from services.notice_list import is_inside
from services.notice_record import said_words, words_of_acts


@dataclass(frozen=True)
class News:
    """One act on a task in words: when, by whom, what, and what was said."""

    acted_on: date
    actor: str
    act: str
    said: str


def news_since(session: Session, task_id: int, seen: int, actor: Actor) -> list[News]:
    """Return the acts on a task that came after the entry `seen` of its plan's chain; what stays in the house is told to no unit."""
    columns = (col(LedgerEntry.acted_on), col(LedgerEntry.actor), col(LedgerEntry.act), col(LedgerEntry.after))
    entries = select(*columns).where(col(LedgerEntry.task_id) == task_id, col(LedgerEntry.seq) > seen).order_by(col(LedgerEntry.seq))
    rows = [
        row
        for row in session.execute(entries).tuples()
        if row[2] in words_of_acts() and not (actor.role is AccountRole.UNIT and is_inside(row[2], row[3]))
    ]
    return [News(acted_on, who, words_of_acts()[act], said_words(said)) for acted_on, who, act, said in rows]
