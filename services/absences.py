"""Absences: from when to when a contact is away, and who stands in. Who is reached on a day follows from it (`services.contacts`); nothing waits for a return."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from models.unit import Absence, Contact
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from rules.words import day_words
from services.ledger import Event, record
from services.occasion import Occasion
from services.reach import read_tree


@dataclass(frozen=True)
class Leave:
    """Days away, both included; `until_on` None: until further notice. Without a deputy the unit's other contacts are written to."""

    from_on: date
    until_on: date | None = None
    deputy_id: int | None = None


@dataclass(frozen=True)
class AbsenceRow:
    """An absence as it is listed."""

    contact: str
    from_on: date
    until_on: date | None
    deputy: str | None


def set_absence(session: Session, contact_id: int, leave: Leave, occasion: Occasion) -> None:
    """Say that a contact is away. A day gone by is allowed, so that it can be said late; what was sent then stays sent.

    Codes: unknown-contact, absence-backwards (it ends before it begins, or is over), absence-overlaps, deputy-unfit (himself, or of another unit).
    """
    contact = _contact(session, contact_id, occasion)
    _refuse_odd(session, contact, leave, occasion.day)
    session.add(Absence(contact_id=contact_id, deputy_id=leave.deputy_id, from_on=leave.from_on, until_on=leave.until_on))
    after = {"from_on": leave.from_on.isoformat(), "until_on": leave.until_on and leave.until_on.isoformat(), "deputy_id": leave.deputy_id}
    record(session, occasion, Event("set-absence", f"contact {contact_id}", after={"contact": contact.name, **after}))


def end_absence(session: Session, contact_id: int, occasion: Occasion) -> None:
    """Say that a contact is back from the day of the act on: the absence of that day ends the day before, and one that lies ahead falls away.

    Codes: unknown-contact, not-away.
    """
    contact = _contact(session, contact_id, occasion)
    still = select(Absence).where(col(Absence.contact_id) == contact_id)
    still = still.where(col(Absence.until_on).is_(None) | (col(Absence.until_on) >= occasion.day)).order_by(col(Absence.from_on))
    absence = session.execute(still.limit(1)).scalar_one_or_none()
    if absence is None:
        raise DubanError("not-away", _("{name} 没有登记外出").format(name=contact.name))
    before = {"from_on": absence.from_on.isoformat(), "until_on": absence.until_on and absence.until_on.isoformat()}
    last = occasion.day - timedelta(days=1)
    if absence.from_on > last:
        session.delete(absence)
    else:
        absence.until_on = last
        session.add(absence)
    record(session, occasion, Event("end-absence", f"contact {contact_id}", before=before, after={"contact": contact.name}))


def list_absences(session: Session, unit_id: int, day: date) -> list[AbsenceRow]:
    """Return the absences of a unit's contacts that are not over on `day`, the earliest first."""
    names = {contact.id: contact.name for contact in session.execute(select(Contact).where(col(Contact.unit_id) == unit_id)).scalars()}
    still = select(Absence).where(col(Absence.contact_id).in_(names), col(Absence.until_on).is_(None) | (col(Absence.until_on) >= day))
    rows = session.execute(still.order_by(col(Absence.from_on), col(Absence.id))).scalars()
    return [AbsenceRow(names[row.contact_id], row.from_on, row.until_on, names.get(row.deputy_id)) for row in rows]


def _contact(session: Session, contact_id: int, occasion: Occasion) -> Contact:
    """Return the contact with its row locked, if the actor may act for its unit."""
    wanted = select(Contact).where(col(Contact.id) == contact_id).with_for_update()
    found: Contact | None = session.execute(wanted).scalar_one_or_none()
    # Asked first: whoever may not act is not told what there is.
    refuse_without_right(occasion.actor, Act.SET_ABSENCE, read_tree(session).parties(found.unit_id if found else 0))
    if found is None:
        raise DubanError("unknown-contact", _("没有联系人 {id}，请用 duban unit contact 单位 查看").format(id=contact_id))
    return found


def _refuse_odd(session: Session, contact: Contact, leave: Leave, day: date) -> None:
    if leave.until_on is not None and (leave.until_on < leave.from_on or leave.until_on < day):
        raise DubanError("absence-backwards", _("外出到 {day} 为止，早于开始日或今天；请核对日期").format(day=leave.until_on))
    deputy = session.get(Contact, leave.deputy_id) if leave.deputy_id is not None else None
    if leave.deputy_id is not None and (deputy is None or deputy.unit_id != contact.unit_id or deputy.id == contact.id):
        raise DubanError("deputy-unfit", _("代办人应是本单位的另一位联系人"))
    later = col(Absence.until_on).is_(None) | (col(Absence.until_on) >= leave.from_on)
    same = select(Absence).where(col(Absence.contact_id) == contact.id, later)
    if leave.until_on is not None:
        same = same.where(col(Absence.from_on) <= leave.until_on)
    other = session.execute(same.limit(1)).scalar_one_or_none()
    if other is not None:
        until = day_words(other.until_on) if other.until_on else _("另行通知")
        text = _("{name} 在 {start} 至 {end} 已登记外出；先用 --end 结束，再重新登记")
        raise DubanError("absence-overlaps", text.format(name=contact.name, start=day_words(other.from_on), end=until))
