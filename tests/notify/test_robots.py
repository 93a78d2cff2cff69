"""Robots of three houses: what they get, what their answers mean, and that nothing of their keys is ever said."""

import base64
import hashlib
import hmac
import logging
from dataclasses import replace

import pytest

from notify.channel import ChannelDownError, DeliveryError, parts_of
from notify.dingtalk import DingTalk
from notify.feishu import Feishu
from notify.hook import Hook
from notify.robots import Robot
from notify.webhook import Webhook
from notify.wecom import WeCom
from rules.rates import Rate
from tests.notify.mail_server import free_port
from tests.notify.robot_server import KEY, SECRET, Reply, robot_house
from tests.notify.test_smtp import MAIL, certificate, server_context

__all__ = ["certificate"]
IN_CHAT = replace(MAIL, address="", text="甲局：\n\n[3] 示范行动\n时限：2013年12月31日\n")
TAKEN = {"wecom": {"errcode": 0, "errmsg": "ok"}, "dingtalk": {"errcode": 0, "errmsg": "ok"}, "feishu": {"code": 0, "msg": "success"}}
DIALECTS = {"wecom": WeCom(), "dingtalk": DingTalk(), "feishu": Feishu()}


def robot(house, kind="wecom", *, secret=None, patience=0.6, pauses=None):
    hook = Hook(house if isinstance(house, str) else house.url, secret, patience_seconds=patience)
    return Robot("group", DIALECTS[kind], hook, pause=(pauses if pauses is not None else []).append)


def asked_by(kind, mail, **options):
    with robot_house(otherwise=Reply(TAKEN[kind])) as house:
        channel = robot(house, kind, **options)
        channel.open()
        channel.send(mail)
        channel.close()
    return house.asked


def failing(kind, *replies, mail=IN_CHAT, secret=None):
    with robot_house(*replies, otherwise=Reply(TAKEN[kind])) as house:
        channel = robot(house, kind, secret=secret)
        with pytest.raises(DeliveryError) as failed:
            channel.send(mail)
        channel.close()
    return failed.value


def test_wecom_gets_markdown_that_means_nothing_else():
    (asked,) = asked_by("wecom", replace(IN_CHAT, address="zhang.san"))
    assert asked.query == {"key": [KEY]}
    assert asked.json["msgtype"] == "markdown"
    assert asked.json["markdown"]["content"].splitlines() == [
        f"**{MAIL.subject}**",
        "<@zhang.san>",
        *("甲局：", "", "［3］ 示范行动", "时限：2013年12月31日"),
    ]


def test_wecom_calls_a_mobile_number_in_plain_text():
    (asked,) = asked_by("wecom", replace(IN_CHAT, address="13800001111"))
    assert asked.json["text"]["mentioned_mobile_list"] == ["13800001111"]
    assert "[3] 示范行动" in asked.json["text"]["content"]


@pytest.mark.parametrize(("person", "key"), [("13800001111", "atMobiles"), ("+86-13800001111", "atMobiles"), ("manager4220", "atUserIds")])
def test_dingtalk_names_whom_it_calls_in_both_places(person, key):
    (asked,) = asked_by("dingtalk", replace(IN_CHAT, address=person))
    assert asked.json["at"] == {key: [person], "isAtAll": False}
    assert f"@{person}" in asked.json["markdown"]["text"]
    assert asked.json["markdown"]["title"] == MAIL.subject


def test_dingtalk_is_signed_in_the_query():
    (asked,) = asked_by("dingtalk", IN_CHAT, secret=SECRET)
    stamp = str(int(MAIL.at.timestamp() * 1000))
    wanted = base64.b64encode(hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()).decode()
    assert asked.query == {"key": [KEY], "timestamp": [stamp], "sign": [wanted]}


def test_feishu_gets_rich_text_and_a_signature():
    (asked,) = asked_by("feishu", replace(IN_CHAT, address="ou_18ad"), secret=SECRET)
    post = asked.json["content"]["post"]["zh_cn"]
    assert post["title"] == MAIL.subject
    assert post["content"][0] == [{"tag": "at", "user_id": "ou_18ad"}]
    assert [line[0]["text"] for line in post["content"][1:]] == ["甲局：", " ", "[3] 示范行动", "时限：2013年12月31日"]
    stamp = str(int(MAIL.at.timestamp()))
    wanted = base64.b64encode(hmac.new(f"{stamp}\n{SECRET}".encode(), b"", hashlib.sha256).digest()).decode()
    assert (asked.json["timestamp"], asked.json["sign"]) == (stamp, wanted)


@pytest.mark.parametrize("kind", DIALECTS)
@pytest.mark.parametrize("address", ["all", "@all", "a b", "张三", "x><@all>", "a" * 65])
def test_nobody_is_called_by_such_an_address(kind, address):
    error = failing(kind, mail=replace(IN_CHAT, address=address))
    assert error.permanent


LIMITS = [("wecom", "", 4096), ("wecom", "13800001111", 2048), ("dingtalk", "", 20_000), ("feishu", "ou_1", 20_000)]


@pytest.mark.parametrize(("kind", "person", "limit"), LIMITS)
def test_a_long_message_goes_in_numbered_parts(kind, person, limit):
    lines = [f"第{number}行：一项 *很长* 的“任务”，时限 2013年12月31日 <b> \\ 完" for number in range(600 if limit > 5000 else 70)]
    mail = replace(IN_CHAT, address=person, text="\n".join(lines))
    pauses: list[float] = []
    asked = asked_by(kind, mail, pauses=pauses, secret=None if kind == "wecom" else SECRET)
    assert len(asked) == parts_of(robot("http://127.0.0.1/", kind), mail) > 1
    assert all(len(one.body) <= limit for one in asked)
    assert pauses == [60 / 20 if kind != "feishu" else 60 / 100] * (len(asked) - 1)
    said = "".join(one.body.decode() for one in asked)
    assert all(said.count(f"第{number}行") == 1 for number in range(len(lines)))
    for number, one in enumerate(asked, 1):
        assert f"{MAIL.subject}（{number}/{len(asked)}）" in one.body.decode()
    assert sum(person in one.body.decode() for one in asked) == (1 if person else len(asked))


def test_a_failure_after_the_first_part_leaves_doubt():
    mail = replace(IN_CHAT, text="很长的一行内容\n" * 400)
    error = failing("wecom", Reply(TAKEN["wecom"]), Reply({"errcode": 45009, "errmsg": "api freq out of limit"}), mail=mail)
    assert error.uncertain
    assert "第 2 段" in str(error)


CODES = [
    ("wecom", 45009, "passing"),
    ("wecom", -1, "passing"),
    ("wecom", 99999, "passing"),
    ("wecom", 93000, "down"),
    ("wecom", 40058, "permanent"),
    ("wecom", 60111, "permanent"),
    ("dingtalk", 130101, "passing"),
    ("dingtalk", 410100, "passing"),
    ("dingtalk", 310000, "down"),
    ("dingtalk", 300005, "down"),
    ("dingtalk", 460101, "permanent"),
    ("feishu", 11232, "passing"),
    ("feishu", 19021, "down"),
    ("feishu", 19024, "down"),
    ("feishu", 19002, "permanent"),
]


@pytest.mark.parametrize(("kind", "code", "meaning"), CODES)
@pytest.mark.parametrize("status", [200, 400])
def test_what_a_code_means(kind, code, meaning, status):
    content = {"code": code, "msg": "said so"} if kind == "feishu" else {"errcode": code, "errmsg": "said so"}
    error = failing(kind, Reply(content, status))
    assert isinstance(error, ChannelDownError) == (meaning == "down")
    assert (error.permanent, error.uncertain) == (meaning == "permanent", False)
    assert f"{code} said so" in str(error)


@pytest.mark.parametrize(("words", "permanent"), [("Bad Request", True), ("too many request", False), ("frequency limited psm[x]", False)])
def test_one_code_of_feishu_means_two_things(words, permanent):
    assert failing("feishu", Reply({"code": 9499, "msg": words})).permanent == permanent


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        pytest.param(Reply(b"busy", 429), "passing", id="too many"),
        pytest.param(Reply(b"oops", 500), "passing", id="server trouble"),
        pytest.param(Reply(b"", 503), "passing", id="away"),
        pytest.param(Reply(b"late", 504), "uncertain", id="a gateway that stopped waiting"),
        pytest.param(Reply(b"moved", 302, headers={"Location": f"http://127.0.0.1/{KEY}"}), "down", id="moved"),
        pytest.param(Reply(b"gone", 404), "down", id="not there"),
        pytest.param(Reply(b"too large", 413), "permanent", id="too large"),
        pytest.param(Reply(b"<html>log in here</html>"), "down", id="a page that wants a log-in"),
        pytest.param(Reply({"errcode": "0"}), "down", id="a code that is none"),
        pytest.param(Reply([0]), "down", id="a list"),
        pytest.param(Reply(b"[" * 60_000), "down", id="nested without end"),
        pytest.param(Reply(after=1.5), "uncertain", id="too slow"),
        pytest.param(Reply(drip=True), "uncertain", id="a byte at a time"),
        pytest.param(Reply(cut=True), "uncertain", id="cut off"),
    ],
)
def test_what_other_answers_mean(reply, meaning):
    error = failing("wecom", reply)
    assert isinstance(error, ChannelDownError) == (meaning == "down")
    assert (error.permanent, error.uncertain) == (meaning == "permanent", meaning == "uncertain")


def test_a_redirect_is_not_followed():
    with robot_house() as elsewhere:
        moved = Reply(b"", 307, headers={"Location": elsewhere.url})
        with robot_house(moved) as house, pytest.raises(ChannelDownError):
            robot(house).send(IN_CHAT)
    assert not elsewhere.asked


@pytest.mark.parametrize(
    ("url", "why"),
    [
        pytest.param("http://127.0.0.1:{port}/x?key=" + KEY, "对方拒绝连接", id="nobody listens"),
        pytest.param("http://nowhere.invalid/x?key=" + KEY, "找不到这台主机", id="no such host"),
    ],
)
def test_nobody_there_is_the_channels_fault(url, why):
    with pytest.raises(ChannelDownError, match=why):
        robot(url.format(port=free_port())).send(IN_CHAT)


def test_a_certificate_nobody_knows_is_not_trusted(certificate):
    with robot_house(context=server_context(certificate)) as house:
        url = house.url.replace("http://127.0.0.1", "https://localhost")
        with pytest.raises(ChannelDownError, match="证书不可信"):
            robot(url).send(IN_CHAT)
        Robot("group", WeCom(), Hook(url, ca_file=certificate)).send(IN_CHAT)
    assert len(house.asked) == 1


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch):
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port()}")
    assert len(asked_by("wecom", IN_CHAT)) == 1


def test_the_files_rates_go_before_the_houses():
    assert Robot("r", WeCom(), Hook("https://x.example/"), (Rate(5, 60),)).rates == (Rate(5, 60),)
    assert Robot("r", Feishu(), Hook("https://x.example/")).rates == (Rate(100, 60), Rate(5, 1))
    assert Robot("r", Feishu(), Hook("https://x.example/"), (Rate(50, 60),)).rates == (Rate(50, 60), Rate(5, 1))


LEAKS = [
    Reply({"errcode": 93000, "errmsg": f"invalid webhook url {KEY}, see https://robot.example/?key={KEY} {SECRET}"}),
    Reply({"errcode": 40058, "errmsg": f"bad {SECRET[:20]} {SECRET}"}),
    Reply(f"no robot {KEY} with {SECRET}".encode(), 404),
    Reply(f"{SECRET} {KEY}".encode(), 500),
    Reply(b"", 302, headers={"Location": f"http://127.0.0.1/?key={KEY}"}),
    Reply(after=1.5),
    Reply(cut=True),
    Reply(TAKEN["wecom"]),
]


@pytest.mark.parametrize(
    "make", [lambda hook: Robot("group", DingTalk(), hook), lambda hook: Webhook("group", hook)], ids=["robot", "hook"]
)
def test_neither_address_nor_key_is_ever_said(make, caplog):
    caplog.set_level(logging.DEBUG)
    said = []
    with robot_house(*LEAKS) as house:
        urls = [house.url] * len(LEAKS) + [f"http://127.0.0.1:{free_port()}/robot/{KEY}?key={KEY}"]
        for url in urls:
            channel = make(Hook(url, SECRET, patience_seconds=0.6))
            said += [repr(channel), repr(vars(channel)), str(channel)]
            channel.open()
            try:
                channel.send(IN_CHAT)
            except DeliveryError as error:
                said += [str(error), repr(error), repr(error.__cause__), repr(error.args)]
            channel.close()
    said += [record.getMessage() + repr(record.args) for record in caplog.records]
    assert len(said) > 3 * len(LEAKS)
    for secret in (KEY, SECRET):
        assert not [words for words in said if secret in words]
