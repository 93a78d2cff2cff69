"""What each unit has in hand, by kept counts that are always those of a recount."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlmodel import Session

from models.unit import UnitLevel
from rules.rights import Actor
from services.amending import close_plan
from services.rebuilding import differences
from services.tasks import acknowledge_task, complete_task, reopen_task, return_task, submit_task
from services.unit_changes import Reorganisation, merge_units
from services.unit_counts import settle_counts
from services.unit_loads import LoadsAsked, recount, unit_loads, wrong_counts
from tests.builders import FINANCE, SCIENCE, TODAY, issued, on, people

DUE_ON = date(2013, 12, 31)


def loads(session: Session, reader: Actor, day: date = TODAY, **asked: object) -> list[tuple[object, ...]]:
    """Return unit, in hand, due soon, overdue, handed in, done."""
    settle_counts(session)
    found = unit_loads(session, day, LoadsAsked(reader, 10, **asked))
    return [(one.unit, one.in_hand, one.due_soon, one.overdue, one.handed_in, one.done) for one in found]


@pytest.fixture
def actors(session: Session):
    made = people(session)
    issued(session, made.office)
    return made


def test_every_act_moves_the_counts(session, actors):
    assert loads(session, actors.office) == [(SCIENCE, 6, 0, 0, 0, 0)]
    acknowledge_task(session, 1, on(TODAY, actors.science))
    submit_task(session, 1, "已办妥", on(TODAY, actors.science))
    assert loads(session, actors.office, DUE_ON) == [(SCIENCE, 6, 1, 0, 1, 0)]
    return_task(session, 1, "材料不全", on(TODAY, actors.supervisor))
    submit_task(session, 1, "已补齐", on(TODAY, actors.science))
    complete_task(session, 1, on(TODAY, actors.supervisor))
    assert loads(session, actors.office) == [(SCIENCE, 5, 0, 0, 0, 1)]
    reopen_task(session, 1, "回头看发现问题", on(TODAY, actors.supervisor))
    assert loads(session, actors.office) == [(SCIENCE, 6, 0, 0, 0, 0)]
    merge_units(session, [SCIENCE], FINANCE, Reorganisation(TODAY), on(TODAY, actors.office))
    assert loads(session, actors.office) == [(FINANCE, 6, 0, 0, 0, 0)]
    assert list(wrong_counts(session)) == []
    close_plan(session, 1, "规划调整", on(TODAY, actors.office))
    assert loads(session, actors.office) == []
    assert list(wrong_counts(session)) == []


@pytest.mark.parametrize(
    ("day", "due_soon", "overdue"),
    [
        pytest.param(date(2013, 11, 30), 0, 0, id="31 days before"),
        pytest.param(date(2013, 12, 1), 2, 0, id="30 days before"),
        pytest.param(DUE_ON, 2, 0, id="the due day"),
        pytest.param(date(2014, 1, 1), 0, 2, id="the day after"),
    ],
)
def test_what_is_due_follows_from_the_day(session, actors, day, due_soon, overdue):
    assert loads(session, actors.office, day) == [(SCIENCE, 6, due_soon, overdue, 0, 0)]


def test_a_unit_sees_its_own_and_those_below(session, actors):
    assert loads(session, actors.science) == [(SCIENCE, 6, 0, 0, 0, 0)]
    assert loads(session, actors.finance) == []
    session.execute(text("UPDATE unit SET parent_id = 2 WHERE id = 1"))
    assert loads(session, actors.finance) == [(SCIENCE, 6, 0, 0, 0, 0)]


def test_units_come_page_by_page_and_level_by_level(session, actors):
    assert loads(session, actors.office, after=1) == []
    assert loads(session, actors.office, level=UnitLevel.UNKNOWN) == [(SCIENCE, 6, 0, 0, 0, 0)]
    assert loads(session, actors.office, level=UnitLevel.COUNTY) == []


def test_what_a_savepoint_gives_up_is_not_counted(session, actors):
    savepoint = session.begin_nested()
    acknowledge_task(session, 1, on(TODAY, actors.science))
    savepoint.rollback()
    acknowledge_task(session, 2, on(TODAY, actors.science))
    assert list(wrong_counts(session)) == []


def test_a_count_changed_by_hand_is_named_and_a_recount_mends_it(session, actors):
    settle_counts(session)
    session.execute(text("UPDATE unit_count SET task_count = 5 WHERE due_on = '2013-12-31'"))
    (found,) = differences(session)
    assert (found.table, found.row_id, found.column, found.is_now, found.should_be) == ("unit_count", 1, "assigned 2013-12-31", 5, 2)
    recount(session)
    assert differences(session) == []
