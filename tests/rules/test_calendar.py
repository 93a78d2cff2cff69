from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import add_working_days, calendar_is_known, is_working_day, nth_working_day, working_days_until

DAYS = st.dates(date(2005, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param(date(2013, 10, 1), False, id="national day"),
        pytest.param(date(2013, 10, 12), True, id="make-up saturday"),
        pytest.param(date(2013, 4, 8), True, id="monday"),
        pytest.param(date(2013, 4, 6), False, id="saturday of a festival"),
        pytest.param(date(2030, 10, 1), True, id="unknown year counts monday to friday"),
        pytest.param(date(2030, 10, 5), False, id="unknown year, saturday"),
    ],
)
def test_working_day(day, works):
    assert is_working_day(day) is works


def test_says_where_the_holidays_are_unknown():
    assert calendar_is_known(date(2013, 1, 1))
    assert not calendar_is_known(date(2030, 1, 1))


@pytest.mark.parametrize(
    ("quarter", "fifth"),
    [
        (date(2013, 4, 1), date(2013, 4, 8)),
        (date(2013, 7, 1), date(2013, 7, 5)),
        (date(2013, 10, 1), date(2013, 10, 12)),
        (date(2014, 1, 1), date(2014, 1, 8)),
    ],
)
def test_fifth_working_day_after_a_quarter(quarter, fifth):
    assert nth_working_day(quarter, 5) == fifth


@given(DAYS, st.integers(-40, 40))
def test_adding_and_counting_agree(day, count):
    there = add_working_days(day, count)
    if count > 0:
        assert working_days_until(day, there) == count
    assert is_working_day(there) or count == 0


@given(DAYS, st.integers(0, 60))
def test_counting_is_additive(day, span):
    middle, end = day + timedelta(days=span), day + timedelta(days=2 * span)
    assert working_days_until(day, middle) + working_days_until(middle, end) == working_days_until(day, end)
    assert working_days_until(end, day) == -working_days_until(day, end)
