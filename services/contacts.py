"""Whom to reach at a unit on a day, and under which stable name a message to them is known.

Who is away is stood in for: by the deputy that was named, and the deputy's own where that one is away too. Without one the unit's other contacts get it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.unit import Absence, Contact, ContactDuty, Unit
from notify.channel import MAIL
from rules.texts import _
from services.changes import table_of
from services.past import Past

_NOTHING_UNDONE = Past()
_NAMED: sa.BindParameter[int] = sa.bindparam("units", expanding=True)
_CONTACTS = sa.select(table_of(Contact)).where(table_of(Contact).c.unit_id.in_(_NAMED))
_OF_UNITS = sa.select(table_of(Contact).c.id).where(table_of(Contact).c.unit_id.in_(_NAMED))
_ABSENCES = sa.select(table_of(Absence)).where(table_of(Absence).c.contact_id.in_(_OF_UNITS))
_UNITS = select(Unit.id, Unit.name, Unit.is_open).where(col(Unit.id).in_(_NAMED))
_EVERYDAY = (ContactDuty.LIAISON, ContactDuty.HANDLER)
_URGING = (*_EVERYDAY, ContactDuty.OFFICE)


@dataclass(frozen=True)
class Recipient:
    """One addressee. `key` is `contact-5`, `account-2` for one of the house's own people (who has no unit), or `unit-3` for a unit without a fitting contact,
    whose `person` and `address` are then empty; `is_away` says that there are some, and all of them are away.

    `channel` is `mail` or a robot's name; `fallback` the channel and address that take over what cannot be delivered; `deputy_for` whom the addressee stands in for.
    """

    key: str
    unit_id: int | None
    unit: str
    person: str | None
    address: str
    language: str
    channel: str = MAIL
    fallback: tuple[str, str] | None = None
    deputy_for: str | None = None
    is_away: bool = False


@dataclass(frozen=True)
class Reach:
    """A unit and its contacts who can be reached, each with a duty of his own or of somebody he stands in for. `away` are the duties of those who cannot.

    `is_open` marks a set of units whose members are not named yet.
    """

    unit_id: int
    unit: str
    is_open: bool
    contacts: tuple[tuple[ContactDuty, Recipient], ...] = ()
    away: frozenset[ContactDuty] = field(default_factory=frozenset)

    def recipients(self, urging: bool) -> list[Recipient]:
        """Return who is written to: liaisons and handlers, with them the office when a matter is urged, the office alone where there are none.

        A unit with none of them is a recipient without address.
        """
        duties = _URGING if urging else _EVERYDAY
        return self.holding(*duties) or self.holding(ContactDuty.OFFICE) or [self.nobody(*_URGING)]

    def holding(self, *duties: ContactDuty) -> list[Recipient]:
        """Return who can be reached with one of these duties, or stands in for somebody with one, each once."""
        return list(dict.fromkeys(recipient for duty, recipient in self.contacts if duty in duties))

    def nobody(self, *duties: ContactDuty) -> Recipient:
        """Return the unit itself as a recipient without address, marked as away where people with these duties are."""
        return Recipient(f"unit-{self.unit_id}", self.unit_id, self.unit, None, "", "zh", is_away=bool(self.away & set(duties)))


class _Registered(NamedTuple):
    """A contact's row as it is read here: a house has thousands, and an object of the session each would take longer than all the rest."""

    id: int
    name: str
    duty: ContactDuty
    address: str
    language: str
    channel: str
    fallback_channel: str | None
    fallback_address: str | None


def reach_of(session: Session, unit_ids: Collection[int], day: date, known: Past = _NOTHING_UNDONE) -> Mapping[int, Reach]:
    """Return how each of these units is reached on `day`, by unit id; with the past of that day, as the register stood then."""
    if not unit_ids:
        return {}
    named = {"units": list(unit_ids)}
    contacts = [row._asdict() for row in session.execute(_CONTACTS, named)]
    by_unit: dict[int, list[_Registered]] = defaultdict(list)
    facts = itemgetter(*_Registered._fields)
    for row in sorted(known.rows(Contact, contacts), key=itemgetter("id")):
        by_unit[row["unit_id"]].append(_Registered._make(facts(row)))
    deputies = _deputies_on(session, named, day, known)
    units = session.execute(_UNITS, named).tuples()
    return {unit_id or 0: _reach((unit_id or 0, name, is_open), by_unit[unit_id or 0], deputies) for unit_id, name, is_open in units}


def _reach(unit: tuple[int, str, bool], contacts: Sequence[_Registered], deputies: Mapping[int, int | None]) -> Reach:
    by_id: dict[int | None, _Registered] = {contact.id: contact for contact in contacts}
    standing = [(contact, by_id.get(_standing_in(contact.id, deputies))) for contact in contacts]
    absent: dict[int, list[str]] = defaultdict(list)
    for contact, present in standing:
        if present is not None and present is not contact:
            absent[present.id].append(contact.name)
    # Whoever stands in is one recipient everywhere, whichever duty he is asked for: he gets one message.
    people = {contact.id: _recipient(unit, contact, absent[contact.id]) for contact in contacts}
    reached = tuple((contact.duty, people[present.id]) for contact, present in standing if present is not None)
    return Reach(*unit, reached, frozenset([contact.duty for contact, present in standing if present is None]))


def _standing_in(contact_id: int, deputies: Mapping[int, int | None]) -> int | None:
    """Return who takes the contact's messages: himself, or along the line of deputies the first who is not away; None where there is nobody."""
    passed: set[int] = set()
    following: int | None = contact_id
    while following is not None and following in deputies:
        if following in passed:
            return None
        passed.add(following)
        following = deputies[following]
    return following


def _recipient(unit: tuple[int, str, bool], contact: _Registered, absent: Sequence[str]) -> Recipient:
    unit_id, name, _is_open = unit
    return Recipient(
        key=f"contact-{contact.id}",
        unit_id=unit_id,
        unit=name,
        person=contact.name,
        address=contact.address,
        language=contact.language,
        channel=contact.channel,
        fallback=(contact.fallback_channel, contact.fallback_address or "") if contact.fallback_channel else None,
        deputy_for=_("、").join(absent) or None,
    )


def _deputies_on(session: Session, named: Mapping[str, Sequence[int]], day: date, known: Past) -> Mapping[int, int | None]:
    """Return the deputies of the contacts of the units named who are away on `day`, None for one without."""
    found = [dict(row) for row in session.execute(_ABSENCES, named).mappings()]
    return {
        row["contact_id"]: row["deputy_id"]
        for row in sorted(known.rows(Absence, found), key=lambda row: row["id"])
        if row["from_on"] <= day and (row["until_on"] is None or day <= row["until_on"])
    }
