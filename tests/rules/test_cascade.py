import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.task import Basis, Comparator
from rules.cascade import Figure, Measure, loosens, short_by

C = Comparator


def figure(low: float, high: float | None = None) -> Figure:
    return Figure(low, low if high is None else high)


TEN = figure(10)


def measure(comparator: Comparator = C.EQ, wanted: Figure = TEN, **changes: object) -> Measure:
    return Measure("示范县", changes.pop("unit", "个"), comparator, wanted, **changes)


@pytest.mark.parametrize(
    ("wanted", "children", "missing"),
    [
        pytest.param(measure(), (4, 3, 3), 0, id="just covered"),
        pytest.param(measure(), (4, 3), 3, id="short"),
        pytest.param(measure(), (), 10, id="nobody"),
        pytest.param(measure(C.GE), (6, 6), 0, id="more is stricter"),
        pytest.param(measure(wanted=figure(0.3)), (0.1, 0.2), 0, id="decimals as people write them"),
        pytest.param(measure(C.LE), (4, 4), 0, id="under a ceiling"),
        pytest.param(measure(C.LE), (6, 6), 2, id="over a ceiling"),
        pytest.param(measure(basis=Basis.CUMULATIVE, baseline=20), (5, 4), 0, id="a sum that is to fall"),
    ],
)
def test_counts_add_up(wanted, children, missing):
    assert wanted.adds_up
    assert short_by(wanted, [figure(child) for child in children]) == missing


@pytest.mark.parametrize(
    ("children", "missing"),
    [
        pytest.param(((2, 3), (2, 3)), 0, id="within"),
        pytest.param(((1, 3), (1, 3)), 2, id="too little at the least"),
        pytest.param(((2, 4), (2, 4)), 2, id="too much at the most"),
    ],
)
def test_ranges_add_up_at_both_ends(children, missing):
    assert short_by(measure(C.RANGE, figure(4, 6)), [figure(*child) for child in children]) == missing


@pytest.mark.parametrize(
    ("wanted", "child", "is_loose"),
    [
        pytest.param(measure(C.GE, figure(85), unit="%"), figure(85), False, id="the same rate"),
        pytest.param(measure(C.GE, figure(85), unit="%"), figure(80), True, id="a lower rate"),
        pytest.param(measure(C.LE, figure(5), basis=Basis.LEVEL), figure(6), True, id="over a ceiling"),
        pytest.param(measure(C.EQ, figure(5), basis=Basis.LEVEL, baseline=10), figure(4), False, id="falls further"),
        pytest.param(measure(C.EQ, figure(5), basis=Basis.LEVEL, baseline=10), figure(6), True, id="falls less"),
        pytest.param(measure(C.GE, figure(1), scope="每个县"), figure(1), False, id="each its one"),
        pytest.param(measure(C.GE, figure(2), scope="每个县"), figure(1), True, id="one too few in each"),
        pytest.param(measure(C.RANGE, figure(4, 6), basis=Basis.LEVEL), figure(5, 7), True, id="beyond the range"),
    ],
)
def test_where_each_must_do_none_may_do_less(wanted, child, is_loose):
    assert not wanted.adds_up
    assert loosens(wanted, child) is is_loose


@given(st.lists(st.integers(0, 50), max_size=8), st.integers(0, 100))
def test_what_is_missing_is_what_must_be_added(children, wanted):
    asked = measure(C.GE, figure(wanted))
    missing = short_by(asked, [figure(child) for child in children])
    assert short_by(asked, [figure(child) for child in [*children, missing]]) == 0
