"""The access log: who came in, from where, who was turned away. A chain of the ledger of its own, so that no entry can be changed or taken out unnoticed.

It holds an account's name, an address, and what was done: no password, nothing typed that names no account, no row of the tables. It is kept as long as the house is.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.account import AccountRole
from models.ledger import LedgerEntry
from rules.access_acts import AccessAct, access_act_word, access_detail_word, day_here
from rules.rights import Act, Actor, refuse_without_right
from rules.texts import _
from services.entry_json import spelt
from services.keyset import KeyPage, PageAsk, page_of
from services.ledger import ACCESS, Event, record
from services.occasion import Occasion

NOBODY = Actor(None, "-", AccountRole.SYSTEM)
"""Who stands in the log where no account was named, or none that there is."""

_LONGEST_ADDRESS = 45
_LONGEST_DETAIL = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Noted:
    """One thing to note: what, by whom (None: no account that there is), from which address. `details` are short words: a path's template, a reason, a token's name."""

    act: AccessAct
    actor: Actor | None
    address: str = ""
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LogFilter:
    """What part of the log is wanted; None or empty: no matter. Both days are included."""

    account: str | None = None
    act: AccessAct | None = None
    address: str | None = None
    from_on: date | None = None
    until_on: date | None = None


EVERYTHING = LogFilter()


@dataclass(frozen=True)
class AccessRow:
    """An entry as it is listed. `seq` is its number in the chain."""

    seq: int
    at: datetime
    act: str
    account: str
    address: str
    details: dict[str, str]

    @property
    def words(self) -> str:
        """Return what was done, for people."""
        return access_act_word(self.act)

    @property
    def detail_words(self) -> str:
        """Return the details in one line."""
        return _("；").join(access_detail_word(str(detail)) for detail in self.details.values() if detail)


def access_event(act: AccessAct, address: str = "", **details: str) -> Event:
    """Return the entry of an act that is recorded together with what it changes elsewhere."""
    return Event(
        act.value, one_line(address, _LONGEST_ADDRESS), chain=ACCESS, after={name: one_line(said) for name, said in details.items()}
    )


def note(session: Session, noted: Noted, at: datetime) -> None:
    """Write one entry into the log, in the caller's transaction."""
    occasion = Occasion(noted.actor or NOBODY, day_here(at), at)
    record(session, occasion, access_event(noted.act, noted.address, **noted.details))


def one_line(said: str, longest: int = _LONGEST_DETAIL) -> str:
    """Return a text that cannot pretend to be two entries: control characters become spaces, and it has an end."""
    return "".join(character if character.isprintable() else " " for character in said).strip()[:longest]


def read_access_log(session: Session, wanted: LogFilter, before: int | None, limit: int, actor: Actor | None) -> list[AccessRow]:
    """Return the newest entries first, at most `limit`, those before entry number `before` where it is given. Nobody named (None) is whoever holds the database.

    Codes: no-right.
    """
    return list(access_log_page(session, wanted, PageAsk(before, limit), actor).rows)


def access_log_page(session: Session, wanted: LogFilter, ask: PageAsk, actor: Actor | None) -> KeyPage[AccessRow]:
    """Return a page of what was asked for. Nobody named (None) is whoever holds the database. Codes: no-right."""
    if actor is not None:
        refuse_without_right(actor, Act.READ_ACCESS_LOG)
    entered = _selected(EVERYTHING)
    found = _selected(wanted).with_only_columns(col(LedgerEntry.seq))
    return page_of(
        session,
        found,
        ask,
        lambda ids: {row[0]: AccessRow(*row) for row in session.execute(entered.where(col(LedgerEntry.seq).in_(ids))).tuples()},
    )


def export_access_log(session: Session, wanted: LogFilter, occasion: Occasion) -> Iterator[str]:
    """Enter in the log itself that it was exported, and return it as lines of a CSV file for spreadsheets, oldest first. Times are UTC with their offset.

    Codes: no-right.
    """
    refuse_without_right(occasion.actor, Act.READ_ACCESS_LOG)
    record(session, occasion, access_event(AccessAct.READ_LOG))
    return _csv_lines(session, wanted)


def _csv_lines(session: Session, wanted: LogFilter) -> Iterator[str]:
    yield "\ufeff" + _csv_line([_("序号"), _("时间"), _("事项"), _("代码"), _("账号"), _("地址"), _("说明")])
    rows = session.execute(_selected(wanted).order_by(col(LedgerEntry.seq)).execution_options(yield_per=500)).tuples()
    for row in rows:
        entry = AccessRow(*row)
        yield _csv_line([entry.seq, spelt(entry.at), entry.words, entry.act, entry.account, entry.address, entry.detail_words])


def _csv_line(cells: list[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_harmless(str(cell)) for cell in cells])
    return line.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell that a spreadsheet takes for text: an account may be called like a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) and cell != NOBODY.name else cell


def _selected(wanted: LogFilter) -> sa.Select[Any]:
    names = ("seq", "at", "act", "actor", "subject", "after")
    found = sa.select(*(getattr(LedgerEntry, name) for name in names)).where(col(LedgerEntry.chain) == ACCESS)
    act = wanted.act.value if wanted.act else None
    for column, value in ((LedgerEntry.actor, wanted.account), (LedgerEntry.act, act), (LedgerEntry.subject, wanted.address)):
        if value:
            found = found.where(col(column) == value)
    if wanted.from_on is not None:
        found = found.where(col(LedgerEntry.acted_on) >= wanted.from_on)
    if wanted.until_on is not None:
        found = found.where(col(LedgerEntry.acted_on) <= wanted.until_on)
    return found
