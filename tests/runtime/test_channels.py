"""The channels file: what it makes, and what is refused, named by file, robot and entry and never repeating a key."""

import os
import ssl

import pytest

from notify.channel import MAIL
from notify.robots import Robot
from notify.smtp import SmtpChannel
from notify.webhook import Webhook
from rules.errors import DubanError
from rules.rates import Rate
from runtime.channels import routes_of, ways_out
from runtime.settings import read_settings

SECRET = "SECdeadbeefcafe0123456789"
ALL = f"""
[robots.office-group]
kind = "wecom"
url = "https://robot.example.cn/cgi-bin/webhook/send?key={SECRET}"

[robots.bureau]
kind = "dingtalk"
url = "https://ding.example.cn:8443/robot/send?access_token={SECRET}"
secret = "{SECRET}"
per_minute = 10

[robots.county]
kind = "feishu"
url = "https://fly.example.cn/hook/{SECRET}"

[robots.portal]
kind = "webhook"
url = "http://127.0.0.1:9000/duban"
secret = "{SECRET}"
drops_twins = true
per_second = 2
"""


def house(tmp_path, content, mode=0o600, **settings):
    path = tmp_path / "channels.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return read_settings(home=tmp_path, **settings)


def test_a_house_without_the_file_has_mail_only(tmp_path):
    routes = routes_of(read_settings(home=tmp_path))
    assert (len(list(routes)), dict(routes.robots)) == (1, {})


def test_what_the_file_makes(tmp_path):
    routes = routes_of(house(tmp_path, ALL))
    assert [type(routes.leading(name)) for name in ("office-group", "bureau", "county", "portal")] == [Robot, Robot, Robot, Webhook]
    assert [channel.name for channel in routes.robots.values()] == ["office-group", "bureau", "county", "portal"]
    assert routes.leading("bureau").rates == (Rate(10, 60),)
    assert routes.leading("county").rates == (Rate(100, 60), Rate(5, 1))
    assert routes.leading("portal").rates == (Rate(2, 1),)
    assert [channel.drops_twins for channel in routes.robots.values()] == [False, False, False, True]
    assert not any(channel.needs_address for channel in routes.robots.values())


def test_what_people_may_see_of_it(tmp_path):
    settings = house(tmp_path, ALL)
    ways = ways_out(settings)
    assert [(way.name, way.kind, way.where) for way in ways] == [
        (MAIL, "mail-folder", str(tmp_path / "outbox")),
        ("bureau", "dingtalk", "ding.example.cn:8443"),
        ("county", "feishu", "fly.example.cn"),
        ("office-group", "wecom", "robot.example.cn"),
        ("portal", "webhook", "127.0.0.1:9000"),
    ]
    assert SECRET not in repr(ways) + repr(settings) + repr(routes_of(settings))


def test_another_place_can_be_set(tmp_path):
    house(tmp_path, ALL)
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text("")
    elsewhere.chmod(0o600)
    assert not routes_of(read_settings(home=tmp_path, channels=elsewhere)).robots
    with pytest.raises(DubanError, match="打不开"):
        routes_of(read_settings(home=tmp_path, channels=tmp_path / "missing.toml"))


def one(name="group", **entries):
    written = {"kind": '"dingtalk"', "url": f'"https://robot.example.cn/send?access_token={SECRET}"'} | entries
    lines = [f"{entry} = {value}" for entry, value in written.items() if value is not None]
    return "\n".join([f'[robots."{name}"]', *lines]) + "\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(one(kind='"slack"'), "[robots.group] 的 kind", id="kind"),
        pytest.param(one(kind=None), "[robots.group] 的 kind", id="no kind"),
        pytest.param(one(url=None), "url 没有写", id="no address"),
        pytest.param(one(url=f'"http://robot.example.cn/{SECRET}"'), "http:// 只能用于本机", id="unprotected"),
        pytest.param(one(url=f'"ftp://robot.example.cn/{SECRET}"'), "不是网址", id="no page"),
        pytest.param(one(url=f'"https://user:{SECRET}@robot.example.cn/"'), "不是网址", id="a log-in in the address"),
        pytest.param(one(url=f'"https://[::{SECRET}"'), "不是网址", id="broken"),
        pytest.param(one(url=f'"https://robot.example.cn:99999/{SECRET}"'), "不是网址", id="port"),
        pytest.param(one(url="7"), "url 应为文字", id="a number"),
        pytest.param(one(secret='"short"'), "secret 太短", id="short key"),
        pytest.param(one(kind='"wecom"', secret=f'"{SECRET}"'), "secret 企业微信", id="a key where there is none"),
        pytest.param(one(per_minute="0"), "per_minute 应为 1 以上的整数", id="rate 0"),
        pytest.param(one(per_second="true"), "per_second 应为 1 以上的整数", id="rate no number"),
        pytest.param(one(per_hour="3"), "per_hour 不认识", id="unknown entry"),
        pytest.param(one(drops_twins="true"), "drops_twins 只有 webhook", id="a robot does not drop twins"),
        pytest.param(one(drops_twins='"yes"'), "drops_twins 应为 true 或 false", id="twins no word"),
        pytest.param(one(ca_file='"none.pem"'), "ca_file 没有这个文件", id="no such authority"),
        *[
            pytest.param(one(name), "机器人名称", id=f"named {name or 'nothing'}")
            for name in ("mail", "smtp", "mail-folder", "", "Group", "群", "a" * 41)
        ],
        pytest.param(f'robots = ["{SECRET}"]', "只应有", id="a list"),
        pytest.param(f'[robots]\ngroup = "{SECRET}"', "应为一节", id="no section"),
        pytest.param(f'[robot.group]\nurl = "{SECRET}"', "只应有", id="another name of the section"),
        pytest.param(f'[robots.group]\nurl = "{SECRET}', "末尾", id="not closed"),
        pytest.param(f"[robots.group]\nurl = {SECRET}", "第 2 行第 7 列", id="no quotes"),
        pytest.param(b"[robots.group]\nurl = '\xff\xfe'", "UTF-8", id="not UTF-8"),
    ],
)
def test_what_is_refused(tmp_path, content, said):
    with pytest.raises(DubanError, match="bad-channels") as refused:
        routes_of(house(tmp_path, content))
    assert said in str(refused.value)
    assert "channels.toml" in str(refused.value)
    assert SECRET not in str(refused.value) + repr(refused.value.__cause__)


@pytest.mark.skipif(os.name != "posix", reason="other systems keep rights elsewhere")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o620])
def test_what_others_can_read_is_refused(tmp_path, mode):
    with pytest.raises(DubanError, match="chmod 600"):
        routes_of(house(tmp_path, ALL, mode))


def test_an_authority_of_ones_own_for_the_mail_server(tmp_path):
    settings = {"smtp_host": "mail.example.cn"}
    for content in (None, "no certificate"):
        path = tmp_path / "ca.pem"
        if content:
            path.write_text(content)
        with pytest.raises(DubanError, match="DUBAN_SMTP_CA_FILE"):
            routes_of(read_settings(home=tmp_path, smtp_ca_file=path, **settings))
    mail = routes_of(read_settings(home=tmp_path, **settings)).mail
    assert isinstance(mail, SmtpChannel)
    context = mail._connections[0]._context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
