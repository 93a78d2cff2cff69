"""The plan's days where the document names only a length, duties that come round from a year on, and who issues a plan that nobody signs."""

from datetime import date

import pytest

from tests.intake.samples import read_text

FOOT = "甲县人民政府\n{day}\n"
DUTY = "一、任务\n1.建食堂。建食堂5个。（县民政局负责）\n"
LENGTHS = {
    "three-years-in-the-title": ("甲县养老服务三年行动方案\n" + DUTY, "2018年3月2日", (2018, 2020)),
    "late-in-the-year": ("甲县养老服务三年行动方案\n" + DUTY, "2018年12月2日", (2019, 2021)),
    "in-the-text": ("甲县养老服务方案\n力争用两年时间，建成食堂体系。\n" + DUTY, "2018年3月2日", (2018, 2019)),
    "within-years": ("甲县养老服务方案\n五年内全县建成食堂体系。\n" + DUTY, "2018年3月2日", (2018, 2022)),
    "since-a-year": ("甲县养老服务方案\n从2019年起，用三年时间建成食堂体系。\n" + DUTY, "2018年3月2日", (2019, 2021)),
    "a-rule-is-no-length": ("甲县养老服务方案\n三年内不得申报。\n" + DUTY, "2018年3月2日", None),
    "named-years-win": ("甲县养老服务三年行动方案\n到2019年，建成体系。\n" + DUTY, "2018年3月2日", (2017, 2019)),
}


@pytest.mark.parametrize(("text", "day", "years"), LENGTHS.values(), ids=LENGTHS)
def test_days_of_a_plan_that_names_a_length(tmp_path, text, day, years):
    plan = read_text(tmp_path, text + FOOT.format(day=day)).plan
    expected = (date(years[0], 1, 1), date(years[1], 12, 31)) if years else (None, None)
    assert (plan.starts_on, plan.ends_on) == expected


ROUNDS = {
    "each-year": ("从2024年起，每年建食堂5个。", (date(2024, 1, 1), date(2026, 12, 31))),
    "own-end": ("从2024年起到2025年，每年建食堂5个。", (date(2024, 1, 1), date(2025, 12, 31))),
    "no-round": ("从2024年起建食堂5个。", (date(2024, 1, 1), None)),
    "behind-the-plan": ("从2030年起，每年建食堂5个。", (date(2030, 1, 1), None)),
}


@pytest.mark.parametrize(("words", "days"), ROUNDS.values(), ids=ROUNDS)
def test_a_duty_since_a_year_comes_round_to_the_plan_s_end(tmp_path, words, days):
    (item,) = read_text(tmp_path, f"甲县养老方案（2023—2026年）\n一、任务\n1.食堂。{words}（县民政局负责）\n").items
    assert (item.starts_on, item.due_on) == days


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("桃源镇2019年重点工作任务分解表", "桃源镇"),
        ("乙区教育局2024年工作要点", "乙区教育局"),
        ("丙市“十四五”养老服务规划", "丙市"),
        ("全市2024年重点工作任务分解表", None),
        ("贯彻落实市委2024年工作要点任务清单", None),
    ],
)
def test_issuer_named_by_the_title_alone(tmp_path, title, issuer):
    assert read_text(tmp_path, f"{title}\n{DUTY}").plan.issuer == issuer
