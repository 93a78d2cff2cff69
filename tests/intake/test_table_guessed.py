"""Tables whose heads nobody foresaw, or that have none: the cells and the morphemes of the heads tell what each column holds, and the reader is told."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.cellkinds import kind_of, share_of
from intake.document import Cell, Paragraph, Table, rectangular
from intake.drafting import draft_of
from intake.leanings import leanings
from intake.reading import read_document
from rules.errors import DubanError
from tests.intake.samples import document, grid

TITLE = Paragraph("青江市水利建设实施方案（2024年）")
DAM, RIVER = ("加固水库30座", "市水利局、市财政局", "2024年10月底"), ("清淤河道60公里", "市水利局、各镇", "2024年12月底")


def read(*rows):
    return draft_of(document(TITLE, grid(*rows)))


def units_of(item):
    return [(unit.name, unit.role) for unit in item.units]


def told(draft):
    return [finding.message for finding in draft.findings if finding.code == "column-guessed"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("市水利局、市财政局，各县（市、区）人民政府", "units"),
        ("县委组织部", "units"),
        ("各有关单位", "units"),
        ("办公室、规划科", "units"),
        ("甲镇\n乙镇", "units"),
        ("建设示范区", "words"),
        ("加固水库30座", "words"),
        ("张明", "persons"),
        ("王副县长", "persons"),
        ("李某、赵某", "persons"),
        ("2024年6月底前", "time"),
        ("2024.6", "time"),
        ("全年", "time"),
        ("长期坚持", "time"),
        ("年底前建成水厂一座并通过验收", "words"),
        ("12.5", "figures"),
        ("≥98%", "figures"),
        ("0555-123456", "figures"),
        ("（一）", "number"),
    ],
)
def test_what_a_cell_holds(text, kind):
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    ("texts", "share"), [(["1", "2", "3"], 1.0), (["1", "1", "2"], 1.0), (["7", "8", "9"], 1.0), (["300"], 0.0), (["10", "40", "25"], 0.0)]
)
def test_numbers_that_run_on_are_those_of_rows(texts, share):
    assert share_of("number", texts) == share


@pytest.mark.parametrize(
    ("head", "senses"),
    [
        ("由谁来办", {"who"}),
        ("包抓领导", {"person"}),
        ("验收单位", {"aside"}),
        ("何时办结", {"when"}),
        ("要办的事", {"work"}),
        ("得票", set()),
    ],
)
def test_what_the_morphemes_of_a_head_speak_for(head, senses):
    assert leanings(head) == senses


@pytest.mark.parametrize(
    "head",
    [
        ("办什么", "由谁来办", "啥时办好"),
        ("硬骨头", "扛旗的", "交卷日"),
        ("攻坚点位", "操盘部门", "倒排节点"),
    ],
)
def test_heads_nobody_foresaw(head):
    first, second = read(head, DAM, RIVER).items
    assert (first.text, first.due_on, units_of(first)) == (
        DAM[0],
        date(2024, 10, 31),
        [("市水利局", "responsible"), ("市财政局", "responsible")],
    )
    assert (second.text, second.due_on) == (RIVER[0], date(2024, 12, 31))


def test_a_table_without_a_head():
    draft = read(*((str(number), *row) for number, row in enumerate((DAM, RIVER), start=1)))
    assert [(item.number, item.text, item.due_on) for item in draft.items] == [
        ("1", DAM[0], date(2024, 10, 31)),
        ("2", RIVER[0], date(2024, 12, 31)),
    ]
    assert [item.confidence < 0.9 for item in draft.items] == [True, True]
    assert len(told(draft)) == 1


def test_a_table_without_a_head_and_narrower_than_the_one_before():
    first = grid(("序号", "任务", "牵头领导", "责任单位", "完成时限"), ("1", "改造泵站6座", "张明", "市水利局", "2024年9月底"))
    draft = draft_of(document(TITLE, first, grid(("2", *DAM), ("3", *RIVER))))
    assert [item.text for item in draft.items] == ["改造泵站6座", DAM[0], RIVER[0]]


@pytest.mark.parametrize(
    ("heads", "roles"),
    [
        (("抓总部门", "协力部门"), ["lead", "support"]),
        (("谁主责", "谁支撑"), ["lead", "support"]),
        (("主管局", "代建方"), ["responsible", "responsible"]),
        (("部门（第一家牵总）", "后援部门"), ["lead", "support"]),
    ],
)
def test_roles_by_the_morphemes_of_heads(heads, roles):
    (item, _other) = read(("要办的事", *heads), ("加固水库30座", "市水利局", "市财政局"), ("清淤河道60公里", "市水利局", "各镇")).items
    assert [role for _name, role in units_of(item)] == roles


@pytest.mark.parametrize("head", ["隐患场所", "督导部门", "验收单位", "隐患单位"])
def test_units_that_do_not_answer(head):
    rows = (("东河水泥公司", "安装除尘装置2套", "市水利局"), ("西河采石公司", "修复山体40亩", "市财政局"))
    (item, _other) = read((head, "整改措施", "整改责任单位"), *rows).items
    assert [unit.name for unit in item.units] == ["市水利局"]


def test_persons_under_an_unknown_head_are_no_units():
    (item, _other) = read(
        ("要办的事", "扛旗的", "操盘部门"), ("加固水库30座", "张明", "市水利局"), ("清淤河道60公里", "王副市长", "市水利局")
    ).items
    assert [unit.name for unit in item.units] == ["市水利局"]


def test_a_head_for_work_over_days():
    (item, _other) = read(
        ("事项", "主办", "成果时间表"), ("加固水库30座", "市水利局", "2024年9月"), ("清淤河道60公里", "市水利局", "2024年底")
    ).items
    assert (item.text, item.due_on, item.targets[0].value) == ("加固水库30座", date(2024, 9, 30), 30)


def test_units_that_head_the_sections():
    rows = (("市水利局（1项）", "<", "<"), ("1", *DAM[::2]), ("二、市财政局（共1项）", "<", "<"), ("2", "筹集资金", "2024年5月"))
    draft = read(("编号", "改革事项", "时间点"), *rows)
    assert [[unit.name for unit in item.units] for item in draft.items] == [["市水利局"], ["市财政局"]]
    assert "市水利局（1项）" in told(draft)[0]


def test_sections_of_a_format_that_loses_merging(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text("编号,改革事项,时间点\n市水利局,,\n1,加固水库30座,2024年10月\n市财政局,,\n2,筹集资金,2024年5月\n", encoding="utf-8")
    assert [[unit.name for unit in item.units] for item in read_document(path).items] == [["市水利局"], ["市财政局"]]


def test_blocks_of_heads_that_come_again():
    def block(problem, goal, measure, unit):
        return ((problem, "<"), ("整改目标", goal), ("整改措施", measure), ("责任单位", unit), ("整改时限", "2024年9月底"))

    rows = (
        *block("一、水库失修", "加固水库30座", "编制方案", "市水利局"),
        *block("二、河道淤积", "清淤河道60公里", "逐段清淤", "市水利局、各镇"),
    )
    first, second = read(*rows).items
    assert (first.title, first.due_on, units_of(first)) == ("一、水库失修", date(2024, 9, 30), [("市水利局", "responsible")])
    assert ([target.value for target in second.targets], "逐段清淤" in second.text) == ([60], True)


def test_turned_round_under_heads_nobody_foresaw():
    rows = (("大事", "水库", "河道"), ("怎么抓", DAM[0], RIVER[0]), ("谁负责", DAM[1], RIVER[1]), ("什么时候完成", DAM[2], RIVER[2]))
    assert [(item.text, item.due_on) for item in read(*rows).items] == [(DAM[0], date(2024, 10, 31)), (RIVER[0], date(2024, 12, 31))]


@pytest.mark.parametrize("words", ["同上", "〃"])
def test_same_as_above(words):
    first, second = read(("任务", "责任单位"), DAM[:2], (RIVER[0], words)).items
    assert first.units == second.units


def test_a_column_of_wholes_beside_the_years():
    rows = (("指标", "口径", "三年总量", "2024", "2025", "2026", "责任处室"), ("新建水厂", "座", "60", "10", "20", "30", "建管处"))
    (item,) = read(*rows).items
    assert [(target.value, target.unit_of_measure) for target in item.targets] == [(60, "座")]


def test_figures_for_units_where_the_caption_sets_them():
    draft = draft_of(
        document(
            Paragraph("2024年造林任务分解表（亩）"),
            grid(("镇办", "荒山造林", "退耕还林", "收官时间"), ("甲镇", "800", "400", "2024年4月"), ("乙镇", "900", "300", "2024年5月")),
        )
    )
    assert [(units_of(item), [target.value for target in item.targets]) for item in draft.items] == [
        ([("甲镇", "responsible")], [800, 400]),
        ([("乙镇", "responsible")], [900, 300]),
    ]


def test_bare_months_take_the_year_of_a_cover():
    cover, tasks = (
        grid(("作战图",), ("2026年1月",)),
        grid(("硬任务", "兜底部门", "倒排时间"), *((*row[:2], "5月底") for row in (DAM, RIVER))),
    )
    assert [item.due_on for item in draft_of(document(cover, tasks)).items] == [date(2026, 5, 31)] * 2


@pytest.mark.parametrize(
    "rows",
    [
        (("片区", "值班室", "联系方式"), ("东片", "镇政府值班室", "0555-123456"), ("西片", "湖东村委会", "0555-123457")),
        (("职务", "姓名", "单位"), ("组长", "张明", "市水利局"), ("成员", "李明", "市财政局"), ("成员", "王强", "市审计局")),
        (("栏目", "来源", "点击"), ("要闻", "新闻网", "1024"), ("通知", "政务网", "88")),
        (("关于加强水库管理的通知", "2024-05-06"), ("关于做好防汛工作的通知", "2024-06-07")),
    ],
    ids=["telephones", "members", "statistics", "list of notices"],
)
def test_tables_about_something_else(rows):
    with pytest.raises(DubanError) as refusal:
        draft_of(document(grid(*rows)))
    assert refusal.value.code == "no-table-no-note"


CELLS = st.sampled_from(
    ["", "同上", "一、", "1", "市水利局", "张明", "2024年6月底", "加固水库30座", "责任单位", "任务", "整改目标", "…", "（", "12.5%"]
)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=8))
def test_any_grid_gives_a_draft_or_is_refused(rows):
    table = Table(rectangular([[Cell(text) for text in row] for row in rows]))
    try:
        draft = draft_of(document(table))
    except DubanError:
        return
    assert all(item.text and item.title for item in draft.items)
