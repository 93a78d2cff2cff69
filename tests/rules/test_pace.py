from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.pace import MilestoneFacts, curve_through, pace_on, weights_done, weights_due

FIRST, LAST = date(2013, 1, 1), date(2013, 12, 31)
QUARTERS = ((date(2013, 3, 31), 10.0), (date(2013, 6, 30), 40.0), (date(2013, 9, 30), 80.0))
STEPS = (
    MilestoneFacts("招标", date(2013, 4, 30), 1, is_done=True),
    MilestoneFacts("开工", date(2013, 8, 31), 1),
    MilestoneFacts("验收", date(2013, 12, 31), 2),
)


@pytest.mark.parametrize(
    ("day", "curve", "percent"),
    [
        pytest.param(date(2012, 12, 31), QUARTERS, 0, id="before the start"),
        pytest.param(date(2013, 3, 31), QUARTERS, 10, id="on a point"),
        pytest.param(date(2013, 8, 15), QUARTERS, 60, id="half way between two points"),
        pytest.param(date(2013, 11, 15), QUARTERS, 90, id="from the last point to the due day"),
        pytest.param(date(2013, 12, 31), QUARTERS, 100, id="the due day"),
        pytest.param(date(2014, 5, 1), QUARTERS, 100, id="after the due day"),
        pytest.param(date(2013, 7, 2), (), 100 * 183 / 365, id="a straight line"),
        pytest.param(date(2013, 6, 30), tuple(reversed(QUARTERS)), 40, id="in any order"),
        pytest.param(date(2013, 9, 30), ((date(2013, 3, 31), 50.0), (date(2013, 9, 30), 20.0)), 50, id="a falling point is lifted"),
        pytest.param(
            date(2013, 12, 30), ((date(2013, 12, 31), 40.0), (date(2014, 3, 1), 60.0)), 100 * 364 / 365, id="points past the due day"
        ),
        pytest.param(date(2013, 12, 31), ((date(2013, 12, 31), 40.0),), 100, id="the due day is 100 whatever was planned"),
        pytest.param(date(2013, 1, 1), ((date(2012, 6, 30), 70.0),), 100 / 365, id="points before the start"),
        pytest.param(date(2013, 6, 30), ((date(2013, 3, 31), 0.0), (date(2013, 6, 30), 0.0)), 0, id="a late start planned"),
    ],
)
def test_the_planned_per_cent_of_a_day(day, curve, percent):
    assert pace_on(day, FIRST, LAST, curve) == pytest.approx(percent)


def test_milestones_weigh():
    assert [weights_due(STEPS, day) for day in (date(2013, 4, 29), date(2013, 4, 30), date(2013, 9, 1), LAST)] == [0, 25, 50, 100]
    assert weights_done(STEPS) == 25
    assert curve_through(reversed(STEPS)) == ((date(2013, 4, 30), 25), (date(2013, 8, 31), 50), (date(2013, 12, 31), 100))


CURVES = st.lists(st.tuples(st.dates(date(2012, 6, 1), date(2016, 1, 1)), st.floats(0, 100)), max_size=6).map(tuple)


@given(st.dates(FIRST, LAST), st.integers(0, 800), st.dates(date(2012, 1, 1), date(2017, 1, 1)), CURVES)
def test_pace_rises_from_0_to_100(starts_on, length, day, curve):
    due_on = starts_on + timedelta(days=length)
    assert 0 <= pace_on(day, starts_on, due_on, curve) <= pace_on(day + timedelta(days=1), starts_on, due_on, curve) + 1e-9 <= 100 + 1e-9
    assert pace_on(due_on, starts_on, due_on, curve) == 100
    assert pace_on(starts_on - timedelta(days=1), starts_on, due_on, curve) == 0


@given(st.lists(st.builds(MilestoneFacts, st.just("m"), st.dates(FIRST, LAST), st.floats(0.01, 50), st.booleans()), min_size=1, max_size=6))
def test_weights_add_up_to_100(milestones):
    assert weights_due(milestones, LAST) == 100
    assert 0 <= weights_due(milestones, date(2013, 6, 30)) <= 100 + 1e-9
    assert (weights_done(milestones) == 100) == all(one.is_done for one in milestones)
