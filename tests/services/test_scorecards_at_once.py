"""Two supervisors at one scorecard at the same time: marks follow each other, and of two adoptions one is told."""

from datetime import date

import pytest
from sqlmodel import Session, select

from models.scorecard import ManualMark
from runtime.database import transaction
from services.scoring.marking import MarkInput, put_mark
from tests.builders import on
from tests.services.scorecard_fixtures import adopted, lived_year
from tests.services.test_at_once import at_once


@pytest.fixture
def team(engine, tmp_path):
    with transaction(engine) as session:
        return lived_year(session, tmp_path)


def test_of_two_who_adopt_one_is_told(engine, team):
    act = lambda session: adopted(session, team, "county")  # noqa: E731
    assert at_once(engine, act, act) == "scheme-taken"


def test_two_marks_of_one_item_follow_each_other(engine, team):
    with transaction(engine) as session:
        adopted(session, team, "guiyang")
    day = on(date(2014, 2, 7), team.supervisor)
    marks = [
        lambda session, value=value: put_mark(session, MarkInput(2013, team.science.unit_id, "view", value, "问卷"), day)
        for value in (80, 85)
    ]
    assert at_once(engine, *marks) is None
    with Session(engine) as session:
        assert session.exec(select(ManualMark.version, ManualMark.value).order_by(ManualMark.version)).all() == [(1, 80), (2, 85)]
