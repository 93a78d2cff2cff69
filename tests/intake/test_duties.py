"""Documents without notes: duties cut out of paragraphs, phases, goals under the head of a list, and the time long texts take."""

import time
from contextlib import suppress
from datetime import date

import pytest

from intake.document import Document, Paragraph
from intake.drafting import draft_of
from rules.errors import DubanError
from tests.intake.samples import read_text

PLAN = """治水工作方案

一、重要意义
治水关系民生，2019年已有30个村受益。
二、步骤
1、宣传发动（2024年3-6月）。3月启动工作；4月制定办法；5、6月召开大会。
2、全面落实(2024年7-12月)。各县政府要组织实施。市水务局抓好督促。
三、目标
到2026年实现以下目标：
——全面达标。11个县全部通过考核，建成示范段4-6处。
四、任务
1、加快建设。2024年,由市水务局牵头编制规划。到2026年,污水厂由目前的10座增加到20座以上。
2、加大投入。2024-2026年占比分别达到1.1%、1.2%和1.3%。培育8-10个年产值过亿元、3-4个年产值过5亿元的企业。
3、启动监测网建设
监测网要覆盖各镇，每个镇建立一个站点。
"""


@pytest.fixture
def items(tmp_path):
    return read_text(tmp_path, PLAN).items


def test_one_item_for_each_actor_and_day(items):
    found = [(item.text, [unit.name for unit in item.units], item.due_on) for item in items if item.path[:1] == ("四、任务",)]
    assert found[0] == ("加快建设。2024年,由市水务局牵头编制规划。", ["市水务局"], date(2024, 12, 31))
    assert found[1] == ("到2026年,污水厂由目前的10座增加到20座以上。", [], date(2026, 12, 31))


def test_what_is_guessed_is_less_sure_and_issued_only_with_units(items):
    assert {(bool(item.units), item.issue, item.confidence) for item in items} == {(True, True, 0.5), (False, False, 0.6)}


def test_background_is_none_and_a_heading_that_makes_something_is_one(items):
    assert not any("重要意义" in item.path[0] for item in items)
    assert "启动监测网建设" in [item.text for item in items]


def test_phases(items):
    (first,) = (item for item in items if item.tasks)
    assert [(task.label, task.starts_on, task.due_on) for task in first.tasks] == [
        ("2024年3月", date(2024, 3, 1), date(2024, 3, 31)),
        ("2024年4月", date(2024, 4, 1), date(2024, 4, 30)),
        ("2024年5、6月", date(2024, 5, 1), date(2024, 6, 30)),
    ]


def test_the_time_of_a_phase_holds_for_all_of_it(items):
    phase = [item for item in items if item.path[:1] == ("二、步骤",) and not item.tasks]
    assert {(item.starts_on, item.due_on) for item in phase} == {(date(2024, 7, 1), date(2024, 12, 31))}
    assert [unit.name for item in phase for unit in item.units] == ["各县政府", "市水务局"]


def test_the_head_of_a_list_gives_its_year(items):
    (goal,) = (item for item in items if item.title == "全面达标")
    assert goal.due_on == date(2026, 12, 31)
    assert [(target.comparator, target.value, target.low, target.year) for target in goal.targets] == [
        ("all", 11.0, None, 2026),
        ("range", None, 4.0, 2026),
    ]


def test_baseline_series_and_sizes(items):
    targets = [target for item in items if item.path[:1] == ("四、任务",) for target in item.targets]
    assert [(target.value, target.low, target.year, target.baseline) for target in targets] == [
        (20.0, None, 2026, 10.0),
        (1.1, None, 2024, None),
        (1.2, None, 2025, None),
        (1.3, None, 2026, None),
        (None, 8.0, None, None),
        (None, 3.0, None, None),
        (1.0, None, None, None),
    ]


@pytest.mark.parametrize(
    "words", ["（", "（责任单位：", "9", "3个", "市政府要", "由市", "9月、", "“", "《", "分工", "用3年", "增幅高于", "和", "——"]
)
def test_long_hostile_text_is_read_in_linear_time(words):
    text = "1. 建好平台。" + words * (20_000 // len(words))
    started = time.process_time()
    with suppress(DubanError):
        draft_of(Document("文件.txt", "0" * 64, "txt", (Paragraph("一、任务"), Paragraph(text))))
    assert time.process_time() - started < 30


DOERS = {
    "who-does-what-was-said": ("粮补资金每亩增加20元。由市财政局组织实施，8月底前发放到户。", [["市财政局"]]),
    "something-of-its-own": ("粮田要增加20万亩。由市水利局组织修建水渠30公里。", [[], ["市水利局"]]),
    "one-organ-in-two-words": ("市财政局要保证资金到位，市财政安排补助80万元。", [["市财政局"]]),
}


@pytest.mark.parametrize(("text", "units"), DOERS.values(), ids=DOERS)
def test_a_sentence_that_only_names_the_doers_goes_on(tmp_path, text, units):
    items = read_text(tmp_path, f"粮食工作方案\n\n二〇二四年一月五日\n\n一、任务\n1、稳定生产。{text}\n").items
    assert [[unit.name for unit in item.units] for item in items] == units
