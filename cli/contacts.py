"""`duban unit contact` and `duban unit absence`: whom to reach at a unit, by which channel, and who stands in."""

from typing import Annotated, Literal

import typer

from cli.desk import Desk, open_desk, parse_day
from cli.output import JsonOption, note, print_json, print_table, say
from models.unit import ContactDuty
from notify.channel import MAIL
from rules.errors import DubanError
from rules.texts import _
from rules.words import channel_word, day_words, duty_word
from runtime.channels import routes_of
from services.absences import Leave, end_absence, list_absences, set_absence
from services.contact_register import ContactRow, ContactSaid, find_contact, list_contacts, remove_contact, set_contact
from services.units import unit_named

UnitName = Annotated[str, typer.Argument(metavar="UNIT", help=_("单位名称或别名"))]
Who = Annotated[str | None, typer.Argument(metavar="CONTACT", help=_("联系人的姓名或地址；不写则列出外出"))]


def contact(
    unit: UnitName,
    address: Annotated[
        str | None, typer.Argument(metavar="ADDRESS", help=_("电子邮件地址，或群机器人里的提醒对象；不写则列出联系人"))
    ] = None,
    name: Annotated[str | None, typer.Option(help=_("姓名或科室；不写则用单位名称"))] = None,
    duty: Annotated[
        ContactDuty | None,
        typer.Option(help=_("职责：liaison 联络员（默认），handler 经办人，office 办公室，leader 分管领导，head 主要负责人")),
    ] = None,
    channel: Annotated[str | None, typer.Option(metavar="NAME", help=_("渠道：mail 邮件（默认），或群机器人的名字"))] = None,
    fallback_channel: Annotated[str | None, typer.Option(metavar="NAME", help=_("发不到时改用的渠道；写 none 即不用"))] = None,
    fallback_address: Annotated[str | None, typer.Option(metavar="ADDRESS", help=_("改用渠道上的地址"))] = None,
    language: Annotated[Literal["zh", "en"] | None, typer.Option(help=_("信息用的语言：zh（默认）或 en"))] = None,
    replace: Annotated[str | None, typer.Option(metavar="CONTACT", help=_("改动已有的联系人：写他现在的地址或姓名"))] = None,
    remove: Annotated[str | None, typer.Option(metavar="CONTACT", help=_("去掉一个联系人：写他的地址或姓名"))] = None,
    as_json: JsonOption = False,
) -> None:
    """List a unit's contacts, store one, change one or remove one."""
    said = ContactSaid(address, name, duty, channel, _fallback(fallback_channel, fallback_address), language)
    if remove:
        _remove(unit, remove)
    elif said == ContactSaid() and not replace:
        _list(unit, as_json)
    else:
        _set(unit, said, replace)


def absence(
    unit: UnitName,
    who: Who = None,
    from_day: Annotated[str | None, typer.Option("--from", metavar="DAY", help=_("从哪一天起不在；不写则为当天"))] = None,
    until_day: Annotated[str | None, typer.Option("--until", metavar="DAY", help=_("到哪一天为止（含当天）；不写则到另行说明为止"))] = None,
    deputy: Annotated[
        str | None, typer.Option(metavar="CONTACT", help=_("代办人：本单位另一位联系人的姓名或地址；不写则发给其他联系人"))
    ] = None,
    is_end: Annotated[bool, typer.Option("--end", help=_("回来了：从当天起照常发给他"))] = False,
    as_json: JsonOption = False,
) -> None:
    """List a unit's absences, set one, or end one."""
    if who is None:
        _list_absences(unit, as_json)
        return
    with open_desk() as desk, desk.acting() as (session, occasion):
        unit_id = unit_named(session, unit)
        contact_id = find_contact(session, unit_id, who).id or 0
        if is_end:
            end_absence(session, contact_id, occasion)
        else:
            deputy_id = find_contact(session, unit_id, deputy).id if deputy else None
            leave = _leave(desk, from_day, until_day, deputy_id)
            set_absence(session, contact_id, leave, occasion)
    if is_end:
        say(_("{unit} 的 {who} 自{day}起照常收信").format(unit=unit, who=who, day=day_words(desk.day)))
        return
    until = day_words(leave.until_on) if leave.until_on else _("另行说明（--end）")
    instead = _("由{deputy}代收").format(deputy=deputy) if deputy else _("信息发给本单位其他联系人")
    text = _("已登记 {unit} 的 {who} 外出：{start}至{until}，其间{instead}")
    say(text.format(unit=unit, who=who, start=day_words(leave.from_on), until=until, instead=instead))


def _fallback(channel: str | None, address: str | None) -> tuple[str, str] | None:
    if channel is None and address is None:
        return None
    return ("", "") if channel == "none" else (channel or MAIL, address or "")


def _remove(unit: str, wanted: str) -> None:
    with open_desk() as desk, desk.acting() as (session, occasion):
        gone = remove_contact(session, unit, wanted, occasion)
    say(_("已去掉 {unit} 的联系人 {name}（{place}）").format(unit=unit, name=gone.name, place=_place(gone)))


def _list(unit: str, as_json: bool) -> None:
    with open_desk() as desk, desk.reading() as (session, _actor):
        rows = list_contacts(session, unit)
    if as_json:
        print_json(rows)
    elif not rows:
        say(_("{unit} 还没有联系人").format(unit=unit))
    else:
        heads = [_("联系人"), _("职责"), _("渠道"), _("地址"), _("备用"), _("语言")]
        print_table(heads, [(r.name, duty_word(r.duty), channel_word(r.channel), r.address, _spare(r), r.language) for r in rows])


def _set(unit: str, said: ContactSaid, replacing: str | None) -> None:
    if said.address is None and said.channel in (None, MAIL) and not replacing:
        raise DubanError("bad-address", _("请写联系人的地址；改动已有的联系人请加 --replace 他现在的地址或姓名"))
    with open_desk() as desk, desk.acting() as (session, occasion):
        row = set_contact(session, unit, said, occasion, replacing)
        routes = routes_of(desk.context.settings)
    say(_("已登记 {unit} 的联系人 {name}（{place}）").format(unit=unit, name=row.name, place=_place(row)))
    for channel in dict.fromkeys(one for one in (row.channel, row.fallback_channel) if one):
        if routes.leading(channel) is None:
            note(_("本机没有设置渠道“{channel}”，设置之前发不出去").format(channel=channel))


def _place(row: ContactRow) -> str:
    return row.address if row.channel == MAIL else f"{row.channel} {row.address}".strip()


def _spare(row: ContactRow) -> str:
    return f"{channel_word(row.fallback_channel)} {row.fallback_address or ''}".strip() if row.fallback_channel else ""


def _leave(desk: Desk, from_day: str | None, until_day: str | None, deputy_id: int | None) -> Leave:
    return Leave(parse_day(from_day) if from_day else desk.day, parse_day(until_day) if until_day else None, deputy_id)


def _list_absences(unit: str, as_json: bool) -> None:
    with open_desk() as desk, desk.reading() as (session, _actor):
        rows = list_absences(session, unit_named(session, unit), desk.day)
    if as_json:
        print_json(rows)
    elif not rows:
        say(_("{unit} 没有联系人外出").format(unit=unit))
    else:
        heads = [_("联系人"), _("自"), _("至"), _("代办人")]
        print_table(heads, [(row.contact, row.from_on, row.until_on or _("另行说明"), row.deputy) for row in rows])
