"""Facts at the top and foot of notices in the shapes offices give them: titles on several lines, numbers in odd brackets, several issuers."""

from datetime import date

import pytest

from tests.intake.samples import read_text

BODY = "一、任务\n1.建食堂。年内建食堂5个。（市民政局负责）\n"
TITLES = {
    "two-lines-and-years": (
        "甲县人民政府办公室\n关于印发《甲县节水行动计划\n（2024—2026年）》的通知\n甲府办〔2024〕3号\n各乡镇：\n现予印发。\n甲县节水行动计划\n（2024—2026年）\n",
        "甲县节水行动计划（2024—2026年）",
    ),
    "blank-between": (
        "甲区人民政府关于印发《甲区重点工作任务分解方案》的通知\n各部门：\n现予印发。\n甲区重点工作\n\n任务分解方案\n",
        "甲区重点工作任务分解方案",
    ),
    "title-inside-title": (
        "甲市政府办关于印发2023年《报告》重点工作责任分解的通知\n各部门：\n《2023年〈报告〉重点工作责任分解》已经同意。\n2023年《报告》重点工作责任分解\n",
        "2023年《报告》重点工作责任分解",
    ),
    "a-rule-below": ("甲市2026年重点任务清单\n（带*的为牵头单位）\n", "甲市2026年重点任务清单"),
    "nothing-but-a-title": ("市政府2012年十件实事责任分解\n", "市政府2012年十件实事责任分解"),
    "numbered-line-ends-the-top": ("重点工作\n", "重点工作"),
}


@pytest.mark.parametrize(("top", "title"), TITLES.values(), ids=TITLES)
def test_titles(tmp_path, top, title):
    assert read_text(tmp_path, top + BODY).plan.title == title


@pytest.mark.parametrize(
    "number",
    ["甲府发〔2019〕5号", "甲府发[2019]5号", "甲府发(2019)5号", "甲府字﹝2019﹞5号", "甲府发【2019】第5号", "甲府办发电〔2019〕5号"],
)
def test_numbers(tmp_path, number):
    assert read_text(tmp_path, f"关于做好节水工作的通知\n{number}\n各乡镇：\n{BODY}").plan.doc_no == number


ISSUERS = {
    "title": ("国务院关于做好节水工作的意见\n", "国务院"),
    "party-and-government": (
        "中共甲县委办公室 甲县人民政府办公室\n关于印发《节水方案》的通知\n各乡镇：\n",
        "中共甲县委办公室、甲县人民政府办公室",
    ),
    "red-head": ("甲市科学技术协会文件\n关于做好节水工作的通知\n各乡镇：\n", "甲市科学技术协会"),
    "signature": ("关于做好节水工作的通知\n各乡镇：\n现予印发。\n甲县脱贫攻坚指挥部\n2018年5月30日\n", "甲县脱贫攻坚指挥部"),
    "signature-on-the-line-of-the-day": ("关于做好节水工作的通知\n各乡镇：\n现予印发。\n甲县水利局 2018年5月30日\n", "甲县水利局"),
}


@pytest.mark.parametrize(("top", "issuer"), ISSUERS.values(), ids=ISSUERS)
def test_issuers(tmp_path, top, issuer):
    assert read_text(tmp_path, top + BODY).plan.issuer == issuer


PERIODS = {
    "chinese-year": ("甲区关于下达一九九八年城建工作的通知\n", date(1998, 1, 1), date(1998, 12, 31)),
    "years-in-title": ("甲市节水方案（2004—2006年）\n", date(2004, 1, 1), date(2006, 12, 31)),
    "five-year-plan": ("甲市节水“十四五”规划分工方案\n", date(2021, 1, 1), date(2025, 12, 31)),
    "named-year": ("节水年工作方案\n市里决定将2004年确定为节水年，并统筹到“十一五”末的工作。\n", date(2004, 1, 1), date(2004, 12, 31)),
}


@pytest.mark.parametrize(("top", "starts_on", "ends_on"), PERIODS.values(), ids=PERIODS)
def test_periods(tmp_path, top, starts_on, ends_on):
    plan = read_text(tmp_path, top + BODY).plan
    assert (plan.starts_on, plan.ends_on) == (starts_on, ends_on)


SHEETS = {
    "annex-mark-before-the-title": ("附件：甲县年度目标表,,,\n", "甲县年度目标表"),
    "annex-alone": ("附件1,,,\n甲县年度目标表,,,\n", "甲县年度目标表"),
    "year-below": ("甲县民生实事任务表,,,\n（2022年）,,,\n", "甲县民生实事任务表（2022年）"),
}


@pytest.mark.parametrize(("top", "title"), SHEETS.values(), ids=SHEETS)
def test_titles_of_sheets(tmp_path, top, title):
    draft = read_text(tmp_path, top + "序号,任务,责任单位,完成时限\n1,建食堂5个,县民政局,9月底\n2,修路3公里,县交通局,10月底\n", "表.csv")
    assert draft.plan.title == title
    years = {day.year for day in (draft.plan.starts_on, draft.items[0].due_on) if day}
    assert years == ({2022} if "2022" in title else set())


def test_years_of_the_title_cover_the_schedule(tmp_path):
    text = "甲市“十三五”指标表,,,\n指标,单位,2020年,责任单位\n森林覆盖率,%,40,市林业局\n优良天数比例,%,80,市环保局\n"
    plan = read_text(tmp_path, text, "表.csv").plan
    assert (plan.starts_on, plan.ends_on) == (date(2016, 1, 1), date(2020, 12, 31))
