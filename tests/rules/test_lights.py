from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.task import Comparator, TaskState
from rules.lights import Light, TaskFacts, bucket_of, days_overdue, light_of
from rules.pace import TargetFacts, pace_on
from rules.rule_set import DEFAULT_RULE_SET

YEAR = TaskFacts(1, TaskState.IN_PROGRESS, date(2013, 1, 1), date(2013, 12, 31), date(2013, 12, 31), has_report=True)
HALF = date(2013, 7, 2)


def reached(percent, comparator=Comparator.EQ):
    return (TargetFacts("示范县", 100, percent, "个", comparator),)


@pytest.mark.parametrize(
    ("facts", "day", "light", "codes", "bucket"),
    [
        pytest.param(replace(YEAR, targets=reached(50)), HALF, Light.GREEN, (), "on_pace", id="on pace"),
        pytest.param(replace(YEAR, targets=reached(41)), HALF, Light.GREEN, (), "on_pace", id="9 points behind is green"),
        pytest.param(
            replace(YEAR, targets=reached(40)), date(2013, 7, 2), Light.YELLOW, ("behind",), "behind", id="10 points behind is yellow"
        ),
        pytest.param(replace(YEAR, targets=reached(20.2)), HALF, Light.YELLOW, ("behind",), "behind", id="under 30 points is yellow"),
        pytest.param(replace(YEAR, targets=reached(20)), HALF, Light.RED, ("far-behind",), "behind", id="over 30 points is red"),
        pytest.param(replace(YEAR, targets=reached(61)), HALF, Light.GREEN, (), "ahead", id="ahead"),
        pytest.param(
            replace(YEAR, targets=(*reached(100), *reached(None))), HALF, Light.RED, ("far-behind",), "behind", id="worst target counts"
        ),
        pytest.param(replace(YEAR, targets=reached(5, Comparator.LE)), HALF, Light.GREEN, (), "ahead", id="a ceiling kept"),
        pytest.param(YEAR, HALF, Light.GREEN, (), "on_pace", id="without numbers"),
        pytest.param(YEAR, date(2013, 12, 25), Light.GREEN, (), "on_pace", id="4 working days to due"),
        pytest.param(YEAR, date(2013, 12, 26), Light.YELLOW, ("due-soon",), "on_pace", id="3 working days to due"),
        pytest.param(YEAR, date(2013, 12, 31), Light.YELLOW, ("due-soon",), "on_pace", id="the due day itself is not overdue"),
        pytest.param(YEAR, date(2014, 1, 1), Light.RED, ("overdue",), "overdue", id="overdue"),
        pytest.param(
            replace(YEAR, state=TaskState.ASSIGNED, has_report=False), date(2013, 1, 31), Light.GREEN, (), "not_started", id="start month"
        ),
        pytest.param(
            replace(YEAR, state=TaskState.ASSIGNED, has_report=False),
            date(2013, 2, 1),
            Light.YELLOW,
            ("not-started",),
            "not_started",
            id="month passed",
        ),
        pytest.param(
            replace(YEAR, state=TaskState.ASSIGNED, has_report=False),
            date(2013, 4, 1),
            Light.RED,
            ("not-started-long",),
            "not_started",
            id="3 months",
        ),
        pytest.param(replace(YEAR, return_count=2), HALF, Light.RED, ("returned-often",), "on_pace", id="returned twice"),
        pytest.param(replace(YEAR, missing_reports=1), HALF, Light.YELLOW, ("report-missing",), "on_pace", id="report missing"),
        pytest.param(replace(YEAR, late_reports=1), HALF, Light.YELLOW, ("report-late",), "on_pace", id="report late"),
        pytest.param(
            replace(YEAR, state=TaskState.SUBMITTED, submitted_on=date(2013, 12, 31)),
            date(2014, 2, 1),
            Light.GREEN,
            (),
            "on_pace",
            id="handed in on the due day",
        ),
        pytest.param(
            replace(YEAR, state=TaskState.SUBMITTED, submitted_on=date(2014, 1, 1)),
            date(2014, 2, 1),
            Light.RED,
            ("overdue",),
            "overdue",
            id="handed in late",
        ),
        pytest.param(
            replace(YEAR, state=TaskState.COMPLETED, completed_on=date(2013, 12, 31)),
            date(2014, 5, 1),
            Light.GREEN,
            (),
            "done",
            id="done on the due day",
        ),
        pytest.param(
            replace(YEAR, state=TaskState.COMPLETED, completed_on=date(2014, 1, 2)),
            date(2014, 5, 1),
            Light.YELLOW,
            ("done-late",),
            "done",
            id="done late",
        ),
        pytest.param(
            replace(YEAR, state=TaskState.SUSPENDED), date(2015, 1, 1), Light.GREY, (), "suspended", id="suspended is not overdue"
        ),
        pytest.param(replace(YEAR, state=TaskState.CANCELLED), date(2015, 1, 1), Light.GREY, (), None, id="cancelled is not counted"),
        pytest.param(
            replace(YEAR, state=TaskState.ASSIGNED, has_report=False),
            date(2012, 12, 1),
            Light.GREY,
            (),
            "not_started",
            id="not begun by plan",
        ),
    ],
)
def test_light_and_bucket(facts, day, light, codes, bucket):
    reading = light_of(facts, day, DEFAULT_RULE_SET)
    assert (reading.light, tuple(code for code, _text in reading.reasons)) == (light, codes)
    assert bucket_of(facts, day, DEFAULT_RULE_SET) == bucket


OPEN = st.builds(
    TaskFacts,
    task_id=st.just(1),
    state=st.sampled_from([TaskState.ASSIGNED, TaskState.IN_PROGRESS, TaskState.SUBMITTED]),
    starts_on=st.dates(date(2012, 1, 1), date(2013, 1, 1)),
    due_on=st.dates(date(2013, 1, 1), date(2014, 12, 31)),
    original_due_on=st.just(date(2013, 12, 31)),
    targets=st.lists(st.builds(TargetFacts, st.just("m"), st.floats(1, 100), st.none() | st.floats(0, 200)), max_size=2).map(tuple),
    has_report=st.booleans(),
    return_count=st.integers(0, 3),
)


@given(OPEN, st.dates(date(2012, 6, 1), date(2015, 1, 1)), st.integers(1, 200))
def test_waiting_never_turns_red_to_green(facts, day, wait):
    later = day + timedelta(days=wait)
    if light_of(facts, day, DEFAULT_RULE_SET).light is Light.RED:
        assert light_of(facts, later, DEFAULT_RULE_SET).light is Light.RED
    assert days_overdue(facts, later) >= days_overdue(facts, day)


@given(OPEN, st.dates(date(2012, 6, 1), date(2015, 1, 1)))
def test_a_colour_always_has_a_reason(facts, day):
    reading = light_of(facts, day, DEFAULT_RULE_SET)
    assert (reading.light in (Light.YELLOW, Light.RED)) == bool(reading.reasons)
    assert bucket_of(facts, day, DEFAULT_RULE_SET) is not None


@given(st.dates(date(2013, 1, 1), date(2013, 12, 31)), st.integers(0, 800), st.dates(date(2012, 1, 1), date(2017, 1, 1)))
def test_pace_rises_from_0_to_100(starts_on, length, day):
    due_on = starts_on + timedelta(days=length)
    assert 0 <= pace_on(day, starts_on, due_on) <= pace_on(day + timedelta(days=1), starts_on, due_on) <= 100
    assert pace_on(due_on, starts_on, due_on) == 100
    assert pace_on(starts_on - timedelta(days=1), starts_on, due_on) == 0
