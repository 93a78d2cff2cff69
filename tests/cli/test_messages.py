"""Previews, messages and templates as a user meets them."""

import json

import pytest

ON = ("--on", "2013-03-28")


@pytest.fixture
def reminded(house_after):
    """A house with a contact for the leading unit, whose reminders of a day went out."""
    return house_after(remind)


def remind(house, _folder):
    for number in ("1", "4"):
        assert house("task", "acknowledge", number, "--as", "kjt", "--on", "2013-01-08").code in (0, 1)
    assert house("unit", "contact", "省科技厅", "kjt@example.cn", "--name", "张联络", "--as", "office", "--on", "2013-01-08").code == 0


def test_a_preview_word_for_word(reminded, tmp_path):
    folder = tmp_path / "preview"
    said = reminded("remind", "--dry-run", "--full", "-o", str(folder), "--as", "watch", *ON)
    assert said.code == 0
    assert "―― 给 张联络（省科技厅）" in said.out
    assert "主题：【督办提醒】" in said.out
    assert {path.suffix for path in folder.iterdir()} == {".eml", ".html", ".txt"}
    assert not json.loads(reminded("message", "list", "--json").out)


def test_only_a_preview_can_be_looked_at(reminded):
    refused = reminded("remind", "--full", "--as", "watch", *ON)
    assert (refused.code, "only-preview" in refused.err) == (1, True)


def test_a_message_and_why(reminded):
    assert reminded("remind", "--as", "watch", *ON).code == 0
    (listed,) = json.loads(reminded("message", "list", "--day", "2013-03-28", "--json").out)
    assert listed["state"] == "sent"
    shown = reminded("message", "show", "1").out
    assert listed["message_id"] in shown
    assert "已接收" in shown
    why = json.loads(reminded("message", "why", "省科技厅", "--day", "2013-03-28", "--json").out)
    assert why["message_ids"] == [1]
    assert any("已说过" in sentence for sentence in why["sentences"])
    assert "not-to-settle" in reminded("message", "give-up", "1", "--reason", "问过", "--as", "watch", *ON).err
    assert "arrived-or-lost" in reminded("message", "settle", "1", "--as", "watch", *ON).err


def test_a_template_of_ones_own(reminded):
    assert "系统自带" in reminded("template", "list").out
    assert reminded("template", "export", "reminder/subject.txt").code == 0
    place = reminded.home / "templates" / "reminder" / "subject.txt.j2"
    assert "没有改动" in reminded("template", "export", "reminder/subject.txt").out
    place.write_text("本厅摘要（{{ day }}）", encoding="utf-8")
    assert "1 个改过的模板都可以用" in reminded("template", "check").out
    assert "主题：本厅摘要（2013年3月28日）" in reminded("remind", "--dry-run", "--full", "--as", "watch", *ON).out
    place.write_text("{{ nonsense }}", encoding="utf-8")
    checked = reminded("template", "check")
    assert (checked.code, "第 1 行" in checked.out) == (3, True)
    assert "nonsense" in reminded("remind", "--as", "watch", *ON).err
    assert "unknown-template" in reminded("template", "export", "letter").err
