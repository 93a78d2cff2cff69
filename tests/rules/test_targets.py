import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.task import Basis, Comparator
from rules.targets import (
    Direction,
    TargetFacts,
    change_of,
    counts_change,
    gap_pp,
    is_beyond,
    is_for_each,
    is_met,
    planned_value,
    reached_percent,
)

C = Comparator


def target(wanted, actual, comparator=C.EQ, **more):
    return TargetFacts("示范县", wanted, actual, "个", comparator, **more)


@pytest.mark.parametrize(
    ("held", "reached", "met", "gap_at_half"),
    [
        pytest.param(target(10, 5), 50, False, 0, id="half of an equal figure"),
        pytest.param(target(10, 12), 120, True, -70, id="more than an equal figure"),
        pytest.param(target(10, None), 0, False, 50, id="nothing reported is nothing reached"),
        pytest.param(target(10, 10, C.GE), 100, True, -50, id="at least"),
        pytest.param(target(10, 10, C.GT), 100, False, -50, id="more than: just the figure is not met"),
        pytest.param(target(10, 10.5, C.GT), 105, True, -55, id="more than"),
        pytest.param(target(3, 2, C.LE), 100, True, 0, id="a ceiling kept is on pace, not ahead"),
        pytest.param(target(3, 3, C.LE), 100, True, 0, id="a ceiling touched"),
        pytest.param(target(3, 3, C.LT), 0, False, 50, id="less than: just the figure is too much"),
        pytest.param(target(3, 4, C.LE), 0, False, 50, id="a ceiling broken"),
        pytest.param(target(3, None, C.LE), None, False, None, id="a ceiling nobody reported on is not known"),
        pytest.param(target(0, 0), 100, True, 0, id="none wanted, none there"),
        pytest.param(target(0, 1), 0, False, 50, id="none wanted, one there"),
        pytest.param(target(0, None), None, False, None, id="none wanted, nothing reported"),
        pytest.param(target(0, 0, C.GE), 100, True, -50, id="at least none is always reached"),
        pytest.param(target(100, 90, C.ABOUT), 100, True, -50, id="about: nine tenths are as good as all"),
        pytest.param(target(100, 89, C.ABOUT), 89, False, -39, id="about: less than nine tenths"),
        pytest.param(target(4, 2, C.RANGE, high=6), 50, False, 0, id="a range counts from its low end"),
        pytest.param(target(4, 4, C.RANGE, high=6), 100, True, -50, id="a range reached"),
        pytest.param(target(4, 6, C.RANGE, high=6), 150, True, -100, id="a range's high end"),
        pytest.param(target(4, 7, C.RANGE, high=6), 175, False, -125, id="beyond a range"),
        pytest.param(target(11, 11, C.ALL), 100, True, -50, id="all of eleven"),
        pytest.param(target(100, 95, C.ALL), 95, False, -45, id="all, as a share"),
        pytest.param(target(20, 15, C.GE, baseline=10), 50, False, 0, id="half the way from a baseline"),
        pytest.param(target(20, 8, C.GE, baseline=10), -20, False, 70, id="fallen below the baseline"),
        pytest.param(target(20, None, C.GE, baseline=10), 0, False, 50, id="nothing reported stands at the baseline"),
        pytest.param(target(5, 7.5, baseline=10), 50, False, 0, id="half the way down"),
        pytest.param(target(5, 4, C.LE, baseline=10), 120, True, -70, id="further down than wanted"),
        pytest.param(target(5, 10.5, baseline=10), -10, False, 60, id="risen instead of fallen"),
        pytest.param(target(4, 6, C.RANGE, high=6, baseline=10), 100, True, -50, id="a falling range is reached from above"),
        pytest.param(target(4, 3, C.RANGE, high=6, baseline=10), 175, False, -125, id="fallen beyond the range"),
        pytest.param(target(80, 80, C.GE, baseline=100), 100, True, -50, id="at least, from above: only the floor counts"),
        pytest.param(target(10, 5, baseline=10), 50, False, 0, id="a baseline that is the figure itself"),
        pytest.param(target(20, 15, basis=Basis.CUMULATIVE, carried=10), 50, False, 0, id="half of this year's share of a sum"),
        pytest.param(target(20, 8, basis=Basis.CUMULATIVE, carried=10), -20, False, 70, id="in debt from earlier years"),
        pytest.param(target(20, None, basis=Basis.CUMULATIVE, carried=10), -100, False, 150, id="nothing in any year"),
        pytest.param(target(8.0, 9.0, C.EXCEEDS_SERIES), 100, True, 0, id="higher than the other series"),
        pytest.param(target(8.0, 8.0, C.EXCEEDS_SERIES), 0, False, 50, id="level with the other series"),
        pytest.param(target(-3.0, -2.0, C.EXCEEDS_SERIES), 100, True, 0, id="both fall, the one less"),
        pytest.param(target(None, 9.0, C.EXCEEDS_SERIES), None, False, None, id="the other series is not known"),
        pytest.param(target(8.0, None, C.EXCEEDS_SERIES), None, False, None, id="the own series is not known"),
    ],
)
def test_what_is_reached(held, reached, met, gap_at_half):
    assert reached_percent(held) == (None if reached is None else pytest.approx(reached))
    assert is_met(held) is met
    assert gap_pp(held, 50) == (None if gap_at_half is None else pytest.approx(gap_at_half))


@pytest.mark.parametrize(
    ("held", "beyond"),
    [
        (target(4, 7, C.RANGE, high=6), True),
        (target(4, 6, C.RANGE, high=6), False),
        (target(4, 3, C.RANGE, high=6), False),
        (target(4, 3, C.RANGE, high=6, baseline=10), True),
        (target(4, None, C.RANGE, high=6), False),
        (target(4, 9), False),
    ],
)
def test_a_range_can_be_overstepped(held, beyond):
    assert is_beyond(held) is beyond


@pytest.mark.parametrize(
    ("scope", "each"),
    [
        ("每个县", True),
        ("每县", True),
        ("各市", True),
        ("各县市区", True),
        ("每年", False),
        ("每半年", False),
        ("各级", False),
        ("各类", False),
        ("东部地区", False),
        (None, False),
    ],
)
def test_which_scopes_ask_it_of_each(scope, each):
    assert is_for_each(scope) is each


@pytest.mark.parametrize(
    ("observed", "before", "unit", "observed_unit", "falls", "change"),
    [
        pytest.param(12.5, 10, "百分点", "%", False, 2.5, id="points from per cent"),
        pytest.param(8, 10, "个百分点", "%", True, 2, id="points of a fall"),
        pytest.param(12.5, None, "百分点", "%", False, None, id="points without a start"),
        pytest.param(2.5, 10, "百分点", "百分点", False, 2.5, id="points observed as points"),
        pytest.param(120, 100, "%", "亿元", False, 20, id="growth of an amount"),
        pytest.param(80, 100, "%", "吨", True, 20, id="fall of an amount"),
        pytest.param(80, 0, "%", "吨", True, None, id="growth from nothing"),
        pytest.param(11, 10, "%", "%", False, 11, id="a rate is itself"),
        pytest.param(120, 100, "亿元", "亿元", False, 120, id="an amount is itself"),
        pytest.param(120, 100, "%", None, False, 120, id="a series without unit is itself"),
    ],
)
def test_what_an_observed_level_says_of_a_change(observed, before, unit, observed_unit, falls, change):
    assert change_of(observed, before, unit, observed_unit, falls=falls) == change
    if change != observed:
        assert counts_change(unit, observed_unit)


FIGURES = st.floats(0, 1000).map(lambda value: round(value, 2))
TARGETS = st.builds(
    TargetFacts,
    measure=st.just("m"),
    wanted=FIGURES,
    actual=st.none() | FIGURES,
    unit_of_measure=st.just("个"),
    comparator=st.sampled_from([one for one in C if one is not C.EXCEEDS_SERIES]),
    high=st.none(),
    baseline=st.none() | FIGURES,
)


@given(TARGETS, FIGURES, FIGURES)
def test_more_in_the_right_direction_is_never_worse(held, one, other):
    less, more = sorted((one, other), reverse=held.direction is not Direction.RISING)
    worse, better = (TargetFacts("m", held.wanted, value, "个", held.comparator, baseline=held.baseline) for value in (less, more))
    assert gap_pp(better, 50) <= gap_pp(worse, 50) + 1e-6
    assert is_met(better) or not is_met(worse)


@given(TARGETS, st.floats(0, 100), st.floats(0, 100))
def test_a_gap_grows_with_the_pace_and_what_is_met_is_not_behind(held, one, other):
    low, high = sorted((one, other))
    gap = gap_pp(held, low)
    if gap is not None:
        assert gap <= gap_pp(held, high)
    if is_met(held):
        assert gap_pp(held, 100) <= 1e-6


@pytest.mark.parametrize(
    ("aimed_at", "pace", "planned"),
    [
        pytest.param(target(10, None), 75, 7.5, id="amount"),
        pytest.param(target(30, None, carried=10), 50, 20, id="after earlier years"),
        pytest.param(target(5, None, baseline=10), 40, 8, id="falls"),
        pytest.param(target(3, None, C.LE), 40, None, id="held"),
        pytest.param(target(None, None), 40, None, id="no figure"),
    ],
)
def test_the_planned_value_lies_where_the_pace_is(aimed_at, pace, planned):
    assert planned_value(aimed_at, pace) == planned
