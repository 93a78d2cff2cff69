"""`duban roster eligible`: the lists that a quota's members are chosen from or counted against."""

from pathlib import Path
from typing import Annotated

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, print_table, say
from rules.texts import _
from services.eligible import ListFile, ListImport, eligible_names, import_eligible, list_eligible

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("import", help=_("导入备选名单（xlsx 或 csv，表头“名称”“地区”）；已有同名名单则补充、更正"))
def import_list(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("名单的名称，如“2011年考核先进县”"))],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("名单文件，带“名称”一栏，可带“地区”"))],
    basis: Annotated[str, typer.Option(metavar="TEXT", help=_("依据，如公布名单的文件"))] = "",
    exact: Annotated[bool, typer.Option("--exact", help=_("文件里没有的名称从名单中删去"))] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只检查、显示，不导入"))] = False,
    as_json: JsonOption = False,
) -> None:
    """Take a list in."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        outcome = import_eligible(session, ListFile(name, file, basis, exact), occasion, dry_run)
    if as_json:
        print_json(outcome)
        return
    _print_import(outcome)
    if dry_run:
        say(_("以上是预览，没有导入；去掉 --dry-run 即可导入"))


@app.command("list", help=_("列出备选名单；写明名称则列出其中各个名称"))
def list_all(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help=_("名单的名称或其中几个字"))] = None, as_json: JsonOption = False
) -> None:
    """List the lists, or the names of one."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        if name is not None:
            rows = eligible_names(session, name)
            if as_json:
                print_json([{"name": one, "region": region} for one, region in rows])
            else:
                print_table([_("名称"), _("地区")], rows)
            return
        lists = list_eligible(session)
    if as_json:
        print_json(lists)
        return
    heads = [_("编号"), _("名单"), _("依据"), _("导入日期"), _("个数"), _("地区数")]
    print_table(heads, [(one.id, one.name, one.basis, one.made_on, one.count, sum(1 for region in one.regions if region)) for one in lists])


def _print_import(outcome: ListImport) -> None:
    said = {"name": outcome.name, "added": len(outcome.added), "changed": len(outcome.changed), "count": outcome.count}
    if outcome.is_new:
        say(_("新建备选名单“{name}”，{count} 个名称").format(**said))
    elif not (outcome.added or outcome.changed or outcome.removed):
        say(_("备选名单“{name}”没有变化，共 {count} 个名称").format(**said))
    else:
        say(_("备选名单“{name}”：增加 {added} 个，更正地区 {changed} 个，现有 {count} 个名称").format(**said))
    if outcome.removed:
        say(_("删去：{names}").format(names=_("、").join(outcome.removed)))
    if outcome.kept_beside:
        say(_("名单中另有 {count} 个不在文件里，保持不变；要删去请加 --exact").format(count=len(outcome.kept_beside)))
