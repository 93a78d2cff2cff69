"""Agreements, assignment sheets, replies and urging through the command line: looked at first, sent only when somebody agrees."""

import json

import pytest
from docx import Document

OFFICE = {"DUBAN_OFFICE": "省政府督查室"}


def plan(day):
    return "--as", "office", "--on", day


def watch(day):
    return "--as", "watch", "--on", day


@pytest.fixture
def reached(house_after):
    """A house that can reach one unit."""
    return house_after(reach)


def reach(house, _folder):
    done = house("unit", "contact", "省科技厅", "wang@kjt.example", "--name", "王厅长", "--duty", "head", *plan("2013-01-07"))
    assert done.code == 0


def words_of(path):
    return "".join(node.text or "" for node in Document(str(path)).element.body.iter() if node.tag.endswith("}t"))


def test_an_agreement_from_the_list_to_the_signature(reached, tmp_path):
    assert "未印发" in reached("letter", "2013", "--on", "2013-01-10").out
    seen = reached("letter", "issue", "2013", "--unit", "省科技厅", *plan("2013-01-10"), **OFFICE)
    assert ("发给 王厅长：wang@kjt.example" in seen.out, "没有印发" in seen.out) == (True, True)
    issue = ("letter", "issue", "2013", "--unit", "省科技厅", "--yes", "-o", str(tmp_path / "out"), *plan("2013-01-10"))
    issued = reached(*issue, **OFFICE)
    assert "已印发 责任书〔2013〕1号　省科技厅2013年度目标管理责任书" in issued.out
    assert "1 封消息已放入发件箱" in issued.out
    (path,) = (tmp_path / "out").iterdir()
    assert "省政府督查室" in words_of(path)
    again = reached(*issue, **OFFICE)
    assert (again.code, again.err.startswith("error[already-issued]")) == (1, True)
    assert (
        "由 王厅长 于 2013-01-15 签订"
        in reached("letter", "signed", "2013", "--unit", "省科技厅", "--by", "王厅长", *plan("2013-01-15")).out
    )
    row = next(row for row in json.loads(reached("letter", "list", "2013", "--json", "--on", "2013-01-15").out) if row["signed_on"])
    assert (row["unit"], row["signer"], row["is_outdated"]) == ("省科技厅", "王厅长", False)
    assert reached("ledger", "verify").code == 0


def test_agreements_of_all_units_go_into_a_folder(reached, tmp_path):
    folder = tmp_path / "all"
    assert reached("letter", "2013", "--all", "--format", "md", "-o", str(folder), "--on", "2013-01-10").code == 0
    assert len(list(folder.iterdir())) == len(json.loads(reached("letter", "2013", "--json", "--on", "2013-01-10").out)) > 1
    one_file = reached("letter", "2013", "--all", "-o", str(tmp_path / "all.docx"), "--on", "2013-01-10")
    assert one_file.err.startswith("error[folder-needed]")
    views = json.loads(reached("letter", "2013", "--all", "--json", "--on", "2013-01-10").out)
    assert {view["schema"] for view in views} == {"duban/agreement/1"}


def test_sheets_are_looked_at_issued_and_afterwards_tell_changes_only(reached, tmp_path):
    path = tmp_path / "sheet.md"
    assert reached("plan", "sheets", "1", "--unit", "省科技厅", "-o", str(path), "--on", "2013-01-10").code == 0
    assert "交办单" in path.read_text(encoding="utf-8")
    issued = json.loads(reached("plan", "sheets", "1", "--issue", "--yes", "--json", *plan("2013-01-10")).out)
    assert issued["papers"][0]["doc_no"] == "交办〔2013〕1号"
    assert reached("plan", "sheets", "1", "--issue", "--yes", *plan("2013-01-11")).err.startswith("error[already-issued]")
    assert "此后任务没有变化" in reached("plan", "sheets", "1", "--on", "2013-01-11").out


def test_a_reply_is_looked_at_and_issued_once(reached, tmp_path):
    kjt = ("--as", "kjt", "--on", "2013-06-03")
    assert reached("task", "acknowledge", "1", *kjt).code == 0
    asked = ("request", "file", "1", "extension", "--reason", "汛期停工", "--progress", "已完成5个", "--due", "2014-03-31")
    assert reached(*asked, *kjt).code == 0
    assert reached("request", "reply", "1", "--on", "2013-06-03").err.startswith("error[not-decided]")
    assert reached("request", "approve", "1", *plan("2013-06-04")).code == 0
    path = tmp_path / "reply.docx"
    assert reached("request", "reply", "1", "-o", str(path), "--on", "2013-06-04").code == 0
    assert "延至2014年3月31日" in words_of(path)
    assert "没有印发" in reached("request", "reply", "1", "--issue", "--dry-run", "--yes", *plan("2013-06-04")).out
    assert "已印发 督复〔2013〕1号" in reached("request", "reply", "1", "--issue", "--yes", *plan("2013-06-04")).out
    assert reached("request", "reply", "1", "--issue", "--yes", *plan("2013-06-04")).err.startswith("error[already-issued]")
    assert "印发批复" in reached("task", "show", "1", "--history", "--on", "2013-06-04").out


def test_urging_by_note_and_by_telephone(reached):
    assert json.loads(reached("notice", "urge", "--task", "1", "--json", *watch("2014-01-06")).out)["schema"] == "duban/urging/1"
    draft = json.loads(reached("notice", "urge", "--unit", "省科技厅", "--issue", "--json", *watch("2014-01-06")).out)
    assert (draft["done"], draft["papers"][0]["to"][0]["name"]) == (False, "省科技厅")
    assert "已印发 催办〔2014〕1号" in reached("notice", "urge", "--unit", "省科技厅", "--issue", "--yes", *watch("2014-01-06")).out
    called = reached("notice", "urged", "1", "--person", "陈处长", "--answer", "下周提交", *watch("2014-01-07"))
    assert "电话催办 陈处长" in called.out
    history = reached("task", "show", "1", "--history", "--on", "2014-01-07").out
    assert all(words in history for words in ("催办〔2014〕1号", "电话催办", "接电话的人：陈处长；对方答复：下周提交"))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("letter", "issue", "2013", *plan("2013-01-10")), "unit-or-all"),
        (("letter", "issue", "2019", "--all", *plan("2013-01-10")), "nothing-to-agree"),
        (("letter", "2013", "--unit", "没有的局", "--on", "2013-01-10"), "unknown-unit"),
        (("letter", "issue", "2013", "--unit", "省科技厅", *watch("2013-01-10")), "no-right"),
        (("letter", "2013", "--unit", "省科技厅", "--format", "rtf", "--on", "2013-01-10"), "format-not-written"),
        (("letter", "signed", "2013", "--unit", "省科技厅", "--by", "王", *plan("2013-01-10")), "unknown-agreement"),
        (("plan", "sheets", "9", "--on", "2013-01-10"), "unknown-plan"),
        (("request", "reply", "9", "--on", "2013-01-10"), "unknown-request"),
        (("notice", "urge", *watch("2013-01-10")), "which-to-urge"),
        (("notice", "urge", "--task", "1", *watch("2013-01-10")), "nothing-to-urge"),
        (("notice", "urged", "1", "--person", " ", "--answer", "好", *watch("2013-01-10")), "bad-person"),
    ],
)
def test_refusals_are_one_line(house, arguments, code):
    outcome = house(*arguments)
    assert outcome.code == 1
    assert outcome.err.startswith(f"error[{code}]")
    assert outcome.err.count("\n") == 1
