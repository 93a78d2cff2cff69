"""Scorecards through the command line: looked at by an example, adopted, marked, issued."""

import json

import pytest

DAY = ("--on", "2014-02-10")
WATCH = ("--as", "watch", *DAY)
SCHEME = {
    "code": "ours",
    "version": "1",
    "title": "年度考评办法",
    "base": 60,
    "cap": 100,
    "items": [{"code": "view", "title": "公众评价", "kind": "manual", "weight": 40}],
    "events": [{"code": "late", "title": "逾期", "on": ["overdue"], "points": -5, "support_percent": 50}],
}


@pytest.fixture
def scheme(tmp_path):
    place = tmp_path / "scheme.json"
    place.write_text(json.dumps(SCHEME, ensure_ascii=False), encoding="utf-8")
    return str(place)


def test_an_example_is_for_looking_only(house):
    shown = house("scorecard", "2013", "--scheme", "county", *DAY)
    assert shown.code == 0
    assert "省科技厅\t1\t0\t80\t0\t0\t5\t75" in shown.out
    assert "还没有采用，只能试算" in shown.err
    assert "which-scheme" in house("scorecard", "2013", *DAY).err
    refused = house("scorecard", "issue", "2013", "--scheme", "county", "--yes", *WATCH)
    assert (refused.code, "scheme-not-adopted" in refused.err) == (1, True)


def test_schemes_are_listed_printed_and_checked(house, scheme):
    rows = json.loads(house("scorecard", "schemes", "--json", *DAY).out)
    assert {row["code"] for row in rows} == {"county", "district", "guiyang", "zone"}
    printed = json.loads(house("scorecard", "schemes", "--show", "zone", *DAY).out)
    assert printed["events"][0]["points"] == -5
    assert "没有发现错误" in house("scorecard", "check", scheme).out
    assert "file-unreadable" in house("scorecard", "check", scheme + "x").err


def test_bad_files_are_refused(house, tmp_path):
    place = tmp_path / "bad.json"
    for words, said in (("{", "不是 JSON"), ("[]", "JSON 对象"), ("{}", "code：没有写")):
        place.write_text(words, encoding="utf-8")
        refused = house("scorecard", "check", str(place))
        assert (refused.code, said in refused.err) == (1, True)


def test_from_adoption_to_issue(house, scheme, tmp_path):
    assert house("scorecard", "adopt", scheme, "--from", "2013", *WATCH).code == 0
    unmarked = house("scorecard", "issue", "2013", "--yes", *WATCH)
    assert (unmarked.code, "marks-missing" in unmarked.err) == (1, True)
    for unit, value in (("省科技厅", "35"), ("省财政厅", "38.5")):
        marked = house("scorecard", "mark", "2013", "--unit", unit, "--item", "view", "--value", value, "--reason", "年度问卷", *WATCH)
        assert marked.code == 0
    card = json.loads(house("scorecard", "2013", "--json", *DAY).out)
    assert {unit["name"]: unit["total"] for unit in card["units"]} == {"省科技厅": 90, "省财政厅": 96}
    one = json.loads(house("scorecard", "2013", "--unit", "省财政厅", "--json", *DAY).out)
    assert [unit["name"] for unit in one["units"]] == ["省财政厅"]
    page = tmp_path / "card.md"
    assert house("scorecard", "2013", "-o", str(page), *DAY).code == 0
    assert "各单位得分明细" in page.read_text(encoding="utf-8")
    asked = house("scorecard", "issue", "2013", *WATCH)
    assert (asked.code, "没有印发" in asked.out) == (0, True)


def test_ranks_only_where_the_scheme_has_them(house):
    refused = house("scorecard", "2013", "--scheme", "county", "--rank", *DAY)
    assert (refused.code, "ranking-off" in refused.err) == (1, True)
