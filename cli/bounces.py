"""`duban message bounces`: mail that came back, read from files or folders of .eml; without any, the addresses that do not receive."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.desk import open_desk
from cli.output import JsonOption, note, print_json, print_table, progress, say
from rules.errors import DubanError
from rules.texts import _
from rules.words import channel_word
from runtime.channels import routes_of
from services.bounces import BouncedMail, BounceReport, failing_addresses, note_bounces

_LARGEST_BYTES = 20 * 1024 * 1024


def bounces(
    places: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE|DIR…", help=_("退信的 .eml 文件，或放退信的文件夹；不写则列出收不到的地址"))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Mark the messages that came back, or list the addresses that fail."""
    if not places:
        _list_failing(as_json)
        return
    files = _files(places)
    with open_desk() as desk, desk.acting() as (session, occasion):
        report = note_bounces(session, _contents(files), routes_of(desk.context.settings), occasion)
    if as_json:
        print_json(report)
    else:
        _tell(report)


def _list_failing(as_json: bool) -> None:
    with open_desk() as desk, desk.reading() as (session, _actor):
        found = failing_addresses(session)
    if as_json:
        print_json(found)
    elif not found:
        say(_("没有收不到的地址"))
    else:
        rows = [(one.unit or _("本机构"), one.name, channel_word(one.channel), one.address, one.message_id, one.error) for one in found]
        print_table([_("单位"), _("收件"), _("渠道"), _("地址"), _("最近一条消息"), _("原因")], rows)


def _files(places: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for place in places:
        if place.is_dir():
            found += sorted(path for path in place.iterdir() if path.suffix.lower() == ".eml" and path.is_file())
        elif place.is_file():
            found.append(place)
        else:
            raise DubanError("file-missing", _("找不到“{name}”").format(name=place))
    return found


def _contents(files: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    for path in progress(files, _("读退信")):
        try:
            if path.stat().st_size > _LARGEST_BYTES:
                raise DubanError("file-too-large", _("“{name}”超过 20 MB，不像退信").format(name=path.name))
            yield path.name, path.read_bytes()
        except OSError as error:
            raise DubanError("file-unreadable", _("“{name}”打不开：{reason}").format(name=path.name, reason=error.strerror)) from None


def _tell(report: BounceReport) -> None:
    groups = (
        (_("被退回，已登记"), report.bounced),
        (_("以前已登记"), report.known),
        (_("对方服务器还在尝试，暂不登记"), report.delayed),
    )
    for head, mails in groups:
        if mails:
            say(_("{head}（{count}）").format(head=head, count=len(mails)))
            print_table([_("消息"), _("收件"), _("地址"), _("原因"), _("改发"), _("文件")], [_row(mail) for mail in mails])
    if report.bounced:
        note(_("地址不对的，请用 duban unit contact 更换；改好后可用 duban message resend 重发"))
    for name in report.not_ours:
        note(_("“{name}”是退信，但不是退本系统发出的消息").format(name=name))
    for name in report.no_bounce:
        note(_("“{name}”不是退信").format(name=name))
    if not any(mails for _head, mails in groups):
        say(_("没有要登记的退信"))


def _row(mail: BouncedMail) -> tuple[object, ...]:
    return mail.message_id, mail.name, mail.address, mail.reason, mail.fallback_id, mail.file
