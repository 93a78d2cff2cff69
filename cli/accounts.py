"""`duban account`: who may act, what becomes of accounts, and how their holders come in."""

from typing import Annotated, Literal

import typer

from cli.desk import open_desk
from cli.invitations import invite_one, invite_units_command
from cli.output import JsonOption, print_json, print_table, say
from cli.own_account import log_ins, own_token_app
from models.account import AccountRole
from notify.channel import MAIL
from rules.rights import role_name, state_name
from rules.texts import _
from rules.words import channel_word
from services.access.account_changes import (
    approve_account,
    give_password,
    lock_account,
    remove_second_factor,
    require_second_factor,
    set_role,
    unlock_account,
)
from services.accounts import AccountRow, NewAccount, Way, add_account, list_accounts, set_account_address

app = typer.Typer(no_args_is_help=True, add_completion=False)
app.command("invite", help=_("生成邀请链接：本人打开后自己设置口令"))(invite_one)
app.command("invite-units", help=_("为还没有账号的单位各建一个账号和邀请链接"))(invite_units_command)
app.command("log-ins", help=_("列出自己在哪些浏览器登录着；加 --end 退出其中一个"))(log_ins)
app.add_typer(own_token_app, name="token", help=_("接口令牌：别的程序以自己的名义查看或办理"))

Name = Annotated[str, typer.Argument(metavar="NAME", help=_("账号名"))]
Unit = Annotated[str | None, typer.Option(help=_("账号所属的单位；责任单位必填，计划管理、督查部门填了只管这个单位以下"))]


@app.command("add", help=_("新建账号，显示一次性口令"))
def add(
    name: Name,
    role: Annotated[
        Literal["administrator", "security_administrator", "audit_administrator", "plan_office", "supervisor", "unit"],
        typer.Option(
            help=_(
                "administrator 系统管理员，security_administrator 安全管理员，audit_administrator 审计管理员，"
                "plan_office 计划管理部门，supervisor 督查部门，unit 责任单位"
            )
        ),
    ],
    unit: Unit = None,
) -> None:
    """Make an account."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        password = add_account(session, NewAccount(name, AccountRole(role), unit), desk.context.policy, occasion)
        waits = any(row.name == name and row.state.value == "waiting" for row in list_accounts(session))
    text = _("已新建账号 {name}（{role}），一次性口令：{password}（只显示这一次，7 天内有效）")
    say(text.format(name=name, role=role_name(AccountRole(role)), password=password))
    if waits:
        say(_("这个账号要等安全管理员批准后才能使用：duban account approve {name}").format(name=name))


@app.command("role", help=_("改账号的角色和所属单位（安全管理员）；三种管理员的角色不能改"))
def role(
    name: Name,
    to: Annotated[Literal["plan_office", "supervisor", "unit"], typer.Argument(metavar="ROLE", help=_("plan_office、supervisor 或 unit"))],
    unit: Unit = None,
) -> None:
    """Give another role."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        set_role(session, name, AccountRole(to), unit, occasion)
    say(_("账号 {name} 今后是{role}；已登录的随即退出").format(name=name, role=role_name(AccountRole(to))))


@app.command("lock", help=_("停用账号，已登录的随即退出"))
def lock(name: Name) -> None:
    """Lock an account."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        lock_account(session, name, occasion)
    say(_("账号 {name} 已停用，已登录的随即退出").format(name=name))


@app.command("unlock", help=_("恢复停用的账号"))
def unlock(name: Name) -> None:
    """Unlock an account."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        unlock_account(session, name, occasion)
    say(_("账号 {name} 已恢复使用").format(name=name))


@app.command("approve", help=_("批准新建的账号（安全管理员）"))
def approve(name: Name) -> None:
    """Approve a new account."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        approve_account(session, name, occasion)
    say(_("账号 {name} 已批准").format(name=name))


@app.command("password", help=_("重置口令，显示一次性口令；原来的登录、令牌、邀请随即作废"))
def password(name: Name) -> None:
    """Give a one-time password."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        given = give_password(session, name, occasion)
    say(_("账号 {name} 的一次性口令：{password}（只显示这一次，7 天内有效）").format(name=name, password=given))


@app.command("second-factor", help=_("要求或不再要求动态码；手机丢失时停用（安全管理员）"))
def second_factor(
    name: Name,
    deed: Annotated[
        Literal["require", "waive", "remove"],
        typer.Argument(metavar="require|waive|remove", help=_("require 要求启用，waive 不再要求，remove 停用已启用的")),
    ],
) -> None:
    """Ask for a second factor, or take it away."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        if deed == "remove":
            remove_second_factor(session, name, occasion)
        else:
            require_second_factor(session, name, deed == "require", occasion)
    done = {
        "require": _("账号 {name} 今后须启用动态码才能办理"),
        "waive": _("不再要求账号 {name} 启用动态码"),
        "remove": _("账号 {name} 的动态码已停用，本人可以重新启用"),
    }[deed]
    say(done.format(name=name))


@app.command("address", help=_("计划管理、督查部门的账号在哪里收每日摘要；不写地址则不再发"))
def address(
    name: Name,
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
    rows = [(a.name, role_name(a.role), a.unit, state_name(a.state), _entry_words(a), _digest_place(a)) for a in accounts]
    print_table([_("账号"), _("角色"), _("单位"), _("状态"), _("登录"), _("每日摘要")], rows)


def _entry_words(account: AccountRow) -> str:
    if account.role is AccountRole.SYSTEM:
        return ""
    if not account.has_password:
        return _("没有口令")
    if account.has_second_factor:
        return _("口令和动态码")
    return _("口令，要求动态码") if account.needs_second_factor else _("口令")


def _digest_place(account: AccountRow) -> str:
    if account.address is None:
        return ""
    return account.address if account.channel == MAIL else f"{account.channel} {account.address}".strip()
