"""Rows as they were: what later acts made, changed, moved and removed is taken back."""

import random
import tracemalloc
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from models.ledger import LedgerEntry
from models.task import Assignment, Target, Task
from models.unit import Unit
from rules.errors import DubanError
from services.past import past_on, pasts_on
from tests.builders import AT, SCIENCE, TODAY, issued, keep, people

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


def act_at_random(session, draw, day):
    """One act of a day that does something to some rows, to the same one twice at times."""
    for _again in range(draw.randint(1, 3)):
        targets = session.scalars(select(Target)).all()
        doing = draw.choice(["move", "rename", "make", "remove", "give", "enlarge"])
        if doing == "move":
            session.get(Task, draw.randint(1, 3)).due_on = date(2016, draw.randint(1, 3), 1)
        elif doing == "rename":
            session.get(Unit, draw.randint(1, 2)).name = f"第{draw.randint(1, 9)}厅"
        elif doing == "make" or not targets:
            session.add(Target(task_id=draw.randint(1, 3), text="新", measure="新", value=draw.randint(1, 9)))
        elif doing == "remove":
            session.delete(draw.choice(targets))
        elif doing == "give":
            draw.choice(targets).task_id = draw.randint(1, 3)
        else:
            draw.choice(targets).value = draw.randint(1, 9)
        session.flush()
    keep(session, plan_id=1, day=day)


def standing(session, kind):
    return {row["id"]: dict(row) for row in session.execute(select(kind.__table__)).mappings()}


@pytest.mark.parametrize("seed", range(4))
def test_every_day_is_seen_as_it_was_whatever_happened_since(house, seed):
    draw, kinds, stood = random.Random(seed), (Task, Target, Unit), {}
    for number in range(12):
        day = LATER + timedelta(days=number)
        act_at_random(house, draw, day)
        stood[day] = {kind: standing(house, kind) for kind in kinds}
    pasts, told = pasts_on(house, stood), pasts_on(house, stood, kinds=kinds)
    for day, then in stood.items():
        for kind in kinds:
            assert {row["id"]: row for row in pasts[day].rows(kind, standing(house, kind).values())} == then[kind]
            assert told[day].of(kind) == pasts[day].of(kind) == past_on(house, day).of(kind)


def enter(session, *acts):
    """Write an entry for each list of changes."""
    own = {"chain": "plan-1", "at": AT, "acted_on": LATER, "for_day": LATER, "actor": "x", "act": "set-up", "plan_id": 1, "task_id": None}
    own |= {"subject": "x", "before": {}, "after": {}, "unit_id": None, "prev_hash": "0" * 64, "hash": "0" * 64}
    session.execute(insert(LedgerEntry), [{**own, "seq": 1_000 + place, "changes": changes} for place, changes in enumerate(acts)])


def changed(table, row_id, **before):
    return {"table": table, "id": row_id, "before": before, "after": dict.fromkeys(before)}


def test_rows_that_were_alike_are_told_of_once_and_numbers_as_they_were(house):
    acts = [[changed("task", n, due_on="2013-12-31"), changed("target", n, value=value)] for n, value in ((1, 1), (2, 1.0), (3, True))]
    enter(house, *acts)
    past = past_on(house, TODAY)
    assert past.of(Task)[1].values == {"due_on": "2013-12-31"}
    assert past.of(Task)[1] is past.of(Task)[2] is past.of(Task)[3]
    assert [type(past.of(Target)[n].values["value"]) for n in (1, 2, 3)] == [int, float, bool]


def test_what_is_told_is_all_that_is_held(house):
    many, words = 2_000, "x" * 5_000
    enter(house, *([changed("request", n, reason=f"{n}{words}"), changed("task", n, due_on="2013-12-31")] for n in range(many)))
    tracemalloc.start()
    try:
        past = pasts_on(house, [TODAY], kinds=(Task,))[TODAY]
        held, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(past.of(Task)) == many
    assert held < many * len(words) / 10
    assert most < many * len(words) / 4


def test_a_past_is_asked_only_of_what_it_tells(house):
    past = pasts_on(house, [TODAY], kinds=(Task,))[TODAY]
    with pytest.raises(AssertionError):
        past.rows(Unit, [])
