"""Which database a test runs on (both, where it asks for `engine` or `session` and says nothing else), and engines that never wait for a disk."""

from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, make_url, text

from runtime.database import open_engine

only_on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For tables of refusals that Python decides; an act that writes, and whatever is left to the database, runs on both."""


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


_made = count(1)


def new_database(postgres_template: str, like: str = "template1") -> str:
    """Make a database on the server of the tests, empty or `like` another (`migrated` has the tables), and return its URL."""
    url, name = make_url(postgres_template), f"new_{next(_made)}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY wal_log"))
    admin.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
