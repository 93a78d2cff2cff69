"""`duban unit calendar`: the secret address under which a unit's dates are read by a calendar program."""

from typing import Annotated

import typer

from cli.contacts import UnitName
from cli.desk import Desk, open_desk
from cli.output import JsonOption, note, print_json, print_table, say
from rules.texts import _
from runtime.settings import Settings
from services.calendar_feeds import end_feed, list_feeds, open_feed


def calendar(
    unit: UnitName,
    contact: Annotated[str | None, typer.Option(metavar="CONTACT", help=_("给这位联系人单独的地址：写他的姓名或地址"))] = None,
    is_renewal: Annotated[bool, typer.Option("--renew", help=_("换一个地址，原来的随即停用"))] = False,
    is_end: Annotated[bool, typer.Option("--end", help=_("停用地址"))] = False,
    is_list: Annotated[bool, typer.Option("--list", help=_("列出在用的地址属于谁、何时建立；地址本身看不到"))] = False,
    as_json: JsonOption = False,
) -> None:
    """Open, renew or end a calendar address, or list the open ones."""
    if is_renewal + is_end + is_list > 1:
        raise typer.BadParameter(_("--renew、--end、--list 只能写一个"))
    with open_desk() as desk:
        if is_list:
            _list(desk, unit, as_json)
        elif is_end:
            _end(desk, unit, contact, as_json)
        else:
            _open(desk, unit, contact, is_renewal=is_renewal, as_json=as_json)


def _open(desk: Desk, unit: str, contact: str | None, *, is_renewal: bool, as_json: bool) -> None:
    with desk.acting() as (session, occasion):
        secret = open_feed(session, unit, contact, occasion, renew=is_renewal)
    settings = desk.context.settings
    address = f"{_pages(settings)}/calendar/{secret}.ics"
    if as_json:
        print_json({"unit": unit, "contact": contact, "address": address})
    else:
        say(_("{whose} 的日历地址（只显示这一次，知道它的人都能查看，请勿外传）：").format(whose=_whose(unit, contact)))
        say(address)
    if settings.public_url is None:
        note(_("这个地址只能在本机打开；要让单位订阅，请设置 DUBAN_PUBLIC_URL，办法见 docs/calendar.md"))


def _end(desk: Desk, unit: str, contact: str | None, as_json: bool) -> None:
    with desk.acting() as (session, occasion):
        end_feed(session, unit, contact, occasion)
    if as_json:
        print_json({"unit": unit, "contact": contact, "ended_on": desk.day})
    else:
        say(_("{whose} 的日历地址已停用").format(whose=_whose(unit, contact)))


def _list(desk: Desk, unit: str, as_json: bool) -> None:
    with desk.reading() as (session, actor):
        rows = list_feeds(session, unit, actor)
    if as_json:
        print_json(rows)
    elif not rows:
        say(_("{unit} 没有在用的日历地址").format(unit=unit))
    else:
        print_table([_("属于"), _("建立")], [(row.contact or unit, row.made_on) for row in rows])


def _whose(unit: str, contact: str | None) -> str:
    return _("{unit}（{person}）").format(unit=unit, person=contact) if contact else unit


def _pages(settings: Settings) -> str:
    """Return where the pages are: as people reach them, else as this machine does."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"
