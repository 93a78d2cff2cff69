"""The database: one engine, two kinds of session. SQLite by default (WAL, foreign keys on, busy timeout); PostgreSQL by its URL.

Whatever is wrong with the database itself is a refusal (`runtime/database_refusals.py`), whichever statement meets it.
"""

import importlib.util
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, OperationalError
from sqlmodel import Session

from rules.errors import DubanError
from rules.texts import _
from runtime.database_refusals import PatientPool, refusal_of, refusal_of_twin, tell_refusals, unreachable
from services.answers import SNAPSHOT
from services.entry_json import stored_json

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_TIMEOUT_MS = 15_000
POOL_SIZE = 15
_SHORT_WAIT, _LONG_WAIT = 0.0001, 0.02
_WAITS = "waits_ms"
# How often SQLite asks whether its time is up, in steps of its machine: about every millisecond.
_STEPS = 50_000

_LONGEST_IDLE_MS = 600_000
# A connection unused for longer may have been forgotten by a firewall between.
_RECYCLE_SECONDS = 1_800

# The last migration; a test compares. Asking Alembic costs every command a tenth of a second.
HEAD = "0007"


def open_engine(url: str, connections: int = POOL_SIZE) -> Engine:
    """Open the database at `url`; a folder missing for SQLite is made, for its owner only. An unusable URL is refused.

    At most `connections` are open at once; a connection that the server closed meanwhile is replaced before it is used.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "postgresql":
        return _open_postgresql(parsed, connections)
    if parsed.database in (None, "", ":memory:"):
        engine = create_engine(parsed)
    else:
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = create_engine(parsed, poolclass=PatientPool, pool_size=connections, max_overflow=0, json_serializer=stored_json)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    tell_refusals(engine)
    return engine


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DubanError("bad-database-url", _("数据库地址写法不对，应如 sqlite:////文件 或 postgresql://用户@主机/库名")) from None
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise DubanError("bad-database-url", _("只支持 SQLite 与 PostgreSQL，不支持 {kind}").format(kind=parsed.get_backend_name()))
    return parsed


def _open_postgresql(url: URL, connections: int) -> Engine:
    wanted = {
        "application_name": "duban",
        "connect_timeout": 10,
        "keepalives_idle": 60,
        "options": f"-c lock_timeout={BUSY_TIMEOUT_MS} -c idle_in_transaction_session_timeout={_LONGEST_IDLE_MS}",
    }
    engine = create_engine(
        url,
        # What the URL itself says goes before.
        connect_args={name: value for name, value in wanted.items() if name not in url.query},
        poolclass=PatientPool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=BUSY_TIMEOUT_MS / 1000,
        pool_pre_ping=True,
        pool_recycle=_RECYCLE_SECONDS,
        pool_use_lifo=True,
    )
    tell_refusals(engine)
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
        _let_wait(connection, BUSY_TIMEOUT_MS)
        connection.exec_driver_sql("BEGIN")
        return
    driver = connection.connection.dbapi_connection
    _let_wait(connection, 0)
    if not _begins_to_write(driver):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _let_wait(connection: Any, milliseconds: int) -> None:
    """Set how long SQLite itself waits for others: one that reads, as long as need be; one that writes waits here, and has nothing to wait for once it has begun."""
    if connection.info.get(_WAITS, BUSY_TIMEOUT_MS) != milliseconds:
        connection.connection.dbapi_connection.execute(f"PRAGMA busy_timeout={milliseconds}")
        connection.info[_WAITS] = milliseconds


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


class WritingSession(Session):
    """The session of one transaction that its connection has begun and will end. Where all is done by plain statements, as in most acts, nothing else is set up."""

    def connection(self, *given: Any, **named: Any) -> Connection:
        """Return the connection. Whatever keeps objects begins the session's own part of the transaction; from then on it is asked as ever."""
        if self.in_transaction() or given or named:
            return super().connection(*given, **named)
        assert isinstance(self.bind, Connection)
        return self.bind

    def end(self) -> None:
        """Do what stands to be done before the transaction is committed."""
        if self.in_transaction():
            self.commit()
        else:
            self.dispatch.before_commit(self)


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Give a session whose work is committed at the end of the block, or rolled back whole when it raises.

    On PostgreSQL two may make the same new thing at once: the second is told to do it again, and finds it then. Codes: those of `tell_refusals`.
    """
    import_module("models.every")
    try:
        with (
            engine.connect().execution_options(duban_writes=True) as connection,
            connection.begin(),
            WritingSession(connection, expire_on_commit=False) as session,
        ):
            yield session
            session.end()
    except (OperationalError, IntegrityError) as error:
        # The first of a statement that went past SQLAlchemy (`services/prepared.py`).
        refusal = refusal_of(error.orig) or refusal_of_twin(error.orig)
        if refusal is None:
            raise
        raise refusal from error


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Give a session that only reads; nothing done in it is kept."""
    with Session(engine) as session:
        yield session


@contextmanager
def snapshot(engine: Engine, seconds: int | None = None) -> Iterator[Session]:
    """Give a session that only reads, and sees the database as it is now throughout the block, whatever others write meanwhile.

    With `seconds` a read that takes longer is refused with database-slow: on PostgreSQL each statement, on SQLite the block's. Without, it may take hours.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with Session(connection, info={SNAPSHOT: True}) as session, _ending(session, seconds):
            yield session


@contextmanager
def _ending(session: Session, seconds: int | None) -> Iterator[None]:
    """Look for the first time, which settles what is seen and may otherwise come late, and see to it that no read goes on for ever."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        limits = {"slow": f"{(seconds or 0) * 1000}", "idle": f"{_LONGEST_IDLE_MS if seconds else 0}"}
        connection.execute(_FIRST_LOOK, limits)
        yield
        return
    connection.execute(text("SELECT version_num FROM alembic_version"))
    if not seconds:
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    ends = time.monotonic() + seconds
    driver.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


# In one statement: a round trip a page is dear enough.
_FIRST_LOOK = text(
    "SELECT version_num, set_config('statement_timeout', :slow, true), set_config('idle_in_transaction_session_timeout', :idle, true)"
    " FROM alembic_version"
)


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
    """Create the tables or bring them up to this program's version, all of it or nothing. Running it again, or twice at once, changes nothing.

    Codes: database-newer, database-foreign, database-busy.
    """
    if current_revision(engine) == HEAD:
        return
    from alembic import command

    command.upgrade(alembic_config(engine), "head")


def refuse_outdated(engine: Engine) -> None:
    """Refuse to work on a database that was never set up, or was set up by another version. Codes: database-outdated, -newer, -foreign, -unreachable."""
    if current_revision(engine) != HEAD:
        raise DubanError("database-outdated", _("数据库还没有建立或版本不符，请先运行 duban init"))


def current_revision(engine: Engine) -> str | None:
    """Return the last migration that the database has gone through, None where it was never set up. Codes: database-newer, database-foreign."""
    try:
        with engine.connect() as connection:
            is_set_up = inspect(connection).has_table("alembic_version")
            current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if is_set_up else None
    except DatabaseError as error:
        raise unreachable(error.orig) from None
    if current is None:
        return None
    if not (isinstance(current, str) and len(current) == len(HEAD) and current.isdigit()):
        raise DubanError("database-foreign", _("这个数据库是别的程序的，请另建一个空的数据库，改 DUBAN_DATABASE_URL"))
    if current > HEAD:
        found = _("数据库已由更新的一版程序升级到 {current}，本程序只到 {own}；请安装新版程序，或者恢复升级前的备份")
        raise DubanError("database-newer", found.format(current=current, own=HEAD))
    return current
