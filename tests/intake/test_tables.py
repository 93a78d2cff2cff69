"""Responsibility tables as offices lay them out: other columns, other years, one head row or two, cells merged this way and that."""

from datetime import date

import pytest

from intake.document import Paragraph
from intake.drafting import draft_of
from rules.errors import DubanError
from tests.intake.samples import document, grid

TWO_ROW_HEAD = (
    ("序号", "行动名称", "内容目标", "进度安排", "<", "实施地点", "责任单位"),
    ("^", "^", "^", "2016年", "2017年", "^", "^"),
)


def items(*rows, base_year=None):
    return draft_of(document(grid(*rows)), base_year).items


def test_two_row_head_makes_a_task_a_year():
    (item,) = items(*TWO_ROW_HEAD, ("1", "示范县行动", "建设示范县30个", "建10个", "建20个", "有关县", "省科技厅、财政厅"))
    assert (item.number, item.title, item.text, item.place) == ("1", "示范县行动", "建设示范县30个", "有关县")
    assert [(task.label, task.due_on, task.targets[0].value) for task in item.tasks] == [
        ("2016年", date(2016, 12, 31), 10.0),
        ("2017年", date(2017, 12, 31), 20.0),
    ]
    assert {target.measure for task in item.tasks for target in task.targets} == {item.targets[0].measure}
    assert [unit.name for unit in item.units] == ["省科技厅", "省财政厅"]


def test_columns_in_another_order():
    (item,) = items(
        ("责任单位", "2016年目标", "2017年目标", "工作任务", "序号"),
        ("市教育局", "改造5所", "改造6所", "改造学校11所", "一"),
    )
    assert (item.number, item.title, [task.label for task in item.tasks]) == ("一", "改造学校11所", ["2016年", "2017年"])


def test_lead_and_support_columns():
    (item,) = items(
        ("序号", "任务", "牵头单位", "配合单位", "完成时限"), ("1", "编制规划", "市发改委", "市财政局、教育局", "2026年6月底前")
    )
    assert [(unit.name, unit.role) for unit in item.units] == [("市发改委", "lead"), ("市财政局", "support"), ("市教育局", "support")]
    assert item.due_on == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("words", "base_year", "due_on"),
    [
        ("2026年底", None, date(2026, 12, 31)),
        ("9月底", 2026, date(2026, 9, 30)),
        ("2026年3月—2026年10月", None, date(2026, 10, 31)),
        ("2026", None, date(2026, 12, 31)),
        ("2026-08-31", None, date(2026, 8, 31)),
        ("2026.8", None, date(2026, 8, 31)),
        ("持续推进", 2026, None),
        ("", 2026, None),
    ],
    ids=["year-end", "month-of-base-year", "span", "bare-year", "with-dashes", "year-and-month", "going-on", "empty"],
)
def test_deadline_column(words, base_year, due_on):
    (item,) = items(("序号", "任务", "责任单位", "完成时限"), ("1", "推进试点工作", "市科技局", words), base_year=base_year)
    assert item.due_on == due_on


def test_title_rows_above_the_head_name_the_plan():
    title = "2026年重点任务分解表"
    draft = draft_of(document(grid((title, "<", "<"), ("序号", "重点任务", "责任单位"), ("1", "推进试点", "市科技局"))))
    assert (draft.plan.title, draft.items[0].path) == (title, (title,))
    assert (draft.plan.starts_on, draft.plan.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))


def test_months_belong_to_the_year_of_the_title():
    (item,) = items(("2026年任务表", "<", "<"), ("任务", "责任单位", "一季度"), ("推进试点", "市科技局", "印发方案"))
    assert [(task.starts_on, task.due_on) for task in item.tasks] == [(date(2026, 1, 1), date(2026, 3, 31))]


def test_unit_cell_merged_over_rows_counts_for_each():
    first, second = items(("序号", "任务", "责任单位"), ("1", "推进甲试点", "市科技局"), ("2", "推进乙试点", "^"))
    assert first.units == second.units != ()


def test_title_merged_over_rows():
    first, second = items(
        ("序号", "行动名称", "内容", "责任单位"), ("1", "强基行动", "做甲事", "市科技局"), ("^", "^", "做乙事", "市教育局")
    )
    assert (first.title, second.title, second.text) == ("强基行动", "强基行动", "做乙事")


def test_title_left_empty_in_a_format_without_merging():
    _first, second = items(
        ("序号", "行动名称", "内容", "责任单位"), ("1", "强基行动", "做甲事", "市科技局"), ("", "", "做乙事", "市教育局")
    )
    assert second.title == "强基行动"


def test_every_column_of_content_is_kept():
    (item,) = items(("序号", "任务名称", "主要内容", "工作目标", "责任单位"), ("1", "强基", "健全站点。", "建成30个站点", "市科技局"))
    assert (item.title, item.text, item.targets[0].value) == ("强基", "健全站点。\n建成30个站点", 30.0)


def test_rule_below_the_table_makes_first_units_lead():
    table = grid(("序号", "任务", "责任单位"), ("1", "推进甲试点", "市科技局、财政局"), ("2", "推进乙试点", "市教育局"))
    draft = draft_of(document(table, Paragraph("注：责任单位中排在首位的为牵头单位。")))
    assert [[unit.role for unit in item.units] for item in draft.items] == [["lead", "responsible"], ["lead"]]
    assert not any(finding.code == "lead-not-marked" for finding in draft.findings)


def test_section_rows_become_the_path_and_sums_are_no_items():
    found = items(
        ("序号", "任务", "内容", "责任单位"),
        ("一、基础建设", "<", "<", "<"),
        ("1", "甲", "做甲事", "市科技局"),
        ("二、服务提升", "<", "<", "<"),
        ("2", "乙", "做乙事", "市科技局"),
        ("合计", "", "2项", ""),
    )
    assert [(item.title, item.path) for item in found] == [("甲", ("一、基础建设",)), ("乙", ("二、服务提升",))]


def test_head_repeated_on_the_next_page_is_no_item():
    head = ("序号", "任务", "责任单位")
    assert len(items(head, ("1", "推进甲试点", "市科技局"), head, ("2", "推进乙试点", "市科技局"))) == 2


def test_table_cut_by_a_page_goes_on():
    first = grid(("序号", "任务", "责任单位"), ("1", "推进甲试点", "市科技局"))
    second = grid(("2", "推进乙试点", "市教育局"))
    assert [item.number for item in draft_of(document(first, second)).items] == ["1", "2"]


def test_place_is_never_a_unit():
    (item,) = items(*TWO_ROW_HEAD, ("1", "行动", "建10个点", "建5个", "建5个", "各市、县（市、区）", "省科技厅"))
    assert ([unit.name for unit in item.units], item.place) == (["省科技厅"], "各市、县（市、区）")


def test_table_without_units_is_read_and_queried():
    draft = draft_of(document(grid(("序号", "任务", "内容"), ("1", "甲", "做甲事"), ("2", "乙", "做乙事"))))
    assert [finding.code for finding in draft.findings if finding.item is None] == ["nothing-to-issue", "no-responsible-unit"]
    assert not any(item.issue for item in draft.items)


def test_table_about_something_else_is_refused():
    with pytest.raises(DubanError) as refusal:
        items(("姓名", "电话"), ("张三", "12345"))
    assert refusal.value.code == "no-table-no-note"


def test_the_same_document_gives_the_same_ids():
    rows = (*TWO_ROW_HEAD, ("1", "行动", "建10个点", "建5个", "建5个", "", "省科技厅"))
    assert items(*rows) == items(*rows)
