"""Notes in prose, headings, goals, and the facts at the top and foot of a notice."""

from datetime import date

from tests.intake.samples import read_text

NOTICE = """某省人民政府办公厅关于印发
基层服务提升方案的通知

某政办发〔2016〕12号

各市人民政府：

现将方案印发给你们。
2016年3月1日
基层服务提升方案

到2018年，建成服务站100个，80%以上的村有服务点。

一、主要任务
（一）建好队伍。
1. 选派人员。每年选派指导员50名。（责任单位：省科技厅、教育厅）
培训要覆盖新人，课程由高校承担。（牵头单位：省教育厅；配合单位：财政厅）
2. 强化培训。组织学习交流，推广好的做法。
（二）保障经费。建立稳定的投入办法。（省财政厅负责）先行试点再行推开。（各市、县（市、区）人民政府负责）

抄送：省委各部门。
某省人民政府办公厅　　2016年3月5日印发
"""


def by_id(draft):
    return {item.id: item for item in draft.items}


def test_facts_of_the_notice(tmp_path):
    plan = read_text(tmp_path, NOTICE).plan
    assert plan.title == "基层服务提升方案"
    assert plan.doc_no == "某政办发〔2016〕12号"
    assert plan.issuer == "某省人民政府办公厅"
    assert (plan.signed_on, plan.issued_on, plan.ends_on) == (date(2016, 3, 1), date(2016, 3, 5), date(2018, 12, 31))


def test_items_paths_and_titles(tmp_path):
    found = [(item.number, item.title, item.path, item.issue) for item in read_text(tmp_path, NOTICE).items]
    assert found == [
        (None, "到2018年，建成服务站100个", (), False),
        ("1.", "选派人员", ("一、主要任务", "（一）建好队伍"), True),
        (None, "培训要覆盖新人", ("一、主要任务", "（一）建好队伍", "1. 选派人员"), True),
        ("2.", "强化培训", ("一、主要任务", "（一）建好队伍"), False),
        ("（二）", "保障经费", ("一、主要任务",), True),
        (None, "先行试点再行推开", ("一、主要任务",), True),
    ]


def test_notes_are_taken_out_and_their_roles_kept(tmp_path):
    items = read_text(tmp_path, NOTICE).items
    assert items[1].text == "选派人员。每年选派指导员50名。"
    assert [(unit.name, unit.role) for unit in items[2].units] == [("省教育厅", "lead"), ("省财政厅", "support")]
    assert [unit.name for unit in items[5].units] == ["各市、县（市、区）人民政府"]


def test_numbered_paragraph_without_a_note_is_queried(tmp_path):
    draft = read_text(tmp_path, NOTICE)
    assert ("no-responsible-unit", draft.items[3].id) in [(finding.code, finding.item) for finding in draft.findings]


def test_note_as_a_paragraph_of_its_own(tmp_path):
    text = "一、任务\n1. 建好平台。年内建成平台3个。\n责任单位：市科技局、财政局\n完成时限：2026年9月底\n2. 用好平台。\n牵头单位：市经信局\n配合单位：市商务局\n"
    first, second = read_text(tmp_path, text).items
    assert ([unit.name for unit in first.units], first.due_on) == (["市科技局", "市财政局"], date(2026, 9, 30))
    assert [(unit.name, unit.role) for unit in second.units] == [("市经信局", "lead"), ("市商务局", "support")]


def test_rule_stated_once_holds_from_there_on(tmp_path):
    text = "一、任务\n（一）做甲事。办好。（省科技厅、财政厅负责。列第一位者为牵头单位，下同）\n（二）做乙事。办好。（省教育厅、省财政厅负责）\n"
    items = read_text(tmp_path, text).items
    assert [[unit.role for unit in item.units] for item in items] == [["lead", "responsible"]] * 2


def test_bracket_cut_off_by_a_truncated_line(tmp_path):
    (item,) = read_text(tmp_path, "一、任务\n1. 建好平台。年内建成。（责任单位：市科技局、财政局").items
    assert [unit.name for unit in item.units] == ["市科技局", "市财政局"]


def test_ordinary_brackets_are_no_notes(tmp_path):
    text = "一、任务\n1. 建好平台（中心）。各县（市、区）都要参与（含开发区），年内建成。（责任单位：市科技局）\n"
    (item,) = read_text(tmp_path, text).items
    assert item.text == "建好平台（中心）。各县（市、区）都要参与（含开发区），年内建成。"


def test_blank_lines_and_odd_spaces_change_nothing(tmp_path):
    spaced = NOTICE.replace("\n", "\n\n　 ").replace("责任单位：", "责任单位： ")
    before, after = (read_text(tmp_path, text).items for text in (NOTICE, spaced))
    assert [(item.number, item.text, item.units) for item in after] == [(item.number, item.text, item.units) for item in before]


def test_one_chance_note_does_not_silence_the_rest(tmp_path):
    # 甲院推进 at a sentence's end looks like a note; sixty other paragraphs say in their sentences who acts.
    lines = [f"由市交通局牵头，修好第{number}段道路并完成验收移交。" for number in range(1, 61)]
    draft = read_text(tmp_path, "\n".join(["青江市修路工作安排", *lines, "修好河堤道路。（市水利局负责）"]))
    assert len([item for item in draft.items if item.units]) == 61


def test_a_clause_among_noted_ones_that_says_who_acts_together(tmp_path):
    text = "甲县2024年科技要点\n一、任务\n1.建基地5个。（责任单位：县科技局）\n2.评选先进。县人社局要会同县财政局于9月底前制定办法。\n"
    items = read_text(tmp_path, text).items
    assert [[(unit.name, unit.role) for unit in item.units] for item in items] == [
        [("县科技局", "responsible")],
        [("县人社局", "responsible"), ("县财政局", "support")],
    ]


def test_a_rise_from_one_year_to_another(tmp_path):
    text = "甲县职教意见\n甲政发〔2014〕5号\n一、任务\n1.双师比例由2013年的45%提高到2018年的70%。（责任单位：县教育局）\n"
    (item,) = read_text(tmp_path, text).items
    assert [(target.value, target.baseline, target.year) for target in item.targets] == [(70.0, 45.0, 2018)]
    assert str(item.due_on) == "2018-12-31"
