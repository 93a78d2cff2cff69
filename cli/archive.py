"""`duban paper`: the archive of numbered papers of every kind, listed, and taken out byte for byte as they were issued."""

from pathlib import Path
from typing import Annotated

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, print_table, say
from models.publication import PublicationKind
from rules.paper_words import paper_kind_name
from rules.texts import _
from services.papers.archive import PaperFilter, list_papers, paper_numbered
from services.papers.filing import Archived, write_files
from services.units import unit_named

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("list", help=_("列出编号存档的文件：通报、责任书、交办单、催办单、批复、督查结论、年度考评"))
def list_(
    kind: Annotated[PublicationKind | None, typer.Option(help=_("哪一种"))] = None,
    unit: Annotated[str | None, typer.Option(metavar="UNIT", help=_("发给哪个单位的"))] = None,
    year: Annotated[int | None, typer.Option(metavar="YEAR", help=_("文号的年份"))] = None,
    as_json: JsonOption = False,
) -> None:
    """List the archive."""
    with open_desk() as desk, desk.reading() as (session, actor):
        unit_id = unit_named(session, unit) if unit else None
        papers = list_papers(session, PaperFilter(kind, year, unit_id), actor)
    if as_json:
        print_json(papers)
    elif papers:
        numbers = {paper.id: paper.doc_no for paper in papers}
        heads = [_("编号"), _("文号"), _("种类"), _("期间"), _("印发日期"), _("更正或者替代"), _("文件")]
        print_table(heads, [_row(paper, numbers) for paper in papers])
    else:
        say(_("没有符合条件的存档文件"))


def _row(paper: Archived, numbers: dict[int, str]) -> tuple[object, ...]:
    earlier = numbers.get(paper.corrects_id, "") if paper.corrects_id else ""
    return (
        *(paper.id, paper.doc_no, paper_kind_name(paper.kind), paper.period, paper.published_on),
        *(earlier, _("、").join(sorted(name.rpartition(".")[2] for name in paper.files))),
    )


@app.command("write", help=_("按文号或者编号取出印发时的文件，一字不差"))
def write(
    doc_no: Annotated[
        str, typer.Argument(metavar="DOC_NO", help=_("文号，如“责任书〔2013〕1号”，方括号也可以；或者 duban paper list 的编号"))
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help=_("写到哪个文件夹"))] = Path(),
    as_json: JsonOption = False,
) -> None:
    """Take a paper's files out of the archive."""
    with open_desk() as desk:
        with desk.reading() as (session, actor):
            paper = paper_numbered(session, doc_no, actor)
        paths = write_files(paper.files, desk.context.store, output)
    if as_json:
        print_json({"doc_no": paper.doc_no, "files": [str(path) for path in paths]})
        return
    for path in paths:
        say(str(path))
