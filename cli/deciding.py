"""What offices decide on a task beside its review: `duban task suspend|resume|cancel|reassign`, and `duban task review` of a report."""

from typing import Annotated

import typer

from cli.desk import open_desk, parse_day
from cli.output import say
from rules.errors import DubanError
from rules.texts import _
from rules.transitions import TaskEvent, event_name
from services.decisions import cancel_task, reassign_task, resume_task, suspend_task
from services.reviews import Verdict, review_report

TaskId = Annotated[int, typer.Argument(metavar="TASK", help=_("任务编号"))]
Basis = Annotated[str, typer.Option(metavar="TEXT", help=_("依据的文件"))]


def register(app: typer.Typer) -> None:
    """Add the commands to `duban task`."""
    app.command("suspend", help=_("挂起：暂不考核、不提醒"))(suspend)
    app.command("resume", help=_("恢复承办；期限不变，除非另定"))(resume)
    app.command("cancel", help=_("终止"))(cancel)
    app.command("reassign", help=_("改由另一单位牵头，须重新签收"))(reassign)
    app.command("review", help=_("审核一期进展：通过或退回重报"))(review)


def suspend(task: TaskId, basis: Basis) -> None:
    """Suspend."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        suspend_task(session, task, basis, occasion)
    _tell(task, TaskEvent.SUSPEND)


def resume(task: TaskId, basis: Basis, due: Annotated[str | None, typer.Option(metavar="DATE", help=_("新的期限"))] = None) -> None:
    """Resume."""
    due_on = parse_day(due) if due else None
    with open_desk() as desk, desk.acting() as (session, occasion):
        resume_task(session, task, basis, occasion, due_on)
    _tell(task, TaskEvent.RESUME)


def cancel(task: TaskId, basis: Basis) -> None:
    """Cancel."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        cancel_task(session, task, basis, occasion)
    _tell(task, TaskEvent.CANCEL)


def reassign(
    task: TaskId,
    to: Annotated[str, typer.Option(metavar="UNIT", help=_("新的牵头单位"))],
    basis: Basis,
    keep_as_support: Annotated[bool, typer.Option("--keep-as-support", help=_("原牵头单位改为配合单位"))] = False,
) -> None:
    """Hand to another lead."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        told = reassign_task(session, task, to, basis, occasion, keep_as_support=keep_as_support)
    text = _("任务 {task} 由 {old} 改为 {new} 牵头，待签收；已记入台账")
    say(text.format(task=task, old=told["old_lead"], new=told["lead"]))


def review(
    task: TaskId,
    period: Annotated[str, typer.Option(help=_("哪一季度的进展，如 2013Q3"))],
    accept: Annotated[bool, typer.Option("--accept", help=_("审核通过"))] = False,
    send_back: Annotated[str | None, typer.Option("--return", metavar="REASON", help=_("退回重报的理由"))] = None,
) -> None:
    """Review a report."""
    if accept is (send_back is not None):
        raise DubanError("bad-verdict", _("请写明 --accept（通过）或 --return 理由（退回），二者选一"))
    verdict = Verdict(accept, send_back or "")
    with open_desk() as desk, desk.acting() as (session, occasion):
        review_report(session, task, period, verdict, occasion)
    outcome = _("审核通过") if accept else _("退回，须重报")
    say(_("任务 {task} 的 {period} 进展：{outcome}；已记入台账").format(task=task, period=period, outcome=outcome))


def _tell(task: int, event: TaskEvent) -> None:
    say(_("任务 {task}：{event} 已记入台账").format(task=task, event=event_name(event)))
