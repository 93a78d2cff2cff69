"""`duban unit`: the register of units and whom to reach there."""

from pathlib import Path
from typing import Annotated

import typer

from cli.calendars import calendar
from cli.contacts import UnitName, absence, contact
from cli.desk import Desk, open_desk, parse_day
from cli.output import JsonOption, print_json, print_table, say
from cli.row_mistakes import mistakes_told
from cli.unit_pages import page
from rules.texts import _
from services.unit_changes import Reorganisation, Takeover, merge_units, rename_unit, split_unit
from services.unit_import import import_units
from services.units import UnitRow, add_alias, list_units

app = typer.Typer(no_args_is_help=True, add_completion=False)

FromDay = Annotated[str | None, typer.Option("--from", metavar="DAY", help=_("文件规定的起始日；不写则为当天"))]
IsNew = Annotated[bool, typer.Option("--new", help=_("接续的单位还没有登记时，同时登记"))]
SHOWN_NAMES = 10


@app.command("list", help=_("列出已登记的单位"))
def list_all(as_json: JsonOption = False) -> None:
    """List the units."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        units = list_units(session)
    if as_json:
        print_json(units)
        return
    rows = [(unit.id, unit.name, _note(unit), unit.parent or "", _("、").join(unit.aliases), _("、").join(unit.contacts)) for unit in units]
    print_table([_("编号"), _("单位"), _("说明"), _("上级单位"), _("别名"), _("联系方式")], rows)


def _note(unit: UnitRow) -> str:
    if unit.successor:
        return _("已撤销，由{successor}接续").format(successor=unit.successor)
    return _("待明确成员") if unit.is_open else ""


@app.command("import", help=_("从名单（xlsx 或 csv）登记单位、别名、上级和联系人；有一处错就都不导入"))
def import_list(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("各栏：“名称”“别名”“上级单位”“层级”“地区”“联系人”“邮箱”；只有“名称”必填"))],
    is_dry_run: Annotated[bool, typer.Option("--dry-run", help=_("只看会登记什么，不写数据库"))] = False,
    as_json: JsonOption = False,
) -> None:
    """Take units from a list."""
    with mistakes_told(as_json), open_desk() as desk, desk.acting() as (session, occasion):
        done = import_units(session, file, occasion, is_dry_run)
    if as_json:
        print_json(done)
        return
    text = _("{what}：新登记单位 {new} 个，补充 {completed} 个，别名 {aliases} 个，联系人 {contacts} 个")
    what = _("如果导入") if is_dry_run else _("已导入")
    said = text.format(what=what, new=len(done.new), completed=len(done.completed), aliases=done.alias_count, contacts=done.contact_count)
    say(said)
    for word, names in ((_("新登记"), done.new), (_("补充"), done.completed)):
        if names:
            more = _(" 等 {count} 个").format(count=len(names)) if len(names) > SHOWN_NAMES else ""
            say(_("{word}：{names}{more}").format(word=word, names=_("、").join(names[:SHOWN_NAMES]), more=more))


@app.command("rename", help=_("单位改名；原名今后仍指这个单位，以前的通报仍用原名"))
def rename(
    old: Annotated[str, typer.Argument(metavar="OLD", help=_("现在的名称或别名"))],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_("新名称"))],
    from_day: FromDay = None,
) -> None:
    """Rename a unit."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        rename_unit(session, old, new, parse_day(from_day) if from_day else desk.day, occasion)
    say(_("“{old}”已改名为“{new}”；原名今后仍指这个单位").format(old=old, new=new))


@app.command("merge", help=_("把单位并入另一个单位：名称、联系人、账号和没有办结的任务都随之过去"))
def merge(
    units: Annotated[list[str], typer.Argument(metavar="UNIT...", help=_("撤销的单位"))],
    into: Annotated[str, typer.Option(metavar="UNIT", help=_("并入的单位"))],
    from_day: FromDay = None,
    is_new: IsNew = False,
) -> None:
    """Merge units."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        done = merge_units(session, units, into, _order(desk, from_day, is_new), occasion)
    _tell(done)


@app.command("split", help=_("撤销一个单位，由几个单位接续；没有办结的任务都交给第一个，再逐项改派"))
def split(
    units: Annotated[list[str], typer.Argument(metavar="UNIT", help=_("撤销的单位；接续的单位写在 --into 后面"))],
    into: Annotated[list[str], typer.Option(metavar="UNIT...", help=_("接续的单位，两个以上：--into 甲 乙"))],
    from_day: FromDay = None,
    is_new: IsNew = False,
) -> None:
    """Split a unit. An option takes one word, so the words behind it arrive among the arguments."""
    unit, *others = units
    with open_desk() as desk, desk.acting() as (session, occasion):
        done = split_unit(session, unit, [*into, *others], _order(desk, from_day, is_new), occasion)
    _tell(done)


def _order(desk: Desk, from_day: str | None, is_new: bool) -> Reorganisation:
    return Reorganisation(parse_day(from_day) if from_day else desk.day, is_new)


def _tell(done: Takeover) -> None:
    say(_("由“{unit}”接续，没有办结的任务 {count} 项随之移交；办结的仍记在原单位").format(unit=done.successor, count=done.task_count))
    if done.new_units:
        say(_("新登记单位：{names}").format(names=_("、").join(done.new_units)))


@app.command("alias", help=_("让另一个名称也指这个单位"))
def alias(unit: UnitName, name: Annotated[str, typer.Argument(metavar="ALIAS", help=_("另一个名称"))]) -> None:
    """Add another name."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        add_alias(session, unit, name, occasion)
    say(_("“{alias}”今后即指 {unit}").format(alias=name, unit=unit))


app.command("contact", help=_("单位的联系人：登记、改动、去掉、查看；催办信息发给他们"))(contact)
app.command("absence", help=_("联系人外出：从何时到何时，由谁代办；信息改发给代办人"))(absence)
app.command("calendar", help=_("日历：把任务、报送和督办的日期订阅到日历程序里"))(calendar)
app.command("page", help=_("单位台账页：承担什么、何时到期、进展如何、现在要办什么，一页纸"))(page)
