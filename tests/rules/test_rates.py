"""How long a channel must rest before its next message."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.rates import Rate, wait_before_next

NOW = datetime(2013, 12, 26, 4, tzinfo=UTC)
TWENTY = (Rate(20, 60.0),)
FIVE_AND_HUNDRED = (Rate(5, 1.0), Rate(100, 60.0))


def ago(*seconds):
    return [NOW - timedelta(seconds=before) for before in seconds]


@pytest.mark.parametrize(
    ("earlier", "rates", "parts", "wait"),
    [
        pytest.param([], TWENTY, 1, 0, id="nothing yet"),
        pytest.param(ago(*range(19)), TWENTY, 1, 0, id="one to go"),
        pytest.param(ago(*range(20)), TWENTY, 1, 41, id="twenty within the minute"),
        pytest.param(ago(*range(20)), TWENTY, 3, 43, id="three parts wait for three"),
        pytest.param(ago(5), TWENTY, 25, 55, id="more parts than fit wait until nothing counts"),
        pytest.param([], TWENTY, 25, 0, id="more parts than fit, nothing counts"),
        pytest.param(ago(*[0.5] * 5), FIVE_AND_HUNDRED, 1, 0.5, id="the tighter of two"),
        pytest.param(ago(*range(-20, 0)), TWENTY, 1, 60, id="ahead counts as now"),
        pytest.param(ago(61, 62, 63), (Rate(1, 60.0),), 1, 0, id="long ago"),
    ],
)
def test_wait(earlier, rates, parts, wait):
    assert wait_before_next(earlier, NOW, rates, parts).total_seconds() == wait


@given(st.lists(st.floats(0, 200), max_size=40), st.integers(1, 8), st.integers(1, 90))
def test_after_the_wait_the_rate_is_kept(before, allowed, seconds):
    rate = Rate(allowed, float(seconds))
    earlier = ago(*before)
    goes_at = NOW + wait_before_next(earlier, NOW, (rate,))
    if sum(at > NOW - timedelta(seconds=seconds) for at in earlier) <= allowed:
        assert sum(at > goes_at - timedelta(seconds=seconds) for at in earlier) < allowed
