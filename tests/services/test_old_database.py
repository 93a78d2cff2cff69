"""A database of the version before rows were written down: filled, upgraded, entered, and whole from then on."""

from datetime import date

import pytest
import sqlalchemy as sa
from alembic import command
from sqlmodel import Session

from models.every import METADATA
from models.ledger import LedgerEntry
from models.task import Task, TaskState
from rules.rule_set import DEFAULT_RULE_SET
from runtime.database import alembic_config, open_engine, transaction, upgrade_database
from services.amending import AmendmentOrder, amend_plan
from services.facts import Viewpoint, read_tasks
from services.ledger import GENESIS, first_break, sealed_hash
from services.rebuilding import differences, take_inventory
from services.tasks import acknowledge_task
from services.unit_changes import rename_unit
from tests.builders import SCIENCE, TODAY, draft, issued, item, occasion, on, people
from tests.databases import KINDS

UPGRADED_ON = date(2013, 5, 6)
LATER = date(2013, 6, 3)


@pytest.fixture
def filled(one_engine):
    """Today's database with a small life in it; returns the engine and its people."""
    with transaction(one_engine) as session:
        team = people(session)
        issued(session, team.office)
        acknowledge_task(session, 1, on(TODAY, team.science))
    return one_engine, team


@pytest.fixture(params=KINDS)
def old_engine(request, tmp_path):
    """An empty database at version 0002."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        url = sa.make_url(request.getfixturevalue("postgres_template"))
        admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(sa.text("CREATE DATABASE of_the_second_version"))
        admin.dispose()
        engine = open_engine(url.set(database="of_the_second_version").render_as_string(hide_password=False))
    command.upgrade(alembic_config(engine), "0002")
    yield engine
    engine.dispose()


def fill_as_before(source, old):
    """Copy what version 0002 could hold: no row changes in the entries, no heads beside them."""
    had = sa.inspect(old)
    tables = [table for table in METADATA.sorted_tables if had.has_table(table.name)]
    with Session(source) as reading, transaction(old) as writing:
        for table in tables:
            names = {column["name"] for column in had.get_columns(table.name)}
            columns = [column for column in table.columns if column.name in names]
            order = table.c.id if "id" in table.c else columns[0]
            rows = [dict(row) for row in reading.execute(sa.select(*columns).order_by(order)).mappings()]
            if table.name == LedgerEntry.__tablename__:
                rows = resealed(rows)
            if rows:
                old_table = sa.Table(table.name, sa.MetaData(), *(sa.Column(column.name, column.type) for column in columns))
                writing.execute(old_table.insert(), rows)
            if old.dialect.name == "postgresql" and "id" in names:
                writing.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), 1000)"))


def resealed(rows):
    last = {}
    for row in rows:
        row["prev_hash"] = last.get(row["chain"], GENESIS)
        row["hash"] = last[row["chain"]] = sealed_hash({**row, "changes": None})
    return rows


def seen(session, day):
    return read_tasks(session, Viewpoint(day, day), DEFAULT_RULE_SET)


def test_an_old_database_upgrades_enters_its_rows_and_goes_on(filled, old_engine):
    source, team = filled
    fill_as_before(source, old_engine)
    upgrade_database(old_engine)
    days = (date(2012, 12, 31), TODAY, UPGRADED_ON)
    with Session(source) as session:
        expected = [seen(session, day) for day in days]
    with transaction(old_engine) as session:
        assert first_break(session) is None
        assert differences(session) != []
        assert take_inventory(session, occasion(day=UPGRADED_ON))
        assert not take_inventory(session, occasion(day=UPGRADED_ON))
        assert (first_break(session), differences(session)) == (None, [])
        assert [seen(session, day) for day in days] == expected
    with transaction(old_engine) as session:
        wanted = draft(item(1))
        wanted = wanted.model_copy(update={"source": wanted.source.model_copy(update={"sha256": "b" * 64})})
        amend_plan(session, 1, wanted, AmendmentOrder("调整"), on(LATER, team.office))
        rename_unit(session, SCIENCE, "省科学技术厅", LATER, on(LATER, team.office))
    with Session(old_engine) as session:
        assert session.get(Task, 4).state is TaskState.CANCELLED
        assert [seen(session, day) for day in days] == expected
        assert {record.name.lead for record in seen(session, LATER)} == {"省科学技术厅"}
        assert (first_break(session), differences(session)) == (None, [])
