from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.rounding import round_half_up, shares_of


@pytest.mark.parametrize(
    ("value", "places", "rounded"), [(0.25, 1, 0.3), (2.5, 0, 3.0), (72.94999, 1, 72.9), (-0.25, 1, -0.3), (1.005, 2, 1.01)]
)
def test_rounds_as_people_do(value, places, rounded):
    assert round_half_up(value, places) == rounded


def test_shares_of_a_real_report_add_up():
    counts = {"behind": 17, "ahead": 10, "done": 24, "other": 9, "on_pace": 162}
    assert shares_of(counts) == {"behind": 7.7, "ahead": 4.5, "done": 10.8, "other": 4.0, "on_pace": 73.0}


@given(st.dictionaries(st.text(min_size=1), st.integers(0, 10**6), min_size=1))
def test_shares_add_up_to_exactly_one_hundred(counts):
    shares = [Decimal(str(share)) for share in shares_of(counts).values()]
    assert sum(shares) == (Decimal("100.0") if any(counts.values()) else 0)
    assert all(0 <= share <= 100 for share in shares)
