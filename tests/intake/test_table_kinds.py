"""The kinds of tables offices make beyond the plain one: indicators, money, quarters, stages, matrices, quotas, turned and stacked tables."""

from datetime import date

import pytest

from intake.document import Paragraph, Table
from intake.drafting import draft_of
from tests.intake.samples import document, grid, read_text


def items(*rows, base_year=None):
    return draft_of(document(grid(*rows)), base_year).items


def units_of(item):
    return [(unit.name, unit.role) for unit in item.units]


def figures(item):
    return [(target.value, target.unit_of_measure, target.year) for target in item.targets]


def dues(item):
    return [task.due_on for task in item.tasks]


def test_indicator_has_its_value_at_the_end_its_start_and_its_growth():
    first, second = items(
        ("指标名称", "单位", "2020年基期值", "2025年目标值", "年均增长（%）", "属性", "责任单位"),
        ("书屋数量", "个", "12", "18", "8.4", "约束性", "市文旅局"),
        ("借阅率", "%", "70", "≥80", "", "预期性", "市文旅局"),
    )
    assert (figures(first), first.targets[0].baseline, first.due_on) == ([(18.0, "个", 2025), (8.4, "%", None)], 12.0, date(2025, 12, 31))
    assert (second.targets[0].comparator, second.targets[0].value, second.tasks) == ("ge", 80.0, ())


def test_year_before_the_document_is_where_things_stand():
    table = grid(
        ("指标", "单位", "2020年", "分年度目标", "<", "责任单位"),
        ("^", "^", "^", "2021年", "2022年", "^"),
        ("规上企业数", "家", "50", "60", "75", "市工信局"),
    )
    (item,) = draft_of(document(Paragraph("2021年4月6日"), table)).items
    assert [(task.due_on.year, task.targets[0].value) for task in item.tasks] == [(2021, 60.0), (2022, 75.0)]


@pytest.mark.parametrize(
    ("cell", "comparator", "value", "unit"),
    [
        ("≥120", "ge", 120.0, "家"),
        ("79以上", "ge", 79.0, "家"),
        ("不超过30", "le", 30.0, "家"),
        ("18座", "eq", 18.0, "座"),
        ("[13.5]", "eq", 13.5, "家"),
        ("1,200", "eq", 1200.0, "家"),
        ("80—100", "range", None, "家"),
    ],
)
def test_bare_figures(cell, comparator, value, unit):
    (item,) = items(("任务名称", "计量单位", "目标值", "牵头单位"), ("培育企业", cell and "家", cell, "市工信局"))
    (target,) = item.targets
    assert (target.measure, target.comparator, target.value, target.unit_of_measure) == ("培育企业", comparator, value, unit)


def test_whole_year_beside_quarters_is_no_task():
    (item,) = items(
        ("2025年推进表", "<", "<", "<", "<"),
        ("任务", "全年目标", "第一季度目标", "二季度", "责任单位"),
        ("引进项目", "10个", "4个", "6个", "市投促局"),
    )
    assert (dues(item), item.targets[0].value) == ([date(2025, 3, 31), date(2025, 6, 30)], 10.0)


def test_quarters_counted_up_are_no_wrong_sum():
    rows = (
        ("2019年计划表", "<", "<", "<"),
        ("任务", "一季度", "二季度", "责任单位"),
        ("改造管网6公里", "改造2公里", "改造6公里", "市住建局"),
    )
    assert not [finding for finding in draft_of(document(grid(*rows))).findings if finding.code == "years-do-not-sum"]


def test_stages_named_with_their_months():
    (item,) = items(
        ("2016年检查分工表", "<", "<", "<"),
        ("检查行业", "发动阶段（3月1日—3月31日）", "整治阶段（4月—9月）", "牵头部门"),
        ("道路交通", "制定方案", "排查路段46处", "市公安局"),
    )
    assert (item.title, dues(item)) == ("道路交通", [date(2016, 3, 31), date(2016, 9, 30)])


def test_money_of_the_year_is_a_target_the_whole_cost_is_none():
    (item,) = items(
        ("单位：万元", "<", "<", "<", "<"),
        ("项目名称", "建设内容", "总投资", "2022年计划投资", "责任单位"),
        ("水厂", "日供水3万吨", "9000", "2500", "县水务局"),
    )
    assert (2500.0, "万元", 2022) in figures(item)
    assert 9000.0 not in [value for value, _unit, _year in figures(item)]


def test_task_and_money_under_one_year_make_one_task():
    (item,) = items(
        ("街道", "改造内容", "2021年", "<", "2022年", "<", "责任单位"),
        ("^", "^", "任务（个）", "投资（万元）", "任务（个）", "投资（万元）", "^"),
        ("甲街道", "更新管网", "6", "900", "8", "1200", "区住建局"),
    )
    said = [[(target.value, target.unit_of_measure) for target in task.targets] for task in item.tasks]
    assert said == [[(6.0, "个"), (900.0, "万元")], [(8.0, "个"), (1200.0, "万元")]]


MATRIX = (
    ("任务", "责任部门", "<", "完成时限"),
    ("^", "环保局", "水务局", "^"),
    ("建管网", "○", "●", "2010年10月"),
    ("做排查", "", "○", "2010年8月"),
)


@pytest.mark.parametrize(
    ("legend", "roles"),
    [
        ("注：●为牵头部门，○为配合部门。", [("水务局", "lead"), ("环保局", "support")]),
        ("注：○表示牵头，●表示配合", [("环保局", "lead"), ("水务局", "support")]),
        ("", [("水务局", "lead"), ("环保局", "responsible")]),
    ],
    ids=["by-legend", "legend-decides", "heavier-leads"],
)
def test_matrix_of_marks(legend, roles):
    first, _second = draft_of(document(grid(*MATRIX), Paragraph(legend))).items
    assert units_of(first) == roles


def test_matrix_of_one_mark_leads_nobody():
    (item, _other) = items(("任务", "公安局", "工商局", "期限"), ("查网吧", "√", "√", "2005年4月"), ("查摊点", "√", "", "2005年5月"))
    assert units_of(item) == [("公安局", "responsible"), ("工商局", "responsible")]


def test_table_turned_round():
    found = items(
        ("项目名称", "建学校", "修路"),
        ("建设内容", "教学楼2栋", "修路3公里"),
        ("责任单位", "市教育局", "市交通局"),
        ("完成时限", "2022年8月底", "2022年9月"),
    )
    assert [(item.title, item.due_on, item.units[0].name) for item in found] == [
        ("建学校", date(2022, 8, 31), "市教育局"),
        ("修路", date(2022, 9, 30), "市交通局"),
    ]


def test_second_head_in_one_sheet_begins_a_table_of_its_own():
    sheet = grid(
        ("表一 2018年任务", "<", "<", "<"),
        ("序号", "任务", "完成时限", "责任单位"),
        ("1", "改造危房20户", "2018.9", "县住建局"),
        ("表二 2018年项目（万元）", "<", "<", "<"),
        ("序号", "项目名称", "计划投资", "实施单位"),
        ("1", "示范园", "1500", "县农业局"),
    )
    first, second = draft_of(document(sheet)).items
    assert (first.due_on, first.path, second.path) == (date(2018, 9, 30), ("表一 2018年任务",), ("表二 2018年项目（万元）",))
    assert figures(second) == [(1500.0, "万元", 2018)]


def test_section_rows_with_sums_and_section_words_right_below_the_head():
    found = items(
        ("序号", "项目名称", "建设内容", "2022年投资（万元）", "责任单位"),
        ("一、续建项目工程", "<", "<", "<", "<"),
        ("合计（2个）", "<", "", "40", ""),
        ("1", "甲", "修渠", "10", "县水务局"),
        ("二", "新建", "", "30", ""),
        ("2", "乙", "修路", "30", "县交通局"),
        ("注：投资为估算数", "<", "<", "<", "<"),
    )
    assert [(item.title, item.path) for item in found] == [("甲", ("一、续建项目工程",)), ("乙", ("二、新建",))]


def test_quota_of_each_unit():
    first, second = items(
        ("单位：万亩", "<", "<", "<"), ("单位", "合计", "造林", "封育"), ("北县", "6.5", "4.5", "2"), ("南县", "5", "3", "2")
    )
    assert (first.title, units_of(first)) == ("北县", [("北县", "responsible")])
    assert [(target.measure, target.value) for target in first.targets] == [("合计", 6.5), ("造林", 4.5), ("封育", 2.0)]
    assert second.text == "合计5万亩，造林3万亩，封育2万亩"


def test_share_of_each_region():
    (item,) = items(
        ("2011年任务分解表（套）", "<", "<", "<"), ("任务", "全市合计", "东城区", "牵头单位"), ("新开工公租房", "1200", "500", "市住建局")
    )
    assert [(target.value, target.unit_of_measure, target.scope) for target in item.targets] == [
        (1200.0, "套", None),
        (500.0, "套", "东城区"),
    ]


def test_month_without_year_belongs_to_the_tables_title_not_to_the_notice():
    table = grid(("2026年任务表", "<", "<"), ("任务", "责任单位", "时限"), ("推进试点", "市科技局", "9月底"))
    (item,) = draft_of(document(Paragraph("2025年12月30日"), table)).items
    assert item.due_on == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("words", "due_on"),
    [
        ("2023.5.31", date(2023, 5, 31)),
        ("2021-2022", date(2022, 12, 31)),
        ("2023年6月底前，长期坚持", date(2023, 6, 30)),
        ("立行立改", None),
        ("全年", date(2023, 12, 31)),
    ],
)
def test_terms_as_cells_write_them(words, due_on):
    (item,) = items(
        ("序号", "反馈问题", "整改措施", "责任单位", "整改时限"), ("1", "管护不到位", "清理河道", "市水利局", words), base_year=2023
    )
    assert (item.title, item.due_on) == ("管护不到位", due_on)


def test_number_that_may_have_lost_a_zero_is_asked_for():
    rows = grid(("任务", "责任单位", "完成时间"), ("推进试点", "市科技局", "2026.1"))
    draft = draft_of(document(Table(rows.rows, sheet="表")))
    assert draft.items[0].due_on is None
    assert "date-not-fixed" in {finding.code for finding in draft.findings}


EMPTY_BELOW = "序号,任务,责任单位,完成时限\n1,推进甲试点,市科技局,2026年6月\n{number},推进乙试点,,{due}\n"


@pytest.mark.parametrize(
    ("number", "due", "expected", "is_told"),
    [("", "", date(2026, 6, 30), False), ("2", "2026年9月", date(2026, 9, 30), True)],
    ids=["goes-on-with-the-item-above", "numbered-row-is-told"],
)
def test_empty_units_where_merging_is_lost(tmp_path, number, due, expected, is_told):
    draft = read_text(tmp_path, EMPTY_BELOW.format(number=number, due=due), "表.csv")
    second = draft.items[1]
    assert (units_of(second), second.due_on) == ([("市科技局", "responsible")], expected)
    assert ("units-from-above" in {finding.code for finding in draft.findings}) == is_told


def test_empty_units_stay_empty_where_merging_is_kept():
    second = items(("序号", "任务", "责任单位"), ("1", "推进甲试点", "市科技局"), ("2", "推进乙试点", ""))[1]
    assert second.units == ()


@pytest.mark.parametrize(
    ("title", "section", "told"),
    [
        ("2026年任务清单（共3项）", "一、续建", 1),
        ("2026年任务清单（共2项）", "一、续建（3个）", 1),
        ("2026年任务清单（共2项）", "一、续建（2个）", 0),
        ("2026年任务清单（第二批）", "一、续建", 0),
    ],
    ids=["title", "section", "right", "no-count"],
)
def test_stated_and_listed_counts(title, section, told):
    rows = ((title, "<", "<"), ("序号", "任务", "牵头单位"), (section, "<", "<"), ("1", "修渠", "县水务局"), ("2", "修路", "县交通局"))
    findings = draft_of(document(grid(*rows))).findings
    assert [finding.code for finding in findings].count("stated-count-differs") == told


def test_milestones_years_apart_are_no_gap():
    rows = (("指标", "2022年目标值", "2030年目标值", "牵头单位"), ("素养水平（%）", "≥22", "≥30", "省卫生健康委"))
    assert not draft_of(document(grid(*rows))).findings


def test_words_as_marks_are_no_second_head():
    found = items(("任务", "水利局", "环保局", "各镇"), ("清理河道", "牵头", "配合", "配合"), ("治理污水", "", "牵头", "配合"))
    assert [units_of(item)[0] for item in found] == [("水利局", "lead"), ("环保局", "lead")]


def test_a_duty_merged_over_rows_that_the_format_lost(tmp_path):
    text = "序号,任务,责任单位,完成时限\n1,改造危房300户,县住建局,2024年6月底\n,,县民政局,2024年9月底\n2,修路20公里,县交通局,2024年8月底\n"
    items = read_text(tmp_path, text, "表.csv").items
    assert [(item.text, item.units[0].name, str(item.due_on)) for item in items] == [
        ("改造危房300户", "县住建局", "2024-06-30"),
        ("改造危房300户", "县民政局", "2024-09-30"),
        ("修路20公里", "县交通局", "2024-08-31"),
    ]
