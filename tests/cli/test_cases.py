"""Cases through the command line, as two supervisors and a unit use them."""

import json

import pytest
from docx import Document

OFFICE = {"DUBAN_OFFICE": "省政府督查室"}


def by(who, day="2013-06-03"):
    return "--as", who, "--on", day


@pytest.fixture
def staffed(house_after):
    """A house whose unit has a head to write to, and a second supervisor."""
    return house_after(staff)


@pytest.fixture
def concluded(house_after):
    """A case on a task nobody took up, stated on, concluded and approved."""
    return house_after(staff, conclude)


def staff(house, _folder):
    head = ("陈厅长", "--duty", "head", *by("office"))
    assert house("unit", "contact", "省科技厅", "chen@kjt.example", "--name", *head).code == 0
    assert house("account", "add", "second", "--role", "supervisor", *by("admin")).code == 0


def conclude(staffed, _folder):
    assert "督案〔2013〕1号" in staffed("case", "open", "--task", "1", "--basis", "专项督查发现任务未启动", *by("watch")).out
    assert "已立案" in staffed("case", "statement", "1", "--text", "正在选址", *by("kjt")).out
    demand = ("--demand", "启动任务并填报进展", "--demand-by", "2013-07-31")
    drafted = staffed("case", "conclude", "1", "--text", "任务应启动未启动", *demand, *by("watch"))
    assert "待批准" in drafted.out
    assert drafted.err == ""
    assert staffed("case", "approve", "1", *by("second")).code == 0


def test_nothing_proposed_and_nothing_open(staffed):
    assert "没有可提出的建议" in staffed("case", "propose", "--on", "2013-06-03").out
    assert json.loads(staffed("case", "propose", "--json", "--on", "2013-06-03").out) == []
    assert "没有符合条件" in staffed("case", "list", "--on", "2013-06-03").out


def test_what_is_proposed_is_opened_by_its_key(staffed):
    assert staffed("notice", "prepare", *by("watch", "2013-10-14")).code == 0
    (found,) = json.loads(staffed("case", "propose", "--json", "--on", "2013-10-14").out)
    assert (found["rule"], found["kind"], len(found["traces"])) == ("red-at-q3", "accountability", 1)
    page = staffed("case", "propose", "--on", "2013-10-14").out
    assert all(words in page for words in (found["key"], "第三季度末为红灯", "台账依据：plan-1 第"))
    assert staffed("case", "open", "--proposal", found["key"], *by("watch", "2013-10-14")).code == 0
    assert "没有可提出的建议" in staffed("case", "propose", "--on", "2013-10-14").out


def test_nothing_is_served_where_nobody_can_be_asked(concluded):
    shown = concluded("case", "serve", "1", *by("watch"), **OFFICE)
    assert shown.code == 0
    assert all(words in shown.out for words in ("督查结论", "发给 陈厅长：chen@kjt.example", "没有送达"))
    draft = json.loads(concluded("case", "serve", "1", "--json", *by("watch")).out)
    assert (draft["done"], draft["view"]["unit"], draft["to"][0]["name"]) == (False, "省科技厅", "陈厅长")
    assert "已批准，待送达" in concluded("case", "list", "--on", "2013-06-03").out


def test_the_whole_way(concluded, tmp_path):
    served = concluded("case", "serve", "1", "--by", "王五", "--yes", *by("watch", "2013-06-04"), **OFFICE)
    assert "已编号 督结〔2013〕1号" in served.out
    assert "异议截止：2013-07-04" in concluded("case", "show", "1", "--on", "2013-06-04").out
    late = concluded("case", "object", "1", "--text", "不认可", *by("kjt", "2013-07-05"))
    assert (late.code, late.err[:22]) == (1, "error[objection-late]:")
    assert "有异议" in concluded("case", "object", "1", "--text", "选址未获批准", *by("kjt", "2013-07-04")).out
    asked = concluded("case", "decide", "1", "--outcome", "upheld", "--text", "不影响启动", *by("second", "2013-07-08"))
    assert all(words in asked.out for words in ("选址未获批准", "没有答复"))
    decided = concluded("case", "decide", "1", "--outcome", "upheld", "--text", "不影响启动", "--yes", *by("second", "2013-07-08"))
    assert "督结〔2013〕2号" in decided.out
    assert concluded("case", "rectify", "1", "--text", "已启动", *by("kjt", "2013-07-30")).code == 0
    assert concluded("case", "verify", "1", "--text", "缺材料", "--return", *by("watch", "2013-07-31")).code == 0
    assert concluded("case", "rectify", "1", "--text", "已补材料", *by("kjt", "2013-08-01")).code == 0
    assert "整改已核查" in concluded("case", "verify", "1", "--text", "属实", *by("watch", "2013-08-02")).out
    paper = tmp_path / "case.docx"
    assert concluded("case", "show", "1", "-o", str(paper), "--on", "2013-08-02", **OFFICE).code == 0
    text = "".join(line.text for line in Document(str(paper)).paragraphs)
    assert all(words in text for words in ("督案〔2013〕1号", "专项督查发现任务未启动", "任务应启动未启动", "证据目录"))
    view = json.loads(concluded("case", "show", "1", "--json", "--on", "2013-08-02").out)
    assert (view["schema"], view["state"], view["words"]["outcome"]) == ("duban/case/1", "verified", "upheld")
    assert concluded("ledger", "verify").code == 0


def test_cautions_stand_beside_the_result(staffed):
    staffed("case", "open", "--task", "1", "--basis", "查", *by("watch"))
    said = staffed("case", "conclude", "1", "--text", "陈厅长失职", *by("watch"))
    assert "待批准" in said.out
    assert said.err.count("注意：") == 3


def test_a_unit_gets_the_conclusion_and_not_the_file(concluded, tmp_path):
    assert "任务应启动未启动" not in concluded("case", "show", "1", *by("kjt")).out
    assert "任务应启动未启动" in concluded("case", "show", "1", *by("watch")).out
    assert concluded("case", "show", "1", "-o", str(tmp_path / "file.docx"), *by("kjt")).code == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("case", "open", *by("watch")), "bad-ground", id="no ground"),
        pytest.param(("case", "open", "--notice", "1", "--task", "1", *by("watch")), "bad-ground", id="two grounds"),
        pytest.param(("case", "open", "--task", "1", "--basis", "查", *by("kjt")), "no-right", id="a unit"),
        pytest.param(("case", "show", "9", "--on", "2013-06-03"), "unknown-case", id="unknown"),
        pytest.param(("case", "approve", "1", *by("watch")), "own-conclusion", id="own conclusion"),
        pytest.param(("case", "serve", "1", "--yes", *by("watch")), "case-not-now", id="not approved"),
        pytest.param(("case", "propose", *by("kjt")), "no-right", id="proposals for a unit"),
    ],
)
def test_refusals(staffed, arguments, code):
    staffed("case", "open", "--task", "1", "--basis", "查", *by("watch"))
    staffed("case", "conclude", "1", "--text", "查明", *by("watch"))
    refused = staffed(*arguments)
    assert (refused.code, refused.err.startswith(f"error[{code}]")) == (1, True), refused.err
