"""The database: one engine, two kinds of session. SQLite by default (WAL, foreign keys on, busy timeout); PostgreSQL by its URL."""

import importlib.util
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlmodel import Session

from rules.errors import DubanError
from rules.texts import _

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_TIMEOUT_MS = 15_000
_SHORT_WAIT, _LONG_WAIT = 0.0001, 0.02

# PostgreSQL's: could not be serialized, deadlock, lock not to be had; disk full.
_STATES_OF_WAITING = ("40001", "40P01", "55P03")
_STATE_OF_NO_ROOM = "53100"

# The last migration; a test compares. Asking Alembic costs every command a tenth of a second.
HEAD = "0007"


def open_engine(url: str) -> Engine:
    """Open the database at `url`; a folder missing for SQLite is made, for its owner only. An unusable URL is refused."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DubanError("bad-database-url", _("数据库地址写法不对，应如 sqlite:////文件 或 postgresql://用户@主机/库名")) from None
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise DubanError("bad-database-url", _("只支持 SQLite 与 PostgreSQL，不支持 {kind}").format(kind=parsed.get_backend_name()))
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(parsed)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions start too late to keep a read and the write after it together; `_begin_sqlite` opens them instead.
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    # A writer takes the lock at once: upgrading a read lock later fails without waiting when another writer was faster.
    writes = connection.get_execution_options().get("duban_writes", False)
    if not writes:
        connection.exec_driver_sql("BEGIN")
        return
    driver = connection.connection.dbapi_connection
    driver.execute("PRAGMA busy_timeout=0")
    try:
        if not _begins_to_write(driver):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _begins_to_write(driver: sqlite3.Connection) -> bool:
    """Wait for the write lock and begin; False where it is not to be had.

    SQLite's own wait sleeps longer each time and lets others go first meanwhile: two writers at once would get a tenth of what one gets.
    """
    ends = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    hurries_until = time.monotonic() + 1
    while time.monotonic() < ends:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                return False
            # Often while the other is likely to end soon, seldom once it is not.
            time.sleep(_SHORT_WAIT if time.monotonic() < hurries_until else _LONG_WAIT)
        else:
            return True
    return False


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Give a session whose work is committed at the end of the block, or rolled back whole when it raises.

    A database that another process keeps to itself, or that has no room left, is a refusal users can do something about.
    """
    try:
        with (
            engine.connect().execution_options(duban_writes=True) as connection,
            Session(bind=connection, expire_on_commit=False) as session,
        ):
            yield session
            session.commit()
            connection.commit()
    except OperationalError as error:
        refusal = _refusal_of(error.orig)
        if refusal is None:
            raise
        raise refusal from error


def _refusal_of(error: object) -> DubanError | None:
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    state = getattr(error, "sqlstate", None)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or state in _STATES_OF_WAITING:
        return DubanError("database-busy", _("数据库正被另一个程序占用，等了一会儿仍未空出，本次办理没有写入；请稍后重试"))
    if primary == sqlite3.SQLITE_FULL or state == _STATE_OF_NO_ROOM:
        return DubanError("database-full", _("数据库所在的磁盘没有空间了，本次办理没有写入；请先腾出空间，再重新办理"))
    return None


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Give a session that only reads; nothing done in it is kept."""
    with Session(engine) as session:
        yield session


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """Give a session that only reads, and sees the database as it is now throughout the block, whatever others write meanwhile."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with Session(connection) as session:
            # What is seen is settled by the first look, which may otherwise come late.
            session.connection().execute(text("SELECT version_num FROM alembic_version"))
            yield session


def alembic_config(engine: Engine) -> "Config":
    """Return Alembic's configuration for the migrations that ship with the program."""
    from alembic.config import Config

    spec = importlib.util.find_spec("migrations")
    assert spec
    assert spec.submodule_search_locations
    config = Config()
    config.set_main_option("script_location", next(iter(spec.submodule_search_locations)))
    config.attributes["engine"] = engine
    return config


def upgrade_database(engine: Engine) -> None:
    """Create the tables or bring them up to this program's version. Running it again changes nothing."""
    from alembic import command

    command.upgrade(alembic_config(engine), "head")


def refuse_outdated(engine: Engine) -> None:
    """Refuse to work on a database that was never set up, or was set up by another version."""
    try:
        with engine.connect() as connection:
            is_set_up = inspect(connection).has_table("alembic_version")
            current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if is_set_up else None
    except DatabaseError as error:
        reason = str(error.orig).splitlines()[0]
        raise DubanError(
            "database-unreachable", _("数据库打不开（{reason}），请检查 DUBAN_DATABASE_URL 或 DUBAN_HOME").format(reason=reason)
        ) from None
    if current != HEAD:
        raise DubanError("database-outdated", _("数据库还没有建立或版本不符，请先运行 duban init"))
