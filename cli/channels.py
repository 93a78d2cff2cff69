"""`duban channel`: the ways messages leave the house, and a line sent on one of them to see that it works."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from cli.desk import Desk, open_desk
from cli.output import JsonOption, print_json, print_table, say
from notify.channel import DeliveryError, Mail
from rules.errors import DubanError
from rules.rates import Rate
from rules.rights import Act, refuse_without_right
from rules.texts import _
from rules.words import day_words
from runtime.channels import WayOut, ways_out
from runtime.settings import read_settings
from services.occasion import Occasion

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("list", help=_("列出渠道：邮件、群机器人、接口；不显示密钥"))
def list_all(as_json: JsonOption = False) -> None:
    """List the channels."""
    found = ways_out(read_settings())
    if as_json:
        print_json([_facts(way) for way in found])
        return
    heads = [_("名称"), _("种类"), _("去向"), _("频率限制"), _("重复自动去除")]
    print_table(
        heads, [(way.name, _kind(way.kind), way.where, _rates(way), _("是") if way.channel.drops_twins else _("否")) for way in found]
    )


@app.command("test", help=_("试发一条消息，看渠道是否畅通"))
def try_one(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("渠道名称：mail 或机器人名"))],
    to: Annotated[str, typer.Option("--to", metavar="ADDRESS", help=_("收件地址；机器人则为要提醒的人，可不写"))] = "",
    yes: Annotated[bool, typer.Option("--yes", help=_("不再询问，直接发送"))] = False,
) -> None:
    """Send one line."""
    with open_desk() as desk:
        with desk.reading() as (session, _actor):
            occasion = desk.occasion(session)
        refuse_without_right(occasion.actor, Act.REMIND)
        way = _named(ways_out(desk.context.settings), name)
        if way.channel.needs_address and not to:
            raise DubanError("no-address", _("渠道 {name} 需要收件地址，请加 --to").format(name=name))
        if not yes and not _agreed(way):
            say(_("没有发送"))
            return
        _send(way, _line(desk, occasion, to))
    say(_("已交给 {name}（{where}），请到对方那里查看").format(name=name, where=way.where))


def _agreed(way: WayOut) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise typer.BadParameter(_("这里无法询问，确定要发出请加 --yes"))
    return typer.confirm(_("经 {name}（{where}）发出一条试验消息吗？").format(name=way.name, where=way.where), default=False)


def _send(way: WayOut, mail: Mail) -> None:
    try:
        way.channel.open()
        way.channel.send(mail)
    except DeliveryError as error:
        raise DubanError("channel-failed", _("渠道 {name} 不通：{reason}").format(name=way.name, reason=error)) from None
    finally:
        way.channel.close()


def _line(desk: Desk, occasion: Occasion, to: str) -> Mail:
    office = desk.context.settings.office or _("督办机构")
    text = _("{office}的督办系统在试验这条渠道，收到即为畅通，不必答复。").format(office=office)
    return Mail(
        id=0,
        message_id=f"test.{occasion.at:%Y%m%d%H%M%S%f}",
        unit=office,
        name=to or office,
        address=to,
        day=occasion.day,
        at=occasion.at,
        subject=_("【督办提醒】渠道试验（{day}）").format(day=day_words(occasion.day)),
        text=f"{text}\n",
        html=f"<p>{text}</p>\n",
    )


def _named(found: Sequence[WayOut], name: str) -> WayOut:
    way = next((way for way in found if way.name == name), None)
    if way is None:
        known = _("、").join(way.name for way in found)
        raise DubanError("unknown-channel", _("没有名为“{name}”的渠道，现有 {known}").format(name=name, known=known))
    return way


def _facts(way: WayOut) -> dict[str, object]:
    rates = [{"count": rate.count, "seconds": rate.seconds} for rate in way.channel.rates]
    return {"name": way.name, "kind": way.kind, "where": way.where, "rates": rates, "drops_twins": way.channel.drops_twins}


def _kind(kind: str) -> str:
    return {
        "smtp": _("邮件服务器"),
        "mail-folder": _("邮件文件夹"),
        "wecom": _("企业微信机器人"),
        "dingtalk": _("钉钉机器人"),
        "feishu": _("飞书机器人"),
        "webhook": _("接口"),
    }.get(kind, kind)


def _rates(way: WayOut) -> str:
    return _("、").join(_rate(rate) for rate in way.channel.rates) or _("不限")


def _rate(rate: Rate) -> str:
    if rate.seconds == 60:
        return _("每分钟 {count} 条").format(count=rate.count)
    return _("每 {seconds:g} 秒 {count} 条").format(seconds=rate.seconds, count=rate.count)
