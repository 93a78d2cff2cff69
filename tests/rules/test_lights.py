from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.task import Comparator, TaskState
from rules.lights import Light, TaskFacts, bucket_of, days_overdue, gap_of, judge, light_of, pace_of, reached_of, worst_target
from rules.pace import MilestoneFacts
from rules.rule_set import DEFAULT_RULE_SET
from rules.targets import TargetFacts, gap_pp, reached_percent

YEAR = TaskFacts(1, TaskState.IN_PROGRESS, date(2013, 1, 1), date(2013, 12, 31), date(2013, 12, 31), has_report=True)
HALF = date(2013, 7, 2)


def reached(percent, comparator=Comparator.EQ):
    return (TargetFacts("示范县", 100, percent, "个", comparator),)


def step(due_on, weight=1.0, is_done=False):
    return MilestoneFacts("一步", due_on, weight, is_done)


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
        pytest.param(replace(YEAR, targets=reached(5, Comparator.LE)), HALF, Light.GREEN, (), "on_pace", id="a ceiling kept"),
        pytest.param(replace(YEAR, targets=reached(105, Comparator.LE)), HALF, Light.RED, ("far-behind",), "behind", id="a ceiling broken"),
        pytest.param(replace(YEAR, targets=reached(None, Comparator.LE)), HALF, Light.GREEN, (), "on_pace", id="a ceiling not known"),
        pytest.param(replace(YEAR, targets=reached(15), curve=((HALF, 20.0),)), HALF, Light.GREEN, (), "on_pace", id="a planned curve"),
        pytest.param(
            replace(YEAR, milestones=(step(HALF, is_done=True), step(date(2013, 12, 31)))), HALF, Light.GREEN, (), "on_pace", id="milestone"
        ),
        pytest.param(
            replace(YEAR, milestones=(step(HALF), step(date(2013, 12, 31)))), HALF, Light.RED, ("far-behind",), "behind", id="one missed"
        ),
        pytest.param(
            replace(YEAR, milestones=(step(date(2013, 9, 30), is_done=True), step(date(2013, 12, 31)))),
            HALF,
            Light.GREEN,
            (),
            "ahead",
            id="one before its day",
        ),
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
        pytest.param(
            replace(YEAR, state=TaskState.ASSIGNED, has_report=False, handed_on=date(2013, 4, 22)),
            date(2013, 4, 30),
            Light.GREEN,
            (),
            "not_started",
            id="handed over after its start",
        ),
        pytest.param(
            replace(YEAR, state=TaskState.ASSIGNED, has_report=False, handed_on=date(2013, 4, 22)),
            date(2013, 7, 1),
            Light.RED,
            ("not-started-long",),
            "not_started",
            id="3 months since it was handed over",
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


@pytest.mark.parametrize(
    ("facts", "pace", "reached", "gap"),
    [
        pytest.param(replace(YEAR, targets=reached(50)), 50.1, 50, 0.1, id="the figure"),
        pytest.param(replace(YEAR, targets=(*reached(50), *reached(20))), 50.1, 20, 30.1, id="the worst figure"),
        pytest.param(
            replace(YEAR, targets=reached(0), milestones=(step(HALF, is_done=True),)),
            100,
            0,
            100,
            id="a milestone done stands for no figure",
        ),
        pytest.param(replace(YEAR, milestones=(step(HALF, is_done=True),)), 100, 100, 0, id="all milestones done is all done"),
        pytest.param(replace(YEAR, milestones=(step(HALF, 3, is_done=True), step(HALF))), 100, 75, 25, id="weights"),
        pytest.param(
            replace(YEAR, targets=reached(10), milestones=(step(HALF, 1), step(YEAR.due_on, 3))), 25, 10, 15, id="milestones make the pace"
        ),
        pytest.param(
            replace(YEAR, targets=reached(10), curve=((HALF, 12.0),), milestones=(step(HALF),)),
            12,
            10,
            2,
            id="the planned curve comes first",
        ),
        pytest.param(
            replace(YEAR, targets=(*reached(50), *reached(None, Comparator.LE))), 50.1, 50, 0.1, id="what is not known is left out"
        ),
        pytest.param(replace(YEAR, targets=reached(None, Comparator.LT)), 50.1, None, None, id="nothing known"),
        pytest.param(replace(YEAR, criterion="通过验收"), 50.1, None, None, id="a criterion alone has no share"),
    ],
)
def test_the_one_roll_up(facts, pace, reached, gap):
    assert pace_of(facts, HALF) == pytest.approx(pace, abs=0.05)
    assert reached_of(facts) == reached
    assert gap_of(facts, HALF) == (None if gap is None else pytest.approx(gap, abs=0.05))


def test_the_worst_target_is_the_one_furthest_behind():
    ceiling, figure = reached(5, Comparator.LE)[0], reached(40)[0]
    assert worst_target(replace(YEAR, targets=(ceiling, figure)), HALF) == figure
    assert worst_target(YEAR, HALF) is None


VALUES = st.floats(0, 200)
TARGETS = st.lists(
    st.builds(
        TargetFacts,
        st.just("m"),
        st.floats(0, 100),
        st.none() | VALUES,
        comparator=st.sampled_from(list(Comparator)),
        high=st.none(),
        baseline=st.none() | VALUES,
    ),
    max_size=2,
).map(tuple)
DAYS = st.dates(date(2012, 6, 1), date(2015, 1, 1))
OPEN = st.builds(
    TaskFacts,
    task_id=st.just(1),
    state=st.sampled_from([TaskState.ASSIGNED, TaskState.IN_PROGRESS, TaskState.SUBMITTED]),
    starts_on=st.dates(date(2012, 1, 1), date(2013, 1, 1)),
    due_on=st.dates(date(2013, 1, 1), date(2014, 12, 31)),
    original_due_on=st.just(date(2013, 12, 31)),
    targets=TARGETS,
    has_report=st.booleans(),
    return_count=st.integers(0, 3),
    curve=st.lists(st.tuples(DAYS, st.floats(0, 100)), max_size=3).map(tuple),
    milestones=st.lists(st.builds(MilestoneFacts, st.just("m"), DAYS, st.floats(0.1, 9), st.booleans()), max_size=3).map(tuple),
)
SEVERITY = [Light.GREEN, Light.YELLOW, Light.RED]


@given(OPEN, DAYS, st.integers(1, 200))
def test_waiting_never_turns_red_to_green(facts, day, wait):
    later = day + timedelta(days=wait)
    if light_of(facts, day, DEFAULT_RULE_SET).light is Light.RED:
        assert light_of(facts, later, DEFAULT_RULE_SET).light is Light.RED
    assert days_overdue(facts, later) >= days_overdue(facts, day)


@given(OPEN, DAYS)
def test_a_colour_always_has_a_reason(facts, day):
    reading = light_of(facts, day, DEFAULT_RULE_SET)
    assert (reading.light in (Light.YELLOW, Light.RED)) == bool(reading.reasons)
    assert bucket_of(facts, day, DEFAULT_RULE_SET) is not None


@given(OPEN | st.builds(replace, OPEN, state=st.sampled_from(list(TaskState))), DAYS)
def test_all_at_once_is_what_each_gives_alone(facts, day):
    found, pace = judge(facts, day, DEFAULT_RULE_SET), pace_of(facts, day)
    assert (found.reading, found.bucket) == (light_of(facts, day, DEFAULT_RULE_SET), bucket_of(facts, day, DEFAULT_RULE_SET))
    assert (found.pace, found.reached, found.gap) == (pace, reached_of(facts), gap_of(facts, day))
    assert found.of_targets == tuple((reached_percent(target), gap_pp(target, pace)) for target in facts.targets)


@given(OPEN, st.floats(0, 100), VALUES, VALUES, DAYS)
def test_more_reached_never_worsens_a_light(facts, wanted, one, other, day):
    less, more = (replace(facts, targets=(TargetFacts("m", wanted, value, comparator=Comparator.GE),)) for value in sorted((one, other)))
    before, after = (light_of(each, day, DEFAULT_RULE_SET).light for each in (less, more))
    if before is not Light.GREY:
        assert SEVERITY.index(after) <= SEVERITY.index(before)


@given(OPEN, DAYS)
def test_a_milestone_done_never_worsens_a_light(facts, day):
    done = replace(facts, milestones=tuple(replace(one, is_done=True) for one in facts.milestones))
    before, after = (light_of(each, day, DEFAULT_RULE_SET).light for each in (facts, done))
    if before is not Light.GREY:
        assert SEVERITY.index(after) <= SEVERITY.index(before)
