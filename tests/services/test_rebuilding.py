"""The tables made again from the ledger, and differences named."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from models.every import METADATA
from models.plan import Plan
from models.task import Task
from models.unit import Unit
from rules.errors import DubanError
from rules.rule_set import DEFAULT_RULE_SET
from runtime.database import transaction
from services.actors import actor_named
from services.amending import AmendmentOrder, amend_plan
from services.facts import Viewpoint, read_tasks
from services.ledger import first_break
from services.rebuilding import differences, rebuild
from services.tasks import acknowledge_task
from services.unit_changes import Reorganisation, merge_units, rename_unit
from services.whole_tables import every_row, filled
from tests.builders import FINANCE, SCIENCE, TODAY, draft, issued, item, on, people
from tests.databases import KIND, KINDS

LATER = date(2013, 6, 3)


@pytest.fixture
def lived(one_engine):
    """A house with every kind of change: made, changed, moved, removed."""
    with transaction(one_engine) as session:
        team = people(session)
        issued(session, team.office)
        acknowledge_task(session, 1, on(TODAY, team.science))
        wanted = draft(item(1), item(3, title="新的一项", text="另一段内容"))
        wanted = wanted.model_copy(update={"source": wanted.source.model_copy(update={"sha256": "b" * 64})})
        amend_plan(session, 1, wanted, AmendmentOrder("调整"), on(LATER, team.office))
        rename_unit(session, FINANCE, "省财政和国资厅", LATER, on(LATER, team.office))
        merge_units(session, [SCIENCE], FINANCE, Reorganisation(LATER), on(LATER, team.office))
    return one_engine


@pytest.fixture(params=KINDS)
def empty_engine(request):
    return request.getfixturevalue("second_engine" if request.param == KIND else "postgres_engine")


def test_rebuilt_tables_are_the_same_and_work_goes_on(lived, empty_engine):
    engine = empty_engine
    with Session(lived) as source, transaction(engine) as empty:
        assert rebuild(source, empty) > 5
    with Session(lived) as source, transaction(engine) as again:
        assert differences(again) == []
        assert first_break(again) is None
        for day in (TODAY, LATER):
            assert read_tasks(again, Viewpoint(day, day), DEFAULT_RULE_SET) == read_tasks(source, Viewpoint(day, day), DEFAULT_RULE_SET)
        office = actor_named(again, "office")
        wanted = draft(item(4), title="另一个计划", doc_no=None)
        wanted = wanted.model_copy(update={"source": wanted.source.model_copy(update={"sha256": "d" * 64})})
        assert issued(again, office, wanted, LATER).id == 2
        assert again.exec(select(Plan.id)).all() == [1, 2]
        assert first_break(again) is None


def test_only_an_empty_database_is_filled(lived):
    with Session(lived) as source, pytest.raises(DubanError) as refused:
        rebuild(source, source)
    assert refused.value.code == "database-filled"


TAMPERINGS = [
    pytest.param("UPDATE task SET due_on = '2014-01-01' WHERE id = 1", [("task", 1, "due_on")], id="a value"),
    pytest.param("UPDATE target SET value = 1 WHERE id = 2", [("target", 2, "value")], id="a figure"),
    pytest.param("DELETE FROM assignment WHERE id = 3", [("assignment", 3, "")], id="a row gone"),
    pytest.param("INSERT INTO unit (id, name, level, is_open) VALUES (99, '假', 'county', false)", [("unit", 99, "")], id="a row put in"),
    pytest.param("UPDATE account SET role = 'administrator' WHERE id = 4", [("account", 4, "role")], id="a role"),
]


@pytest.mark.parametrize(("tampering", "named"), TAMPERINGS)
def test_what_was_changed_past_the_ledger_is_named(lived, tampering, named):
    with Session(lived) as session:
        session.execute(text(tampering))
        assert [(one.table, one.row_id, one.column) for one in differences(session)] == named
        session.rollback()


def test_nothing_differs_in_a_house_left_alone(lived):
    with Session(lived) as session:
        assert differences(session) == []
        assert session.get(Task, 1)
        assert session.get(Unit, 1)


def test_a_table_is_filled_that_has_a_row(session):
    assert filled(session, METADATA.sorted_tables) == set()
    people(session)
    full = filled(session, METADATA.sorted_tables)
    assert full == {table.name for table in METADATA.sorted_tables if session.execute(every_row(table)).first() is not None}
    assert {"unit", "account"} <= full
    assert "plan" not in full
