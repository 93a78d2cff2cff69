"""What a digest says, in which order, and that both parts say the same."""

import re
from datetime import date

import pytest

from notify.messages import Addressee, Line, render_reminder
from notify.wording import document_words, rule_words, situation
from rules.reminders import Urgency

TODAY = date(2013, 12, 26)
UNIT = Addressee("自治区科技厅", "张联络", "zh")


def line(rule="due-3", urgency=Urgency.DUE, limit_on=date(2013, 12, 31), task_id=7, period="2013-12-31", task="特派员创业行动（2013年）"):
    return Line(rule, period, urgency, limit_on, task_id, task, 1, "科技行动计划", "桂政办发〔2013〕1号")


ALL = [
    line("acknowledge", Urgency.ACKNOWLEDGE, date(2013, 12, 9), 15, "2013-12-02"),
    line("report-open", Urgency.REPORT, date(2014, 1, 6), 12, "2013Q4"),
    line(),
    line("overdue-1", Urgency.OVERDUE, date(2013, 12, 20), 3, "2013-12-20"),
]


def test_subject_counts_in_the_order_of_urgency():
    assert (
        render_reminder(UNIT, ALL, TODAY, None).subject
        == "【督办提醒】超期 1 项、临近到期 1 项、待报进展 1 项、待签收 1 项（2013年12月26日）"
    )


def test_text_says_to_whom_what_until_when_and_how_to_answer():
    text = render_reminder(UNIT, ALL, TODAY, "自治区督查室").text
    wanted = [
        "自治区科技厅（张联络）：",
        "[3] 特派员创业行动（2013年）",
        "《科技行动计划》（桂政办发〔2013〕1号）",
        "时限：2013年12月20日；已超期 6 天",
        "时限：2013年12月31日；还有 3 个工作日",
        "时限：2014年1月6日；待报2013年第四季度进展",
        "时限：2013年12月9日；2013年12月2日交办",
        "duban task submit",
        "duban task report",
        "duban task acknowledge",
        "自治区督查室\n2013年12月26日",
    ]
    places = [text.find(words) for words in wanted]
    assert -1 not in places
    assert places == sorted(places)


def test_only_the_commands_that_are_needed():
    text = render_reminder(UNIT, [line()], TODAY, None).text
    assert re.findall(r"duban task (\w+)", text) == ["submit"]


def test_both_parts_say_the_same():
    rendered = render_reminder(UNIT, ALL, TODAY, "自治区督查室")
    html = re.sub(r"<[^>]+>", " ", rendered.html)
    for said in re.split(r"[\n；]|  +|--|时限：|\[\d+\] ", rendered.text):
        assert said.strip() in html


def test_html_is_not_open_to_what_a_plan_is_called():
    rendered = render_reminder(UNIT, [line(task="<script>alert(1)</script>")], TODAY, None)
    assert "<script>" not in rendered.html
    assert "<script>" in rendered.text


def test_no_blank_lines_pile_up():
    assert "\n\n\n" not in render_reminder(UNIT, ALL, TODAY, None).text


def test_a_unit_without_contact_is_addressed_by_its_name():
    assert render_reminder(Addressee("自治区科技厅", None, "zh"), ALL, TODAY, None).text.startswith("自治区科技厅：\n")


@pytest.mark.parametrize(
    ("rule", "period", "limit_on", "day", "expected"),
    [
        pytest.param("due-7", "", date(2014, 1, 6), TODAY, "还有 6 个工作日", id="days left are working days"),
        pytest.param("due-0", "", TODAY, TODAY, "今天到期", id="today"),
        pytest.param("due-0", "", date(2013, 10, 5), date(2013, 9, 30), "今天是时限内最后一个工作日", id="due in a holiday"),
        pytest.param("overdue-1", "", date(2013, 12, 31), date(2014, 1, 2), "已超期 2 天", id="days late are calendar days"),
        pytest.param("report-missing", "2013Q3", date(2013, 10, 10), TODAY, "未收到2013年第三季度进展", id="missing"),
    ],
)
def test_situation(rule, period, limit_on, day, expected):
    assert situation(rule, period, limit_on, day) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [("行动计划", "《行动计划》"), ("《行动计划》", "《行动计划》"), ("关于《甲》和《乙》的意见", "《关于〈甲〉和〈乙〉的意见》")],
)
def test_document_words(title, expected):
    assert document_words(title, None) == expected


@pytest.mark.parametrize(
    "rule", ["due-7", "due-3", "due-1", "due-0", "overdue-1", "overdue-5", "report-open", "report-missing", "acknowledge"]
)
def test_every_rule_has_words(rule):
    assert re.search("[\u4e00-\u9fff]", rule_words(rule))
    assert rule not in rule_words(rule)
