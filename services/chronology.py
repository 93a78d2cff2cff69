"""The whole history of a task in plain words, as the ledger tells it: who, of which unit, when, what, from what to what, and why.

Nothing is left out but what is none of the reader's business: a unit does not see what the house only prepares. The reminders of one message are one line.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.account import Account, AccountRole
from models.indicator import Indicator
from models.ledger import LedgerEntry
from models.roster import EligibleList
from models.task import Target, Task
from models.unit import Unit
from rules.rights import Actor
from services.act_changes import Names, Told
from services.act_sentences import sentences
from services.notice_list import is_inside
from services.occasion import SYSTEM
from services.reach import refuse_unseen
from services.task_evidence import TaskFile, task_files
from services.task_messages import SentMessage, messages_about

_REMIND = "remind"
_COLUMNS = ("id", "seq", "at", "acted_on", "for_day", "actor", "act", "before", "after", "changes")


@dataclass(frozen=True)
class ActLine:
    """One act. `for_day` is the day it holds for where that is another one; `role` is that of the account that acted, None where there is none any more.

    `message` is the message that a reminder went out in, None where it is gone or none of the reader's business.
    """

    seq: int
    at: datetime
    acted_on: date
    for_day: date | None
    act: str
    actor: str
    role: AccountRole | None
    unit: str
    sentences: tuple[str, ...]
    files: tuple[TaskFile, ...] = ()
    messages: tuple[SentMessage, ...] = ()

    @property
    def is_system(self) -> bool:
        """Tell whether the program did it by itself."""
        return self.actor == SYSTEM.name


@dataclass(frozen=True)
class Chronology:
    """A task's acts up to a day in the order they were entered, and the nearest days before and after it on which something happened."""

    lines: tuple[ActLine, ...]
    files: tuple[TaskFile, ...]
    previous_on: date | None
    next_on: date | None


def chronology(session: Session, task_id: int, day: date, actor: Actor | None) -> Chronology:
    """Return the history up to the end of `day`. Nobody named (None) is whoever holds the database. Code: unknown-task (also one the actor may not see)."""
    if actor is not None:
        refuse_unseen(session, actor, task_id)
    entries = [row for row in _entries(session, task_id) if not _is_hidden(actor, row)]
    past = [row for row in entries if row.acted_on <= day]
    names = _names(session, task_id, past)
    files = tuple(task_files(session, task_id, day))
    messages = messages_about(session, task_id, day, actor)
    return Chronology(
        lines=tuple(_lines(past, names, files, messages)),
        files=files,
        previous_on=max((row.acted_on for row in entries if row.acted_on < day), default=None),
        next_on=min((row.acted_on for row in entries if row.acted_on > day), default=None),
    )


def _entries(session: Session, task_id: int) -> Sequence[sa.Row[Any]]:
    columns = [getattr(LedgerEntry, name) for name in _COLUMNS]
    rows = sa.select(*columns, col(Unit.name).label("unit"), col(Account.role))
    rows = rows.outerjoin(Unit, col(Unit.id) == col(LedgerEntry.unit_id)).outerjoin(Account, col(Account.name) == col(LedgerEntry.actor))
    return session.execute(rows.where(col(LedgerEntry.task_id) == task_id).order_by(col(LedgerEntry.seq))).all()


def _is_hidden(actor: Actor | None, row: sa.Row[Any]) -> bool:
    if actor is None or actor.role is not AccountRole.UNIT:
        return False
    is_own = str(row.after.get("recipient", "")).startswith("account-")
    return is_inside(row.act, row.after) or is_own


def _lines(rows: Sequence[sa.Row[Any]], names: Names, files: Sequence[TaskFile], messages: Mapping[int, SentMessage]) -> Iterator[ActLine]:
    """Give a line for each act; the lines of one message, and those of one moment for several people, are one."""
    for _key, group in groupby(rows, key=lambda row: (row.acted_on, row.act == _REMIND, row.seq * (row.act != _REMIND))):
        same = list(group)
        told = [sentences(Told(row.act, row.before, row.after, row.changes or ()), names) for row in same]
        numbers = [number for row in same for number in [row.after.get("message"), *(row.after.get("messages") or ())]]
        first = same[0]
        yield ActLine(
            seq=same[-1].seq,
            at=first.at,
            acted_on=first.acted_on,
            for_day=first.for_day if first.for_day != first.acted_on else None,
            act=first.act,
            actor=first.actor,
            role=first.role,
            unit=first.unit or "",
            sentences=tuple(dict.fromkeys(words for one in told for words in one)),
            files=tuple(_own_files(first.after, files)),
            messages=tuple(messages[number] for number in dict.fromkeys(numbers) if number in messages),
        )


def _own_files(said: Mapping[str, Any], files: Sequence[TaskFile]) -> Iterator[TaskFile]:
    """Give the files that an entry names, by their content; the earliest handed in first."""
    for one in said.get("evidence") or ():
        found = next((file for file in files if file.sha256 == one["sha256"] and file.name == one["name"]), None)
        if found is not None:
            yield found


def _names(session: Session, task_id: int, rows: Sequence[sa.Row[Any]]) -> Names:
    """Read the names of all that the entries name by number, a query each and only where something is."""
    item_id = session.scalars(sa.select(col(Task.item_id)).where(col(Task.id) == task_id)).one()
    # A target that an amendment took off the task stays with its item.
    targets = sa.select(col(Target.id), col(Target.measure), col(Target.unit_of_measure))
    own = sa.or_(col(Target.task_id) == task_id, col(Target.item_id) == item_id)
    units = {int(unit) for row in rows for side in (row.before, row.after) for unit in side.get("units") or () if unit.isdecimal()}
    indicators = {row.before[name] for row in rows for name in ("observed_by", "against") if isinstance(row.before.get(name), int)}
    lists = {one for row in rows for one in [*(row.after.get("eligible_list_ids") or ()), row.after.get("whole_list_id")] if one}
    return Names(
        targets={number: (measure, unit) for number, measure, unit in session.execute(targets.where(own)).tuples() if number},
        units=_named(session, Unit, units),
        indicators=_named(session, Indicator, indicators),
        lists=_named(session, EligibleList, lists),
    )


def _named(session: Session, kind: Any, ids: set[int]) -> dict[int, str]:
    return dict(session.execute(sa.select(kind.id, kind.name).where(kind.id.in_(ids))).tuples().all()) if ids else {}
