"""Who answers, in the words that offices have for it: labels nobody listed, symbols, names that open a paragraph, verbs at the end of a sentence."""

from datetime import date

import pytest

from intake.subjects import acting_units
from intake.units import units_in
from tests.intake.samples import read_text

HEAD = "海滨市2024年便民工作安排\n一、主要工作\n"


def roles(units):
    return [(unit.name, unit.role[:1]) for unit in units]


NOTES = {
    "one word for the lead": ("【主责：市交通局；会办：市财政局、各街道】", [("市交通局", "l"), ("市财政局", "s"), ("各街道", "s")]),
    "any noun behind the role": ("责任办所：综合执法办；落实主体：各村（居）委会。", [("综合执法办", "r"), ("各村（居）委会", "r")]),
    "any word before the noun": ("攻坚单位：市交通局、市财政局。", [("市交通局", "r"), ("市财政局", "r")]),
    "symbols": ("▲责任：安全环保部 ▲配合：各子公司", [("安全环保部", "r"), ("各子公司", "s")]),
    "a group leads": ("牵头改革专项小组：民生改革专项小组；责任单位：市民政局", [("民生改革专项小组", "l"), ("市民政局", "r")]),
    "noun twice": ("责任部门（单位）：市交通局（牵头）、市财政局", [("市交通局", "l"), ("市财政局", "r")]),
    "other words for lead and help": ("（市交通局主抓，市财政局、团市委协作）", [("市交通局", "l"), ("市财政局", "s"), ("团市委", "s")]),
    "this work": ("此项工作由市交通局牵头，市财政局参加。", [("市交通局", "l"), ("市财政局", "s")]),
    "angular brackets in a name": ("（市交通局、各县〔市、区〕政府）", [("市交通局", "r"), ("各县〔市、区〕政府", "r")]),
    "others concerned": ("（主管部门：市交通局；相关单位：市财政局）", [("市交通局", "r"), ("市财政局", "r")]),
    "a sentence that says what they are": ("市交通局为牵头单位，市财政局为配合单位。", [("市交通局", "l"), ("市财政局", "s")]),
    "two words for the role": ("整改责任单位：市交通局；督促指导单位：市财政局。", [("市交通局", "r"), ("市财政局", "r")]),
    "a rule about the first": ("（市交通局、市财政局，排在首位的为牵头单位，下同）", [("市交通局", "l"), ("市财政局", "r")]),
}


@pytest.mark.parametrize(("note", "units"), NOTES.values(), ids=NOTES)
def test_a_note_behind_the_words(tmp_path, note, units):
    (item,) = read_text(tmp_path, f"{HEAD}1.修路30公里。{note}\n").items
    assert (item.text, roles(item.units), item.issue) == ("修路30公里。", units, True)


BELOW = {
    "a blank for the colon": ("责任单位　市交通局　市财政局", [("市交通局", "r"), ("市财政局", "r")]),
    "undertaking": ("承担单位：基建科、市一中", [("基建科", "r"), ("市一中", "r")]),
    "who puts it right": ("整改主体：市交通局\n督办部门：市河长办", [("市交通局", "r"), ("市河长办", "r")]),
}


@pytest.mark.parametrize(("note", "units"), BELOW.values(), ids=BELOW)
def test_a_note_below_the_words(tmp_path, note, units):
    first, second = read_text(tmp_path, f"{HEAD}1.修路30公里。\n{note}\n2.架桥2座。\n{note}\n").items
    assert (first.text, roles(first.units)) == ("修路30公里。", units)
    assert (second.text, roles(second.units)) == ("架桥2座。", units)


OPENINGS = {
    "brackets": ("[市交通局、市财政局]修路30公里。", [("市交通局", "r"), ("市财政局", "r")]),
    "a colon": ("市建设局、市交通局：负责修路30公里。", [("市建设局", "r"), ("市交通局", "r")]),
    "a full stop": ("市建设局。负责修路30公里。", [("市建设局", "r")]),
}


@pytest.mark.parametrize(("text", "units"), OPENINGS.values(), ids=OPENINGS)
def test_names_that_open_a_paragraph(tmp_path, text, units):
    (item,) = read_text(tmp_path, f"{HEAD}1.{text}\n").items
    assert (item.text.removeprefix("负责"), roles(item.units)) == ("修路30公里。", units)


@pytest.mark.parametrize("text", ["加强公共场所：修路30公里。", "重点项目：修路30公里。", "各有关企业：修路30公里。"])
def test_other_words_before_a_colon_name_nobody(tmp_path, text):
    items = read_text(tmp_path, f"{HEAD}1.{text}\n2.架桥2座。（责任单位：市交通局）\n").items
    assert items[0].units == ()


SENTENCES = {
    "mainly": ("以宣传办为主，文化站协助。", [("宣传办", "l"), ("文化站", "s")]),
    "in overall charge": ("由市体改委抓总，市经委协同办理。", [("市体改委", "l"), ("市经委", "s")]),
    "helps with something": ("由规划站负责，财政所保障经费。", [("规划站", "r"), ("财政所", "s")]),
    "an office named like a verb": ("组织办牵头，司法所参加。", [("组织办", "l"), ("司法所", "s")]),
    "together": ("这项工作由国家体育局会同教育部负责。", [("国家体育局", "r"), ("教育部", "s")]),
    "carried out": ("这项工作由国家体育局、教育部组织实施。", [("国家体育局", "r"), ("教育部", "r")]),
}


@pytest.mark.parametrize(("text", "units"), SENTENCES.values(), ids=SENTENCES)
def test_who_acts_in_a_sentence(text, units):
    assert roles(acting_units(text)) == units


LISTS = {
    "areas share an office": ("农业部、各省、自治区、直辖市农业厅（局、委）", ["农业部", "各省、自治区、直辖市农业厅（局、委）"]),
    "city and county": ("各市、县财政局", ["各市、县财政局"]),
    "a higher level is another": ("各县（市、区）、市财政局", ["各县（市、区）", "市财政局"]),
    "a key to the marks": ("*市交通局、市财政局（注：标*的为牵头单位）", ["市交通局", "市财政局"]),
    "and between two": ("省财政厅和教育厅", ["省财政厅", "教育厅"]),
    "and inside a name": ("国家发展和改革委员会、人力资源和社会保障部", ["国家发展和改革委员会", "人力资源和社会保障部"]),
    "in agreement with": ("发展改革委商财政部、商务部", ["发展改革委", "财政部", "商务部"]),
}


@pytest.mark.parametrize(("text", "names"), LISTS.values(), ids=LISTS)
def test_lists_of_units(text, names):
    assert [unit.as_written for unit in units_in(text)] == names


TIMES = {
    "due": ("二、8月底前完成的任务", date(2024, 8, 31)),
    "phase": ("二、整改阶段（2024年5月1日至9月30日）", date(2024, 9, 30)),
    "a bare year": ("二、2024年主要任务", None),
}


@pytest.mark.parametrize(("heading", "day"), TIMES.values(), ids=TIMES)
def test_a_time_said_once_for_a_section(tmp_path, heading, day):
    text = f"海滨市2024年便民工作安排\n一、已定任务\n1.种草80亩。（责任单位：市林业局）\n{heading}\n1.修路30公里。（责任单位：市交通局）\n"
    first, second = read_text(tmp_path, text).items
    assert (first.due_on, second.due_on) == (None, day)
