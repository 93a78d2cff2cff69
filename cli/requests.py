"""`duban request`: lead units ask for time, another lead, a pause, an end or other targets; offices answer."""

from typing import Annotated

import typer

from cli.desk import open_desk, parse_day
from cli.output import JsonOption, print_json, print_table, say
from cli.replies import reply
from cli.task_sheet import answer_words
from models.request import RequestKind, RequestState
from rules.errors import DubanError
from rules.requests import Figure, Terms, kind_name, terms_words
from rules.texts import _
from services.request_list import RequestFilter, list_requests
from services.requests import Approval, RequestInput, approve_request, file_request, refuse_request, withdraw_request

app = typer.Typer(no_args_is_help=True, add_completion=False)

RequestId = Annotated[int, typer.Argument(metavar="REQUEST", help=_("申请编号"))]
Due = Annotated[str | None, typer.Option(metavar="DATE", help=_("延期：新的期限"))]
To = Annotated[str | None, typer.Option(metavar="UNIT", help=_("退办：改由哪个单位牵头"))]
Days = Annotated[int | None, typer.Option(metavar="N", help=_("暂缓：挂起多少天"))]
Targets = Annotated[list[str] | None, typer.Option("--target", metavar="MEASURE=N", help=_("调整目标：指标=数量，范围写 指标=4-6；可多次"))]


@app.command("file", help=_("牵头单位提出申请；提出后期限照算，直到批准"))
def file(
    task: Annotated[int, typer.Argument(metavar="TASK", help=_("任务编号"))],
    kind: Annotated[RequestKind, typer.Argument(metavar="KIND", help="extension, reassignment, suspension, cancellation, target_change")],
    reason: Annotated[str, typer.Option(help=_("理由"))],
    progress: Annotated[str, typer.Option(help=_("目前进展；不写则用最近一次填报"))] = "",
    due: Due = None,
    to: To = None,
    days: Days = None,
    target: Targets = None,
) -> None:
    """File a request."""
    asked = RequestInput(kind, reason, progress, terms_said(due, to, days, target))
    with open_desk() as desk, desk.acting() as (session, occasion):
        number = file_request(session, task, asked, occasion)
    say(_("任务 {task} 的{kind}申请已提出，编号 {id}；答复前期限照算").format(task=task, kind=kind_name(kind), id=number))


@app.command("approve", help=_("批准；可以写与请求不同的值"))
def approve(
    request: RequestId,
    due: Due = None,
    to: To = None,
    days: Days = None,
    target: Targets = None,
    words: Annotated[str, typer.Option(metavar="TEXT", help=_("批复意见"))] = "",
    keep_as_support: Annotated[bool, typer.Option("--keep-as-support", help=_("退办：原牵头单位改为配合单位"))] = False,
) -> None:
    """Approve a request."""
    approval = Approval(terms_said(due, to, days, target), words, keep_as_support)
    with open_desk() as desk, desk.acting() as (session, occasion):
        granted = approve_request(session, request, approval, occasion)
    say(_("第 {id} 号申请已批准：{terms}").format(id=request, terms=terms_words(granted) or _("照办")))


@app.command("refuse", help=_("不批准，写明理由"))
def refuse(request: RequestId, reason: Annotated[str, typer.Option(help=_("理由"))]) -> None:
    """Refuse a request."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        refuse_request(session, request, reason, occasion)
    say(_("第 {id} 号申请未批准，任务照原来的要求办理").format(id=request))


app.command("reply", help=_("批复：把对申请的决定写成文件，预览或印发（--issue）"))(reply)


@app.command("withdraw", help=_("提出单位撤回还没有答复的申请"))
def withdraw(request: RequestId) -> None:
    """Withdraw a request."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        withdraw_request(session, request, occasion)
    say(_("第 {id} 号申请已撤回").format(id=request))


@app.command("list", help=_("列出申请及其答复"))
def list_all(
    task: Annotated[int | None, typer.Option(help=_("任务编号"))] = None,
    unit: Annotated[str | None, typer.Option(help=_("提出单位名称或其中几个字"))] = None,
    kind: Annotated[RequestKind | None, typer.Option(help=_("种类"))] = None,
    state: Annotated[RequestState | None, typer.Option(help=_("状态：filed 待答复、approved、refused、withdrawn"))] = None,
    as_json: JsonOption = False,
) -> None:
    """List requests."""
    with open_desk() as desk, desk.reading() as (session, actor):
        rows = list_requests(session, RequestFilter(task, unit, kind, state, desk.day), actor)
    if as_json:
        print_json(rows)
        return
    heads = [_("申请"), _("任务"), _("事项"), _("单位"), _("种类"), _("提出日期"), _("理由"), _("请求"), _("答复")]
    cells = [
        (row.id, row.task, row.title, row.unit, kind_name(row.kind), row.filed_on, row.reason, terms_words(row.wanted), answer_words(row))
        for row in rows
    ]
    print_table(heads, cells)


def terms_said(due: str | None, to: str | None, days: int | None, targets: list[str] | None) -> Terms:
    """Return the values that options give."""
    return Terms(parse_day(due) if due else None, to, days, dict(_target_said(written) for written in targets or []))


def _target_said(written: str) -> tuple[str, Figure]:
    measure, _equals, said = written.rpartition("=")
    low, is_range, high = said.strip().partition("-")
    try:
        figure: Figure = (float(low), float(high)) if is_range else float(low)
    except ValueError:
        measure = ""
    if not measure.strip():
        raise DubanError("bad-value", _("看不懂 --target {written}，请写成 指标=数量，范围写成 指标=4-6").format(written=written))
    return measure.strip(), figure
