"""What the holder of an account sees to himself: his log-ins and the tokens of his programs."""

from datetime import datetime
from typing import Annotated, Literal

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, print_table, say
from models.access import TokenScope
from rules.texts import _
from runtime.clock import TIMEZONE
from services.access.log_ins import end_own_log_in, list_own_log_ins
from services.access.tokens import NewToken, end_token, list_tokens, make_token
from services.occasion import Occasion

own_token_app = typer.Typer(no_args_is_help=True, add_completion=False)


def log_ins(
    end: Annotated[int | None, typer.Option(metavar="ID", help=_("退出这个编号的登录"))] = None, as_json: JsonOption = False
) -> None:
    """List or end one's own log-ins."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        if end is not None:
            end_own_log_in(session, end, occasion.actor, occasion.at)
        rows = list_own_log_ins(session, _own_id(occasion), occasion.at, desk.context.policy)
    if as_json:
        print_json(rows)
        return
    heads = [_("编号"), _("地址"), _("登录时间"), _("最近使用"), _("浏览器")]
    print_table(heads, [(row.id, row.address, _moment(row.started_at), _moment(row.seen_at), row.agent) for row in rows])


@own_token_app.command("add", help=_("建立接口令牌，只显示一次"))
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("给哪个程序用"))],
    scope: Annotated[Literal["read", "write"], typer.Option(help=_("read 只能查看，write 可以办理"))] = "read",
    days: Annotated[int, typer.Option(help=_("有效天数，最多 366"))] = 90,
) -> None:
    """Make a token."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        secret = make_token(session, occasion.actor, NewToken(name, TokenScope(scope), days), occasion.at)
    say(_("接口令牌（只显示这一次）：{token}").format(token=secret))


@own_token_app.command("list", help=_("列出自己的接口令牌"))
def list_all(as_json: JsonOption = False) -> None:
    """List one's own tokens."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        rows = list_tokens(session, _own_id(occasion), occasion.at)
    if as_json:
        print_json(rows)
        return
    words = {TokenScope.READ: _("查看"), TokenScope.WRITE: _("办理")}
    heads = [_("编号"), _("给谁用"), _("范围"), _("有效至"), _("最近使用")]
    print_table(heads, [(row.id, row.name, words[row.scope], _moment(row.expires_at), _moment(row.seen_at)) for row in rows])


@own_token_app.command("end", help=_("停用一个接口令牌"))
def end(token: Annotated[int, typer.Argument(metavar="ID", help=_("令牌的编号"))]) -> None:
    """End a token."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        end_token(session, token, occasion.actor, "", occasion.at)
    say(_("令牌 {number} 已停用").format(number=token))


def _own_id(occasion: Occasion) -> int:
    assert occasion.actor.account_id is not None
    return occasion.actor.account_id


def _moment(instant: datetime | None) -> str:
    return f"{instant.astimezone(TIMEZONE):%Y-%m-%d %H:%M}" if instant else ""
