"""What a program of this house works with: its settings and its database, opened once at an edge and handed down."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from models.account import AccountRole
from notify.letterhead import Letterhead, use_letterhead
from reports.faces import Printing
from rules.access_policy import PROFILES, AccessPolicy
from rules.calendar import use_calendar
from rules.errors import DubanError
from rules.rule_set import RuleSet
from rules.texts import _
from runtime.database import open_engine, reading, refuse_outdated
from runtime.settings import Settings, read_settings
from services.holidays import kept_days
from services.papers.filing import Press
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
    def press(self) -> Press:
        """Return what papers are filed with: the store, the office that signs, the Word templates people changed, the house's fonts."""
        printing = Printing(papers_folder(self.settings), self.settings.fonts)
        return Press(self.store, self.settings.office, printing)

    @property
    def bulletin_folder(self) -> Path:
        """Return the folder that published bulletins are written to for people to open."""
        return self.settings.home / "bulletins"

    @cached_property
    def policy(self) -> AccessPolicy:
        """Return what is asked of whoever comes in: the chosen profile with the settings' own limits."""
        return access_policy_of(self.settings)

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
    engine = open_engine(chosen.resolved_database_url)
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


def access_policy_of(settings: Settings) -> AccessPolicy:
    """Return the profile of the settings, with the limits they set themselves. Codes: bad-setting (a role that there is none of)."""
    policy = PROFILES[settings.policy]
    try:
        roles = frozenset(AccountRole(role.strip()) for role in settings.second_factor_roles.split(",") if role.strip())
    except ValueError as error:
        raise DubanError(
            "bad-setting", _("设置 {variable} 不能用：{why}").format(variable="DUBAN_SECOND_FACTOR_ROLES", why=error)
        ) from None
    return replace(
        policy,
        idle=timedelta(minutes=settings.session_idle_minutes) if settings.session_idle_minutes else policy.idle,
        absolute=timedelta(hours=settings.session_hours) if settings.session_hours else policy.absolute,
        second_factor_roles=roles,
        words=(settings.office,) if settings.office else (),
    )
