"""`duban remind`: who is reminded of what on a day, now or as a preview."""

from collections.abc import Sequence
from typing import Annotated

import typer

from cli.desk import open_desk
from cli.output import JsonOption, note, print_json, print_table, say
from rules.texts import _
from runtime.reminding import run_reminders
from services.outbox import resend_message
from services.remind_report import RemindedMessage, RemindReport

app = typer.Typer(add_completion=False)


@app.command()
def remind(
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只预览，不写不发"))] = False,
    resend: Annotated[int | None, typer.Option(metavar="MESSAGE", help=_("重发一封不知是否送达的消息"))] = None,
    as_json: JsonOption = False,
) -> None:
    """Remind whoever is due."""
    with open_desk() as desk:
        if resend is not None:
            with desk.acting() as (session, occasion):
                resend_message(session, resend, occasion)
        with desk.reading() as (session, _actor):
            occasion = desk.occasion(session)
        report = run_reminders(
            desk.context.settings, desk.context.engine, occasion, rules=desk.context.rules_on(desk.day), only_preview=dry_run
        )
    if as_json:
        print_json(report)
    else:
        _tell(report)


def _tell(report: RemindReport) -> None:
    for text in report.notes:
        note(text)
    groups = (
        (_("预览：将发给"), report.planned),
        (_("已发"), report.sent),
        (_("未发"), report.not_sent),
        (_("不知是否送达（核实后可用 --resend 编号 重发）"), report.uncertain),
    )
    for head, messages in groups:
        if messages:
            say(_("{head}（{count}）").format(head=head, count=len(messages)))
            print_table([_("编号"), _("收件"), _("地址"), _("任务"), _("原因"), _("说明")], _rows(messages))
    if not any(messages for _head, messages in groups):
        say(_("{day} 没有要提醒的事项").format(day=report.day))


def _rows(messages: Sequence[RemindedMessage]) -> list[tuple[object, ...]]:
    return [
        (message.message_id, message.name, message.address, f"{line.task_id} {line.task}", line.why, message.reason)
        for message in messages
        for line in message.lines
    ]
