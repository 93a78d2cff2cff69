"""What cannot be stored, on both databases."""

from datetime import date

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlmodel import Session

from models.account import Account, AccountRole
from models.every import METADATA
from models.progress import ReportedValue
from models.task import Assignment, AssignmentRole, Target, Task, TaskState
from rules.errors import DubanError
from runtime.database import HEAD, alembic_config, open_engine, refuse_outdated, transaction
from tests.builders import AT, issued, people
from tests.databases import about_sqlite

NOTHING = date(2013, 1, 1)
# A key that is taken is on PostgreSQL what somebody else made at the same time.
REFUSALS = (DBAPIError, StatementError, DubanError)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with transaction(engine) as session:
        issued(session, people(session).office)
    return engine


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE task SET state = 'somewhere' WHERE id = 1", id="unknown status"),
        pytest.param("UPDATE task SET item_id = 999 WHERE id = 1", id="dangling key"),
        pytest.param("UPDATE task SET due_on = '2012-01-01' WHERE id = 1", id="due before start"),
        pytest.param("UPDATE task SET return_count = -1 WHERE id = 1", id="negative count"),
        pytest.param("UPDATE assignment SET role = 'lead' WHERE task_id = 1", id="second lead"),
        pytest.param("UPDATE assignment SET role = 'boss' WHERE task_id = 1", id="unknown role"),
        pytest.param("UPDATE target SET value = -3 WHERE task_id = 1", id="negative quantity"),
        pytest.param("UPDATE target SET item_id = 1 WHERE task_id = 1", id="target of two owners"),
        pytest.param("UPDATE target SET comparator = 'maybe' WHERE task_id = 1", id="unknown comparator"),
        pytest.param("UPDATE account SET unit_id = NULL WHERE role = 'unit'", id="unit account without unit"),
        pytest.param("UPDATE plan SET ends_on = '2000-01-01'", id="plan ends before it starts"),
        pytest.param("UPDATE ledger_entry SET actor = 'somebody else' WHERE seq = 1", id="ledger entry changed"),
        pytest.param("DELETE FROM ledger_entry WHERE seq = 1", id="ledger entry removed"),
        pytest.param("DELETE FROM unit WHERE id = 1", id="unit in use removed"),
    ],
)
def test_the_database_refuses(filled, statement):
    with pytest.raises(REFUSALS), transaction(filled) as session:
        session.execute(text(statement))
    with transaction(filled) as session:
        assert session.get(Task, 1).state is TaskState.ASSIGNED


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(lambda: Assignment(task_id=1, unit_id=3, role=AssignmentRole.LEAD), id="second lead"),
        pytest.param(lambda: Assignment(task_id=1, unit_id=999, role=AssignmentRole.SUPPORT), id="dangling unit"),
        pytest.param(lambda: Target(task_id=1, text="x", measure="x", value=-1), id="negative target"),
        pytest.param(lambda: ReportedValue(report_id=1, target_id=1, value=-1), id="negative report"),
        pytest.param(lambda: Account(name="x", role=AccountRole.UNIT, created_at=AT), id="unit account without unit"),
        pytest.param(lambda: Account(name="x", role="chief", created_at=AT), id="unknown role"),
        pytest.param(lambda: Account(name="x", role=AccountRole.SUPERVISOR, created_at=AT.replace(tzinfo=None)), id="naive instant"),
    ],
)
def test_a_row_is_refused(filled, row):
    with pytest.raises(REFUSALS), transaction(filled) as session:
        session.add(row())


def test_migrations_make_exactly_the_tables_of_the_models(engine):
    found = inspect(engine)
    assert set(found.get_table_names()) == {*METADATA.tables, "alembic_version"}
    for table in METADATA.sorted_tables:
        assert {column["name"] for column in found.get_columns(table.name)} == set(table.columns.keys())
        assert {index["name"] for index in found.get_indexes(table.name)} >= {index.name for index in table.indexes}


@about_sqlite("it is about its pragmas")
def test_sqlite_is_durable_and_patient(sqlite_engine):
    with sqlite_engine.connect() as connection:
        pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "foreign_keys", "busy_timeout")}
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 15_000}


def test_a_failed_transaction_leaves_nothing(engine):
    def fail_at_the_end():
        with transaction(engine) as session:
            issued(session, people(session).office)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_at_the_end()
    with Session(engine) as session:
        assert session.execute(text("SELECT count(*) FROM task")).scalar() == 0


@pytest.mark.parametrize(("url", "code"), [("nonsense", "bad-database-url"), ("mysql://x/y", "bad-database-url")])
def test_a_wrong_url_is_refused(url, code):

    with pytest.raises(DubanError) as refused:
        open_engine(url)
    assert refused.value.code == code


def test_the_program_knows_its_last_migration(one_engine):
    from alembic.script import ScriptDirectory

    assert ScriptDirectory.from_config(alembic_config(one_engine)).get_current_head() == HEAD


def test_a_database_of_another_version_is_refused(one_engine):
    refuse_outdated(one_engine)
    with transaction(one_engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(DubanError) as refused:
        refuse_outdated(one_engine)
    assert refused.value.code == "database-outdated"
