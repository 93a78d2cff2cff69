"""Homes for tests, each with a database of its own: the file in it or, in a run on PostgreSQL, a database on the server of the tests."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from runtime.database import open_engine, upgrade_database
from runtime.settings import Settings, read_settings
from tests.databases import KIND, administer, make_database, named

_server = ""
_on_server: set[Path] = set()


@contextmanager
def homes_on(postgres_template: str) -> Iterator[None]:
    """Let the databases of all homes be on this server, with which they go."""
    global _server
    _server = postgres_template
    yield
    _on_server.clear()


def new_home(home: Path) -> Path:
    """Make a home whose database is migrated and empty."""
    home.mkdir(parents=True, exist_ok=True)
    if KIND == "sqlite":
        (home / "duban.db").write_bytes(migrated_content())
    else:
        _make(home, "migrated")
    return home


def copied_home(source: Path, home: Path) -> Path:
    """Make a home like another, in whose database nobody is at work. One whose database is on the server may have had no use for a folder yet."""
    source.mkdir(exist_ok=True)
    shutil.copytree(source, home, dirs_exist_ok=True)
    if KIND == "postgresql" and source in _on_server:
        _make(home, _name_of(source))
    return home


def url_of(home: Path) -> str:
    """Return the URL of a home's database; one on the server is there from then on, empty where nothing was made of it before."""
    if KIND == "sqlite":
        return f"sqlite:///{home / 'duban.db'}"
    if home not in _on_server:
        _make(home, "template1")
    return named(_server, _name_of(home))


def settings_of(home: Path, **given: object) -> Settings:
    """Return the settings of a home, whatever the environment says of its database."""
    return read_settings(home=home, database_url=url_of(home), **given)


def environment_of(home: Path) -> dict[str, str]:
    """Return the variables that tell a program its home and, where it does not lie there by itself, its database."""
    return {"DUBAN_HOME": str(home)} | ({"DUBAN_DATABASE_URL": url_of(home)} if KIND == "postgresql" else {})


@contextmanager
def past_the_program(home: Path) -> Iterator[Connection]:
    """Give a connection to a home's database to somebody who changes what the program would not."""
    engine = open_engine(url_of(home))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def forget_homes(folder: Path) -> None:
    """Remove the databases of homes below a folder from the server, which would otherwise keep thousands."""
    gone = {home for home in _on_server if home.is_relative_to(folder)}
    if gone:
        administer(_server, *(f"DROP DATABASE IF EXISTS {_name_of(home)} WITH (FORCE)" for home in gone))
        _on_server.difference_update(gone)


@cache
def migrated_content() -> bytes:
    """Return the bytes of an empty, migrated SQLite file: migrating once is enough for all tests of a run."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "migrated.db"
        engine = open_engine(f"sqlite:///{place}")
        upgrade_database(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return place.read_bytes()


def _make(home: Path, like: str) -> None:
    make_database(_server, _name_of(home), like)
    _on_server.add(home)


def _name_of(home: Path) -> str:
    return "home_" + sha256(str(home).encode()).hexdigest()[:16]
