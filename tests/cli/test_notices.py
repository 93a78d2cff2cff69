"""Notices through the command line, as a supervisor and a unit use them."""

import json

import pytest
from docx import Document

OFFICE = {"DUBAN_OFFICE": "省政府督查室"}
DAY = ("--on", "2013-06-03")


def watch(day="2013-06-03"):
    return "--as", "watch", "--on", day


@pytest.fixture
def prepared(house_after):
    """A house whose three tasks of 2013 nobody took up: the first is red in June."""
    return house_after(prepare)


def prepare(house, _folder):
    assert (
        house("unit", "contact", "省科技厅", "chen@kjt.example", "--name", "陈副厅长", "--duty", "leader", "--as", "office", *DAY).code == 0
    )
    assert house("notice", "prepare", *watch()).code == 0


def test_prepared_once_and_listed(prepared):
    again = json.loads(prepared("notice", "prepare", "--json", *watch()).out)
    assert (again["notice_ids"], again["prepared"], again["notices"]) == ([], {}, [])
    rows = json.loads(prepared("notice", "list", "--json", *DAY).out)
    assert [(row["id"], row["level"], row["matter"], row["state"], row["is_stale"]) for row in rows] == [
        (1, "blue", "first-red", "prepared", False)
    ]
    assert "进展亮红灯" in prepared("notice", "list", *DAY).out
    assert "没有符合条件" in prepared("notice", "list", "--level", "red", *DAY).out


def test_nothing_is_issued_where_nobody_can_be_asked(prepared):
    shown = prepared("notice", "issue", "1", *watch(), **OFFICE)
    assert shown.code == 0
    assert "发给 陈副厅长：chen@kjt.example" in shown.out
    assert "没有签发" in shown.out
    draft = json.loads(prepared("notice", "issue", "1", "--json", *watch()).out)
    assert (draft["done"], draft["draft"]["doc_no"], draft["to"][0]["name"]) == (False, None, "陈副厅长")
    assert json.loads(prepared("notice", "show", "1", "--json", *DAY).out)["state"] == "prepared"


def test_from_draft_to_receipt(prepared, tmp_path):
    paper = tmp_path / "notice.docx"
    assert prepared("notice", "show", "1", "-o", str(paper), *watch(), **OFFICE).code == 0
    assert "草稿" in "".join(line.text for line in Document(str(paper)).paragraphs)
    issued = prepared("notice", "issue", "1", "--yes", "--limit", "2013-06-14", "--contact", "李明", *watch(), **OFFICE)
    assert "已签发 督办〔2013〕1号" in issued.out
    assert prepared("notice", "show", "1", "-o", str(paper), *DAY).code == 0
    text = "".join(line.text for line in Document(str(paper)).paragraphs)
    assert all(words in text for words in ("督办〔2013〕1号", "省科技厅", "2013年6月14日", "联系人：李明", "省政府督查室"))
    assert "王五" in prepared("notice", "receipt", "1", "--by", "王五", "--as", "kjt", "--on", "2013-06-04").out
    assert "签收：王五，2013-06-04" in prepared("notice", "show", "1", "--on", "2013-06-04").out
    sheet = prepared("task", "show", "1", "--history", "--on", "2013-06-04")
    assert all(words in sheet.out for words in ("督办〔2013〕1号", "签发通知单", "签收通知单", "王五"))
    assert prepared("remind", "--as", "watch", "--on", "2013-06-03").code == 0
    mails = [place.read_bytes() for place in (prepared.home / "outbox").iterdir()]
    assert [b"chen@kjt.example" in mail and b".docx" in mail for mail in mails].count(True) == 1
    assert prepared("ledger", "verify").code == 0


def test_json_of_an_issue(prepared):
    said = json.loads(prepared("notice", "issue", "1", "--yes", "--json", *watch()).out)
    assert (said["done"], said["doc_no"], said["limit_on"]) == (True, "督办〔2013〕1号", "2013-06-08")


def test_set_aside(prepared):
    assert prepared("notice", "set-aside", "1", "--reason", "已有说明", *watch()).code == 0
    shown = prepared("notice", "show", "1", *DAY).out
    assert "已搁置" in shown
    assert "搁置理由：已有说明" in shown


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("issue", "9", "--yes", *watch()), "unknown-notice"),
        (("issue", "1", "--yes", "--limit", "soon", *watch()), "bad-date"),
        (("issue", "1", "--yes", "--as", "office", *DAY), "no-right"),
        (("show", "9", *DAY), "unknown-notice"),
        (("show", "1", "-o", "no-such-folder/x.docx", *watch()), "file-not-written"),
        (("show", "1", "--as", "kjt", *DAY), "unknown-notice"),
        (("receipt", "1", "--by", "王五", *watch()), "notice-not-waiting"),
        (("set-aside", "1", "--reason", " ", *watch()), "no-reason"),
    ],
)
def test_refusals_are_one_line(prepared, arguments, code):
    outcome = prepared("notice", *arguments)
    assert outcome.code == 1
    assert outcome.err.startswith(f"error[{code}]")
    assert outcome.err.count("\n") == 1
