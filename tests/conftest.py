"""Databases for tests: a migrated SQLite file, and a real PostgreSQL where a test asks for it; each made anew only after a test that committed."""

import gc
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from hypothesis import settings
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from sqlmodel import Session
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from rules.access_policy import HashCost
from runtime import database
from runtime.database import open_engine
from services.access import passwords
from tests.databases import KIND, KINDS, keep_off_the_disk, make_database, named, open_off_the_disk, postgres_server
from tests.flows.prefect_server import migrated_database
from tests.homes import forget_homes, homes_on, migrated_content, new_home, url_of

settings.register_profile("duban", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("duban")

SHARED = Path(__file__).resolve().parents[2] / "shared"
ON_PREFECT = {"tests/flows/test_reaper.py", "tests/flows/test_runs.py"}
BROWSER = "tests/browser/"
ENGINES = {"sqlite": "sqlite_engine", "postgresql": "postgres_engine"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


class ByFile(LoadFileScheduling):
    """A file is one worker's, except: files that share a Prefect server or a browser go together, so that it starts once; the long lives go one by one."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        if file.endswith("test_scenarios.py"):
            return nodeid
        if file.startswith(BROWSER):
            return BROWSER
        return "tests/flows on Prefect" if file in ON_PREFECT else file


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about SQLite where houses are on PostgreSQL."""
    left_out = [item for item in items if KIND == "postgresql" and item.get_closest_marker("about_sqlite")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Function) -> Iterator[None]:
    """After all else, remove the databases of the homes that were the test's own."""
    folder = item.funcargs.get("tmp_path")
    yield
    if folder:
        forget_homes(folder)


def pytest_collection_finish() -> None:
    """Tests and libraries stay until the end, so the collector of garbage need not look at them again: a twentieth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


# Room for every statement of a run: a house of one's own knows some hundreds of them, which is what an engine keeps.
_compiled: dict[str, Any] = {name: LRUCache(10_000) for name in ("sqlite", "postgresql")}


@event.listens_for(Engine, "engine_connect")
def _share_what_is_compiled(connection: Connection) -> None:
    """Let every engine of a run use the statements that another has compiled: a command opens an engine of its own, and compiling costs more than its answers."""
    engine: Any = connection.engine
    engine._compiled_cache = _compiled[engine.dialect.name]


# A statement is kept under the dialect it was compiled in; those of all engines on SQLite are alike.
SQLiteDialect_pysqlite.__eq__ = lambda one, other: type(one) is type(other)  # type: ignore[method-assign,assignment]
SQLiteDialect_pysqlite.__hash__ = lambda one: hash(type(one))  # type: ignore[method-assign,assignment]


@cache
def _cheap_hasher(cost: HashCost) -> PasswordHasher:
    """What guessing a password costs is not for tests to pay: a thousandth of the memory, so that costs that differ still do."""
    return PasswordHasher(1, max(8, cost.memory_kib // 1000), 1)


passwords._hasher = _cheap_hasher
# No machine is switched off in a test.
os.fsync = lambda _file: None
_prepare_sqlite = database._prepare_sqlite


def _prepare_off_the_disk(connection: Any, record: Any) -> None:
    _prepare_sqlite(connection, record)
    keep_off_the_disk(connection, record)


database._prepare_sqlite = _prepare_off_the_disk


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "migrated.db"
    path.write_bytes(migrated_content())
    return path


@pytest.fixture(scope="session")
def migrated_prefect(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prefect's own database with its tables and blocks, made once for all processes of a run."""
    own = tmp_path_factory.getbasetemp()
    return migrated_database(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@dataclass
class Opened:
    """An engine for all tests: it keeps the statements it has compiled, which is half of what a small test costs.

    `is_written` tells whether anything was committed since the database was last made anew.
    """

    engine: Engine
    is_written: bool = True

    def __post_init__(self) -> None:
        event.listen(self.engine, "commit", self._note)

    def _note(self, _connection: Connection) -> None:
        self.is_written = True


@pytest.fixture(scope="session")
def sqlite_opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    engine = open_off_the_disk(f"sqlite:///{tmp_path_factory.mktemp('opened') / 'duban.db'}")
    yield Opened(engine)
    engine.dispose()


@pytest.fixture
def sqlite_engine(migrated_file: Path, sqlite_opened: Opened) -> Engine:
    engine = sqlite_opened.engine
    if sqlite_opened.is_written:
        engine.dispose()
        place = Path(str(engine.url.database))
        for beside in ("-wal", "-shm"):
            place.with_name(place.name + beside).unlink(missing_ok=True)
        shutil.copy(migrated_file, place)
        sqlite_opened.is_written = False
    return engine


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session", autouse=KIND == "postgresql")
def _homes_on_postgresql(postgres_template: str) -> Iterator[None]:
    with homes_on(postgres_template):
        yield


@pytest.fixture(scope="session")
def postgres_opened(postgres_template: str) -> Iterator[Opened]:
    engine = open_engine(named(postgres_template, "opened"))
    yield Opened(engine)
    engine.dispose()


@pytest.fixture
def postgres_engine(postgres_template: str, postgres_opened: Opened) -> Engine:
    engine = postgres_opened.engine
    if postgres_opened.is_written:
        engine.dispose()
        make_database(postgres_template, "opened", "migrated")
        postgres_opened.is_written = False
    else:
        # A rollback takes everything back but the numbers that rows were given.
        with engine.connect() as connection:
            connection.execute(text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"))
    return engine


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest) -> Engine:
    """The same test on both databases."""
    found: Engine = request.getfixturevalue(ENGINES[request.param])
    return found


@pytest.fixture
def one_engine(request: pytest.FixtureRequest) -> Engine:
    """The database that houses of this run are on, for tests that look at what is the same on both."""
    found: Engine = request.getfixturevalue(ENGINES[KIND])
    return found


@pytest.fixture
def second_engine(tmp_path: Path) -> Iterator[Engine]:
    """Another database of that kind, migrated and empty."""
    engine = open_off_the_disk(url_of(new_home(tmp_path / "second-engine")))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A transaction of the test's own, taken back when it ends. Committing in it checks all that a commit checks, but other connections see nothing."""
    with engine.connect().execution_options(duban_writes=True) as connection, connection.begin() as outer:
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            yield session
            session.commit()
        outer.rollback()
