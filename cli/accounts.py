"""`duban account`: who may act."""

from typing import Annotated, Literal

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, print_table, say
from models.account import AccountRole
from rules.rights import role_name, state_name
from rules.texts import _
from services.accounts import add_account, list_accounts

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


@app.command("list", help=_("列出账号"))
def list_all(as_json: JsonOption = False) -> None:
    """List the accounts."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        accounts = list_accounts(session)
    if as_json:
        print_json(accounts)
        return
    print_table([_("账号"), _("角色"), _("单位"), _("状态")], [(a.name, role_name(a.role), a.unit, state_name(a.state)) for a in accounts])
