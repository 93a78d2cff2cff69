"""`duban message`: what was sent, or not, to whom, with every attempt; why somebody got no message; and messages in doubt, settled or sent again."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.bounces import bounces
from cli.desk import open_desk, parse_day
from cli.output import JsonOption, print_json, print_table, say
from models.notice import DeliveryOutcome, MessageState
from notify.office_wording import message_state_word
from rules.errors import DubanError
from rules.texts import _
from rules.words import channel_word
from runtime.channels import routes_of
from runtime.clock import today
from services.message_list import MessageFilter, MessageRow, MessageSheet, list_messages, show_message
from services.resending import resend_message
from services.settling import settle_message
from services.why_reminded import WhyQuestion, why_reminded

app = typer.Typer(add_completion=False, no_args_is_help=True)
app.command("bounces", help=_("登记退信：读 .eml 文件或文件夹"))(bounces)

_HERE = ZoneInfo("Asia/Shanghai")

NumberArgument = Annotated[int, typer.Argument(metavar="N", help=_("消息号"))]


@app.command("list", help=_("列出消息"))
def list_(
    day: Annotated[str | None, typer.Option(metavar="DATE", help=_("哪一天的消息"))] = None,
    unit: Annotated[str | None, typer.Option(metavar="TEXT", help=_("单位名称的一部分"))] = None,
    state: Annotated[MessageState | None, typer.Option(help=_("状态"))] = None,
    channel: Annotated[str | None, typer.Option(metavar="NAME", help=_("渠道"))] = None,
    as_json: JsonOption = False,
) -> None:
    """List messages, the newest first."""
    wanted = MessageFilter(parse_day(day) if day else None, unit, state, channel)
    with open_desk() as desk, desk.reading() as (session, actor):
        rows = list_messages(session, wanted, actor)
    if as_json:
        print_json(rows)
        return
    heads = [_("编号"), _("日期"), _("单位"), _("收件"), _("地址"), _("渠道"), _("状态"), _("发出"), _("主题")]
    print_table(heads, [_row(row) for row in rows])


@app.command(help=_("看一封消息：正文、每一次交付、附件"))
def show(number: NumberArgument, as_json: JsonOption = False) -> None:
    """Show one message with everything that is known of it."""
    with open_desk() as desk, desk.reading() as (session, actor):
        sheet = show_message(session, number, actor)
    if as_json:
        print_json(sheet)
    else:
        _tell(sheet)


@app.command(help=_("为什么某人那天收到或没有收到消息"))
def why(
    who: Annotated[str, typer.Argument(metavar="WHO", help=_("单位、联系人姓名、地址或账号"))],
    day: Annotated[str | None, typer.Option("--day", metavar="DATE", help=_("哪一天；否则为 --on 的日期"))] = None,
    task: Annotated[int | None, typer.Option(metavar="TASK", help=_("只问一项任务"))] = None,
    as_json: JsonOption = False,
) -> None:
    """Say why somebody was, or was not, reminded on the day."""
    with open_desk() as desk, desk.reading() as (session, actor):
        asked = parse_day(day) if day else desk.day
        question = WhyQuestion(who, asked, max(asked, today()), task)
        answer = why_reminded(session, question, routes_of(desk.context.settings), desk.context.rules_on(asked), actor)
    if as_json:
        print_json(answer)
        return
    say(_("{who}，{day}：").format(who=_("、").join(answer.who), day=answer.day))
    for sentence in answer.sentences or (_("没有牵头的任务，也没有消息"),):
        say(f"- {sentence}")


@app.command(help=_("重发一封失败、被退回或不知是否送达的消息"))
def resend(number: NumberArgument) -> None:
    """Put a message back into the outbox."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        resend_message(session, number, occasion)
    say(_("消息 {number} 已放回发件箱，下次发送时送出；要马上送出请运行 duban remind").format(number=number))


@app.command(help=_("了结一封失败、被退回或不知是否送达的消息：问明收到了，或不再重发"))
def settle(
    number: NumberArgument,
    has_arrived: Annotated[bool | None, typer.Option("--arrived/--lost", help=_("对方收到了，或没有收到"))] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help=_("怎样核实的，或为什么不再重发"))] = "",
) -> None:
    """Write down what was found out about a message in doubt."""
    if has_arrived is None:
        raise DubanError("arrived-or-lost", _("请写 --arrived（对方收到了）或 --lost（没有收到，不再重发）"))
    with open_desk() as desk, desk.acting() as (session, occasion):
        settle_message(session, number, has_arrived, reason, occasion)
    say(_("消息 {number} 已了结").format(number=number))


@app.command("give-up", help=_("不再重发一封消息，等于 settle --lost"))
def give_up(number: NumberArgument, reason: Annotated[str, typer.Option(metavar="TEXT", help=_("为什么不再重发"))] = "") -> None:
    """Settle a message as lost."""
    settle(number, has_arrived=False, reason=reason)


def _row(row: MessageRow) -> tuple[object, ...]:
    return (row.id, row.day, row.unit, row.name, row.address, channel_word(row.channel), _state(row), _instant(row.sent_at), row.subject)


def _state(row: MessageRow) -> str:
    word = message_state_word(row.state)
    return _("{state}（已了结）").format(state=word) if row.is_settled else word


def _instant(at: datetime | None) -> str:
    return f"{at.astimezone(_HERE):%Y-%m-%d %H:%M:%S}" if at else ""


def _tell(sheet: MessageSheet) -> None:
    row = sheet.row
    facts = [
        (_("消息"), row.id),
        (_("收件"), f"{row.name} <{row.address}>" if row.address else row.name),
        (_("单位"), row.unit),
        (_("渠道"), channel_word(row.channel)),
        (_("日期"), row.day),
        (_("主题"), row.subject),
        (_("状态"), _state(row)),
        (_("发出"), _instant(row.sent_at)),
        (_("退回"), _instant(row.bounced_at)),
        (_("下次再试"), _instant(row.next_attempt_at)),
        (_("错误"), row.error),
        ("Message-ID", row.message_id),
        (_("代替消息"), row.instead_of_id),
        (_("改发为消息"), sheet.replaced_by),
    ]
    print_table([_("项目"), _("内容")], [fact for fact in facts if fact[1] not in (None, "")])
    if sheet.lines:
        print_table([_("任务"), _("原因"), _("期间")], [(f"[{line.task_id}] {line.task}", line.why, line.period) for line in sheet.lines])
    if sheet.attempts:
        rows = [(_instant(one.started_at), _instant(one.ended_at), _outcome(one.outcome), one.error) for one in sheet.attempts]
        print_table([_("开始交付"), _("结束"), _("结果"), _("错误")], rows)
    for name, size in sheet.files:
        say(_("附件：{name}（{size} 字节）").format(name=name, size=size))
    say("")
    say(sheet.text)


def _outcome(outcome: DeliveryOutcome) -> str:
    return {
        DeliveryOutcome.STARTED: _("没有回音"),
        DeliveryOutcome.SENT: _("已接收"),
        DeliveryOutcome.PASSING_ERROR: _("暂时失败"),
        DeliveryOutcome.PERMANENT_ERROR: _("永久失败"),
    }[outcome]
