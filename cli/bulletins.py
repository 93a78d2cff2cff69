"""`duban bulletin`: the supervision report of a period, previewed, traced to the ledger, and taken out of the archive. Drafts: `bulletin_drafts`; issues: `bulletin_issuing`."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from cli import bulletin_drafts, bulletin_issuing
from cli.bulletin_desk import FaceName, OutFile, PeriodCode, PlanIds, order_of, print_summary, write_bulletin
from cli.bulletin_figures import print_figures
from cli.default_command import WriteByDefault
from cli.desk import open_desk
from cli.output import JsonOption, note, print_json, print_table, say
from models.publication import DraftState, PublicationKind
from reports.bulletin import BUCKETS, as_json
from reports.bulletin_edits import NO_EDITS
from reports.faces import face_of
from rules.errors import DubanError
from rules.texts import _
from rules.words import bucket_word
from services.bulletins.compiling import compile_bulletin, compile_whole
from services.bulletins.drafting import open_drafts
from services.bulletins.tracing import trace, written_on
from services.papers.archive import PaperFilter, list_papers
from services.papers.filing import Archived, write_files

app = typer.Typer(cls=WriteByDefault, no_args_is_help=True, add_completion=False)


@app.command("write", help=_("按当前台账写出通报（预览，不编号）"))
def write(
    period: PeriodCode,
    plan: PlanIds = None,
    face: FaceName = None,
    output: OutFile = None,
    is_figures: Annotated[bool, typer.Option("--figures", help=_("只要数字：总数、各单位、各事项，不列任务"))] = False,
    as_json_: JsonOption = False,
) -> None:
    """Write a bulletin."""
    if face:
        face_of(face)
    with open_desk() as desk:
        if is_figures:
            with desk.reading() as (_session, actor):
                order = replace(order_of(desk, period, plan), reader=actor)
            print_figures(desk, order, as_json_=as_json_)
            return
        is_paper = bool(face or output) and not as_json_
        with desk.reading() as (session, actor):
            order = replace(order_of(desk, period, plan), reader=actor)
            view = compile_whole(session, order, desk.day) if is_paper else compile_bulletin(session, order, desk.day)
        if as_json_:
            print_json(as_json(view))
        elif is_paper:
            write_bulletin(desk, view, NO_EDITS, face, output)
        else:
            print_summary(view)
            note(_("加 -o 文件名.docx（或 .pdf、.html、.xlsx、.md）可写成文件"))


@app.command("trace", help=_("通报的数字从哪里来：每个数字的任务，每项任务的台账记录"))
def trace_(
    period: PeriodCode,
    figure: Annotated[
        str | None,
        typer.Argument(metavar="FIGURE", help=_("哪个数字：{buckets}、item-编号 或 unit-编号").format(buckets=_("、").join(BUCKETS))),
    ] = None,
    plan: PlanIds = None,
    as_json_: JsonOption = False,
) -> None:
    """Trace a figure to its tasks and entries."""
    with open_desk() as desk, desk.reading() as (session, actor):
        order = replace(order_of(desk, period, plan), reader=actor)
        day = written_on(session, order, desk.day)
        found = trace(session, order, day, figure)
    if as_json_:
        print_json({"period": order.period.code, "written_on": day, "figure": figure, "tasks": found})
        return
    say(_("{period} 通报（{day} 的台账）：{count} 项任务").format(period=order.period.code, day=day, count=len(found)))
    for task in found:
        say(
            _("任务 {id} {title}，{unit}：{bucket}").format(
                id=task.task_id, title=task.title, unit=task.unit, bucket=bucket_word(task.bucket)
            )
        )
        for one in task.entries:
            said = {"chain": one.chain, "seq": one.seq, "day": one.day, "act": one.act, "hash": one.hash}
            say(_("  {chain} 第 {seq} 条 {day} {act} {hash}").format(**said))


@app.command("list", help=_("印发过的通报，和在办的通报稿"))
def list_(as_json_: JsonOption = False) -> None:
    """List the archive."""
    with open_desk() as desk, desk.reading() as (session, actor):
        papers, drafts = list_papers(session, PaperFilter(PublicationKind.BULLETIN), actor), open_drafts(session, actor)
        waiting = [
            {"period": one.period, "scope": one.scope, "state": one.state.value, "drafted_on": one.drafted_on, "drafter": one.drafter}
            for one in drafts
        ]
    if as_json_:
        print_json({"papers": papers, "drafts": waiting})
        return
    heads = [_("编号"), _("期号"), _("期间"), _("范围"), _("印发日期"), _("更正"), _("文件数")]
    print_table(heads, [_archive_row(paper, papers) for paper in papers])
    for one in waiting:
        is_approved = one["state"] == DraftState.APPROVED.value
        text = (
            _("{period} 的通报稿（{drafted_on} 由 {drafter} 拟）已批准，等待印发")
            if is_approved
            else _("{period} 的通报稿（{drafted_on} 由 {drafter} 拟）等待批准")
        )
        say(text.format(**one))


def _archive_row(paper: Archived, papers: list[Archived]) -> tuple[object, ...]:
    corrected = next((one.doc_no for one in papers if one.id == paper.corrects_id), "")
    is_all = paper.scope == "all"
    return (
        *(paper.id, paper.doc_no, paper.period, _("全部") if is_all else paper.scope, paper.published_on),
        *(_("更正 {doc_no}").format(doc_no=corrected) if corrected else "", len(paper.files)),
    )


@app.command("files", help=_("从存档取出印发时的文件，一字不差"))
def files(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=_("通报的编号（见 duban bulletin list）"))],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help=_("写到哪个文件夹"))] = Path(),
) -> None:
    """Take a bulletin's files out of the archive."""
    with open_desk() as desk:
        with desk.reading() as (session, actor):
            found = [paper for paper in list_papers(session, PaperFilter(PublicationKind.BULLETIN), actor) if paper.id == number]
        if not found:
            raise DubanError("unknown-paper", _("没有印发件 {id}，请用 duban bulletin list 查看").format(id=number))
        for path in write_files(found[0].files, desk.context.store, output):
            say(str(path))


for name, command, help_ in (*bulletin_drafts.COMMANDS, *bulletin_issuing.COMMANDS):
    app.command(name, help=help_)(command)
