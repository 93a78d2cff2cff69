"""Cells of a form: what is read, and that nothing a cell can hold ends in anything but a value or a mistake told."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.form_answers import Mistake, choice_of, day_of, is_yes, number_of, whole_of, words_of
from services.form_reading import RawAnswer

ANYTHING = st.one_of(
    *(st.text(), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas()),
    st.from_regex(r"[-−＋+]?[0-9０-９,，.]{1,20}(个|%|％|万)?", fullmatch=True),
)


def raw(value, shown_as="General"):
    return RawAnswer(value, shown_as, "I4")


@given(ANYTHING, st.sampled_from(["General", "0%", "@"]), st.sampled_from([None, "个", "%", "人次"]))
def test_a_cell_is_a_value_or_a_mistake(value, shown_as, unit):
    cell = raw(value, shown_as)
    for reading in (
        lambda: number_of(cell, unit),
        lambda: day_of(cell),
        lambda: words_of(cell),
        lambda: is_yes(cell),
        lambda: whole_of(cell),
    ):
        with suppress(Mistake):
            reading()
    with pytest.raises(Mistake):
        choice_of(raw(f"{value}?"), [["延期"], ["终止"]])


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(written, id=str(written))
        for written in ("2013-12-31", "2013年12月31日", "2013.12.31", "2013/12/31", "20131231", "２０１３-12-31", 41639, date(2013, 12, 31))
    ]
    + [pytest.param(datetime(2013, 12, 31, 8, tzinfo=UTC), id="instant")],
)
def test_a_day_however_it_is_written(written):
    assert day_of(raw(written)) == date(2013, 12, 31)


@pytest.mark.parametrize("written", ["明年底", "2013-13-01", "12-31", "", True, 3, time(8), timedelta(days=3)])
def test_what_is_no_day(written):
    with pytest.raises(Mistake):
        day_of(raw(written))


@pytest.mark.parametrize(
    ("written", "said"), [("是", True), ("√", True), ("YES", True), (1, True), ("否", False), ("—", False), ("  ", False)]
)
def test_a_yes(written, said):
    assert is_yes(raw(written)) is said


def test_a_request_is_known_by_any_of_its_names():
    kinds = [["延期", "extension"], ["终止", "cancellation"]]
    assert [choice_of(raw(written), kinds) for written in ("延期", "申请终止", "extension")] == [0, 1, 0]
