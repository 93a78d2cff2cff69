from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import DubanError
from rules.periods import parse_period, period_after, period_before, quarter_of

CODES = st.builds(
    lambda year, tail: f"{year}{tail}",
    st.integers(1950, 2099),
    st.sampled_from(["", "Q1", "Q2", "Q3", "Q4", "H1", "H2", "-01", "-02", "-12"]),
)


@pytest.mark.parametrize(
    ("code", "starts_on", "ends_on"),
    [
        ("2013Q3", date(2013, 7, 1), date(2013, 9, 30)),
        ("2013q4", date(2013, 10, 1), date(2013, 12, 31)),
        ("2013H1", date(2013, 1, 1), date(2013, 6, 30)),
        ("2013", date(2013, 1, 1), date(2013, 12, 31)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
    ],
)
def test_reads(code, starts_on, ends_on):
    period = parse_period(code)
    assert (period.starts_on, period.ends_on) == (starts_on, ends_on)


@pytest.mark.parametrize("code", ["", "2013Q5", "13Q1", "2013-13", "2013-9", "0000", "2013Q1x", "２０１３Q1"])
def test_refuses(code):
    with pytest.raises(DubanError) as refused:
        parse_period(code)
    assert refused.value.code == "bad-period"


@given(CODES)
def test_neighbours_touch(code):
    period = parse_period(code)
    assert period_after(period).starts_on == period.ends_on + timedelta(days=1)
    assert period_before(period_after(period)) == period


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_has_one_quarter(day):
    assert day in quarter_of(day)
