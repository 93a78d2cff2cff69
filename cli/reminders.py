"""`duban remind`: who is reminded of what on a day, now or as a preview, word for word."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cli.desk import Desk, open_desk
from cli.output import JsonOption, note, print_json, print_table, say
from cli.preview_files import write_previews
from rules.errors import DubanError
from rules.texts import _
from rules.words import channel_word
from runtime.reminding import run_reminders
from services.remind_report import RemindedMessage, RemindReport
from services.resending import resend_message

app = typer.Typer(add_completion=False)


@app.command()
def remind(
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只预览，不写不发"))] = False,
    full: Annotated[bool, typer.Option("--full", help=_("预览时连同主题和正文"))] = False,
    folder: Annotated[Path | None, typer.Option("-o", metavar="DIR", help=_("预览写成 .eml、.html、.txt 文件"))] = None,
    resend: Annotated[int | None, typer.Option(metavar="MESSAGE", help=_("重发一封不知是否送达的消息"))] = None,
    as_json: JsonOption = False,
) -> None:
    """Remind whoever is due."""
    if (full or folder) and not dry_run:
        raise DubanError("only-preview", _("--full 和 -o 只用于预览，请加 --dry-run"))
    with open_desk() as desk:
        report = _run(desk, dry_run, resend)
        written = write_previews(folder, report, desk.context.settings) if folder else 0
    if as_json:
        print_json(report)
        return
    _tell(report)
    for message in report.planned if full else ():
        _tell_texts(message)
    if folder:
        say(_("已把 {count} 封消息写到 {folder}").format(count=written, folder=folder))


def _run(desk: Desk, dry_run: bool, resend: int | None) -> RemindReport:
    if resend is not None:
        with desk.acting() as (session, occasion):
            resend_message(session, resend, occasion)
    with desk.reading() as (session, _actor):
        occasion = desk.occasion(session)
    context = desk.context
    return run_reminders(context.settings, context.engine, occasion, rules=context.rules_on(desk.day), only_preview=dry_run)


def _tell(report: RemindReport) -> None:
    for text in report.notes:
        note(text)
    groups = (
        (_("预览：将发给"), report.planned),
        (_("已发"), report.sent),
        (_("未发"), report.not_sent),
        (_("不知是否送达（核实后用 duban message settle 了结，或 duban message resend 重发）"), report.uncertain),
    )
    for head, messages in groups:
        if messages:
            say(_("{head}（{count}）").format(head=head, count=len(messages)))
            heads = [_("编号"), _("收件"), _("渠道"), _("地址"), _("任务"), _("原因"), _("说明")]
            print_table(heads, _rows(messages))
    if not any(messages for _head, messages in groups):
        say(_("{day} 没有要提醒的事项").format(day=report.day))


def _rows(messages: Sequence[RemindedMessage]) -> list[tuple[object, ...]]:
    return [
        (
            message.message_id,
            message.name,
            channel_word(message.channel),
            message.address,
            f"[{line.task_id}] {line.task}",
            line.why,
            message.reason,
        )
        for message in messages
        for line in message.lines
    ]


def _tell_texts(message: RemindedMessage) -> None:
    if message.texts is None:
        return
    say("")
    say(
        _("―― 给 {name}（{unit}），{channel} {address}").format(
            name=message.name, unit=message.unit, channel=channel_word(message.channel), address=message.address
        )
    )
    say(_("主题：{subject}").format(subject=message.texts.subject))
    say("")
    say(message.texts.text)
