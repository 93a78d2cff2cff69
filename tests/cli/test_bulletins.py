"""`duban bulletin` as people use it: draft, words, approval, issue, correction, archive."""

import json

ON = ("--as", "watch", "--on", "2013-04-08")


def test_from_draft_to_issue_by_hand(house, tmp_path):
    drafted = house("bulletin", "draft", "2013Q1", *ON)
    assert (drafted.code, "等待批准" in drafted.out) == (0, True)
    words = tmp_path / "words.md"
    assert house("bulletin", "text", "2013Q1", "-o", str(words), *ON).code == 0
    words.write_text(words.read_text(encoding="utf-8").replace("## next.more\n", "## next.more\n\n督查室另查987项。"), encoding="utf-8")
    edited = house("bulletin", "edit", "2013Q1", str(words), *ON)
    assert "段落 1 处" in edited.out
    assert "注意[figure-not-in-view]" in edited.err
    assert house("bulletin", "publish", "2013Q1", "--dry-run", *ON).code == 0
    assert "等待批准" in house("bulletin", "list", *ON).out
    shown = json.loads(house("bulletin", "show", "2013Q1", "--json", *ON).out)
    assert (shown["state"], shown["edits"]) == ("draft", {"texts": {"next.more": "督查室另查987项。"}})
    approved = house("bulletin", "approve", "2013Q1", *ON)
    assert "已批准" in approved.out
    assert "印发后发给" in approved.out
    published = house("bulletin", "publish", "2013Q1", "--yes", *ON)
    assert (published.code, "第 1 期印发" in published.out, "已列入发件箱" in published.out) == (0, True, True)
    assert "督查室另查987项。" in (house.home / "bulletins" / "2013Q1-2013-1.md").read_text(encoding="utf-8")
    assert house("ledger", "verify", *ON).code == 0


def test_nothing_leaves_the_house_unasked(house):
    published = house("bulletin", "publish", "2013Q1", *ON)
    assert published.code == 0
    assert "没有发送" in published.err
    tried = house("bulletin", "send", "1", "--dry-run", *ON)
    assert tried.out.startswith("发给：")
    sent = house("bulletin", "send", "1", "--yes", *ON)
    assert "已列入发件箱" in sent.out
    assert house("bulletin", "send", "1", "--yes", *ON).err.startswith("error[already-sent]")


def test_a_correction_and_the_archive(house, tmp_path):
    assert house("bulletin", "publish", "2013Q1", *ON).code == 0
    assert house("bulletin", "correct", "2013Q1", "--reason", " ", *ON).err.startswith("error[no-reason]")
    assert house("bulletin", "correct", "2013Q1", "--reason", "收到补报", *ON).code == 0
    assert house("bulletin", "publish", "2013Q1", *ON).code == 0
    assert "更正 2013年第1期" in house("bulletin", "list", *ON).out
    assert house("bulletin", "files", "2", "-o", str(tmp_path / "out"), *ON).code == 0
    kept = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert kept == {path.name: path.read_bytes() for path in (house.home / "bulletins").iterdir() if path.name in kept}
    assert house("bulletin", "files", "9", *ON).err.startswith("error[unknown-paper]")


def test_figures_are_traced(house):
    traced = json.loads(house("bulletin", "trace", "2013Q1", "not_started", "--json", *ON).out)
    assert [task["bucket"] for task in traced["tasks"]] == ["not_started"]
    assert traced["tasks"][0]["entries"][0]["act"] == "issue"
    assert "plan-1 第 " in house("bulletin", "trace", "2013Q1", *ON).out
    assert house("bulletin", "trace", "2013Q1", "speed", *ON).err.startswith("error[unknown-figure]")


def test_a_draft_that_is_not_used(house):
    assert house("bulletin", "show", "2013Q1", *ON).err.startswith("error[no-draft]")
    house("bulletin", "draft", "2013Q1", *ON)
    assert house("bulletin", "discard", "2013Q1", "--reason", "数字有疑问", *ON).code == 0
    assert house("bulletin", "approve", "2013Q1", *ON).err.startswith("error[no-draft]")


def test_figures_without_lists_are_the_bulletins(house):
    whole = json.loads(house("bulletin", "2013Q1", "--json", *ON).out)
    alone = json.loads(house("bulletin", "2013Q1", "--figures", "--json", *ON).out)
    assert alone == {name: part for name, part in whole.items() if name not in ("lagging", "next")} | {"schema": "duban/bulletin-figures/1"}
    told = house("bulletin", "2013Q1", "--figures", *ON)
    assert (told.code, f"共 {whole['totals']['tasks']} 项任务" in told.out) == (0, True)
