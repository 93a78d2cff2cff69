"""Databases of every release, filled, brought up to this one: nothing is lost, and what comes out is exactly what the models say."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from models.every import METADATA
from rules.errors import DubanError
from runtime.database import alembic_config, current_revision, open_engine, refuse_outdated, upgrade_database
from tests.databases import KINDS, new_database, open_off_the_disk
from tests.filling import fill
from tests.homes import url_of

# Made by the one before the last of the migrations, so that several are taken back.
LAST_MADE = "draft_document"


def fill_as_of(engine: Engine, revision: str) -> None:
    """Fill a database as the program of that revision could: it wrote no notices before 0004, and no second version of a paper before 0005."""
    skipped = ["notice"] if revision < "0004" else []
    fill(engine, 1, skipped, {"publication": {"version": [1]}} if revision < "0005" else {})


@pytest.fixture(params=KINDS)
def databases(request, tmp_path) -> Iterator[Any]:
    """Opens empty databases of one kind by name."""
    opened: list[Engine] = []

    def opening(name: str) -> Engine:
        url = f"sqlite:///{tmp_path / name}.db" if request.param == "sqlite" else new_database(request.getfixturevalue("postgres_template"))
        opened.append(open_off_the_disk(url))
        return opened[-1]

    yield opening
    for engine in opened:
        engine.dispose()


def revisions(engine: Engine) -> list[str]:
    found = ScriptDirectory.from_config(alembic_config(engine)).walk_revisions()
    return sorted(script.revision for script in found)


def content(engine: Engine) -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row by table and key, as the driver gives it."""
    with engine.connect() as connection:
        keys = {name: key["constrained_columns"] for (_schema, name), key in sa.inspect(connection).get_multi_pk_constraint().items()}
        keys.pop("alembic_version", None)
        rows = {name: connection.exec_driver_sql(f'SELECT * FROM "{name}"').mappings().all() for name in keys}
    return {name: {tuple(row[key] for key in keys[name]): dict(row) for row in found} for name, found in rows.items()}


def lost(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Name every value that is gone or another one."""
    return [
        (table, key, name, value)
        for table, rows in before.items()
        for key, row in rows.items()
        for name, value in row.items()
        if after.get(table, {}).get(key, {}).get(name, "gone") != value
    ]


def schema(engine: Engine) -> dict[str, Any]:
    """All that a database knows of its tables, as far as it matters there: SQLite heeds no length, and nothing in it is called by a constraint's name.

    Server defaults are the migrations' own: rows that were there need a value, new ones bring theirs.
    """
    found = sa.inspect(engine)
    is_heeded = engine.dialect.name == "postgresql"
    return {table: _table(found, table, is_heeded=is_heeded) for table in found.get_table_names() if table != "alembic_version"}


def _table(found: sa.Inspector, table: str, *, is_heeded: bool) -> dict[str, Any]:
    def name_of(one: Any) -> str:
        return str(one["name"]) if is_heeded else ""

    return {
        "columns": {
            column["name"]: (str(column["type"]) if is_heeded else type(column["type"]), column["nullable"])
            for column in found.get_columns(table)
        },
        "key": found.get_pk_constraint(table)["constrained_columns"],
        "keys": sorted((name_of(key), key["constrained_columns"], key["referred_table"]) for key in found.get_foreign_keys(table)),
        "unique": sorted((name_of(one), one["column_names"]) for one in found.get_unique_constraints(table)),
        "checks": sorted((name_of(check), check["sqltext"]) for check in found.get_check_constraints(table)),
        "indexes": sorted(
            (str(index["name"]), index["column_names"], bool(index["unique"]), str(_where(index))) for index in found.get_indexes(table)
        ),
    }


def _where(index: Any) -> Any:
    options = index.get("dialect_options", {})
    return options.get("sqlite_where", options.get("postgresql_where"))


def test_rows_written_by_every_release_are_kept_to_this_one(databases):
    engine = databases("walk")
    *older, last = revisions(engine)
    before: dict[str, Any] = {}
    for revision in older:
        command.upgrade(alembic_config(engine), "+1")
        # What the revisions before wrote came this far, too.
        assert lost(before, content(engine)) == [], revision
        fill_as_of(engine, revision)
        before = content(engine)
        assert all(before[table] for table in before.keys() - {"notice"}), "a table without rows proves nothing"
    upgrade_database(engine)
    assert lost(before, content(engine)) == []
    assert current_revision(engine) == last
    fill(engine, 1)
    as_the_models_say = databases("models")
    METADATA.create_all(as_the_models_say)
    assert schema(engine) == schema(as_the_models_say)


def test_an_upgrade_that_fails_leaves_everything_as_it_was_and_goes_through_later(databases):
    engine = databases("first")
    command.upgrade(alembic_config(engine), "0001")
    fill_as_of(engine, "0001")
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE TABLE {LAST_MADE} (stands_in_the_way INTEGER)"))
    before, shape = content(engine), schema(engine)
    with pytest.raises(sa.exc.DBAPIError):
        upgrade_database(engine)
    assert (current_revision(engine), schema(engine), content(engine)) == ("0001", shape, before)
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP TABLE {LAST_MADE}"))
    upgrade_database(engine)
    refuse_outdated(engine)
    assert lost(before, content(engine)) == []


@pytest.mark.parametrize(
    ("version", "code"), [("0001", "database-outdated"), ("9999", "database-newer"), ("a1b2c3d4e5f6", "database-foreign")]
)
def test_a_database_of_another_program_or_version_is_told_apart(tmp_path, version, code):
    engine = open_engine(url_of(tmp_path))
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
    with pytest.raises(DubanError, check=lambda error: error.code == code):
        refuse_outdated(engine)
    if code != "database-outdated":
        with pytest.raises(DubanError, check=lambda error: error.code == code):
            upgrade_database(engine)
    engine.dispose()
