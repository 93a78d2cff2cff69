"""`duban plan`: from a document to a draft, from a draft to issued tasks."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.amending import PlanId, amend_and_tell, close
from cli.comparing import compare
from cli.desk import open_desk
from cli.drafting import DraftJob, known_register, register_findings, tell_changes, with_findings
from cli.output import JsonOption, note, print_json, print_table, progress, say
from cli.sheets import sheets
from intake.checks import check_draft
from intake.draft import DraftPlan, Finding, draft_as_json
from intake.opening import read_draft
from intake.severity import SEVERITIES, gravest_first, severity_words
from models.plan import PlanState, SourceKind
from rules.errors import DubanError
from rules.texts import _
from rules.words import source_kind_word
from services.amending import AmendmentOrder
from services.plans import IssuedPlan, Waiver, issue_plan, list_plans, show_plan

app = typer.Typer(no_args_is_help=True, add_completion=False)

Document = Annotated[Path, typer.Argument(metavar="FILE", help=_("计划文件：.docx .xlsx .pdf .html .csv .txt .md .doc .wps .xls .et"))]
Draft = Annotated[Path, typer.Argument(metavar="DRAFT", help=_("草案：.json，或改过的审核工作簿 .xlsx"))]

SHOWN_TITLE = 30


@app.command("draft", help=_("把计划文件读成草案；不写数据库"))
def draft_plan(
    file: Document,
    kind: Annotated[Literal["json", "xlsx"] | None, typer.Option("--format", help=_("json，或供人修改的审核工作簿 xlsx"))] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="OUT", help=_("写到哪个文件；JSON 不写则输出到屏幕"))] = None,
    base_year: Annotated[int | None, typer.Option(min=1949, max=2100, help=_("文中只写月日时按哪一年算"))] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="OLD", help=_("上次的草案或审核工作簿：列出不同；写成 xlsx 时沿用其中的修改"))
    ] = None,
) -> None:
    """Read a document into a draft."""
    is_workbook = (kind or ("xlsx" if output and output.suffix.lower() == ".xlsx" else "json")) == "xlsx"
    place = output or (Path(f"{file.stem}-review.xlsx") if is_workbook else None)
    job = DraftJob(file, base_year, against, place, is_workbook)
    for step in progress(job.steps(), _("正在读 {name}").format(name=file.name)):
        step()
    if place is None:
        print_json(draft_as_json(job.done))
    _tell_draft(job.done, place)
    if against:
        tell_changes(job)


def _tell_draft(draft: DraftPlan, place: Path | None) -> None:
    tasks = sum(len(item.tasks) for item in draft.items)
    note(
        _("《{title}》：{items} 个事项，其中列明的年度任务 {tasks} 项").format(
            title=draft.plan.title or _("（文件没有写明名称）"), items=len(draft.items), tasks=tasks
        )
    )
    counts = {severity: sum(finding.severity == severity for finding in draft.findings) for severity in SEVERITIES}
    note(_("检查意见：{error} 处须处理，{warning} 处请核对，{info} 处供参考").format(**counts))
    if place:
        note(_("草案已写入 {place}").format(place=place))


@app.command("check", help=_("检查草案；有须处理的问题时退出码为 3"))
def check_plan(draft: Draft, as_json: JsonOption = False) -> None:
    """Print a draft's findings."""
    read = read_draft(draft)
    findings = with_findings(read, (*check_draft(read), *register_findings(read, known_register()))).findings
    if as_json:
        print_json({"findings": [finding.model_dump() for finding in findings]})
    else:
        _print_findings(read, findings)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(3)


def _print_findings(draft: DraftPlan, findings: tuple[Finding, ...]) -> None:
    names = severity_words()
    titles = {item.id: f"{item.number or ''} {item.title}".strip() for item in draft.items}
    if not findings:
        say(_("没有检查意见"))
        return
    rows = [(names[one.severity], one.code, titles.get(one.item or "", ""), one.message) for one in gravest_first(findings)]
    print_table([_("轻重"), _("代码"), _("事项"), _("意见")], rows)


@app.command("issue", help=_("检查并下达草案：生成计划、事项、任务、指标和责任单位"))
def issue(
    draft: Draft,
    waive: Annotated[list[str] | None, typer.Option(metavar="CODE[:ITEM]=REASON", help=_("放行一类问题，并写明理由"))] = None,
    kind: Annotated[
        SourceKind,
        typer.Option(
            "--source",
            help=_("文件的种类：plan 计划，document 文件，minutes 会议纪要，instruction 领导批示，proposal 建议提案；提醒时限可按种类另定"),
        ),
    ] = SourceKind.PLAN,
    as_json: JsonOption = False,
) -> None:
    """Issue a draft in one transaction."""
    read = read_draft(draft)
    waivers = [parse_waiver(written) for written in waive or []]
    with open_desk() as desk, desk.acting() as (session, occasion):
        issued = issue_plan(session, read, waivers, occasion, kind)
    if as_json:
        print_json(issued)
    else:
        _tell_issued(issued, waivers)


def parse_waiver(written: str) -> Waiver:
    """Read `CODE[:ITEM]=REASON`."""
    what, equals, reason = written.partition("=")
    code, _colon, item = what.partition(":")
    if not (equals and code and reason.strip()):
        raise DubanError("bad-waiver", _("看不懂 --waive {written}，请写成 代码=理由 或 代码:事项=理由").format(written=written))
    return Waiver(code.strip(), reason.strip(), item.strip() or None)


def _short(title: str) -> str:
    return title if len(title) <= SHOWN_TITLE else f"{title[: SHOWN_TITLE - 1]}…"


def _tell_issued(issued: IssuedPlan, waivers: Sequence[Waiver]) -> None:
    text = _("已下达计划 {id}《{title}》：{items} 个事项，{tasks} 项任务，新登记单位 {units} 个")
    say(text.format(id=issued.id, title=issued.title, items=issued.item_count, tasks=issued.task_count, units=len(issued.new_units)))
    for waiver in waivers:
        covered = sum(waiver.covers(finding) for finding in issued.waived)
        say(_("已放行 {code}（{count} 处）：{reason}").format(code=waiver.code, count=covered, reason=waiver.reason))
    if issued.skipped_items:
        say(
            _("未交办 {count} 个事项：{titles}").format(
                count=len(issued.skipped_items), titles=_("；").join(_short(title) for title in issued.skipped_items)
            )
        )


@app.command("amend", help=_("按新的草案调整已下达的计划：先列出不同再办理；任务的编号、历史和填报都保留"))
def amend(
    plan: PlanId,
    draft: Draft,
    waive: Annotated[list[str] | None, typer.Option(metavar="CODE[:ITEM]=REASON", help=_("放行一类问题，并写明理由"))] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help=_("调整的依据，例如调整文件的文号"))] = "",
    is_sure: Annotated[bool, typer.Option("--yes", help=_("不再询问，直接办理"))] = False,
    as_json: JsonOption = False,
) -> None:
    """Amend a plan in force."""
    amend_and_tell(plan, draft, AmendmentOrder(reason, tuple(parse_waiver(written) for written in waive or [])), is_sure, as_json)


app.command("close", help=_("结束一个计划，今后不再督办"))(close)
app.command("compare", help=_("计划对照：两个计划或一个计划的两个版本逐项对照，三个以上比较数字"))(compare)


app.command("sheets", help=_("交办单：每个单位一份，预览或印发（--issue）；计划调整后只写更改的任务"))(sheets)


@app.command("list", help=_("列出计划"))
def list_all(as_json: JsonOption = False) -> None:
    """List the plans."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        plans = list_plans(session)
    if as_json:
        print_json(plans)
        return
    rows = [(one.id, one.doc_no, one.title, source_kind_word(one.source_kind), one.item_count, one.task_count) for one in plans]
    print_table([_("编号"), _("文号"), _("计划"), _("种类"), _("事项"), _("任务")], rows)


@app.command("show", help=_("查看一个计划"))
def show(plan: Annotated[int, typer.Argument(metavar="PLAN", help=_("计划编号"))], as_json: JsonOption = False) -> None:
    """Show a plan with its items and tasks."""
    with open_desk() as desk, desk.reading() as (session, actor):
        sheet = show_plan(session, plan, actor)
    if as_json:
        print_json(sheet)
        return
    say(f"《{sheet.title}》 {sheet.doc_no or ''}".rstrip())
    if sheet.source_kind is not SourceKind.PLAN:
        say(_("种类：{kind}").format(kind=source_kind_word(sheet.source_kind)))
    if sheet.version > 1 or sheet.state is PlanState.CLOSED:
        closed = _("，已结束") if sheet.state is PlanState.CLOSED else ""
        say(_("第 {version} 版{closed}").format(version=sheet.version, closed=closed))
    print_table(
        [_("任务"), _("序号"), _("事项"), _("时段"), _("牵头单位"), _("到期")],
        [(t.id, t.number, t.title, t.label, t.lead, t.due_on) for t in sheet.tasks],
    )
