"""What the commands of `duban bulletin` share: how a period and plans are said, a summary, a file, remarks."""

from pathlib import Path
from typing import Annotated

import typer

from cli.bulletin_figures import print_buckets
from cli.desk import Desk
from cli.output import note, print_table
from cli.papers import write_paper
from reports.bulletin import Bulletin
from reports.bulletin_check import remarks_on
from reports.bulletin_edits import Edits
from reports.bulletin_paper import bulletin_paper
from reports.faces import FACES
from reports.imprint import Imprint
from rules.periods import parse_period
from rules.texts import _
from services.bulletins.counting import BulletinOrder

PeriodCode = Annotated[str, typer.Argument(metavar="PERIOD", help=_("期间：2013Q3、2013H1、2013 或 2013-09"))]
PlanIds = Annotated[list[int] | None, typer.Option("--plan", help=_("只通报这些计划；不写则为全部"))]
FaceName = Annotated[str | None, typer.Option("--format", metavar="|".join(FACES), help=_("格式；不写则看文件名，都没有则显示摘要"))]
OutFile = Annotated[Path | None, typer.Option("-o", "--output", metavar="OUT", help=_("写到哪个文件"))]


def write_bulletin(desk: Desk, view: Bulletin, edits: Edits, face: str | None, output: Path | None) -> None:
    """Write a bulletin that has no number yet into a file, with what is to be looked at before it is signed."""
    write_paper(desk, bulletin_paper(view, Imprint(desk.context.settings.office), edits), face, output)
    say_remarks(view, edits)


def say_remarks(view: Bulletin, edits: Edits) -> None:
    """Say what a person should look at before signing."""
    for remark in remarks_on(view, edits):
        note(_("注意[{code}]：{words}").format(code=remark.code, words=remark.words))


def order_of(desk: Desk, period: str, plan: list[int] | None) -> BulletinOrder:
    """Return what is asked for: a period and plans, judged by the rules of the period's end."""
    wanted = parse_period(period)
    return BulletinOrder(wanted, tuple(plan) if plan else None, desk.context.rules_on(wanted.ends_on))


def print_summary(view: Bulletin) -> None:
    """Print the buckets, and the tasks that lag."""
    print_buckets(view)
    if view.lagging:
        heads = [_("滞后任务"), _("牵头单位"), _("到期"), _("原因"), _("已提醒")]
        print_table(heads, [(line.task, line.unit, line.due_on, _("；").join(line.rules), line.notices) for line in view.lagging])
