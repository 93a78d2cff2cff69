"""Unit lists: one name or two, whose prefix, which role, which sets are open."""

import pytest

from intake.units import is_open_set, units_in

SPLITS = {
    "prefix-carried": ("自治区编办、科技厅，各市、县市区人民政府", ["自治区编办", "自治区科技厅", "各市、县市区人民政府"]),
    "brackets-stay": ("省市场监管局（省知识产权局）、商务厅", ["省市场监管局（省知识产权局）", "省商务厅"]),
    "area-with-separator": ("各市、县（市、区）人民政府", ["各市、县（市、区）人民政府"]),
    "area-alone": ("省发展改革委，各市、县（市、区）", ["省发展改革委", "各市、县（市、区）"]),
    "two-organs-of-one-area": ("各市、县市区党委、人民政府", ["各市、县市区党委", "各市、县市区人民政府"]),
    "stray-separator": ("有关市、县（市、区）、党委、人民政府", ["有关市、县（市、区）党委", "有关市、县（市、区）人民政府"]),
    "party-organ-carries-level": ("自治区党委组织部，自治区绩效办、科技厅", ["自治区党委组织部", "自治区绩效办", "自治区科技厅"]),
    "all-commas-alike": ("自治区法制办、绩效办、各市、县市区人民政府", ["自治区法制办", "自治区绩效办", "各市、县市区人民政府"]),
    "market-is-no-city": ("市市场监管局、商务局", ["市市场监管局", "市商务局"]),
    "government-office": ("市政府办公室、财政局", ["市政府办公室", "市财政局"]),
    "named-place": ("郴州市科技局、财政局", ["郴州市科技局", "郴州市财政局"]),
    "national-carries-nothing": ("人力资源社会保障部、财政部、税务总局", ["人力资源社会保障部", "财政部", "税务总局"]),
    "and-inside-name": ("工业和信息化部、卫生和计划生育委员会", ["工业和信息化部", "卫生和计划生育委员会"]),
    "and-so-on": ("财政部等有关部门和单位负责", ["财政部", "有关部门和单位"]),
    "one-a-line": ("市科技局\n市财政局", ["市科技局", "市财政局"]),
    "own-names": ("南宁海关、广西电网公司", ["南宁海关", "广西电网公司"]),
    "party-and-government-of-one-district": ("河西区委、区政府", ["河西区委", "河西区政府"]),
    "party-and-government-of-our-own": ("市委、市政府", ["市委", "市政府"]),
    "two-places-one-organ": ("江北市、江南市人民政府", ["江北市人民政府", "江南市人民政府"]),
    "together-with": ("住房城乡建设部会同沿海省级人民政府", ["住房城乡建设部", "沿海省级人民政府"]),
    "a-county-called-together": ("会同县财政局", ["会同县财政局"]),
    "nothing": ("—", []),
}


@pytest.mark.parametrize(("text", "names"), SPLITS.values(), ids=SPLITS)
def test_names(text, names):
    assert [unit.name for unit in units_in(text)] == names


ROLES = {
    "labels": ("牵头单位：省科技厅；配合单位：财政厅、教育厅", ["lead", "support", "support"]),
    "verbs": ("市经信局牵头，市财政局、相关部门参与", ["lead", "support", "support"]),
    "verb-for-all": ("市教育局、市财政局牵头，各区配合", ["lead", "lead", "support"]),
    "asterisk": ("*县人社局、县科技局", ["lead", "responsible"]),
    "bracket": ("省科技厅（牵头）、省财政厅", ["lead", "responsible"]),
    "by-duties": ("财政部、税务总局，各省级人民政府按职责分工负责", ["responsible"] * 3),
    "unmarked": ("省科技厅、省财政厅", ["responsible"] * 2),
}


@pytest.mark.parametrize(("text", "roles"), ROLES.values(), ids=ROLES)
def test_roles(text, roles):
    assert [unit.role for unit in units_in(text)] == roles


def test_words_as_written_are_kept():
    first, second = units_in("自治区科技厅、财政厅")
    assert (first.as_written, second.as_written, second.name) == ("自治区科技厅", "财政厅", "自治区财政厅")


def test_rule_of_the_document_makes_the_first_unit_lead():
    assert [unit.role for unit in units_in("财政部、教育部", first_leads=True)] == ["lead", "responsible"]


def test_column_head_gives_the_role():
    assert [unit.role for unit in units_in("省财政厅、省教育厅", "support")] == ["support", "support"]


@pytest.mark.parametrize("name", ["各市、县市区人民政府", "有关园区管理单位", "各省级人民政府", "相关部门", "县（市、区）人民政府", "各市"])
def test_open_sets(name):
    assert is_open_set(name)


@pytest.mark.parametrize("name", ["自治区科技厅", "市政府办公室", "南宁市人民政府", "县委组织部"])
def test_single_units(name):
    assert not is_open_set(name)
