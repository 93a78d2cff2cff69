"""`duban account invite` and `invite-units`: links by which people set their own passwords. They are shown or written once, or sent by mail."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.desk import Desk, open_desk
from cli.output import JsonOption, print_json, progress, say
from cli.papers import is_agreed
from models.unit import Unit
from rules.errors import DubanError
from rules.texts import _
from runtime.channels import routes_of
from services.access.invitations import LIVES_DAYS, Invited, invite, invite_units, units_to_invite
from services.access.sending_invitations import InvitationPost, SentInvitations, send_invitations


def invite_one(name: Annotated[str, typer.Argument(metavar="NAME", help=_("账号名"))]) -> None:
    """Make an invitation."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        secret = invite(session, name, occasion)
    say(_("账号 {name} 的邀请（{days} 天内有效，用一次即作废，只显示这一次）：").format(name=name, days=LIVES_DAYS))
    say(_link(desk, secret))


def invite_units_command(
    below: Annotated[str | None, typer.Option(metavar="UNIT", help=_("只邀请这个单位以下的；不写则所有单位"))] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help=_("把链接写成 CSV 文件，表格软件可以打开"))] = None,
    send: Annotated[bool, typer.Option("--send", help=_("同时用邮件发给各单位的联络员"))] = False,
    yes: Annotated[bool, typer.Option("--yes", help=_("不再询问"))] = False,
    as_json: JsonOption = False,
) -> None:
    """Make accounts and invitations for units without an account."""
    with open_desk() as desk:
        post = InvitationPost(routes_of(desk.context.settings), desk.context.settings.public_url, desk.context.settings.office)
        if send:
            post.link("")
        with desk.reading() as (session, _actor):
            units = units_to_invite(session, below, desk.occasion(session).actor)
        if not units:
            raise DubanError("nobody-to-invite", _("要邀请的单位都已有账号；给已有账号的，请用 duban account invite 账号"))
        if not as_json:
            _say_units(units)
        if not is_agreed(_("为这 {count} 个单位建立账号和邀请吗？").format(count=len(units)), yes=yes, by_program=as_json):
            say(_("没有建立；看过以上单位后，加 --yes 建立"))
            return
        _carry_out(desk, below, post if send else None, (output, as_json))


def _carry_out(desk: Desk, below: str | None, post: InvitationPost | None, told: tuple[Path | None, bool]) -> None:
    output, as_json = told
    with desk.acting() as (session, occasion):
        made = invite_units(session, below, desk.context.policy, occasion, lambda found: progress(found, _("正在建立账号")))
        sent = send_invitations(session, made, post, occasion) if post else None
        if output:
            # Inside the transaction: links that cannot be written down are not made.
            _write(output, desk, made)
    if as_json:
        print_json([{"unit": one.unit, "account": one.account, "link": _link(desk, one.secret)} for one in made])
        return
    say(_("已建立 {count} 个账号，链接 {days} 天内有效，各用一次即作废").format(count=len(made), days=LIVES_DAYS))
    if output:
        say(_("链接写在 {path}，只有这一份；发完请删除").format(path=output))
    elif sent is None:
        for one in made:
            say(f"{one.unit}\t{one.account}\t{_link(desk, one.secret)}")
    if sent:
        _say_sent(sent)


def _say_sent(sent: SentInvitations) -> None:
    say(_("{count} 封消息已放入发件箱，下次发送时送出（duban remind 立即发送）").format(count=sent.messages))
    for unit, why in sent.unreached:
        say(_("没有发给{unit}：{why}").format(unit=unit, why=why))


def _say_units(units: Sequence[Unit]) -> None:
    for unit in units:
        say(unit.name)


def _write(path: Path, desk: Desk, made: Sequence[Invited]) -> None:
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_("单位"), _("账号"), _("链接"), _("有效至")])
        writer.writerows((_cell(one.unit), _cell(one.account), _link(desk, one.secret), one.expires_at.isoformat()) for one in made)


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _link(desk: Desk, secret: str) -> str:
    settings = desk.context.settings
    base = settings.public_url.rstrip("/") if settings.public_url else f"http://{settings.host}:{settings.port}"
    return f"{base}/invitations/{secret}"
