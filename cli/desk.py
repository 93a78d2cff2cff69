"""What a command works at: the context, the day it is done for and who does it, taken from the common options."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from rules.errors import DubanError
from rules.rights import Actor
from rules.texts import _
from runtime.clock import now, today
from runtime.context import Context, open_context
from runtime.database import reading, transaction
from services.actors import actor_named
from services.occasion import Occasion


@dataclass(frozen=True)
class Desk:
    """One command's context and day."""

    context: Context
    day: date

    @contextmanager
    def reading(self) -> Iterator[tuple[Session, Actor | None]]:
        """Give a session that only reads, and the actor where one is named: without one, whoever holds the database file sees it all."""
        with reading(self.context.engine) as session:
            name = self.context.settings.account
            yield session, actor_named(session, name) if name else None

    @contextmanager
    def acting(self) -> Iterator[tuple[Session, Occasion]]:
        """Give a session whose work is kept as a whole, and the occasion of the named actor; without one the command is refused."""
        with transaction(self.context.engine) as session:
            yield session, self.occasion(session)

    def occasion(self, session: Session) -> Occasion:
        """Return who acts, for which day, and when."""
        name = self.context.settings.account
        if not name:
            raise DubanError("no-account", _("没有说明由谁办理，请加 --as 账号，或设置 DUBAN_ACCOUNT"))
        if self.day > today():
            raise DubanError("future-date", _("{day} 还没有到，不能预先记入台账；请改 --on 的日期").format(day=self.day))
        return Occasion(actor_named(session, name), self.day, now())


@contextmanager
def open_desk() -> Iterator[Desk]:
    """Open the desk; its connections are given back at the end."""
    day = chosen_day()
    with open_context() as context:
        yield Desk(context, day)


def chosen_day() -> date:
    """Return the day of `--on`, else today in Asia/Shanghai."""
    written = os.environ.get("DUBAN_ON")
    return parse_day(written) if written else today()


def parse_day(written: str) -> date:
    """Read a day as people type it: 2013-09-30."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise DubanError("bad-date", _("看不懂日期“{written}”，请写成 2013-09-30").format(written=written)) from None
