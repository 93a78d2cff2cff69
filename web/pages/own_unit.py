"""`/work/unit`: who of the visitor's unit is away and who stands in, and the unit's calendar address, which is shown once."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from models.unit import Contact
from rules.calendar import use_calendar
from rules.errors import DubanError
from rules.texts import _
from rules.words import day_words, duty_word
from runtime.clock import today
from runtime.database import transaction
from services.absences import Leave, end_absence, list_absences, set_absence
from services.calendar_feeds import end_feed, list_feeds, open_feed
from services.contact_register import list_contacts
from services.kept_days import kept_days
from services.occasion import Occasion
from web.acting import Deed, act, occasion_of, refused
from web.forms import Sent, SentForm
from web.rendering import Page, show
from web.unit_pages import refuse_strangers
from web.visiting import Visiting, Visitor, reading

router = APIRouter()


@dataclass(frozen=True)
class Person:
    """A contact of the unit and how it is away, empty where it is not."""

    id: int
    name: str
    duty: str
    away: tuple[str, ...]


@dataclass(frozen=True)
class OwnUnitPage:
    """The unit's people and its calendar. `address` is shown once, right after it was made; `feed` says since when there is one, empty where there is none."""

    unit: str
    people: tuple[Person, ...]
    feed: str
    address: str
    today: str


@router.get("/work/unit")
def own_unit(request: Request, visitor: Visiting) -> HTMLResponse:
    """Show the unit's people and calendar."""
    with reading(visitor) as session:
        return show(request, visitor, _page(session, visitor))


@router.post("/work/unit/absences")
def away(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """Say that somebody is away."""

    def do(session: Session, occasion: Occasion) -> None:
        deputy = sent.text("deputy")
        leave = Leave(
            sent.day("from_on") or occasion.day, sent.day("until_on"), int(deputy) if deputy.isdecimal() and len(deputy) < 10 else None
        )
        set_absence(session, _contact(session, visitor, sent.text("contact")), leave, occasion)

    return _act(request, visitor, sent, (do, _("外出已登记，消息由代办人接收")))


@router.post("/work/unit/absences/{contact_id:int}/end")
def back(request: Request, visitor: Visiting, sent: Sent, contact_id: int) -> Response:
    """Say that somebody is back."""

    def do(session: Session, occasion: Occasion) -> None:
        end_absence(session, _contact(session, visitor, str(contact_id)), occasion)

    return _act(request, visitor, sent, (do, _("外出已结束")))


@router.post("/work/unit/calendar")
def open_calendar(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """Make the calendar's address, or a new one; it is shown on the answer and kept nowhere."""
    try:
        with transaction(visitor.context.engine) as session:
            use_calendar(kept_days(session))
            secret = open_feed(session, _unit(visitor), None, occasion_of(visitor), renew=sent.flag("renew"))
    except DubanError as error:
        return refused(request, visitor, sent, lambda session: _page(session, visitor), error)
    base = (visitor.settings.public_url or str(request.base_url)).rstrip("/")
    with reading(visitor) as session:
        return show(request, visitor, _page(session, visitor, f"{base}/calendar/{secret}.ics"))


@router.post("/work/unit/calendar/end")
def end_calendar(request: Request, visitor: Visiting, sent: Sent) -> Response:
    """End the calendar's address."""
    return _act(request, visitor, sent, (lambda session, occasion: end_feed(session, _unit(visitor), None, occasion), _("日历地址已停用")))


def _act(request: Request, visitor: Visitor, sent: SentForm, deed: tuple[Callable[[Session, Occasion], None], str]) -> Response:
    do, said = deed
    return act(request, visitor, sent, Deed(do=do, to="/work/unit", said=said, again=lambda session: _page(session, visitor)))


def _unit(visitor: Visitor) -> str:
    refuse_strangers(visitor)
    return visitor.unit or ""


def _contact(session: Session, visitor: Visitor, written: str) -> int:
    """Return the contact's number, if it is one of the visitor's own unit; another's does not exist for him."""
    refuse_strangers(visitor)
    contact_id = int(written) if written.isdecimal() and len(written) < 12 else 0
    contact = session.get(Contact, contact_id)
    if contact is None or contact.unit_id != visitor.actor.unit_id:
        raise DubanError("unknown-contact", _("本单位没有这位联系人"))
    return contact_id


def _page(session: Session, visitor: Visitor, address: str = "") -> Page:
    unit, actor = _unit(visitor), visitor.actor
    assert actor.unit_id is not None
    away: dict[str, list[str]] = {}
    for row in list_absences(session, actor.unit_id, today()):
        until = day_words(row.until_on) if row.until_on else _("另行通知")
        words = _("{start} 至 {end}").format(start=day_words(row.from_on), end=until)
        deputy = _("由{name}代办").format(name=row.deputy) if row.deputy else ""
        away.setdefault(row.contact, []).append(_("，").join(part for part in (words, deputy) if part))
    people = tuple(Person(one.id, one.name, duty_word(one.duty), tuple(away.get(one.name, ()))) for one in list_contacts(session, unit))
    made = next((row.made_on for row in list_feeds(session, unit, actor) if row.contact is None), None)
    feed = _("日历地址于 {day} 建立，只在建立时显示过一次。").format(day=day_words(made)) if made else ""
    return Page("work/unit.html.j2", OwnUnitPage(unit, people, feed, address, today().isoformat()), _("外出和日历"))
