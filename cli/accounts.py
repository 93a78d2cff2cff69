"""`duban account`: who may act."""

from typing import Annotated, Literal

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, print_table, say
from models.account import AccountRole
from notify.channel import MAIL
from rules.rights import role_name, state_name
from rules.texts import _
from rules.words import channel_word
from services.accounts import AccountRow, Way, add_account, list_accounts, set_account_address

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("add", help=_("新建账号，显示一次性口令"))
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("账号名"))],
    role: Annotated[
        Literal["administrator", "plan_office", "supervisor", "unit"],
        typer.Option(help=_("administrator 系统管理员，plan_office 计划管理部门，supervisor 督查部门，unit 责任单位")),
    ],
    unit: Annotated[str | None, typer.Option(help=_("责任单位账号所属的单位"))] = None,
) -> None:
    """Make an account."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        password = add_account(session, name, AccountRole(role), unit, occasion)
    say(
        _("已新建账号 {name}（{role}），一次性口令：{password}（只显示这一次）").format(
            name=name, role=role_name(AccountRole(role)), password=password
        )
    )


@app.command("address", help=_("计划管理、督查部门的账号在哪里收每日摘要；不写地址则不再发"))
def address(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("账号名"))],
    place: Annotated[str | None, typer.Argument(metavar="ADDRESS", help=_("电子邮件地址，或群机器人里的提醒对象"))] = None,
    channel: Annotated[str | None, typer.Option(metavar="NAME", help=_("渠道：mail 邮件（默认），或群机器人的名字"))] = None,
    language: Annotated[Literal["zh", "en"] | None, typer.Option(help=_("信息用的语言：zh（默认）或 en"))] = None,
) -> None:
    """Say where an office's account gets its digest."""
    way = Way(channel or MAIL, place or "", language) if place is not None or channel else None
    with open_desk() as desk, desk.acting() as (session, occasion):
        set_account_address(session, name, way, occasion)
    if way is None:
        say(_("今后不再向账号 {name} 发每日摘要").format(name=name))
    else:
        say(
            _("账号 {name} 的每日摘要今后发到 {address}（{channel}）").format(
                name=name, channel=channel_word(way.channel), address=way.address
            )
        )


@app.command("list", help=_("列出账号"))
def list_all(as_json: JsonOption = False) -> None:
    """List the accounts."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        accounts = list_accounts(session)
    if as_json:
        print_json(accounts)
        return
    rows = [(a.name, role_name(a.role), a.unit, state_name(a.state), _digest_place(a)) for a in accounts]
    print_table([_("账号"), _("角色"), _("单位"), _("状态"), _("每日摘要")], rows)


def _digest_place(account: AccountRow) -> str:
    if account.address is None:
        return ""
    return account.address if account.channel == MAIL else f"{account.channel} {account.address}".strip()
