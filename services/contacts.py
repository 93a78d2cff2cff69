"""Whom to reach at a unit, and under which stable name a message to them is known."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.unit import Contact, ContactDuty, Unit
from notify.channel import MAIL

_EVERYDAY = (ContactDuty.LIAISON, ContactDuty.HANDLER)
_URGING = (*_EVERYDAY, ContactDuty.OFFICE)


@dataclass(frozen=True)
class Recipient:
    """One addressee. `key` is `contact-5`, `account-2` for one of the house's own people (who has no unit), or `unit-3` for a unit without a fitting contact,
    whose `person` and `address` are then empty.

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


@dataclass(frozen=True)
class Reach:
    """A unit and its contacts. `is_open` marks a set of units whose members are not named yet."""

    unit_id: int
    unit: str
    is_open: bool
    contacts: tuple[tuple[ContactDuty, Recipient], ...] = ()

    def recipients(self, urging: bool) -> list[Recipient]:
        """Return who is written to: liaisons and handlers, with them the office when a matter is urged, the office alone where there are none.

        A unit with none of them is a recipient without address.
        """
        duties = _URGING if urging else _EVERYDAY
        named = [recipient for duty, recipient in self.contacts if duty in duties]
        fallback = [recipient for duty, recipient in self.contacts if duty is ContactDuty.OFFICE]
        return named or fallback or [Recipient(f"unit-{self.unit_id}", self.unit_id, self.unit, None, "", "zh")]


def reach_of(session: Session, unit_ids: Collection[int]) -> Mapping[int, Reach]:
    """Return how each of these units is reached, by unit id."""
    people: dict[int, list[tuple[ContactDuty, Recipient]]] = defaultdict(list)
    rows = sa.select(Contact, col(Unit.name)).join(Unit, col(Unit.id) == Contact.unit_id).where(col(Contact.unit_id).in_(unit_ids))
    for contact, unit in session.execute(rows.order_by(col(Contact.id))).tuples():
        recipient = Recipient(f"contact-{contact.id}", contact.unit_id, unit, contact.name, contact.address, contact.language)
        people[contact.unit_id].append((contact.duty, recipient))
    units = session.exec(select(Unit.id, Unit.name, Unit.is_open).where(col(Unit.id).in_(unit_ids)))
    return {unit_id or 0: Reach(unit_id or 0, name, is_open, tuple(people[unit_id or 0])) for unit_id, name, is_open in units}
