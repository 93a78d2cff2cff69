"""`duban unit page`: what a unit owes, when, and how it stands, on one sheet."""

from pathlib import Path
from typing import Annotated

import typer

from cli.desk import Desk, open_desk
from cli.output import JsonOption, print_json, progress, say
from cli.papers import FormatOption, refuse_one_file, write_bytes, write_paper
from reports.faces import face_of
from reports.portfolio import as_json
from reports.portfolio_paper import portfolio_paper
from rules.errors import DubanError
from rules.texts import _
from services.papers.portfolios import page_of, portfolio_of, read_desk, units_with_pages

_FORBIDDEN = '/\\:*?"<>|'


def page(
    unit: Annotated[str | None, typer.Argument(metavar="UNIT", help=_("单位名称或别名；用 --all 时不写"))] = None,
    is_all: Annotated[bool, typer.Option("--all", help=_("所有承担任务的单位，每个单位一个文件"))] = False,
    face: FormatOption = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="OUT", help=_("写到哪个文件；用 --all 时写文件夹"))] = None,
    as_json_: JsonOption = False,
) -> None:
    """Write a unit's page, or those of all units."""
    if is_all == (unit is not None):
        raise DubanError("unit-or-all", _("请写一个单位的名称，或用 --all 写出所有单位的台账页"))
    with open_desk() as desk:
        if unit is None:
            _write_all(desk, face, output, as_json_)
            return
        with desk.reading() as (session, actor):
            view = page_of(session, unit, desk.day, actor)
        if as_json_:
            print_json(as_json(view))
            return
        write_paper(desk, portfolio_paper(view), face, output)


def _write_all(desk: Desk, face: str | None, output: Path | None, by_program: bool) -> None:
    with desk.reading() as (session, actor):
        tables = read_desk(session, desk.day)
        unit_ids = units_with_pages(tables, actor)
    if by_program:
        print_json([as_json(portfolio_of(tables, unit_id)) for unit_id in unit_ids])
        return
    chosen = face_of(face or "docx")
    refuse_one_file(output, len(unit_ids))
    folder = output or Path()
    for unit_id in progress(unit_ids, _("正在写台账页")):
        paper = portfolio_paper(portfolio_of(tables, unit_id))
        name = "".join("_" if letter in _FORBIDDEN else letter for letter in paper.name)
        write_bytes(folder / f"{name}{chosen.ending}", chosen.write(paper, desk.context.press.printing))
    say(_("已写出 {count} 个单位的台账页：{folder}").format(count=len(unit_ids), folder=folder))
