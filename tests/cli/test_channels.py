"""`duban channel`: what there is, and a line sent on one of them."""

import json
from email import message_from_bytes
from email.policy import default

import pytest

from tests.notify.robot_server import KEY, Reply, robot_house


@pytest.fixture
def group(house):
    with robot_house() as there:
        path = house.home / "channels.toml"
        path.write_text(f'[robots.group]\nkind = "wecom"\nurl = "{there.url}"\n', encoding="utf-8")
        path.chmod(0o600)
        yield there


def test_the_list_shows_no_key(house, group):
    shown = house("channel", "list")
    assert shown.code == 0
    assert f"group\t企业微信机器人\t127.0.0.1:{group.port}\t每分钟 20 条\t否" in shown.out
    listed = json.loads(house("channel", "list", "--json").out)
    assert [(way["name"], way["kind"], way["drops_twins"]) for way in listed] == [("mail", "mail-folder", True), ("group", "wecom", False)]
    assert KEY not in shown.out + json.dumps(listed)


def test_a_line_goes_out(house, group):
    done = house("channel", "test", "group", "--to", "zhang.san", "--yes", "--as", "office", "--on", "2013-04-08")
    assert (done.code, done.out.startswith("已交给 group")) == (0, True)
    (asked,) = group.asked
    assert asked.json["markdown"]["content"].startswith("**【督办提醒】渠道试验（2013年4月8日）**\n<@zhang.san>\n")


def test_a_line_as_a_file(house):
    assert house("channel", "test", "mail", "--yes", "--as", "office", "--on", "2013-04-08").code == 0
    (path,) = (house.home / "outbox").iterdir()
    assert "渠道试验" in message_from_bytes(path.read_bytes(), policy=default)["Subject"]


def test_what_is_refused(house, group):
    group.otherwise = Reply({"errcode": 93000, "errmsg": f"invalid webhook url {KEY}"})
    for arguments, code in (
        (("group", "--yes", "--as", "office"), "channel-failed"),
        (("nobody", "--yes", "--as", "office"), "unknown-channel"),
        (("group", "--yes"), "no-account"),
        (("group", "--yes", "--as", "kjt"), "no-right"),
    ):
        refused = house("channel", "test", *arguments, "--on", "2013-04-08")
        assert (refused.code, refused.out, f"error[{code}]" in refused.err) == (1, "", True), refused
        assert KEY not in refused.err
    needs = house("channel", "test", "mail", "--yes", "--as", "office", DUBAN_SMTP_HOST="127.0.0.1")
    assert "error[no-address]" in needs.err


def test_without_a_yes_nothing_goes_out(house, group):
    asked = house("channel", "test", "group", "--as", "office")
    assert (asked.code, "--yes" in asked.err) == (2, True)
    assert not group.asked
