"""Notes that stand apart from the words they answer for: below, above, at a heading, under a record, at the end of a list, said once for all."""

from datetime import date

import pytest

from tests.intake.samples import read_text

HEAD = "海滨市人民政府办公室关于印发海滨市若干措施的通知\n\n海政办发〔2024〕8号\n\n海滨市若干措施\n\n一、主要任务\n"


def rows(tmp_path, text):
    items = read_text(tmp_path, HEAD + text).items
    return [(item.text, [(unit.name, unit.role) for unit in item.units]) for item in items]


def test_a_heading_answers_for_all_below_it_without_a_note(tmp_path):
    text = (
        "（一）修路行动（牵头单位：市交通局；责任单位：市财政局）\n1.修路30公里。\n2.架桥2座。（责任单位：市水利局）\n（二）栽树行动\n"
        "牵头单位：市林业局\n1.栽树500亩。\n"
    )
    assert rows(tmp_path, text) == [
        ("修路30公里。", [("市交通局", "lead"), ("市财政局", "responsible")]),
        ("架桥2座。", [("市水利局", "responsible")]),
        ("栽树500亩。", [("市林业局", "lead")]),
    ]


def test_a_heading_that_leads_goes_before_those_its_points_name(tmp_path):
    text = "（一）市交通局牵头任务（2项）\n1.修路30公里。责任单位：市财政局\n2.架桥2座。\n"
    assert rows(tmp_path, text) == [
        ("修路30公里。", [("市交通局", "lead"), ("市财政局", "responsible")]),
        ("架桥2座。", [("市交通局", "lead")]),
    ]


def test_prose_below_a_noted_heading_is_one_item_with_it(tmp_path):
    text = "（一）修路行动（责任单位：市交通局）\n年内修路30公里，架桥2座。\n（二）栽树行动（责任单位：市林业局）\n栽树500亩，成活率达到90%。\n"
    assert rows(tmp_path, text) == [
        ("修路行动。年内修路30公里，架桥2座。", [("市交通局", "responsible")]),
        ("栽树行动。栽树500亩，成活率达到90%。", [("市林业局", "responsible")]),
    ]


def test_a_record_of_labelled_paragraphs_is_one_item(tmp_path):
    text = (
        "（一）水质不达标。\n整改目标：水质达到三类。\n整改措施：清淤6公里。\n责任领导：张某\n责任单位：市水利局\n督导单位：市环保局\n整改时限：2024年9月底前\n"
        "（二）扬尘未管住。\n整改措施：工地装喷淋。\n责任单位：市住建局\n"
    )
    first, second = read_text(tmp_path, HEAD + text).items
    assert first.text == "水质不达标。整改目标：水质达到三类。整改措施：清淤6公里。"
    assert ([unit.name for unit in first.units], first.due_on) == (["市水利局", "市环保局"], date(2024, 9, 30))
    assert [unit.name for unit in second.units] == ["市住建局"]


def test_one_note_below_a_list_answers_for_all_its_points(tmp_path):
    text = (
        "1.办好食堂\n（1）建食堂5个。\n（2）培训厨师30名。\n（责任单位：市民政局）\n2.办好托育\n（1）建托位90个。\n（责任单位：市卫健委）\n"
    )
    assert [[name for name, _role in units] for _text, units in rows(tmp_path, text)] == [["市民政局"], ["市民政局"], ["市卫健委"]]


def test_said_once_below_for_all_above(tmp_path):
    text = "1.建食堂5个。\n2.建托位90个。（责任单位：市卫健委）\n以上任务由市民政局牵头负责。\n"
    assert [units for _text, units in rows(tmp_path, text)] == [[("市民政局", "lead")], [("市卫健委", "responsible")]]


@pytest.mark.parametrize(
    ("note", "units"),
    [
        pytest.param("市民政局牵头，市财政局配合", ["市民政局", "市财政局"], id="verbs, own paragraph"),
        pytest.param("（市民政局、市财政局负责）", ["市民政局", "市财政局"], id="bracket, own paragraph"),
        pytest.param("【牵头单位】市民政局\n【配合单位】市财政局\n【完成时限】2024年9月底", ["市民政局", "市财政局"], id="boxed labels"),
        pytest.param("主管领导：张某\n责任单位：市民政局、市财政局\n主要责任人：李某", ["市民政局", "市财政局"], id="persons between"),
        pytest.param("牵头单位及责任人：市民政局 张某\n配合单位：市财政局", ["市民政局", "市财政局"], id="persons behind the unit"),
        pytest.param("责任领导：张某  责任单位：市民政局  市财政局", ["市民政局", "市财政局"], id="parted by spaces"),
    ],
)
def test_a_note_in_paragraphs_of_its_own(tmp_path, note, units):
    ((text, found),) = rows(tmp_path, f"1.建食堂5个。\n{note}\n")
    assert (text, [name for name, _role in found]) == ("建食堂5个。", units)


@pytest.mark.parametrize(
    ("note", "units"),
    [
        pytest.param("（市民政局、各县（区）政府）", ["市民政局", "各县（区）政府"], id="names alone"),
        pytest.param("（省民政厅、财政厅按职责分工落实）", ["省民政厅", "省财政厅"], id="shared duty"),
        pytest.param("（市民政局牵头，各街道配合；长期坚持）", ["市民政局", "各街道"], id="words on time behind"),
        pytest.param("（市民政局、市财政局等部门和单位及各区按职责分工负责）", ["市民政局", "市财政局", "各区"], id="and others"),
        pytest.param("（责任单位：市民政局（责任人：张某）、市财政局）", ["市民政局", "市财政局"], id="person in brackets"),
        pytest.param("（责任单位：东城区委、区政府）", ["东城区委", "区政府"], id="party and government"),
        pytest.param("（甲市、乙市人民政府负责）", ["甲市", "乙市人民政府"], id="named areas share an organ"),
    ],
)
def test_what_a_note_names(tmp_path, note, units):
    (item,) = read_text(tmp_path, f"{HEAD}1.建食堂。年内建食堂5个。{note}\n").items
    assert [unit.as_written if "甲市" in note or "区委" in note else unit.name for unit in item.units] == units


def test_two_paragraphs_under_one_note_are_one_item(tmp_path):
    text = "（一）修好路。年内修路30公里。\n到2026年，架桥2座。\n责任单位：市交通局\n（二）栽好树。栽树500亩。\n责任单位：市林业局\n"
    assert [text for text, _units in rows(tmp_path, text)] == ["修好路。年内修路30公里。到2026年，架桥2座。", "栽好树。栽树500亩。"]


def test_lines_cut_in_a_sentence_are_joined(tmp_path):
    text = "（一）修好路。对全市的\n老旧道路，2024年底前修完30公里。\n（市交通局负责）\n"
    assert rows(tmp_path, text) == [("修好路。对全市的老旧道路，2024年底前修完30公里。", [("市交通局", "responsible")])]


def test_a_plan_behind_the_remark_on_publication_is_read(tmp_path):
    text = HEAD.replace("海滨市若干措施\n\n一、", "（此件公开发布）\n海滨市若干措施\n\n一、") + "1.建食堂5个。（市民政局负责）\n"
    assert [item.text for item in read_text(tmp_path, text).items] == ["建食堂5个。"]


def test_a_bracket_that_opens_a_paragraph_answers_for_the_words_behind_it(tmp_path):
    text = "（一）修路行动\n（牵头单位：市交通局）改造桥梁7座。\n（牵头单位：市水利局）疏浚河道9公里。\n"
    assert rows(tmp_path, text) == [
        ("改造桥梁7座。", [("市交通局", "lead")]),
        ("疏浚河道9公里。", [("市水利局", "lead")]),
    ]


def test_an_appeal_to_everybody_behind_the_tasks_is_none(tmp_path):
    text = "（一）修路行动。修路30公里。（责任单位：市交通局）\n各责任单位要提高认识，加强领导。\n"
    assert [units for _text, units in rows(tmp_path, text)] == [[("市交通局", "responsible")]]
