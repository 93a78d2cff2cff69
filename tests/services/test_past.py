"""Rows as they were: what later acts made, changed, moved and removed is taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.task import Assignment, Target, Task
from models.unit import Unit
from rules.errors import DubanError
from services.past import past_on
from tests.builders import SCIENCE, TODAY, issued, keep, people

LATER = date(2013, 5, 6)


@pytest.fixture
def house(session):
    team = people(session)
    issued(session, team.office)
    return session


def rows(session, kind, day, plan_ids=None):
    found = session.execute(select(kind.__table__)).mappings().all()
    return {row["id"]: row for row in past_on(session, day, plan_ids).rows(kind, found)}


def change(session, row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    keep(session, row, plan_id=1, day=LATER)


def test_changed_values_are_as_before(house):
    change(house, house.get(Task, 1), due_on=date(2014, 6, 30))
    change(house, house.get(Task, 1), due_on=date(2014, 9, 30), text="另有要求")
    assert rows(house, Task, TODAY)[1]["due_on"] == date(2013, 12, 31)
    assert rows(house, Task, LATER)[1]["due_on"] == date(2014, 9, 30)


def test_a_row_written_twice_by_one_act_is_as_before_the_act(house):
    unit = house.get(Unit, 1)
    for name in ("甲厅", "乙厅"):
        unit.name = name
        house.add(unit)
        house.flush()
    keep(house, day=LATER)
    assert rows(house, Unit, TODAY)[1]["name"] == SCIENCE


def test_newer_rows_are_left_out_and_removed_ones_put_back(house):
    made = Target(task_id=1, text="新", measure="新", value=1)
    keep(house, made, plan_id=1, day=LATER)
    before = rows(house, Target, LATER)
    gone = house.get(Assignment, 2)
    house.delete(gone)
    keep(house, plan_id=1, day=LATER + timedelta(days=1))
    assert made.id not in rows(house, Target, TODAY)
    assert made.id in before
    assert rows(house, Assignment, LATER)[2]["task_id"] == 1
    assert 2 not in rows(house, Assignment, LATER + timedelta(days=1))


def test_a_moved_row_is_found_where_it_was(house):
    change(house, house.get(Target, 1), task_id=None, item_id=1)
    found = house.execute(select(Target.__table__).where(Target.task_id.is_not(None))).mappings().all()
    was = {row["id"]: row for row in past_on(house, TODAY, [1]).rows(Target, found)}
    assert (was[1]["task_id"], was[1]["item_id"], was[1]["value"]) == (1, None, 10)
    assert 1 not in {row["id"] for row in past_on(house, LATER, [1]).rows(Target, found)}


def test_a_unit_registered_and_renamed_later_is_there_under_its_first_name(house):
    unit = Unit(name="县科技局")
    keep(house, unit, day=LATER)
    unit.name = "县科技和工业信息化局"
    keep(house, unit, day=LATER + timedelta(days=30))
    assert rows(house, Unit, TODAY)[unit.id]["name"] == "县科技局"


def test_a_plan_of_last_year_brings_its_units_with_it(house):
    keep(house, Unit(name="市科技局"), day=LATER)
    keep(house, Unit(name="市财政局"), day=TODAY)
    renamed = house.get(Unit, 1)
    renamed.name = "省科学技术厅"
    keep(house, renamed, day=LATER)
    renamed.name = "省科技创新厅"
    with pytest.raises(DubanError, match="past-date"):
        keep(house, renamed, day=TODAY)
