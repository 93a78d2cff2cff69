"""`duban task`: see tasks, and one transition each."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.deciding import register as register_decisions
from cli.desk import open_desk, parse_day
from cli.handing_down import register
from cli.milestones import tell_criterion
from cli.notice_sheet import print_notices
from cli.output import JsonOption, print_json, say
from cli.task_list import register as register_list
from cli.task_sheet import print_history, print_requests, print_sheet
from rules.errors import DubanError
from rules.texts import _
from rules.transitions import TaskEvent, event_name
from services.chronology import chronology
from services.notice_list import NoticeFilter, list_notices
from services.progress import ProgressInput, record_progress
from services.queries import show_task, task_history
from services.report_values import Amount
from services.request_list import RequestFilter, list_requests
from services.rule_sets import rule_set_on
from services.tasks import acknowledge_task, close_task, complete_task, reopen_task, return_task, submit_task

app = typer.Typer(no_args_is_help=True, add_completion=False)
register_list(app)
register(app)
register_decisions(app)

TaskId = Annotated[int, typer.Argument(metavar="TASK", help=_("任务编号"))]
Reason = Annotated[str, typer.Option(help=_("理由"))]


@app.command("show", help=_("查看一项任务；--history 显示全部经过"))
def show(
    task: TaskId, history: Annotated[bool, typer.Option("--history", help=_("显示全部经过"))] = False, as_json: JsonOption = False
) -> None:
    """Show a task."""
    with open_desk() as desk, desk.reading() as (session, actor):
        sheet = show_task(session, task, desk.day, rule_set_on(session, desk.day), actor)
        requests = list_requests(session, RequestFilter(task_id=task, as_of=desk.day), actor)
        notices = list_notices(session, NoticeFilter(task_id=task), desk.day, actor)
        acts = task_history(session, task, desk.day, actor) if history and as_json else []
        lines = chronology(session, task, desk.day, actor).lines if history and not as_json else ()
    if as_json:
        shown = {**asdict(sheet), "requests": requests, "notices": notices}
        print_json({"task": shown, "history": acts} if history else shown)
        return
    print_sheet(sheet)
    print_requests(requests)
    if notices:
        print_notices(notices)
    print_history(lines)


@app.command("acknowledge", help=_("签收"))
def acknowledge(task: TaskId) -> None:
    """Acknowledge receipt."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        acknowledge_task(session, task, occasion)
    _tell(task, TaskEvent.ACKNOWLEDGE)


@app.command("report", help=_("填报进展：数量为自任务开始的累计数，写 +N 则为比上次增加 N；没有变化用 --no-change"))
def report(
    task: TaskId,
    value: Annotated[
        list[str] | None, typer.Option(metavar="MEASURE=N", help=_("指标=累计数量，或 指标=+本期增加数；逐个达到的写 指标@单位=数量"))
    ] = None,
    text: Annotated[str, typer.Option(help=_("进展情况"))] = "",
    problem: Annotated[str | None, typer.Option(help=_("存在问题"))] = None,
    next_step: Annotated[str | None, typer.Option("--next", help=_("下步打算"))] = None,
    evidence: Annotated[list[Path] | None, typer.Option(metavar="FILE", help=_("佐证材料，可多次"))] = None,
    period: Annotated[str | None, typer.Option(help=_("填报哪一季度，如 2013Q3；不写则为当季（季后填报期内为上季）"))] = None,
    no_change: Annotated[bool, typer.Option("--no-change", help=_("本期没有变化：沿用上次的数量，不必再写"))] = False,
    correction: Annotated[str | None, typer.Option(metavar="REASON", help=_("通报已印发的期间须写明补报或更正的原因"))] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help=_("数量远超目标，已核对无误"))] = False,
) -> None:
    """Record progress."""
    said = ProgressInput(
        values=dict(parse_value(written) for written in value or []),
        text=text,
        problem=problem,
        next_step=next_step,
        period=period,
        evidence=tuple(evidence or ()),
        is_unchanged=no_change,
        correction=correction,
        is_confirmed=confirm,
    )
    with open_desk() as desk, desk.acting() as (session, occasion):
        filed = record_progress(session, task, said, desk.context.store, occasion)
    say(_("任务 {task} 的 {period} 进展已填报（第 {revision} 次）").format(task=task, period=filed.period, revision=filed.revision))


def parse_value(written: str) -> tuple[str, Amount]:
    """Read `MEASURE=N` or `MEASURE=+N`; a measure may itself hold an equals sign."""
    measure, equals, number = written.rpartition("=")
    number = number.strip()
    try:
        value = float(number)
    except ValueError:
        value = float("nan")
    if not equals or not measure.strip() or value != value:
        raise DubanError("bad-value", _("看不懂 --value {written}，请写成 指标=数量").format(written=written))
    return measure.strip(), Amount(value, number.startswith("+"))


@app.command("submit", help=_("申请办结"))
def submit(task: TaskId, reason: Annotated[str | None, typer.Option(help=_("未达目标时的说明"))] = None) -> None:
    """Hand in for review."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        submit_task(session, task, reason, occasion)
    tell_criterion(task)
    _tell(task, TaskEvent.SUBMIT)


@app.command("return", help=_("退回"))
def send_back(task: TaskId, reason: Reason, limit: Annotated[str | None, typer.Option(metavar="DATE", help=_("新的时限"))] = None) -> None:
    """Send back for rework."""
    limit_on: date | None = parse_day(limit) if limit else None
    with open_desk() as desk, desk.acting() as (session, occasion):
        return_task(session, task, reason, occasion, limit_on)
    _tell(task, TaskEvent.RETURN)


@app.command("complete", help=_("办结"))
def complete(task: TaskId) -> None:
    """Accept the submission."""
    tell_criterion(task)
    with open_desk() as desk, desk.acting() as (session, occasion):
        complete_task(session, task, occasion)
    _tell(task, TaskEvent.COMPLETE)


@app.command("close", help=_("销号"))
def close(task: TaskId) -> None:
    """Write off."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        close_task(session, task, occasion)
    _tell(task, TaskEvent.CLOSE)


@app.command("reopen", help=_("回头看：重新承办"))
def reopen(task: TaskId, reason: Reason) -> None:
    """Take up again."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        reopen_task(session, task, reason, occasion)
    _tell(task, TaskEvent.REOPEN)


def _tell(task: int, event: TaskEvent) -> None:
    say(_("任务 {task}：{event} 已记入台账").format(task=task, event=event_name(event)))
