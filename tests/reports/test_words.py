"""Words, days and numbers as readers see them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.words import change_words, gap_words, listed, listed_units, number_words, percent_words, quantity_words
from rules.words import day_words, light_word, period_words, quoted


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2013Q1", "2013年第一季度"),
        ("2013Q4", "2013年第四季度"),
        ("2013H1", "2013年上半年"),
        ("2013H2", "2013年下半年"),
        ("2013", "2013年"),
        ("2013-09", "2013年9月"),
        ("2013Q5", "2013Q5"),
        ("试点期", "试点期"),
    ],
)
def test_period_words(period, words):
    assert period_words(period) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (33.0, "33"),
        (0.0, "0"),
        (1.45, "1.45"),
        (0.2, "0.2"),
        (1234567.5, "1234567.5"),
        (12500.0, "12500"),
        (1 / 3, "0.3333"),
        (-2.5, "-2.5"),
    ],
)
def test_number_words(value, words):
    assert number_words(value) == words


@pytest.mark.parametrize(
    ("gap", "words"),
    [(20.3, "落后20.3"), (-15.2, "超前15.2"), (0.0, "持平"), (0.04, "持平"), (-0.04, "持平"), (100.0, "落后100.0"), (None, "—")],
)
def test_gap_words_name_the_side(gap, words):
    assert gap_words(gap) == words


def test_small_words():
    assert day_words(date(2013, 9, 5)) == "2013年9月5日"
    assert [change_words(change) for change in (3, 0, -2)] == ["+3", "—", "−2"]
    assert [quantity_words(1.6, "%"), quantity_words(None, "个"), quantity_words(12.0, None)] == ["1.6%", "—", "12"]
    assert [percent_words(72.9), percent_words(None)] == ["72.9%", "—"]
    assert [light_word(light) for light in ("red", "yellow", "green", "grey", "blue")] == ["红灯", "黄灯", "绿灯", "灰灯", "blue"]


@pytest.mark.parametrize(
    ("title", "marked"),
    [
        ("实施方案", "《实施方案》"),
        ("《实施方案》", "《实施方案》"),
        ("贯彻《纲要》的意见", "《贯彻〈纲要〉的意见》"),
        ("《纲要》和《规划》", "《〈纲要〉和〈规划〉》"),
    ],
)
def test_titles_are_quoted_once(title, marked):
    assert quoted(title) == marked


def test_long_lists_are_cut_and_say_so():
    assert listed("甲乙丙") == "甲、乙、丙"
    assert listed("一二三四五六七八九十百") == "一、二、三、四、五、六、七、八、九、十等"
    assert listed_units("一二三四五六七八九十百") == "一、二、三、四、五、六、七、八、九、十等11个单位"
    assert listed_units("甲乙") == "甲、乙"


@given(st.floats(min_value=-1e9, max_value=1e9))
@settings(derandomize=True, max_examples=200)
def test_a_number_keeps_its_value(value):
    assert float(number_words(value)) == pytest.approx(value, abs=5.1e-5, rel=0)
