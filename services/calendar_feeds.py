"""Secret addresses under which calendar programs read a unit's dates: opened, renewed, ended. Who knows the secret reads; nothing else is asked of him.

Only the hash of a secret is kept, so it can be shown once, when it is made, and never again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import select
from sqlmodel import Session, col

from models.unit import CalendarFeed, Contact, Unit
from reports.calendar_feed import CalendarView
from rules.errors import DubanError
from rules.rights import Act, Actor, refuse_without_right
from rules.texts import _, use_language
from services.calendar_events import unit_calendar
from services.contact_register import find_contact
from services.ledger import Event, record
from services.occasion import Occasion
from services.reach import read_tree
from services.units import unit_named, units_by_name

_SECRET_BYTES = 32


@dataclass(frozen=True)
class FeedRow:
    """An open address as it is listed; `contact` is None for the unit's own."""

    contact: str | None
    made_on: date


@dataclass(frozen=True)
class _Place:
    unit_id: int
    contact: Contact | None

    @property
    def contact_id(self) -> int | None:
        return self.contact.id if self.contact else None


def open_feed(session: Session, unit: str, contact: str | None, occasion: Occasion, *, renew: bool = False) -> str:
    """Open the address of a unit, or of one of its contacts by name or address, and return its secret; with `renew` the old one ends with the same act.

    Codes: unknown-unit, unknown-contact, contact-unclear, feed-open (there is one, and it was not to be renewed).
    """
    place = _place(session, unit, contact, occasion)
    old = _open_feeds(session, place)
    if old and not renew:
        text = _("这个日历地址已于 {day} 建立，只显示过一次；找不到或泄露了，请加 --renew 换一个，原地址随即停用")
        raise DubanError("feed-open", text.format(day=old[-1].made_on))
    secret = token_urlsafe(_SECRET_BYTES)
    for feed in old:
        feed.ended_on = occasion.day
        session.add(feed)
    session.add(CalendarFeed(unit_id=place.unit_id, contact_id=place.contact_id, secret_sha256=_hash(secret), made_on=occasion.day))
    after = {"unit_id": place.unit_id, "contact_id": place.contact_id, "renewed": len(old)}
    record(session, occasion, Event("open-feed", f"unit {unit}", after=after))
    return secret


def end_feed(session: Session, unit: str, contact: str | None, occasion: Occasion) -> None:
    """End the address of a unit or of one of its contacts from now on.

    Codes: unknown-unit, unknown-contact, contact-unclear, no-feed.
    """
    place = _place(session, unit, contact, occasion)
    feeds = _open_feeds(session, place)
    if not feeds:
        raise DubanError("no-feed", _("没有可停用的日历地址；duban unit calendar 单位 --list 列出在用的"))
    for feed in feeds:
        feed.ended_on = occasion.day
        session.add(feed)
    record(session, occasion, Event("end-feed", f"unit {unit}", after={"unit_id": place.unit_id, "contact_id": place.contact_id}))


def list_feeds(session: Session, unit: str, actor: Actor | None = None) -> list[FeedRow]:
    """Return the addresses of a unit and its contacts that are open, the unit's own first. Nobody named (None) is whoever holds the database."""
    unit_id = _unit_id(session, unit, actor)
    feeds = (
        select(col(Contact.name), col(CalendarFeed.made_on))
        .select_from(CalendarFeed)
        .join(Contact, col(Contact.id) == col(CalendarFeed.contact_id), isouter=True)
        .where(col(CalendarFeed.unit_id) == unit_id, col(CalendarFeed.ended_on).is_(None))
        .order_by(col(CalendarFeed.contact_id).is_not(None), col(CalendarFeed.id))
    )
    return [FeedRow(name, made_on) for name, made_on in session.execute(feeds).tuples()]


def feed_of(session: Session, secret: str, day: date) -> CalendarView | None:
    """Return the calendar behind a secret as of `day`, in its contact's language; None for a secret that never was or has ended, the two alike."""
    found = (
        select(col(Unit.id), col(Unit.name), col(Contact.name), col(Contact.language))
        .select_from(CalendarFeed)
        .join(Unit, col(Unit.id) == col(CalendarFeed.unit_id))
        .join(Contact, col(Contact.id) == col(CalendarFeed.contact_id), isouter=True)
        .where(col(CalendarFeed.secret_sha256) == _hash(secret), col(CalendarFeed.ended_on).is_(None))
    )
    row = session.execute(found).tuples().one_or_none()
    if row is None:
        return None
    unit_id, unit, person, language = row
    assert unit_id is not None
    with use_language(language or "zh"):
        name = _("督办：{unit}（{person}）").format(unit=unit, person=person) if person else _("督办：{unit}").format(unit=unit)
        return CalendarView(name, tuple(unit_calendar(session, unit_id, day)))


def _place(session: Session, unit: str, contact: str | None, occasion: Occasion) -> _Place:
    """Return whose address is meant, the unit's row locked: two who open one at once wait for each other."""
    unit_id = _unit_id(session, unit, occasion.actor)
    session.execute(select(col(Unit.id)).where(col(Unit.id) == unit_id).with_for_update())
    return _Place(unit_id, find_contact(session, unit_id, contact) if contact else None)


def _unit_id(session: Session, unit: str, actor: Actor | None) -> int:
    if actor is not None:
        # Asked first: whoever may not act is not told what there is.
        known = units_by_name(session, [unit]).get(unit, 0)
        refuse_without_right(actor, Act.KEEP_FEED, read_tree(session).parties(known))
    return unit_named(session, unit)


def _open_feeds(session: Session, place: _Place) -> Sequence[CalendarFeed]:
    whose = col(CalendarFeed.contact_id).is_(None) if place.contact_id is None else col(CalendarFeed.contact_id) == place.contact_id
    feeds = select(CalendarFeed).where(col(CalendarFeed.unit_id) == place.unit_id, whose, col(CalendarFeed.ended_on).is_(None))
    return session.execute(feeds.order_by(col(CalendarFeed.id))).scalars().all()


def _hash(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()
