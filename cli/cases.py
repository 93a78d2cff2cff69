"""`duban case`: cases to hold to account and to praise, from a rule's proposal to the verified rectification. The program proposes; people decide."""

from dataclasses import asdict
from typing import Annotated

import typer

from cli import case_serving
from cli.case_serving import CaseId, Demand, DemandBy, Words
from cli.case_sheet import print_case, print_cases, print_proposals, say_cautions
from cli.desk import open_desk, parse_day
from cli.output import JsonOption, print_json, say
from cli.papers import FormatOption, OutputOption, write_paper
from models.case import CaseKind, CaseState
from reports.case_paper import case_paper
from reports.imprint import Imprint
from rules.case_transitions import case_state_name
from rules.errors import DubanError
from rules.texts import _
from services.cases.case_files import compile_case_file
from services.cases.case_list import CaseFilter, CaseRow, list_cases, show_case
from services.cases.concluding import Conclusion, approve_case, conclude_case, drop_case
from services.cases.opening import Ground, open_from_notice, open_on_basis, open_proposed
from services.cases.proposals import list_proposals
from services.cases.rectifying import report_rectification, send_back_rectification, verify_rectification
from services.cases.stating import object_to_case, state_on_case

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("propose", help=_("列出按规则应提出的问责和表扬建议，写明规则、事实和台账依据；不立案"))
def propose(
    year: Annotated[int | None, typer.Option(min=1949, max=9998, help=_("哪一年的；不写则为当天所在年份"))] = None,
    as_json: JsonOption = False,
) -> None:
    """List proposals."""
    with open_desk() as desk, desk.reading() as (session, actor):
        rows = list_proposals(session, desk.day, year, actor)
    if as_json:
        print_json([asdict(row) for row in rows])
    elif rows:
        print_proposals(rows)
    else:
        say(_("没有可提出的建议"))


@app.command("list", help=_("列出案卷"))
def list_all(
    state: Annotated[CaseState | None, typer.Option(help=_("状态"))] = None,
    kind: Annotated[CaseKind | None, typer.Option(help=_("问责或表扬"))] = None,
    as_json: JsonOption = False,
) -> None:
    """List cases."""
    with open_desk() as desk, desk.reading() as (session, actor):
        rows = list_cases(session, CaseFilter(state, kind), desk.day, actor)
    if as_json:
        print_json([asdict(row) for row in rows])
    elif rows:
        print_cases(rows)
    else:
        say(_("没有符合条件的案卷"))


@app.command("open", help=_("立案：依据建议（--proposal）、问责建议通知单（--notice），或另写依据（--task --basis）"))
def open_(
    proposal: Annotated[str | None, typer.Option(metavar="KEY", help=_("建议的编号，见 duban case propose"))] = None,
    notice: Annotated[int | None, typer.Option(metavar="NOTICE", help=_("问责建议通知单的序号"))] = None,
    task: Annotated[list[int] | None, typer.Option(metavar="TASK", help=_("任务编号，可以写几次"))] = None,
    unit: Annotated[str | None, typer.Option(metavar="UNIT", help=_("哪个承担单位；不写则为牵头单位"))] = None,
    basis: Annotated[str, typer.Option(metavar="TEXT", help=_("立案依据"))] = "",
    effect: Annotated[str, typer.Option(metavar="TEXT", help=_("影响的说明"))] = "",
    kind: Annotated[CaseKind, typer.Option(help=_("问责或表扬"))] = CaseKind.ACCOUNTABILITY,
) -> None:
    """Open a case."""
    if [proposal, notice, task or None].count(None) != 2:
        raise DubanError("bad-ground", _("立案请写且只写一种来源：--proposal、--notice 或 --task"))
    with open_desk() as desk, desk.acting() as (session, occasion):
        if proposal is not None:
            number = open_proposed(session, proposal, occasion, basis)
        elif notice is not None:
            number = open_from_notice(session, notice, occasion, basis)
        else:
            first, *more = task or [0]
            number = open_on_basis(session, first, Ground(basis, kind, unit, tuple(more), effect), occasion)
        row = show_case(session, number, desk.day)
    say(_("已立案：案卷 {id}，{number}，{unit}；已记入台账").format(id=row.id, number=row.number, unit=row.unit))


@app.command("show", help=_("查看一件案卷；-o 或 --format 写出案卷文件"))
def show(case: CaseId, format_: FormatOption = None, output: OutputOption = None, as_json: JsonOption = False) -> None:
    """Show a case."""
    with open_desk() as desk, desk.reading() as (session, actor):
        row = show_case(session, case, desk.day, actor)
        is_file = as_json or output is not None or format_ is not None
        file = compile_case_file(session, case, desk.day, actor) if is_file else None
        paper = case_paper(file, Imprint(office=desk.context.press.office)) if file else None
        if paper is not None and as_json:
            print_json(paper.data)
            return
        print_case(row)
        if paper is not None:
            write_paper(desk, paper, format_, output)


@app.command("statement", help=_("登记单位的陈述；还没有送达的结论须重新拟写"))
def statement(case: CaseId, text: Words) -> None:
    """Enter a statement."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        state_on_case(session, case, text, occasion)
        row = show_case(session, case, desk.day)
    _say_done(row)


@app.command("conclude", help=_("拟写结论：结论由人写，对事不对人；程序只提示应再核对之处"))
def conclude(
    case: CaseId,
    text: Words,
    effect: Annotated[str, typer.Option(metavar="TEXT", help=_("影响的说明"))] = "",
    proposal: Annotated[str, typer.Option(metavar="TEXT", help=_("建议"))] = "",
    body: Annotated[str, typer.Option(metavar="NAME", help=_("有权机关"))] = "",
    demand: Demand = "",
    demand_by: DemandBy = None,
) -> None:
    """Draft a conclusion."""
    said = Conclusion(text, effect, proposal, body, demand, parse_day(demand_by) if demand_by else None)
    with open_desk() as desk, desk.acting() as (session, occasion):
        found = conclude_case(session, case, said, occasion)
        row = show_case(session, case, desk.day)
    say_cautions(found)
    _say_done(row)


@app.command("approve", help=_("批准结论；拟写的人不能批准"))
def approve(case: CaseId) -> None:
    """Approve a conclusion."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        approve_case(session, case, occasion)
        row = show_case(session, case, desk.day)
    _say_done(row)


@app.command("object", help=_("登记单位的异议；送达之日起30日内（规则可改）提出"))
def object_(case: CaseId, text: Words) -> None:
    """Enter an objection."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        object_to_case(session, case, text, occasion)
        row = show_case(session, case, desk.day)
    _say_done(row)


@app.command("rectify", help=_("登记单位报送的整改情况"))
def rectify(case: CaseId, text: Words) -> None:
    """Enter a rectification."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        report_rectification(session, case, text, occasion)
        row = show_case(session, case, desk.day)
    _say_done(row)


@app.command("verify", help=_("核查整改：属实即结案；加 --return 退回继续整改"))
def verify(
    case: CaseId,
    text: Words,
    is_returned: Annotated[bool, typer.Option("--return", help=_("退回继续整改"))] = False,
    demand_by: DemandBy = None,
) -> None:
    """Verify a rectification."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        if is_returned:
            send_back_rectification(session, case, text, occasion, parse_day(demand_by) if demand_by else None)
        else:
            verify_rectification(session, case, text, occasion)
        row = show_case(session, case, desk.day)
    _say_done(row)


@app.command("drop", help=_("撤销一件没有送达的案卷，写明理由；同一建议不再提出"))
def drop(case: CaseId, reason: Annotated[str, typer.Option(metavar="TEXT", help=_("理由"))]) -> None:
    """Drop a case."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        drop_case(session, case, reason, occasion)
        row = show_case(session, case, desk.day)
    _say_done(row)


def _say_done(row: CaseRow) -> None:
    say(_("案卷 {id} 现在是“{state}”；已记入台账").format(id=row.id, state=case_state_name(row.state)))


for name, command, help_ in case_serving.COMMANDS:
    app.command(name, help=help_)(command)
