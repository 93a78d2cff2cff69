"""A house moved from SQLite to PostgreSQL and back: every row the same, all or nothing, whatever stands in the target or breaks off."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from models.unit import Unit
from rules.errors import DubanError
from runtime.copying import CopyDiffersError, copy_database, count_rows
from runtime.database import open_engine, snapshot, transaction
from services.backups import tables_in_order
from services.ledger import first_break
from tests.builders import TODAY, issued, keep, people
from tests.databases import open_off_the_disk
from tests.filling import fill

LEDGER = ("ledger_entry", "ledger_head")
NOTHING_TOLD = lambda _count: None  # noqa: E731


def filled_house(engine: Engine) -> None:
    """A house whose ledger is whole, and rows of every kind in all other tables."""
    with transaction(engine) as session:
        issued(session, people(session).office)
    fill(engine, 2, skipped=LEDGER)


@pytest.fixture(scope="module")
def built_house(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("house") / "duban.db"
    shutil.copy(migrated_file, place)
    engine = open_off_the_disk(f"sqlite:///{place}")
    filled_house(engine)
    engine.dispose()
    return place


@pytest.fixture
def house(built_house: Path, tmp_path: Path) -> Iterator[Engine]:
    engine = open_off_the_disk(f"sqlite:///{shutil.copy(built_house, tmp_path / 'house.db')}")
    yield engine
    engine.dispose()


@pytest.fixture
def empty(migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    engine = open_off_the_disk(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'empty.db')}")
    yield engine
    engine.dispose()


def rows_of(engine: Engine) -> dict[str, list[tuple]]:
    with engine.connect() as connection:
        return {table.name: sorted(connection.execute(sa.select(table)).all(), key=repr) for table in tables_in_order()}


def refused(code: str):
    return pytest.raises(DubanError, check=lambda error: error.code == code)


def test_there_and_back_again_row_for_row(house, postgres_engine, empty):
    told: list[int] = []
    copied = copy_database(house, postgres_engine, told.append)
    assert rows_of(postgres_engine) == rows_of(house)
    assert all(pair.source == pair.target for pair in copied.tables)
    assert sum(told) == 2 * count_rows(house) == 2 * sum(pair.source.rows for pair in copied.tables)
    assert all(pair.source.rows for pair in copied.tables)
    back = copy_database(postgres_engine, empty, NOTHING_TOLD)
    assert rows_of(empty) == rows_of(house)
    assert [pair.source for pair in back.tables] == [pair.source for pair in copied.tables]
    assert (copied.has_source_moved, back.has_source_moved) == (False, False)
    with transaction(postgres_engine) as session:
        # The numbers go on behind those that were copied.
        keep(session, Unit(name="新单位"), day=TODAY)
        assert first_break(session) is None


def test_only_an_empty_database_of_our_own_is_copied_into(house, postgres_engine, tmp_path):
    with refused("database-filled"):
        copy_database(house, house, NOTHING_TOLD)
    strange = open_engine(f"sqlite:///{tmp_path / 'strange.db'}")
    with strange.begin() as connection:
        connection.execute(sa.text("CREATE TABLE flow_run (id INTEGER)"))
    with refused("database-foreign"):
        copy_database(house, strange, NOTHING_TOLD)
    assert sa.inspect(strange).get_table_names() == ["flow_run"]
    strange.dispose()


def test_what_the_target_does_not_keep_as_it_was_is_found_and_taken_back(house, postgres_engine):
    with postgres_engine.begin() as connection:
        connection.execute(
            sa.text("CREATE FUNCTION shorten() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.region := 'x'; RETURN NEW; END $$")
        )
        connection.execute(sa.text("CREATE TRIGGER shorten BEFORE INSERT ON unit FOR EACH ROW EXECUTE FUNCTION shorten()"))
    with pytest.raises(CopyDiffersError, match="unit") as found:
        copy_database(house, postgres_engine, NOTHING_TOLD)
    assert [pair.source.table for pair in found.value.tables if pair.source != pair.target] == ["unit"]
    assert not any(rows_of(postgres_engine).values())


@pytest.mark.parametrize("part", [0.3, 0.8], ids=["writing", "comparing"])
def test_a_copy_whose_connection_is_cut_leaves_the_target_empty(house, postgres_engine, part):
    cut_at, done = part * 2 * count_rows(house), 0
    other = open_engine(postgres_engine.url.render_as_string(hide_password=False))

    def cut(count: int) -> None:
        nonlocal done
        if done < cut_at <= done + count:
            with other.connect() as connection:
                connection.execute(
                    sa.text(
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                        " WHERE application_name = 'duban' AND pid <> pg_backend_pid() AND datname = current_database()"
                    )
                )
        done += count

    with refused("database-unreachable"):
        copy_database(house, postgres_engine, cut)
    assert not any(rows_of(postgres_engine).values())
    other.dispose()
    copy_database(house, postgres_engine, NOTHING_TOLD)


def test_what_postgresql_cannot_hold_is_named(house, postgres_engine):
    with house.begin() as connection:
        connection.execute(sa.text("UPDATE plan SET title = :long WHERE id = 2"), {"long": "长" * 301})
    with refused("row-not-storable") as refusal:
        copy_database(house, postgres_engine, NOTHING_TOLD)
    assert "plan" in refusal.value.message
    assert "title" in refusal.value.message
    assert "长长" not in refusal.value.message
    assert not any(rows_of(postgres_engine).values())


def test_a_broken_ledger_is_not_copied(house, empty):
    with house.begin() as connection:
        connection.execute(sa.text("UPDATE ledger_head SET hash = :other WHERE chain = 'house'"), {"other": "0" * 64})
    with refused("ledger-broken"):
        copy_database(house, empty, NOTHING_TOLD)
    assert not any(rows_of(empty).values())


def test_the_source_may_go_on_and_what_it_wrote_meanwhile_is_told(house, empty):
    def write_once(_count: int) -> None:
        if not written:
            written.append(True)
            with transaction(house) as session:
                keep(session, Unit(name="晚到的单位"), day=TODAY)

    written: list[bool] = []
    assert copy_database(house, empty, write_once).has_source_moved
    with snapshot(empty) as session:
        assert session.scalar(sa.select(Unit).where(Unit.name == "晚到的单位")) is None
