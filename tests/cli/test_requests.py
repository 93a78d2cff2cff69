"""Requests and the offices' own decisions through the command line."""

import json

import pytest


@pytest.fixture
def begun(house_after):
    return house_after(begin)


def begin(house, _folder):
    assert house("task", "acknowledge", "1", "--as", "kjt", "--on", "2012-11-07").code == 0


def kjt(day):
    return "--as", "kjt", "--on", day


def test_a_request_is_filed_answered_and_shown_with_its_task(begun):
    filed = begun(
        "request", "file", "1", "extension", "--reason", "汛期停工", "--progress", "两县", "--due", "2014-03-31", *kjt("2013-03-01")
    )
    assert (filed.code, filed.err) == (0, "")
    assert "编号 1" in filed.out
    waiting = json.loads(begun("request", "list", "--state", "filed", "--json").out)
    assert [(row["task"], row["kind"], row["wanted"]["due_on"]) for row in waiting] == [(1, "extension", "2014-03-31")]
    answered = begun("request", "approve", "1", "--due", "2014-01-31", "--words", "同意", "--as", "office", "--on", "2013-03-05")
    assert "2014-01-31" in answered.out
    shown = json.loads(begun("task", "show", "1", "--history", "--json", "--on", "2013-03-05").out)
    assert shown["task"]["row"]["due_on"] == "2014-01-31"
    assert [row["state"] for row in shown["task"]["requests"]] == ["approved"]
    assert [act["act"] for act in shown["history"]][-2:] == ["file-request", "approve-request"]
    text = begun("task", "show", "1", "--history", "--on", "2013-03-05").out
    assert "第1号延期申请；批准：期限至 2014-01-31；期限由2013年12月31日改为2014年1月31日" in text
    assert "已批准；期限至 2014-01-31；同意" in text


def test_a_request_is_refused_or_withdrawn(begun):
    for kind, more in (("cancellation", ()), ("target_change", ("--target", "示范县=8"))):
        assert begun("request", "file", "1", kind, "--reason", "县撤并", "--progress", "两县", *more, *kjt("2013-03-01")).code == 0
    assert begun("request", "refuse", "1", "--reason", "仍须完成", "--as", "watch", "--on", "2013-03-02").code == 0
    assert begun("request", "withdraw", "2", *kjt("2013-03-02")).code == 0
    assert [row["state"] for row in json.loads(begun("request", "list", "--task", "1", "--json").out)] == ["refused", "withdrawn"]
    assert begun("request", "list", "--unit", "财政").out.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("extension",), "not-definite"),
        (("extension", "--due", "soon"), "bad-date"),
        (("target_change", "--target", "示范县"), "bad-value"),
        (("target_change", "--target", "示范县=many"), "bad-value"),
        (("target_change", "--target", "示范县=4-6"), "bad-value"),
        (("suspension", "--days", "0"), "bad-days"),
    ],
)
def test_a_request_that_cannot_be_read_is_refused_in_a_line(begun, arguments, code):
    outcome = begun("request", "file", "1", *arguments, "--reason", "汛期", "--progress", "两县", *kjt("2013-03-01"))
    assert outcome.err.startswith(f"error[{code}]")
    assert outcome.err.count("\n") == 1


def test_the_office_decides_on_its_own_with_a_document(begun):
    office = ("--basis", "一号文", "--as", "office", "--on")
    assert begun("task", "suspend", "1", *office, "2013-03-01").code == 0
    assert begun("task", "resume", "1", "--due", "2014-02-28", *office, "2013-04-01").code == 0
    handed = begun("task", "reassign", "1", "--to", "省财政厅", "--keep-as-support", *office, "2013-04-02")
    assert "由 省科技厅 改为 省财政厅 牵头" in handed.out
    assert begun("task", "cancel", "1", *office, "2013-04-03").code == 0
    history = begun("task", "show", "1", "--history", "--on", "2013-04-03").out
    for words in ("期限由2013年12月31日改为2014年2月28日", "由省科技厅改为省财政厅牵头", "一号文"):
        assert words in history
    assert "逐条相符" in begun("ledger", "verify").out


def test_a_report_is_reviewed_corrected_confirmed_or_unchanged(begun, tmp_path):
    def report(day, *more):
        return begun("task", "report", "1", *more, *kjt(day))

    assert report("2013-03-29", "--value", "示范县=200").err.startswith("error[quantity-unlikely]")
    assert report("2013-03-29", "--value", "示范县=6").code == 0
    review = ("task", "review", "1", "--period", "2013Q1", "--as", "watch", "--on", "2013-04-01")
    assert begun(*review).err.startswith("error[bad-verdict]")
    assert begun(*review, "--accept", "--return", "不清").err.startswith("error[bad-verdict]")
    assert begun(*review, "--return", "缺少名单").code == 0
    assert report("2013-04-01", "--value", "示范县=6", "--text", "附名单").code == 0
    assert begun(*review, "--accept").code == 0
    assert begun("bulletin", "publish", "2013Q1", "--as", "watch", "--on", "2013-04-08").code == 0
    assert report("2013-04-09", "--value", "示范县=7", "--period", "2013Q1").err.startswith("error[period-closed]")
    assert report("2013-04-09", "--value", "示范县=7", "--period", "2013Q1", "--correction", "漏报").code == 0
    assert report("2013-06-28", "--no-change").code == 0
    assert report("2013-09-27", "--value", "示范县=200", "--confirm").code == 0
    program = tmp_path / "名单.pdf"
    program.write_bytes(b"MZ\x90\0\x03\0\0\0")
    assert report("2013-09-27", "--no-change", "--evidence", str(program)).err.startswith("error[evidence-runs]")
