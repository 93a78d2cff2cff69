"""What is put in instead of an act is what the act writes, row by row."""

from services.plans import issue_plan
from services.unit_counts import settle_counts
from services.units import NewUnit, register_units
from tests.builders import AT, ISSUED_ON, SCIENCE, TODAY, draft, issued, occasion, on, people
from tests.databases import only_on_sqlite
from tests.remembered import all_rows


def rows_after(session, act):
    """Return all rows as they are after an act that is then taken back."""
    with session.begin_nested() as tried:
        act()
        session.flush()
        settle_counts(session)
        found = all_rows(session)
        tried.rollback()
    return found


# PostgreSQL numbers new rows onwards even after what was taken back.
@only_on_sqlite
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
