"""`duban rules`, `holidays`, `unit contact`, `unit absence`, `account address`: who is reached, when, and by which numbers."""

import json
from datetime import date

import pytest

from rules.calendar import is_working_day, use_calendar
from tests.builders import SCIENCE

DAY = ("--as", "office", "--on", "2013-06-03")
WATCH = ("--as", "watch", "--on", "2013-06-03")


@pytest.fixture(autouse=True)
def own_calendar():
    yield
    use_calendar({})


@pytest.fixture
def rules_file(tmp_path):
    def write(**content):
        place = tmp_path / "rules.json"
        place.write_text(json.dumps(content), encoding="utf-8")
        return str(place)

    return write


def test_rules_for_a_plan_and_for_a_kind_of_source(house, rules_file):
    kind = ("rules", "adopt", rules_file(version="s", acknowledge_days=2, overdue_steps=[1, 5]), "--from", "2013-07-01", "--source", "plan")
    assert "（来源：计划）自 2013-07-01 起采用" in house(*kind, *WATCH).out
    one = ("rules", "adopt", rules_file(version="p", acknowledge_days=1), "--from", "2013-07-01", "--plan", "1")
    assert "（计划 1）" in house(*one, *WATCH).out
    shown = json.loads(house("rules", "show", "--plan", "1", "--json", "--on", "2013-07-02").out)
    assert (shown["acknowledge_days"], shown["overdue_steps"]) == (1, [1, 5])
    assert json.loads(house("rules", "show", "--json", "--on", "2013-07-02").out)["acknowledge_days"] == 5
    assert json.loads(house("rules", "show", "--source", "plan", "--json", "--on", "2013-07-02").out)["acknowledge_days"] == 2
    assert [row["scope"] for row in json.loads(house("rules", "list", "--json").out)] == ["house", "plan-1", "source-plan"]
    assert "s\t来源：计划\t2013-07-01" in house("rules", "list").out
    assert house("rules", "show", "s").out.splitlines()[1:] == ["version\ts\t2026-3", "acknowledge_days\t2\t5", "overdue_steps\t1、5\t1"]


@pytest.mark.parametrize(
    ("options", "content", "code"),
    [
        pytest.param(("--plan", "1"), {"red_gap_pp": 5}, "rules-too-wide", id="what judges"),
        pytest.param(("--plan", "9"), {"acknowledge_days": 5}, "unknown-plan", id="no such plan"),
        pytest.param(("--plan", "1", "--source", "minutes"), {}, "bad-rules", id="two scopes"),
    ],
)
def test_rules_refused(house, rules_file, options, content, code):
    refused = house("rules", "adopt", rules_file(version="x", **content), "--from", "2013-07-01", *options, *WATCH)
    assert (refused.code, refused.err.split("]")[0]) == (1, f"error[{code}")


def test_a_plan_says_what_kind_of_document_it_is(duban, draft_file):
    assert duban("init", "--on", "2012-11-01").code == 0
    assert duban("account", "add", "office", "--role", "plan_office", "--as", "admin", "--on", "2012-11-01").code == 0
    assert duban("plan", "issue", str(draft_file), "--source", "minutes", "--as", "office", "--on", "2012-11-05").code == 0
    assert json.loads(duban("plan", "list", "--json").out)[0]["source_kind"] == "minutes"
    assert "会议纪要" in duban("plan", "list").out
    assert "种类：会议纪要" in duban("plan", "show", "1").out


@pytest.fixture
def listed(tmp_path):
    place = tmp_path / "holidays.csv"
    place.write_text("日期,类型,名称\n2031-01-01至2031-01-03,休,元旦\n2031-01-04,班,元旦\n", encoding="utf-8")
    return str(place)


def test_holidays_are_shown_before_they_count(house, listed):
    assert "尚未收录" in house("holidays", "list", "2031").out
    for asked in (("--dry-run",), ()):
        shown = house("holidays", "import", listed, *asked, *DAY)
        assert "2030年第四季度的进展填报截止日由 2031年1月3日变为 2031年1月7日" in shown.out
        assert json.loads(house("holidays", "list", "2031", "--json").out)["days"] == []
    assert "加 --yes 办理" in shown.out
    assert "今后按此计算工作日" in house("holidays", "import", listed, "--yes", *DAY).out
    assert "2031-01-04\t班\t元旦" in house("holidays", "list", "2031").out
    assert "没有改动" in house("holidays", "import", listed, *DAY).out
    assert "按周一至周五计算" in house("holidays", "clear", "2031", "--yes", *DAY).out


def test_every_command_counts_with_the_house_s_calendar(house, listed):
    assert house("holidays", "import", listed, "--yes", *DAY).code == 0
    assert house("unit", "list").code == 0
    assert (is_working_day(date(2031, 1, 2)), is_working_day(date(2031, 1, 4))) == (False, True)


def test_the_program_s_own_years_need_no_list(house):
    assert "程序已收录" in house("holidays", "list", "2013").out


def test_contacts_are_registered_changed_listed_and_removed(house):
    def contact(*words):
        return house("unit", "contact", SCIENCE, *words, *DAY)

    assert "还没有联系人" in contact().out
    assert contact("a@kjt.example", "--name", "王科").code == 0
    robot = contact(
        "139",
        "--channel",
        "grid",
        "--name",
        "李办",
        "--duty",
        "office",
        "--fallback-channel",
        "mail",
        "--fallback-address",
        "b@kjt.example",
    )
    assert (robot.code, "没有设置渠道“grid”" in robot.err) == (0, True)
    assert contact("new@kjt.example", "--replace", "a@kjt.example").code == 0
    assert contact().out.splitlines()[1:] == [
        "王科\t联络员\t邮件\tnew@kjt.example\t\tzh",
        "李办\t办公室\tgrid\t139\t邮件 b@kjt.example\tzh",
    ]
    assert contact("--fallback-channel", "none", "--replace", "李办").code == 0
    assert json.loads(contact("--json").out)[1]["fallback_channel"] is None
    assert "已去掉" in contact("--remove", "李办").out
    assert contact("--name", "谁").err.startswith("error[bad-address]")


def test_who_is_away_is_said_listed_and_ended(house):
    for words in (("a@kjt.example", "--name", "王科"), ("b@kjt.example", "--name", "李办", "--duty", "office")):
        assert house("unit", "contact", SCIENCE, *words, *DAY).code == 0
    kjt = ("--as", "kjt", "--on", "2013-06-04")
    away = house("unit", "absence", SCIENCE, "王科", "--from", "2013-06-05", "--until", "2013-06-20", "--deputy", "李办", *kjt)
    assert "2013年6月5日至2013年6月20日，其间由李办代收" in away.out
    assert "王科\t2013-06-05\t2013-06-20\t李办" in house("unit", "absence", SCIENCE, "--on", "2013-06-04").out
    assert house("unit", "absence", SCIENCE, "王科", "--as", "czt", "--on", "2013-06-04").err.startswith("error[not-your-task]")
    assert "照常收信" in house("unit", "absence", SCIENCE, "王科", "--end", "--as", "office", "--on", "2013-06-10").out
    assert "没有联系人外出" in house("unit", "absence", SCIENCE, "--on", "2013-06-10").out


def test_an_office_s_account_is_written_to(house):
    assert "发到 zhang@fgw.example（邮件）" in house("account", "address", "office", "zhang@fgw.example", *DAY).out
    assert "zhang@fgw.example" in house("account", "list").out
    assert "不再向账号 office" in house("account", "address", "office", *DAY).out
    assert house("account", "address", "kjt", "x@kjt.example", "--as", "admin", *DAY[2:]).err.startswith("error[bad-role]")
