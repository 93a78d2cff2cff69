"""`duban roster` as people type it."""

import json

import pytest


@pytest.fixture
def at_work(house_after):
    """The house with its first task at work and its target a quota of two lists."""
    return house_after(set_to_work)


def set_to_work(house, folder):
    lists = {"2011年通过": "名称,地区\n甲县,东市\n乙县,西市\n", "全省各县": "名称,地区\n甲县,东市\n乙县,西市\n丙县,南市\n"}
    house("task", "acknowledge", "1", "--as", "kjt", "--on", "2013-01-07")
    for name, text in lists.items():
        place = folder / f"{name}.csv"
        place.write_text(text, encoding="utf-8")
        assert house("roster", "eligible", "import", name, str(place), "--as", "office", "--on", "2013-01-07").code == 0
    options = ["--eligible", "2011", "--of", "全省", "--coverage", "90", "--per-region", "1"]
    made = house("roster", "quota", "1", "--measure", "示范县", *options, "--as", "office", "--on", "2013-01-08")
    assert (made.code, made.err) == (0, "")


def test_a_roster_goes_its_whole_way(at_work, tmp_path):
    proof = tmp_path / "批复.txt"
    proof.write_text("同意", encoding="utf-8")
    steps = [
        ("kjt", "add", "1", "甲县", "乙县"),
        ("office", "select", "1", "甲县", "乙县"),
        ("watch", "confirm", "1", "甲县", "乙县", "--evidence", str(proof)),
        ("watch", "withdraw", "1", "乙县", "--reason", "数据不实"),
        ("kjt", "add", "1", "乙县", "--replaces", "乙县"),
    ]
    for who, *arguments in steps:
        outcome = at_work("roster", *arguments, "--as", who, "--on", "2013-01-09")
        assert (outcome.code, outcome.err) == (0, "")
    (sheet,) = json.loads(at_work("roster", "list", "1", "--json", "--on", "2013-01-09").out)
    assert [(row["name"], row["state"]) for row in sheet["members"]] == [
        ("甲县", "confirmed"),
        ("乙县", "withdrawn"),
        ("乙县", "nominated"),
    ]
    assert sheet["coverage"] == {"covered": 1, "whole": 3, "percent": 33.3, "least": 90.0}
    shown = at_work("roster", "list", "1", "--on", "2013-01-09").out
    assert "已确认 1/10 个，各年度合计 1 个" in shown
    assert "覆盖“全省各县”：1/3，33.3%" in shown
    assert "南市缺 1 个" in shown
    assert "甲县、乙县" in at_work("task", "show", "1", "--history", "--on", "2013-01-09").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["add", "1", "丙县", "--as", "kjt"], "not-eligible"),
        (["add", "1", "--as", "kjt"], "no-names"),
        (["add", "1", "甲县", "--as", "watch"], "no-right"),
        (["select", "1", "甲县", "--as", "office"], "roster-not-now"),
        (["withdraw", "1", "甲县", "--reason", "x", "--as", "watch"], "roster-not-now"),
        (["list", "9"], "unknown-task"),
        (["eligible", "list", "没有"], "unknown-list"),
    ],
)
def test_refusals_are_one_line(at_work, arguments, code):
    outcome = at_work("roster", *arguments, "--on", "2013-01-09")
    assert outcome.code == 1
    assert outcome.err.startswith(f"error[{code}]")
    assert outcome.err.count("\n") == 1


def test_a_preview_does_nothing(at_work):
    assert "这是预览" in at_work("roster", "add", "1", "甲县", "--dry-run", "--as", "kjt", "--on", "2013-01-09").out
    assert json.loads(at_work("roster", "list", "1", "--json", "--on", "2013-01-09").out)[0]["members"] == []


def test_lists_are_listed(at_work):
    assert [one["count"] for one in json.loads(at_work("roster", "eligible", "list", "--json").out)] == [2, 3]
    assert json.loads(at_work("roster", "eligible", "list", "2011", "--json").out)[0] == {"name": "甲县", "region": "东市"}
    assert "甲县\t东市" in at_work("roster", "eligible", "list", "2011").out
