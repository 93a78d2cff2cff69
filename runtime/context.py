"""What a program of this house works with: its settings and its database, opened once at an edge and handed down."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from rules.rule_set import RuleSet
from runtime.database import open_engine, reading, refuse_outdated
from runtime.settings import Settings, read_settings
from services.rule_sets import rule_set_on
from services.store import Store


@dataclass(frozen=True)
class Context:
    """Settings and database of one program run. As a `with` block it gives its connections back at the end."""

    settings: Settings
    engine: Engine

    @property
    def store(self) -> Store:
        """Return the store that evidence and published files are kept in, by hash."""
        return Store(self.settings.home / "store")

    @property
    def bulletin_folder(self) -> Path:
        """Return the folder that published bulletins are written to for people to open."""
        return self.settings.home / "bulletins"

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
    """Open the database of these settings (read from the environment where none are given); one that is not up to date is refused."""
    chosen = settings or read_settings()
    engine = open_engine(chosen.resolved_database_url)
    try:
        refuse_outdated(engine)
    except BaseException:
        engine.dispose()
        raise
    return Context(chosen, engine)
