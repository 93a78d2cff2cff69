"""Notes and tables in further styles: terms inside notes, other brackets, notes without brackets, indicator columns, years left out."""

from datetime import date

import pytest

from intake.reading import read_document
from tests.intake.samples import read_text

HEAD = "海滨市人民政府办公室关于印发海滨市若干措施的通知\n\n海政办发〔2024〕8号\n\n海滨市若干措施\n\n一、主要任务\n"


def items_of(tmp_path, text, name="plan.txt"):
    place = tmp_path / name
    place.write_text(text, encoding="utf-8")
    return read_document(place).items


def roles(item):
    return [(unit.name, unit.role) for unit in item.units]


@pytest.mark.parametrize(
    ("note", "units", "due_on"),
    [
        pytest.param(
            "（牵头单位：市税务局；配合单位：市财政局；完成时限：2025年6月底前）",
            [("市税务局", "lead"), ("市财政局", "support")],
            date(2025, 6, 30),
            id="term inside the note",
        ),
        pytest.param(
            "（责任单位：市税务局）（完成时限：2025年底）", [("市税务局", "responsible")], date(2025, 12, 31), id="term in a bracket behind"
        ),
        pytest.param(
            "（完成时限：2025年底）（责任单位：市税务局）", [("市税务局", "responsible")], date(2025, 12, 31), id="term in a bracket before"
        ),
        pytest.param(
            "〔市税务局牵头，市财政局按职责分工负责〕", [("市税务局", "lead"), ("市财政局", "responsible")], None, id="angular brackets"
        ),
        pytest.param(
            "【责任单位：市税务局、市财政局】", [("市税务局", "responsible"), ("市财政局", "responsible")], None, id="heavy brackets"
        ),
        pytest.param("责任单位：市税务局、市财政局", [("市税务局", "responsible"), ("市财政局", "responsible")], None, id="no brackets"),
        pytest.param(
            "牵头单位：市税务局；配合单位：市财政局；完成时限：2025年3月",
            [("市税务局", "lead"), ("市财政局", "support")],
            date(2025, 3, 31),
            id="no brackets, with a term",
        ),
        pytest.param("*市税务局、市财政局", [("市税务局", "lead"), ("市财政局", "responsible")], None, id="no brackets, an asterisk leads"),
        pytest.param(
            "市税务局负责，市财政局参与。", [("市税务局", "responsible"), ("市财政局", "support")], None, id="a last sentence in words"
        ),
        pytest.param(
            "（责任单位：市税务局；责任人：张某；完成时限：2025年底）",
            [("市税务局", "responsible")],
            date(2025, 12, 31),
            id="with a person",
        ),
    ],
)
def test_a_note_in_any_style_names_units_and_term(tmp_path, note, units, due_on):
    (item,) = items_of(tmp_path, f"{HEAD}（一）落实减税政策。对小微企业实行减免，做到应享尽享。{note}\n")
    assert (roles(item), item.due_on, item.issue) == (units, due_on, True)
    assert "单位" not in item.text
    assert "时限" not in item.text


def test_a_lead_named_in_the_sentence_beside_noted_paragraphs_is_taken(tmp_path):
    text = (
        f"{HEAD}（一）落实减税政策。做到应享尽享。（责任单位：市税务局）\n（二）降低用工成本。由市医保局牵头，会同市财政局出台缓缴细则。\n"
    )
    second = items_of(tmp_path, text)[1]
    assert (roles(second), second.issue) == ([("市医保局", "lead"), ("市财政局", "support")], True)
    assert second.confidence < 0.8


def test_indicator_columns_hold_bare_figures(tmp_path):
    table = (
        '指标名称,单位,2022年基期值,2024年,2025年,责任部门\n森林覆盖率,%,41.2,42,≥42.5,市林业局\n新建绿道（公里）,,—,50,"1,060",市园林局\n'
    )
    forest, greenway = items_of(tmp_path, table, "indicators.csv")
    read = [(t.measure, t.comparator, t.value, t.unit_of_measure, t.year, t.baseline) for task in forest.tasks for t in task.targets]
    assert read == [("森林覆盖率", "eq", 42.0, "%", 2024, 41.2), ("森林覆盖率", "ge", 42.5, "%", 2025, 41.2)]
    assert [(t.value, t.unit_of_measure, t.baseline) for task in greenway.tasks for t in task.targets] == [
        (50.0, "公里", None),
        (1060.0, "公里", None),
    ]
    assert roles(forest) == [("市林业局", "responsible")]


def test_a_column_headed_unit_names_who_answers_where_nothing_else_does(tmp_path):
    (item,) = items_of(tmp_path, "序号,任务,单位,完成时限\n1,建设十个服务站,市民政局,2025年底\n", "tasks.csv")
    assert roles(item) == [("市民政局", "responsible")]


def test_a_year_left_out_between_columns_is_queried_once(tmp_path):
    rows = "序号,任务,2013年,2014年,2016年,责任单位\n1,建设服务站,10个,10个,10个,市民政局\n2,建设食堂,5个,5个,5个,市民政局\n"
    place = tmp_path / "gap.csv"
    place.write_text(rows, encoding="utf-8")
    found = [finding for finding in read_document(place).findings if finding.code == "year-skipped"]
    assert len(found) == 1
    assert "2014年跳到2016年" in found[0].message


def test_heads_without_a_year_take_the_documents_own(tmp_path):
    table = "2026年度任务分工表,,,,\n序号,重点任务,上半年,下半年,责任单位\n1,建成托位1500个,600个,900个,市卫健委\n"
    (item,) = items_of(tmp_path, table, "halves.csv")
    assert [(task.label, task.due_on) for task in item.tasks] == [("2026年上半年", date(2026, 6, 30)), ("2026年下半年", date(2026, 12, 31))]
    assert [target.value for task in item.tasks for target in task.targets] == [600, 900]


@pytest.mark.parametrize("ending", ["各级要高度负责。", "层层抓落实，人人都参与。", "由专人负责。"])
def test_a_last_sentence_without_an_organ_is_no_note(tmp_path, ending):
    text = f"{HEAD}（一）落实减税政策。做到应享尽享。{ending}\n（二）降低成本。出台细则。（责任单位：市医保局）\n"
    first = items_of(tmp_path, text)[0]
    assert first.units == ()
    assert first.text.endswith(ending)


TERMS_IN_NOTES = {
    "behind-the-units": ("（区民政局牵头，区财政局配合，6月底前完成）", "2023-06-30", 2),
    "with-year": ("（区民政局负责；2024年3月前）", "2024-02-29", 1),
    "quarter": ("（区民政局牵头，三季度完成）", "2023-09-30", 1),
    "no-time-at-all": ("（区民政局牵头，区财政局配合，持续推进）", None, 2),
    "short-names-in-the-list": ("（区民政局、总工会、妇联）", None, 3),
}


@pytest.mark.parametrize(("note", "day", "count"), TERMS_IN_NOTES.values(), ids=TERMS_IN_NOTES)
def test_a_part_of_a_note_that_is_a_time(tmp_path, note, day, count):
    (item,) = read_text(tmp_path, f"甲区2023年工作要点\n一、民生\n1.办好食堂5个。{note}\n").items
    assert (item.due_on and str(item.due_on), len(item.units)) == (day, count)


def test_a_step_on_the_way_is_no_end(tmp_path):
    (item,) = read_text(tmp_path, "甲区2023年工作要点\n一、民生\n1.建食堂5个，其中上半年建2个。（区民政局负责）\n").items
    assert item.due_on is None
