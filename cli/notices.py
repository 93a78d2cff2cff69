"""`duban notice`: formal notices, prepared by the program, issued or set aside by a person, signed for by the unit."""

from dataclasses import asdict
from typing import Annotated

import typer

from cli.desk import Desk, open_desk, parse_day
from cli.notice_sheet import print_draft, print_notice, print_notices
from cli.output import JsonOption, note, print_json, say
from cli.papers import FormatOption, OutputOption, is_agreed, posting_json, write_paper
from cli.urging import urge, urged
from models.notice import NoticeLevel, NoticeState
from reports.notice_paper import notice_paper
from rules.notice_words import level_name
from rules.texts import _
from runtime.channels import routes_of
from services.notice_issuing import IssueOrder, NoticePress, issue_notice, preview_issue
from services.notice_list import NoticeFilter, NoticeRow, issued_view, list_notices, show_notice
from services.notices import prepare_notices, receive_notice, set_aside_notice

app = typer.Typer(no_args_is_help=True, add_completion=False)

NoticeId = Annotated[int, typer.Argument(metavar="NOTICE", help=_("通知单序号（不是文号）"))]
Limit = Annotated[str | None, typer.Option(metavar="DATE", help=_("督办时限；不写则从今天起按规则计算"))]
Demand = Annotated[str, typer.Option(metavar="TEXT", help=_("督办要求；不写则用该级别的通常写法"))]
Contact = Annotated[str | None, typer.Option(metavar="TEXT", help=_("联系人和电话，写入通知单"))]


@app.command("prepare", help=_("按规则准备当天应发的通知单，等人签发；重复运行不会重复准备"))
def prepare(as_json: JsonOption = False) -> None:
    """Prepare notices."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        report = prepare_notices(session, occasion)
        rows = [row for row in list_notices(session, NoticeFilter(), occasion.day) if row.id in report.notice_ids]
    if as_json:
        print_json({**asdict(report), "notices": [_json(row) for row in rows]})
        return
    say(
        _("{day} 新准备通知单 {count} 件；待签发共 {waiting} 件").format(
            day=report.day, count=len(rows), waiting=sum(report.waiting.values())
        )
    )
    if rows:
        print_notices(rows)


@app.command("list", help=_("列出通知单"))
def list_all(
    state: Annotated[NoticeState | None, typer.Option(help=_("状态"))] = None,
    level: Annotated[NoticeLevel | None, typer.Option(help=_("级别"))] = None,
    plan: Annotated[int | None, typer.Option(help=_("计划编号"))] = None,
    task: Annotated[int | None, typer.Option(help=_("任务编号"))] = None,
    as_json: JsonOption = False,
) -> None:
    """List notices."""
    with open_desk() as desk, desk.reading() as (session, actor):
        rows = list_notices(session, NoticeFilter(state, level, plan, task), desk.day, actor)
    if as_json:
        print_json([_json(row) for row in rows])
    elif rows:
        print_notices(rows)
    else:
        say(_("没有符合条件的通知单"))


@app.command("show", help=_("查看一件通知单；-o 写出文件，未签发的写出草稿"))
def show(notice: NoticeId, output: OutputOption = None, face: FormatOption = None, as_json: JsonOption = False) -> None:
    """Show a notice, and write it into a file where one is asked for: an issued one in Word byte for byte as it went out."""
    with open_desk() as desk, desk.reading() as (session, actor):
        row = show_notice(session, notice, desk.day, actor)
        if as_json:
            print_json(_json(row))
            return
        print_notice(row)
        if output is None and face is None:
            return
        view = issued_view(session, notice) if row.sha256 else None
        if view is None:
            view = preview_issue(session, notice, IssueOrder(), _press(desk), desk.occasion(session)).paper
        kept = {"docx": desk.context.store.read(row.sha256)} if row.sha256 else {}
        write_paper(desk, notice_paper(view), face, output, kept)


@app.command("issue", help=_("签发：先给出发给谁、发什么，问过再编号发出"))
def issue(
    notice: NoticeId,
    limit: Limit = None,
    demand: Demand = "",
    contact: Contact = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("不再询问"))] = False,
    as_json: JsonOption = False,
) -> None:
    """Issue a notice."""
    order = IssueOrder(demand, parse_day(limit) if limit else None, contact)
    with open_desk() as desk:
        with desk.reading() as (session, _actor):
            draft = preview_issue(session, notice, order, _press(desk), desk.occasion(session))
        if not as_json:
            print_draft(draft)
        if not is_agreed(_("签发这件通知单吗？"), yes=yes, by_program=as_json):
            if as_json:
                print_json({"done": False, "draft": draft.paper, **posting_json(draft.postings)})
            else:
                say(_("没有签发；看过以上内容后，加 --yes 签发"))
            return
        with desk.acting() as (session, occasion):
            issued = issue_notice(session, notice, order, _press(desk), occasion)
    if as_json:
        said = {"done": True, "notice": notice, "doc_no": issued.doc_no, "limit_on": issued.paper.limit_on, "sha256": issued.sha256}
        print_json({**said, **posting_json(issued.postings)})
        return
    say(_("已签发 {doc_no}（{level}）").format(doc_no=issued.doc_no, level=level_name(issued.paper.level)))
    if issued.message_ids:
        say(_("{count} 封消息已放入发件箱，下次发送时送出（duban remind 立即发送）").format(count=len(issued.message_ids)))
    note(_("纸质件：duban notice show {id} -o 通知单.docx").format(id=notice))


app.command("urge", help=_("催办单：催办一个单位或一项任务，预览或印发（--issue）"))(urge)
app.command("urged", help=_("登记电话催办：打给了谁、怎样答复；日期用 --on"))(urged)


@app.command("receipt", help=_("登记签收：签收人和日期（--on）"))
def receipt(notice: NoticeId, by: Annotated[str, typer.Option("--by", metavar="NAME", help=_("签收人"))]) -> None:
    """Record a receipt."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        receive_notice(session, notice, by, occasion)
    say(_("通知单 {id} 由 {name} 于 {day} 签收；已记入台账").format(id=notice, name=by.strip(), day=occasion.day))


@app.command("set-aside", help=_("搁置一件未签发的通知单，写明理由；同一事由不再准备"))
def set_aside(notice: NoticeId, reason: Annotated[str, typer.Option(help=_("理由"))]) -> None:
    """Set a notice aside."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        set_aside_notice(session, notice, reason, occasion)
    say(_("通知单 {id} 已搁置；已记入台账").format(id=notice))


def _press(desk: Desk) -> NoticePress:
    settings = desk.context.settings
    return NoticePress(desk.context.store, routes_of(settings), settings.office, desk.context.press.printing)


def _json(row: NoticeRow) -> dict[str, object]:
    return {**asdict(row), "is_stale": row.is_stale}
