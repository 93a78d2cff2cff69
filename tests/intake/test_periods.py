"""Time phrases, own days of an item, recurrences."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.celltimes import is_period, period_of
from intake.deadlines import own_days, recurrence_of
from intake.periods import periods_in, reversed_in

PHRASES = {
    "span-of-years": ("2013－2015年，支持", None, date(2013, 1, 1), date(2015, 12, 31)),
    "span-with-two-signs": ("2012年-2014年", None, date(2012, 1, 1), date(2014, 12, 31)),
    "span-of-months": ("（2004年3-6月）", None, date(2004, 3, 1), date(2004, 6, 30)),
    "span-over-years": ("2004年3月-2005年6月", None, date(2004, 3, 1), date(2005, 6, 30)),
    "span-of-days": ("2019年1月1日至12月31日", None, date(2019, 1, 1), date(2019, 12, 31)),
    "by-year": ("到2015年，全区", None, None, date(2015, 12, 31)),
    "end-of-year": ("2026年底前完成", None, None, date(2026, 12, 31)),
    "end-of-month": ("2019年6月底前", None, None, date(2019, 6, 30)),
    "leap-day": ("2024年2月底", None, None, date(2024, 2, 29)),
    "five-year-plan": ("“十二五”期间", None, date(2011, 1, 1), date(2015, 12, 31)),
    "end-of-five-year-plan": ("到“十二五”期末", None, None, date(2015, 12, 31)),
    "month-of-base-year": ("9月底前", 2026, None, date(2026, 9, 30)),
    "quarter-of-base-year": ("第三季度", 2013, None, date(2013, 9, 30)),
    "half-year": ("2013年上半年", None, None, date(2013, 6, 30)),
    "third-of-a-month": ("11月中旬前", 2026, None, date(2026, 11, 20)),
    "last-third-of-a-month": ("2月下旬", 2026, None, date(2026, 2, 28)),
    "day-in-words": ("六月二十日前", 2004, None, date(2004, 6, 20)),
    "year-in-words": ("二〇二六年六月底前", None, None, date(2026, 6, 30)),
    "year-of-two-digits": ("26年6月", 2026, None, date(2026, 6, 30)),
    "first-quarters": ("2023年前三季度", None, None, date(2023, 9, 30)),
    "end-of-quarter": ("一季度末", 2026, None, date(2026, 3, 31)),
    "within-the-year": ("年内开工", 2026, None, date(2026, 12, 31)),
    "end-of-year-said-twice": ("2021年年底前", None, None, date(2021, 12, 31)),
    "old-five-year-plan": ("到“十五”期末", None, None, date(2005, 12, 31)),
    "into-the-next-year": ("2026年10月至次年3月", None, date(2026, 10, 1), date(2027, 3, 31)),
    "months-into-the-next-year": ("11月至次年2月", 2026, date(2026, 11, 1), date(2027, 2, 28)),
    "days-of-base-year": ("3月5日至4月20日", 2026, date(2026, 3, 5), date(2026, 4, 20)),
    "year-end-of-base-year": ("年底前完成", 2026, None, date(2026, 12, 31)),
}


@pytest.mark.parametrize(("text", "base_year", "first", "last"), PHRASES.values(), ids=PHRASES)
def test_phrase(text, base_year, first, last):
    (period,) = periods_in(text, base_year)
    assert (period.starts_on, period.ends_on) == (first, last)


@pytest.mark.parametrize("text", ["2024年3月-2023年10月", "2026-2024年", "2026年9月至2026年3月"])
def test_spans_that_run_backwards_give_no_day(text):
    assert periods_in(text) == []
    assert [period.text for period in reversed_in(text)] == [text]


@pytest.mark.parametrize("text", ["三年内", "两年底", "用26年", "年内涝点", "“十四五”前期"])
def test_words_that_are_no_phrase(text):
    assert periods_in(text, 2026) == []


@pytest.mark.parametrize("text", ["9月底前", "第三季度", "十个县", "2.5公里", "20115年", "13月", "2013年2月30日"])
def test_no_phrase_without_a_year_that_is_told(text):
    assert [period for period in periods_in(text) if period.is_span] == []


@pytest.mark.parametrize(
    ("head", "first", "last"),
    [
        ("2013年", date(2013, 1, 1), date(2013, 12, 31)),
        ("2013", date(2013, 1, 1), date(2013, 12, 31)),
        ("2013年度目标", date(2013, 1, 1), date(2013, 12, 31)),
        ("2013年上半年", date(2013, 1, 1), date(2013, 6, 30)),
        ("2013年9月", date(2013, 9, 1), date(2013, 9, 30)),
    ],
)
def test_column_heads(head, first, last):
    period = period_of(head)
    assert period is not None
    assert (period.starts_on, period.ends_on) == (first, last)


@pytest.mark.parametrize("head", ["责任单位", "2013年获得先进的县", "进度安排", ""])
def test_heads_that_are_no_period(head):
    assert not is_period(head)


OWN = {
    "span-wins-by-its-end": ("“十二五”期间，2013－2015年，支持", (date(2013, 1, 1), date(2015, 12, 31))),
    "by-year": ("到2015年，建成", (None, date(2015, 12, 31))),
    "history": ("2004年全国共有1879个县", (None, None)),
    "assessment-round": ("从2011、2013年全国考核先进的县中选", (None, None)),
    "title-of-another-document": ("落实《2020年规划》", (None, None)),
    "since": ("从2013年起每年开展", (date(2013, 1, 1), None)),
    "since-after-the-end": ("2013年6月底前普查，2014年起每年公布", (None, date(2013, 6, 30))),
    "before-a-season-of-a-year": ("2013年汛期前清障", (None, None)),
    "nothing": ("持续推进", (None, None)),
}


@pytest.mark.parametrize(("text", "days"), OWN.values(), ids=OWN)
def test_own_days(text, days):
    assert own_days(text, None, 2012) == days


ROUNDS = {
    "times-a-year": ("每年研究重大事项4次以上", ("year", 4.0)),
    "in-words": ("每年轮训一次", ("year", 1.0)),
    "the-mention-with-a-number": ("每年对骨干进行培训，每年轮训一次；每年培训400人", ("year", 1.0)),
    "without-number": ("每年共选派特派员500名", ("year", None)),
    "quarterly": ("每季度召开一次会议", ("quarter", 1.0)),
    "every-two-years": ("每两年考核一次", ("two-years", 1.0)),
    "monthly": ("每月调度2次", ("month", 2.0)),
}


@pytest.mark.parametrize(("text", "expected"), ROUNDS.values(), ids=ROUNDS)
def test_recurrence(text, expected):
    found = recurrence_of(text)
    assert found is not None
    assert (found.every, found.at_least) == expected


@pytest.mark.parametrize("text", ["列入年度考核", "建成10个县", "一年级学生"])
def test_no_recurrence(text):
    assert recurrence_of(text) is None


@settings(derandomize=True, max_examples=200)
@given(st.text(alphabet="0123456789年月日底前至-—到“”十二三五期间上下半季度第 ", max_size=30), st.one_of(st.none(), st.integers(1, 9999)))
def test_periods_never_fail_and_never_overlap(text, base_year):
    found = periods_in(text, base_year)
    assert all(first.end <= second.at for first, second in pairwise(found))
    assert all(period.starts_on is None or period.starts_on <= period.ends_on for period in found)


@pytest.mark.parametrize(
    ("text", "due_on"),
    [("2023年全省新增就业50万人。", date(2023, 12, 31)), ("保持2023年全省先进的名次。", None)],
    ids=["to-be-done", "a-title-won"],
)
def test_a_year_of_the_whole_province_is_a_deadline_where_something_is_done_in_it(text, due_on):
    assert own_days(text, 2023, 2023)[1] == due_on
