"""The register of contacts: whom a unit names for messages, by which channel, and what changes of it.

A contact who moves keeps its number, under which what was said to it is known: a changed address brings nothing again that was said to the old one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.unit import Absence, CalendarFeed, Contact, ContactDuty, Unit
from notify.channel import MAIL
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.ledger import Event, record
from services.occasion import Occasion
from services.units import is_address, unit_named

SET_CONTACT, REMOVE_CONTACT = "set-contact", "remove-contact"


@dataclass(frozen=True)
class ContactSaid:
    """What is said of a contact; None leaves as it is, or for a new one takes the default. `fallback` is a channel and an address; an empty channel takes it away."""

    address: str | None = None
    name: str | None = None
    duty: ContactDuty | None = None
    channel: str | None = None
    fallback: tuple[str, str] | None = None
    language: str | None = None


@dataclass(frozen=True)
class ContactRow:
    """A contact as it is listed."""

    id: int
    name: str
    duty: ContactDuty
    channel: str
    address: str
    fallback_channel: str | None
    fallback_address: str | None
    language: str


def set_contact(session: Session, unit: str, said: ContactSaid, occasion: Occasion, replacing: str | None = None) -> ContactRow:
    """Register a contact of the unit, or change the one with the same channel and address; with `replacing`, the one that name or address leads to.

    Codes: unknown-unit, unknown-contact, bad-address, contact-taken (another contact has that address already).
    """
    refuse_without_right(occasion.actor, Act.MANAGE_UNITS)
    unit_id = unit_named(session, unit)
    contact = find_contact(session, unit_id, replacing) if replacing else _same_place(session, unit_id, said)
    before = _plain(contact) if contact else {}
    changed = _changed(contact or Contact(unit_id=unit_id, name=_name_of(session, unit_id), address=""), said)
    _refuse_unfit(changed)
    twin = _at(session, unit_id, changed.channel, changed.address)
    if twin is not None and twin.id != changed.id:
        raise DubanError("contact-taken", _("这个单位已有地址为“{address}”的联系人 {name}").format(address=changed.address, name=twin.name))
    stored = session.merge(changed)
    session.flush()
    after = _plain(stored)
    record(session, occasion, Event(SET_CONTACT, f"unit {unit}", before=before, after={"unit_id": unit_id, **after}))
    return _row(stored)


def remove_contact(session: Session, unit: str, wanted: str, occasion: Occasion) -> ContactRow:
    """Remove a contact that name or address leads to; what it was told stays in the ledger. Its calendar address ends, and nobody is stood in for by it any more."""
    refuse_without_right(occasion.actor, Act.MANAGE_UNITS)
    contact = find_contact(session, unit_named(session, unit), wanted)
    forget_contact(session, contact)
    record(session, occasion, Event(REMOVE_CONTACT, f"unit {unit}", before={"id": contact.id, **_plain(contact)}))
    return _row(contact)


def forget_contact(session: Session, contact: Contact) -> None:
    """Delete a contact's row, and what hangs on it; the caller enters it in the ledger."""
    for kind in (Absence, CalendarFeed):
        for row in session.execute(select(kind).where(col(kind.contact_id) == contact.id)).scalars():
            session.delete(row)
    for absence in session.execute(select(Absence).where(col(Absence.deputy_id) == contact.id)).scalars():
        absence.deputy_id = None
    session.flush()
    session.delete(contact)
    session.flush()


def list_contacts(session: Session, unit: str) -> list[ContactRow]:
    """Return a unit's contacts in the order they were registered."""
    contacts = select(Contact).where(col(Contact.unit_id) == unit_named(session, unit)).order_by(col(Contact.id))
    return [_row(contact) for contact in session.execute(contacts).scalars()]


def find_contact(session: Session, unit_id: int, wanted: str) -> Contact:
    """Return the unit's contact of this address or name, locked for a change. Codes: unknown-contact, contact-unclear (several go by it)."""
    named = (col(Contact.address) == wanted) | (col(Contact.name) == wanted)
    contacts = select(Contact).where(col(Contact.unit_id) == unit_id, named).order_by(col(Contact.id)).with_for_update()
    found: Sequence[Contact] = session.execute(contacts).scalars().all()
    if not found:
        raise DubanError("unknown-contact", _("这个单位没有联系人“{wanted}”，请用 duban unit contact 单位 查看").format(wanted=wanted))
    if len(found) > 1:
        addresses = _("、").join(contact.address or contact.channel for contact in found)
        raise DubanError(
            "contact-unclear", _("有几位联系人都叫“{wanted}”，请写地址：{addresses}").format(wanted=wanted, addresses=addresses)
        )
    return found[0]


def _same_place(session: Session, unit_id: int, said: ContactSaid) -> Contact | None:
    return _at(session, unit_id, said.channel or MAIL, said.address or "")


def _at(session: Session, unit_id: int, channel: str, address: str) -> Contact | None:
    place = (col(Contact.unit_id) == unit_id, col(Contact.channel) == channel, col(Contact.address) == address)
    found: Contact | None = session.execute(select(Contact).where(*place)).scalar_one_or_none()
    return found


def _changed(contact: Contact, said: ContactSaid) -> Contact:
    """Return the contact as it will be, apart from the session: it is checked whole before anything is written."""
    fallback = said.fallback if said.fallback is not None else (contact.fallback_channel or "", contact.fallback_address or "")
    return Contact(
        id=contact.id,
        unit_id=contact.unit_id,
        name=(said.name or contact.name)[:60],
        duty=said.duty or contact.duty,
        channel=said.channel or contact.channel,
        address=contact.address if said.address is None else said.address,
        fallback_channel=fallback[0] or None,
        fallback_address=fallback[1] or None if fallback[0] else None,
        language=said.language or contact.language,
    )


def _refuse_unfit(contact: Contact) -> None:
    refuse_unreachable(contact.channel, contact.address)
    if contact.fallback_channel:
        refuse_unreachable(contact.fallback_channel, contact.fallback_address or "")
        if (contact.fallback_channel, contact.fallback_address or "") == (contact.channel, contact.address):
            raise DubanError("bad-address", _("备用渠道和地址与原来的相同，没有用处；请另写一个"))


def refuse_unreachable(channel: str, address: str) -> None:
    """Refuse, with bad-address, what cannot be an address on the channel: mail needs one that looks like it, a robot at most one word."""
    if channel == MAIL and not is_address(address):
        raise DubanError("bad-address", _("“{address}”不是电子邮件地址，请写成 名称@域名").format(address=address))
    if any(character.isspace() for character in address) or len(address) > 254 or not 0 < len(channel) <= 40:
        raise DubanError("bad-address", _("渠道“{channel}”上的地址“{address}”不合格式").format(channel=channel, address=address))


def _name_of(session: Session, unit_id: int) -> str:
    return str(session.execute(select(col(Unit.name)).where(col(Unit.id) == unit_id)).scalar_one())[:60]


def _row(contact: Contact) -> ContactRow:
    return ContactRow(id=contact.id or 0, **_values(contact))


def _plain(contact: Contact) -> dict[str, str | None]:
    return {**_values(contact), "duty": ContactDuty(contact.duty).value}


def _values(contact: Contact) -> dict[str, Any]:
    names = ("name", "duty", "channel", "address", "fallback_channel", "fallback_address", "language")
    return {name: getattr(contact, name) for name in names}
