"""`duban unit`: the register of units and whom to reach there."""

from typing import Annotated, Literal

import typer

from cli.desk import open_desk
from cli.output import JsonOption, print_json, print_table, say
from models.unit import Contact, ContactDuty
from rules.texts import _
from services.units import add_alias, add_contact, list_units

app = typer.Typer(no_args_is_help=True, add_completion=False)

UnitName = Annotated[str, typer.Argument(metavar="UNIT", help=_("单位名称或别名"))]


@app.command("list", help=_("列出已登记的单位"))
def list_all(as_json: JsonOption = False) -> None:
    """List the units."""
    with open_desk() as desk, desk.reading() as (session, _actor):
        units = list_units(session)
    if as_json:
        print_json(units)
        return
    rows = [
        (unit.id, unit.name, _("待明确成员") if unit.is_open else "", _("、").join(unit.aliases), _("、").join(unit.contacts))
        for unit in units
    ]
    print_table([_("编号"), _("单位"), _("说明"), _("别名"), _("联系方式")], rows)


@app.command("alias", help=_("让另一个名称也指这个单位"))
def alias(unit: UnitName, name: Annotated[str, typer.Argument(metavar="ALIAS", help=_("另一个名称"))]) -> None:
    """Add another name."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        add_alias(session, unit, name, occasion)
    say(_("“{alias}”今后即指 {unit}").format(alias=name, unit=unit))


@app.command("contact", help=_("登记单位的联系人，催办信息发给他"))
def contact(
    unit: UnitName,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help=_("电子邮件地址"))],
    name: Annotated[str | None, typer.Option(help=_("姓名或科室；不写则用单位名称"))] = None,
    duty: Annotated[
        ContactDuty, typer.Option(help=_("职责：liaison 联络员，handler 经办人，office 办公室，leader 分管领导，head 主要负责人"))
    ] = ContactDuty.LIAISON,
    language: Annotated[Literal["zh", "en"], typer.Option(help=_("信息用的语言：zh 或 en"))] = "zh",
) -> None:
    """Store a contact."""
    with open_desk() as desk, desk.acting() as (session, occasion):
        add_contact(session, unit, Contact(unit_id=0, name=name or unit, duty=duty, address=address, language=language), occasion)
    say(_("已登记 {unit} 的联系人 {address}").format(unit=unit, address=address))
