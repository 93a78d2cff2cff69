"""What a program of this house works with: its settings and its database, opened once at an edge and handed down."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlalchemy import Engine

from notify.letterhead import Letterhead, use_letterhead
from rules.access_policy import AccessPolicy
from rules.calendar import use_calendar
from rules.rule_set import RuleSet
from runtime.access import policy_of
from runtime.database import open_engine, reading, refuse_outdated
from runtime.settings import Settings, read_settings
from runtime.stores import store_of
from services.kept_days import kept_days
from services.rule_sets import rule_set_on
from services.store import Store

if TYPE_CHECKING:
    from services.papers.filing import Press


@dataclass(frozen=True)
class Context:
    """Settings and database of one program run. As a `with` block it gives its connections back at the end."""

    settings: Settings
    engine: Engine

    @cached_property
    def store(self) -> Store:
        """Return the store that evidence and published files are kept in, by hash."""
        return store_of(self.settings)

    @property
    def press(self) -> "Press":
        """Return what papers are filed with: the store, the office that signs, the Word templates people changed, the house's fonts."""
        from reports.faces import Printing
        from services.papers.filing import Press

        printing = Printing(papers_folder(self.settings), self.settings.fonts)
        return Press(self.store, self.settings.office, printing)

    @property
    def bulletin_folder(self) -> Path:
        """Return the folder that published bulletins are written to for people to open."""
        return self.settings.home / "bulletins"

    @cached_property
    def policy(self) -> AccessPolicy:
        """Return what is asked of whoever comes in: the chosen profile with the settings' own limits."""
        return policy_of(self.settings)

    def rules_on(self, day: date) -> RuleSet:
        """Return the rule set that judges `day`."""
        with reading(self.engine) as session:
            return rule_set_on(session, day)

    def close(self) -> None:
        """Give all connections back; the next use opens new ones."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def open_context(settings: Settings | None = None) -> Context:
    """Open the database of these settings (read from the environment where none are given); one that is not up to date is refused.

    From here on working days are counted with the holidays that this house keeps, and messages are written with its templates.
    """
    chosen = settings or read_settings()
    engine = open_engine(chosen.resolved_database_url, chosen.pool_size)
    try:
        refuse_outdated(engine)
        with reading(engine) as session:
            use_calendar(kept_days(session))
    except BaseException:
        engine.dispose()
        raise
    use_letterhead(letterhead_of(chosen))
    return Context(chosen, engine)


def papers_folder(settings: Settings) -> Path:
    """Return the folder of the house's own Word templates."""
    return settings.home / "templates" / "papers"


def letterhead_of(settings: Settings) -> Letterhead:
    """Return the house's own look of messages: the templates in its home, and where its pages are."""
    pages = settings.public_url
    return Letterhead(settings.home / "templates", pages.rstrip("/") if pages else None)
