"""The work of a quarter through the command line."""

import json

import pytest


def test_a_task_goes_its_whole_way(house, tmp_path):
    proof = tmp_path / "名单.txt"
    proof.write_text("十个县", encoding="utf-8")
    steps = [
        ("2012-11-07", "kjt", "acknowledge", "1"),
        ("2013-03-29", "kjt", "report", "1", "--value", "示范县=6", "--text", "六县确定", "--evidence", str(proof)),
        ("2013-06-28", "kjt", "report", "1", "--value", "示范县=+4", "--text", "十县确定"),
        ("2013-07-01", "kjt", "submit", "1"),
        ("2013-07-02", "watch", "return", "1", "--reason", "缺少名单", "--limit", "2013-07-10"),
        ("2013-07-05", "kjt", "submit", "1"),
        ("2013-07-09", "watch", "complete", "1"),
        ("2013-07-10", "office", "close", "1"),
    ]
    for day, who, *arguments in steps:
        outcome = house("task", *arguments, "--as", who, "--on", day)
        assert (outcome.code, outcome.err) == (0, "")
    history = json.loads(house("task", "show", "1", "--history", "--json").out)
    assert [act["act"] for act in history["history"]] == ["issue", *(step[2] for step in steps)]
    assert history["task"]["row"]["state"] == "closed"
    assert "逐条相符" in house("ledger", "verify").out


def test_rights_hold_on_the_command_line(house):
    assert house("task", "acknowledge", "1", "--as", "czt").err.startswith("error[not-your-task]")
    assert house("task", "complete", "1", "--as", "kjt").err.startswith("error[no-right]")
    assert house("account", "add", "x", "--role", "supervisor", "--as", "office").err.startswith("error[no-right]")


def test_a_unit_sees_its_own_tasks_and_whoever_holds_the_file_all(house):
    assert len(json.loads(house("task", "list", "--json").out)) == 3
    assert len(json.loads(house("task", "list", "--json", "--as", "czt").out)) == 3
    assert house("task", "list", "--json", "--as", "admin").err.startswith("error[no-right]")


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (["--year", "2014"], 1),
        (["--unit", "科技"], 3),
        (["--unit", "财政"], 0),
        (["--light", "red"], 1),
        (["--state", "assigned"], 3),
        (["--plan", "9"], 0),
    ],
)
def test_tasks_are_filtered(house, filters, count):
    assert len(json.loads(house("task", "list", "--json", "--on", "2013-04-02", *filters).out)) == count


def test_lists_for_pipes_are_one_line_a_row(house):
    lines = house("task", "list", "--on", "2013-04-02").out.splitlines()
    assert len(lines) == 4
    assert all(line.count("\t") == 8 for line in lines)


@pytest.mark.parametrize("written", ["示范县", "=3", "示范县=many", "示范县=nan"])
def test_a_value_that_cannot_be_read_is_refused(house, written):
    house("task", "acknowledge", "1", "--as", "kjt")
    assert house("task", "report", "1", "--value", written, "--as", "kjt").err.startswith("error[bad-value]")


def test_bulletin_in_every_format(house, tmp_path):
    on = ("--on", "2013-04-08")
    assert "未启动" in house("bulletin", "2013Q1", *on).out
    view = json.loads(house("bulletin", "2013Q1", "--json", *on).out)
    assert (view["schema"], view["totals"]["tasks"], view["totals"]["not_started"]) == ("duban/bulletin/1", 1, 1)
    for ending in ("html", "docx", "xlsx", "json"):
        place = tmp_path / f"bulletin.{ending}"
        assert house("bulletin", "2013Q1", "-o", str(place), *on).code == 0
        assert place.stat().st_size > 500


def test_publishing_writes_files_and_happens_once(house):
    first = house("bulletin", "publish", "2013Q1", "--as", "watch", "--on", "2013-04-08")
    assert first.code == 0
    assert {path.suffix for path in (house.home / "bulletins").iterdir()} >= {".html", ".docx", ".xlsx", ".md", ".json"}
    assert house("bulletin", "publish", "2013Q1", "--as", "watch", "--on", "2013-04-09").err.startswith("error[already-published]")


def test_reminders_are_previewed_sent_once_and_told(house):
    on = ("--as", "watch", "--on", "2012-11-14")
    preview = json.loads(house("remind", "--dry-run", "--json", *on).out)
    assert preview["planned"]
    assert not (house.home / "outbox").exists()
    sent = json.loads(house("remind", "--json", *on).out)
    assert len(sent["sent"]) == len(preview["planned"]) == len(list((house.home / "outbox").glob("*.eml")))
    assert json.loads(house("remind", "--json", *on).out)["sent"] == []


def test_units_and_contacts(house):
    assert house("unit", "alias", "省科技厅", "科技厅", "--as", "office").code == 0
    assert house("unit", "contact", "科技厅", "kjt@example.cn", "--as", "office").code == 0
    assert house("unit", "contact", "科技厅", "not an address", "--as", "office").err.startswith("error[bad-address]")
    assert house("unit", "alias", "省财政厅", "科技厅", "--as", "office").err.startswith("error[alias-taken]")
    units = {unit["name"]: unit for unit in json.loads(house("unit", "list", "--json").out)}
    assert (units["省科技厅"]["aliases"], units["省科技厅"]["contacts"]) == (["科技厅"], ["kjt@example.cn"])


def test_plans_are_listed_and_shown(house):
    assert json.loads(house("plan", "list", "--json").out)[0]["task_count"] == 3
    assert len(json.loads(house("plan", "show", "1", "--json").out)["tasks"]) == 3
    assert house("plan", "show", "7").err.startswith("error[unknown-plan]")


def test_waivers_are_read_with_their_reasons(house, draft_file):
    assert house("plan", "issue", str(draft_file), "--waive", "lead-not-marked", "--as", "office").err.startswith("error[bad-waiver]")
    assert house("plan", "issue", str(draft_file), "--as", "office").err.startswith("error[already-issued]")


def test_a_list_goes_on_where_it_stopped(house):
    first = house("task", "list", "--limit", "2")
    assert [line.split("\t")[0] for line in first.out.splitlines()[1:]] == ["1", "2"]
    assert "--after 2" in first.err
    last = house("task", "list", "--limit", "2", "--after", "2")
    assert [line.split("\t")[0] for line in last.out.splitlines()[1:]] == ["3"]
    assert last.err == ""
    assert [row["id"] for row in json.loads(house("task", "list", "--json", "--limit", "1", "--after", "1").out)] == [2]
