"""`duban bulletin`: the supervision report of a period, previewed or published."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli.desk import Desk, open_desk
from cli.output import JsonOption, note, print_json, print_table, say
from reports.bulletin import BUCKETS, Bulletin, as_json
from reports.faces import FACES, render
from reports.imprint import Imprint
from rules.periods import parse_period
from rules.texts import _
from rules.words import bucket_word
from services.bulletins import BulletinOrder, compile_bulletin
from services.publications import Press, publish_bulletin, write_files


class WriteByDefault(TyperGroup):
    """`duban bulletin 2013Q3` writes; `duban bulletin publish 2013Q3` publishes."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read a first word that is no command as a period."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["write", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=WriteByDefault, no_args_is_help=True, add_completion=False)

PeriodCode = Annotated[str, typer.Argument(metavar="PERIOD", help=_("期间：2013Q3、2013H1、2013 或 2013-09"))]
PlanIds = Annotated[list[int] | None, typer.Option("--plan", help=_("只通报这些计划；不写则为全部"))]


@app.command("write", help=_("按当前台账写出通报（预览，不编号）"))
def write(
    period: PeriodCode,
    plan: PlanIds = None,
    face: Annotated[str | None, typer.Option("--format", metavar="|".join(FACES), help=_("格式；不写则看文件名，都没有则显示摘要"))] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="OUT", help=_("写到哪个文件"))] = None,
    as_json_: JsonOption = False,
) -> None:
    """Write a bulletin."""
    with open_desk() as desk, desk.reading() as (session, actor):
        view = compile_bulletin(session, replace(_order(desk, period, plan), reader=actor), desk.day)
        office = desk.context.settings.office
    if as_json_:
        print_json(as_json(view))
        return
    chosen = face or (output.suffix.lstrip(".").lower() if output else None)
    if chosen is None:
        _print_summary(view)
        return
    content = render(view, chosen, Imprint(office))
    place = output or Path(f"duban-{view.period}{FACES[chosen].ending}")
    place.write_bytes(content)
    say(_("通报已写入 {place}").format(place=place))


def _order(desk: Desk, period: str, plan: list[int] | None) -> BulletinOrder:
    wanted = parse_period(period)
    return BulletinOrder(wanted, tuple(plan) if plan else None, desk.context.rules_on(wanted.ends_on))


def _print_summary(view: Bulletin) -> None:
    say(_("{period} 督查通报（截至 {as_of}）：共 {tasks} 项任务").format(period=view.period, as_of=view.as_of, tasks=view.totals.tasks))
    rows = [
        (bucket_word(name), getattr(view.totals, name), f"{getattr(view.shares, name):.1f}%", f"{getattr(view.change, name):+d}")
        for name in BUCKETS
    ]
    print_table([_("情况"), _("任务数"), _("占比"), _("比上期")], rows)
    if view.lagging:
        heads = [_("滞后任务"), _("牵头单位"), _("到期"), _("原因"), _("已提醒")]
        print_table(heads, [(line.task, line.unit, line.due_on, _("；").join(line.rules), line.notices) for line in view.lagging])
    note(_("加 -o 文件名.docx（或 .html、.xlsx）可写成文件"))


@app.command("publish", help=_("编号印发：冻结数字，生成各种格式的文件"))
def publish(
    period: PeriodCode,
    plan: PlanIds = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help=_("文件夹；不写则为 DUBAN_HOME 下的 bulletins"))
    ] = None,
    as_json_: JsonOption = False,
) -> None:
    """Publish a bulletin."""
    with open_desk() as desk:
        with desk.acting() as (session, occasion):
            press = Press(desk.context.store, desk.context.settings.office)
            published = publish_bulletin(session, _order(desk, period, plan), press, occasion)
        paths = write_files(published, desk.context.store, output or desk.context.bulletin_folder)
    if as_json_:
        print_json({"number": published.number, "files": [str(path) for path in paths], "ledger_head": published.view.ledger_head})
        return
    say(_("{period} 督查通报已编为第 {number} 期印发：").format(period=published.view.period, number=published.number))
    for path in paths:
        say(f"  {path}")
