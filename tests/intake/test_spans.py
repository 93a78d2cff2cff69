"""Times that hang on the plan's own days or on the year of the document, and the plan's own days."""

from datetime import date

import pytest

from intake.deadlines import own_days
from intake.document import Paragraph
from intake.periods import periods_in
from intake.planperiod import period_of_plan, year_in_headings
from intake.spans import Frame, fixed_spans, unfixed_phrases
from tests.intake.samples import codes, read_text

FRAME = Frame(2024, date(2024, 3, 1), date(2026, 12, 31), date(2024, 1, 31))

FIXED = {
    "whole-length": ("三年内建成枢纽4个", date(2026, 12, 31)),
    "with-time": ("用3年时间完成改造", date(2026, 12, 31)),
    "since-a-year": ("从2024年起用两年时间完成", date(2025, 12, 31)),
    "days-after-issue": ("自印发之日起30日内出台细则", date(2024, 3, 1)),
    "since-a-year-without-from": ("2024年起，用两年时间完成", date(2025, 12, 31)),
    "half-a-year-after-issue": ("印发后半年内出台", date(2024, 7, 31)),
    "months-after-issue": ("自本方案印发之日起1个月内报送", date(2024, 2, 29)),
}


@pytest.mark.parametrize(("text", "day"), FIXED.values(), ids=FIXED)
def test_fixed(text, day):
    assert [period.ends_on for period in fixed_spans(text, FRAME)] == [day]
    assert unfixed_phrases(text, FRAME) == []


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("力争两年内建成", FRAME),
        ("印发之日起30日内出台", Frame(2024)),
        ("印发之日起10个工作日内办结", FRAME),
        ("今年九月底召开", Frame()),
        ("6月15日前完成", Frame()),
        ("春节前完成走访", FRAME),
        ("供暖季前投用", FRAME),
        ("2025年汛期前清障", FRAME),
        ("三个月内办结", FRAME),
        ("自反馈之日起60日内整改", FRAME),
        ("试点期满后一年内评估", FRAME),
        ("3-5年内建成", FRAME),
    ],
)
def test_asked_for_not_guessed(text, frame):
    assert fixed_spans(text, frame) == []
    assert len(unfixed_phrases(text, frame)) == 1


@pytest.mark.parametrize(
    "text", ["毕业5年以内的学生", "三年行动计划", "实行三年制", "持续推进", "尽快完善", "每年国庆前开展两次清洁行动", "接诉后3日内答复"]
)
def test_no_time(text):
    assert fixed_spans(text, FRAME) == []
    assert unfixed_phrases(text, FRAME) == []


PHRASES = {
    "half-to-end": ("2005年下半年-2006年底", None, date(2005, 7, 1), date(2006, 12, 31)),
    "year-to-half": ("2005年-2007年上半年", None, date(2005, 1, 1), date(2007, 6, 30)),
    "this-year": ("今年九月底前", 2004, None, date(2004, 9, 30)),
    "this-year-and-next": ("今、明年内轮训", 2004, date(2004, 1, 1), date(2005, 12, 31)),
    "months-of-base-year": ("9-12月", 2004, date(2004, 9, 1), date(2004, 12, 31)),
    "two-months": ("5、6月召开", 2004, date(2004, 5, 1), date(2004, 6, 30)),
    "next-year": ("明年上半年", 2025, None, date(2026, 6, 30)),
    "quarter-span": ("2026年一季度至三季度", None, date(2026, 1, 1), date(2026, 9, 30)),
}


@pytest.mark.parametrize(("text", "base_year", "first", "last"), PHRASES.values(), ids=PHRASES)
def test_phrase(text, base_year, first, last):
    (period,) = periods_in(text, base_year)
    assert (period.starts_on, period.ends_on) == (first, last)


def test_months_go_with_the_year_named_before_them():
    assert [period.ends_on for period in periods_in("2026年3月启动，9月完成", 2025)] == [date(2026, 3, 31), date(2026, 9, 30)]


def test_years_in_the_name_of_a_plan_to_be_written_are_no_deadline():
    assert own_days("2004年下半年编制全市2004-2010年发展规划", None, None) == (None, date(2004, 12, 31))


def test_plan_period():
    lines = ("一、步骤", "（一）准备（2024年3月-2024年6月）", "（二）实施（2024年下半年-2025年底）")
    paragraphs = tuple(Paragraph(line) for line in lines)
    assert period_of_plan(("某方案", None), paragraphs, None) == (date(2024, 3, 1), date(2025, 12, 31))
    assert period_of_plan(("“十二五”发展规划", None), (), None) == (date(2011, 1, 1), date(2015, 12, 31))
    assert year_in_headings(paragraphs) == 2024


def test_finding_until_a_day_is_given(tmp_path):
    from intake.checks import check_draft

    draft = read_text(tmp_path, "一、任务\n1. 建好枢纽。力争两年内建成枢纽4个。（责任单位：市交通局）\n", base_year=2024)
    assert ("date-not-fixed", "warning", draft.items[0].id) in codes(draft.findings)
    dated = draft.model_copy(update={"items": (draft.items[0].model_copy(update={"due_on": date(2025, 12, 31)}),)})
    assert "date-not-fixed" not in [finding.code for finding in check_draft(dated)]


@pytest.mark.parametrize(
    ("cell", "is_asked"),
    [
        ("国庆节前", True),
        ("3个月内", True),
        ("已完成", False),
        ("立行立改", False),
        ("9月底前", True),
        ("印发后30日内", True),
        ("持续推进", False),
        ("2026年9月底", False),
        ("", False),
    ],
)
def test_a_time_column_is_asked_about_where_no_day_follows(tmp_path, cell, is_asked):
    found = read_text(tmp_path, f"序号,任务内容,完成时限,责任单位\n1,建设服务平台,{cell},市科技局\n", name="表.csv").findings
    assert ("date-not-fixed" in [finding.code for finding in found]) == is_asked


def test_a_note_is_asked_about_where_no_day_follows(tmp_path):
    text = "一、任务\n1. 建好服务平台，组建专门队伍。（责任单位：市科技局；完成时限：国庆节前）\n"
    draft = read_text(tmp_path, text, base_year=2024)
    assert ("date-not-fixed", "warning", draft.items[0].id) in codes(draft.findings)


def test_a_time_that_runs_backwards_is_told_and_gives_no_day(tmp_path):
    draft = read_text(tmp_path, "序号,任务内容,完成时限,责任单位\n1,建设服务平台,2024年3月-2023年10月,市科技局\n", name="表.csv")
    assert draft.items[0].due_on is None
    assert [code for code, *_ in codes(draft.findings) if code in ("days-reversed", "date-not-fixed")] == ["days-reversed"]


def test_phases_of_two_years_are_no_gap_and_no_span(tmp_path):
    text = "一、任务\n1. 推进试点。2023年6月底前制定方案，2025年底前全面推开。（责任单位：市科技局）\n"
    draft = read_text(tmp_path, text, base_year=2023)
    assert (draft.items[0].starts_on, draft.items[0].due_on) == (None, date(2025, 12, 31))
    assert "year-skipped" not in [code for code, *_ in codes(draft.findings)]


def test_a_period_gathered_from_the_items_is_no_measure_for_them(tmp_path):
    text = "一、任务\n1. 开展调查。2004年5－8月完成调查。（责任单位：市卫生局）\n2. 推行试点。2005年下半年至2006年底推行试点。（责任单位：市卫生局）\n"
    draft = read_text(tmp_path, text, base_year=2004)
    assert "outside-plan-period" not in [code for code, *_ in codes(draft.findings)]
