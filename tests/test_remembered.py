"""What is put in instead of an act is what the act writes, row by row."""

from contextlib import contextmanager

from sqlalchemy import text

from services.plans import issue_plan
from services.unit_counts import settle_counts
from services.units import NewUnit, register_units
from tests.builders import AT, ISSUED_ON, SCIENCE, TODAY, draft, issued, occasion, on, people
from tests.databases import on_one_kind
from tests.remembered import all_rows

NUMBERS = text("SELECT sequencename AS name, coalesce(last_value, 1) AS last, last_value IS NOT NULL AS is_given FROM pg_sequences")
NUMBER = text("SELECT setval(:name, :last, :is_given)")


@contextmanager
def same_numbers(session):
    """Let rows made afterwards have the numbers of those made meanwhile: PostgreSQL numbers onwards even after what was taken back."""
    if session.get_bind().dialect.name == "sqlite":
        yield
        return
    numbers = [dict(row) for row in session.execute(NUMBERS).mappings()]
    yield
    session.execute(NUMBER, numbers)


def rows_after(session, act):
    """Return all rows as they are after an act that is then taken back."""
    with same_numbers(session), session.begin_nested() as tried:
        act()
        session.flush()
        settle_counts(session)
        found = all_rows(session)
        tried.rollback()
    return found


@on_one_kind
def test_remembered_rows_are_those_of_the_act(session):
    office = people(session).office
    really = rows_after(session, lambda: issue_plan(session, draft(), [], on(ISSUED_ON, office)))
    assert rows_after(session, lambda: issued(session, office)) == really
    assert rows_after(session, lambda: issued(session, office)) == really
    assert any(row["at"] == AT for table, rows in really.items() if table.name == "ledger_entry" for row in rows.values())


def test_another_house_is_not_taken_for_the_remembered_one(session):
    register_units(session, [NewUnit("别的厅")], occasion(day=ISSUED_ON))
    team = people(session)
    assert team.science.unit_id == 2
    assert issued(session, team.office).new_units == ()
    assert register_units(session, [NewUnit(SCIENCE), NewUnit("新厅")], occasion(day=TODAY)) == {SCIENCE: 2, "新厅": 5}
