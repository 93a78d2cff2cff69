from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import (
    LIBRARY_YEARS,
    add_working_days,
    calendar_is_known,
    is_working_day,
    nth_working_day,
    use_calendar,
    working_days_until,
)

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


KEPT = {date(2031, 1, 1): False, date(2031, 1, 2): False, date(2031, 1, 4): True}


@pytest.fixture
def kept():
    use_calendar(KEPT)
    yield
    use_calendar({})


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param(date(2031, 1, 1), False, id="a day off"),
        pytest.param(date(2031, 1, 3), True, id="a weekday nothing is said of"),
        pytest.param(date(2031, 1, 4), True, id="a make-up Saturday"),
        pytest.param(date(2031, 1, 5), False, id="the Sunday after it"),
        pytest.param(date(2032, 1, 1), True, id="another year"),
    ],
)
def test_days_the_house_keeps(kept, day, works):
    assert is_working_day(day) is works


def test_a_year_is_known_once_the_house_keeps_days_of_it(kept):
    assert calendar_is_known(date(2031, 7, 1))
    assert not calendar_is_known(date(2032, 7, 1))


def test_what_was_worked_out_before_is_forgotten_when_the_calendar_changes():
    first = date(2031, 1, 1)
    before = nth_working_day(first, 2), working_days_until(first, date(2031, 1, 6)), is_working_day(first)
    use_calendar(KEPT)
    assert (nth_working_day(first, 2), working_days_until(first, date(2031, 1, 6)), is_working_day(first)) == (date(2031, 1, 4), 3, False)
    use_calendar({})
    assert (nth_working_day(first, 2), working_days_until(first, date(2031, 1, 6)), is_working_day(first)) == before


def test_the_program_s_own_years_are_not_overruled():
    day = date(LIBRARY_YEARS[-1], 10, 1)
    use_calendar({day: True})
    assert not is_working_day(day)
    use_calendar({})
