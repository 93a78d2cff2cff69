"""Handing down while somebody else acts, on real connections."""

import pytest
from sqlmodel import Session, select

from models.task import Target, Task
from runtime.database import transaction
from services.cascade import decompose_task
from services.tasks import acknowledge_task
from tests.builders import TODAY, issued, on, people
from tests.services.test_at_once import at_once
from tests.services.test_cascade import share
from tests.services.tree_fixtures import NORTH, SOUTH, lower_units


@pytest.fixture
def team(engine):
    with transaction(engine) as session:
        made = people(session)
        issued(session, made.office)
        lower = lower_units(session)
        acknowledge_task(session, 1, on(TODAY, made.science))
    return made, lower


def handing_down(team, *shares):
    return lambda session: decompose_task(session, 1, shares, on(TODAY, team[0].science))


def test_two_who_hand_down_at_once_make_each_child_once(engine, team):
    shares = (share(NORTH, 6), share(SOUTH, 4))
    assert at_once(engine, handing_down(team, *shares), handing_down(team, *shares)) is None
    with Session(engine) as session:
        assert len(session.exec(select(Task).where(Task.parent_id == 1)).all()) == 2


def test_a_child_acknowledged_meanwhile_is_not_changed(engine, team):
    with transaction(engine) as session:
        handing_down(team, share(NORTH, 10))(session)
        child = session.exec(select(Task.id).where(Task.parent_id == 1)).one()
    begin = lambda session: acknowledge_task(session, child, on(TODAY, team[1].north))  # noqa: E731
    assert at_once(engine, begin, handing_down(team, share(NORTH, 6), share(SOUTH, 4))) == "child-begun"
    with Session(engine) as session:
        assert session.exec(select(Target.value).where(Target.task_id == child)).one() == 10


def test_a_child_changed_meanwhile_is_begun_as_it_is_then(engine, team):
    with transaction(engine) as session:
        handing_down(team, share(NORTH, 10))(session)
        child = session.exec(select(Task.id).where(Task.parent_id == 1)).one()
    begin = lambda session: acknowledge_task(session, child, on(TODAY, team[1].north))  # noqa: E731
    assert at_once(engine, handing_down(team, share(NORTH, 6), share(SOUTH, 4)), begin) is None
    with Session(engine) as session:
        assert session.exec(select(Target.value).where(Target.task_id == child)).one() == 6
