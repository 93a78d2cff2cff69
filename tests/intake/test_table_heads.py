"""Heads as offices word them, cards, times beside units or beside the figures, tables of figures alone, and what a sheet hides."""

import io
from datetime import date

import openpyxl
import pytest
import xlsxwriter

from intake.columns import unit_said
from intake.document import Paragraph
from intake.drafting import draft_of
from intake.headings import role_of
from intake.reading import read_document
from tests.intake.samples import codes, document, grid


def items(*rows, base_year=None):
    return draft_of(document(grid(*rows)), base_year).items


def units_of(item):
    return [(unit.name, unit.role) for unit in item.units]


def figures(item):
    return [(target.measure, target.value, target.unit_of_measure) for target in item.targets]


@pytest.mark.parametrize(
    ("head", "role"),
    [
        ("省级责任部门", "responsible"),
        ("市直配合单位", "support"),
        ("县牵头单位", "lead"),
        ("责任单位（牵头）", "lead"),
        ("责任单位（配合）", "support"),
        ("责任单位/责任人", "responsible"),
        ("责任站办所", "responsible"),
        ("承担村（社区）", "responsible"),
        ("主管站所", "responsible"),
        ("责任区域", "place"),
        ("县级领导", "note"),
        ("省级", None),
    ],
)
def test_heads_of_units(head, role):
    assert role_of(head) == role


def test_person_beside_a_unit_is_no_unit():
    (item,) = items(
        ("工程名称", "建设内容", "完成时限", "责任单位/责任人"), ("水厂", "新建水厂1座", "2025年8月", "县水利局/李明、县财政局/王强")
    )
    assert units_of(item) == [("县水利局", "responsible"), ("县财政局", "responsible")]


def test_time_beside_the_units_of_one_column():
    (item,) = items(("序号", "任务", "责任单位及完成时限"), ("1", "压缩办理环节至3个", "县政务局牵头，县税务局配合，2025年6月底前完成"))
    assert (units_of(item)[0], item.due_on) == (("县政务局", "lead"), date(2025, 6, 30))


@pytest.mark.parametrize(("written", "due"), [("12/31", date(2025, 12, 31)), ("9/5", date(2025, 9, 5)), ("全年", date(2025, 12, 31))])
def test_day_of_the_year_in_a_time_cell(written, due):
    (item,) = items(("任务", "责任单位", "办结日期"), ("新建驿站2座", "县总工会", written), base_year=2025)
    assert item.due_on == due


def test_cards_are_one_item_each():
    card = [
        ("改革项目", "一窗办理", "牵头单位", "县政务局"),
        ("改革目标", "新增事项20件", "配合单位", "县民政局"),
        ("完成时限", "2025年10月", "责任人", "李明"),
    ]
    first, second = draft_of(document(grid(*card), grid(*card))).items
    assert (units_of(first), first.due_on, figures(first)[0][1:]) == (
        [("县政务局", "lead"), ("县民政局", "support")],
        date(2025, 10, 31),
        (20.0, "件"),
    )
    assert second.text == first.text


def test_years_below_a_head_of_goals_are_times_of_their_rows():
    rows = [("总目标", "分年度目标", "<", "责任单位"), ("绿地率提高到45%", "2023年", "43%", "县园林局"), ("^", "2024年", "45%", "^")]
    draft = draft_of(document(grid(*rows)))
    assert [item.due_on.year for item in draft.items] == [2023, 2024]
    assert [[value for _measure, value, _unit in figures(item)] for item in draft.items] == [[45.0, 43.0], [45.0]]
    assert "duplicate-item" not in {finding.code for finding in draft.findings}


def test_figures_alone_are_counted_under_their_heads():
    table = grid(
        ("乡镇", "退出村（个）", "减少人口（人）", "完成投资"),
        ("河东镇", "3", "520", "12.5"),
        ("河西镇", "2", "310", "8"),
        ("合计", "5", "830", "20.5"),
    )
    draft = draft_of(document(Paragraph("2019年任务分配表"), Paragraph("单位：套、亿元"), table), 2019)
    first, _second = draft.items
    assert units_of(first) == [("河东镇", "responsible")]
    assert ("退出村", 3.0, "个") in figures(first)
    assert ("完成投资", 12.5, "亿元") in figures(first)


def test_goals_that_are_all_figures_are_no_title():
    rows = [
        ("县区", "开工任务", "建成任务", "安置比例（%）", "责任单位"),
        ("东城", "3200", "1500", "50", "东城区政府"),
        ("西城", "2600", "1200", "45", "西城区政府"),
    ]
    first, _second = items(*rows)
    assert figures(first) == [("开工任务", 3200.0, None), ("建成任务", 1500.0, None), ("安置比例", 50.0, "%")]


@pytest.mark.parametrize(("line", "unit"), [("单位：万元", "万元"), ("单位：套、亿元", "套、亿元"), ("填报单位：县新农办", None)])
def test_units_said_above_a_table(line, unit):
    assert unit_said(line) == unit


def test_row_of_months_is_no_second_head():
    rows = [
        ("月份", "工作内容", "责任科室", "完成时间"),
        ("8月", "开展培训2期", "人事科", "2026.8"),
        ("9月", "完成换届8个", "组织科", "2026.9"),
    ]
    assert [item.due_on for item in items(*rows)] == [date(2026, 8, 31), date(2026, 9, 30)]


def test_bare_figures_of_years_are_counted_like_their_whole():
    (item,) = items(("任务", "内容", "2024年", "2025年", "责任单位"), ("步道", "新建步道300公里", "100", "200", "县城管局"))
    assert [task.targets[0].unit_of_measure for task in item.tasks] == ["公里", "公里"]


def test_one_stage_of_a_quarter_is_no_sum():
    rows = [("项目", "年度目标", "一季度", "二季度", "责任单位"), ("公园", "建成绿地25公顷", "完成招标", "完成绿地10公顷", "县园林局")]
    found = draft_of(document(grid(*rows)), 2025).findings
    assert "years-do-not-sum" not in {finding.code for finding in found}


@pytest.mark.parametrize(
    ("term", "is_told"),
    [("2020-2025", False), ("2023-2027", False), ("2026年6月", True), ("2017-2019", True)],
    ids=["begun", "goes-on", "after", "before"],
)
def test_works_of_several_years_that_reach_into_the_plan(term, is_told):
    draft = draft_of(
        document(
            Paragraph("2024年重点项目计划"),
            grid(("项目名称", "建设规模", "建设年限", "责任单位"), ("大桥", "新建大桥1座", term, "县交通局")),
        )
    )
    assert ("outside-plan-period" in {finding.code for finding in draft.findings}) == is_told


@pytest.mark.parametrize(
    ("title", "ends_on"),
    [("关于2021年度预算执行审计查出问题整改责任清单", None), ("2021年审计工作任务清单", date(2021, 12, 31))],
    ids=["year-of-the-audit", "year-of-the-plan"],
)
def test_year_in_which_faults_were_found_is_not_the_plans(title, ends_on):
    draft = draft_of(document(Paragraph(title), grid(("整改要求", "责任单位", "期限"), ("追缴租金", "县财政局", "长期坚持"))))
    assert draft.plan.ends_on == ends_on


@pytest.mark.parametrize(
    ("value", "number_format", "due"),
    [
        ("2026.1", "@", date(2026, 1, 31)),
        (2026.1, "0.00", date(2026, 10, 31)),
        (2026.1, "General", None),
        ("2026.10", "@", date(2026, 10, 31)),
    ],
)
def test_months_as_sheets_keep_them(tmp_path, value, number_format, due):
    book = openpyxl.Workbook()
    book.active.append(["任务", "责任单位", "完成时间"])
    book.active.append(["建设示范点", "县科技局", value])
    book.active["C2"].number_format = number_format
    book.save(tmp_path / "表.xlsx")
    assert [item.due_on for item in read_document(tmp_path / "表.xlsx").items] == [due]


def test_hidden_columns_are_read_and_told(tmp_path):
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet("甲")
        sheet.write_row("A1", ["序号", "任务", "责任单位", "备注"])
        sheet.write_row("A2", [1, "推进试点", "县科技局", "内部"])
        sheet.set_column("D:H", None, None, {"hidden": True})
    (tmp_path / "表.xlsx").write_bytes(data.getvalue())
    told = [finding for finding in read_document(tmp_path / "表.xlsx").findings if finding.code == "hidden-rows"]
    assert codes(told) == [("hidden-rows", "info", None)]
    assert "有1列是隐藏的（D列）" in told[0].message


def test_appeal_to_all_units_beside_a_table_is_no_item():
    table = grid(("环节", "任务", "责任部门"), ("气源", "排查气站7座", "县住建局"))
    draft = draft_of(
        document(Paragraph("燃气整治方案"), table, Paragraph("三、工作要求"), Paragraph("各单位要加强领导，压实责任，按时完成。"))
    )
    assert [item.id for item in draft.items] == ["t1-1"]
