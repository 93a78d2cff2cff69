"""Whom people mean when they name somebody messages go to: a unit, one of its contacts by name or address, or an account of the house."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.account import Account
from models.unit import Contact, Unit
from rules.errors import DubanError
from rules.texts import _
from services.past import past_on
from services.units import units_by_name


@dataclass(frozen=True)
class Who:
    """Everybody a name may mean. `keys` are the recipients' keys, `unit_ids` the units concerned; `is_person`: single contacts, not their unit as a whole."""

    names: tuple[str, ...]
    keys: frozenset[str]
    unit_ids: frozenset[int]
    contact_ids: frozenset[int] = frozenset()
    account_names: tuple[str, ...] = ()
    is_person: bool = False


def who_is(session: Session, named: str, day: date) -> Who:
    """Return whom `named` means; contacts of `day` who are registered no more are found too. Refused with unknown-recipient where nobody is of that name."""
    unit_id = units_by_name(session, [named]).get(named)
    contacts = _contacts(session, day)
    if unit_id is not None:
        own = [contact for contact in contacts if contact.unit_id == unit_id]
        keys = {f"unit-{unit_id}", *(f"contact-{contact.id}" for contact in own)}
        return Who((_unit_name(session, unit_id),), frozenset(keys), frozenset({unit_id}), _ids(own))
    wanted = named.strip().casefold()
    found = [contact for contact in contacts if wanted in (contact.name.casefold(), contact.address.casefold())]
    accounts = [one for one in session.exec(select(Account)) if wanted in (one.name.casefold(), (one.address or "").casefold())]
    if not found and not accounts:
        text = _("没有叫“{who}”的单位、联系人、地址或账号，请用 duban unit list 查看")
        raise DubanError("unknown-recipient", text.format(who=named))
    names = [f"{contact.name}（{_unit_name(session, contact.unit_id)}，{contact.address}）" for contact in found]
    keys = {*(f"contact-{contact.id}" for contact in found), *(f"account-{account.id}" for account in accounts)}
    return Who(
        names=(*names, *(account.name for account in accounts)),
        keys=frozenset(keys),
        unit_ids=frozenset(contact.unit_id for contact in found),
        contact_ids=_ids(found),
        account_names=tuple(account.name for account in accounts),
        is_person=True,
    )


def _contacts(session: Session, day: date) -> list[Contact]:
    """Return the contacts of now, and those of `day` beside them where they were others."""
    rows = [contact.model_dump() for contact in session.exec(select(Contact).order_by(col(Contact.id)))]
    then = {row["id"]: Contact(**row) for row in past_on(session, day).rows(Contact, rows)}
    now = [Contact(**row) for row in rows]
    return [*(contact for contact in now if then.get(contact.id) != contact), *then.values()]


def _ids(contacts: list[Contact]) -> frozenset[int]:
    return frozenset(contact.id or 0 for contact in contacts)


def _unit_name(session: Session, unit_id: int) -> str:
    return session.scalars(sa.select(col(Unit.name)).where(col(Unit.id) == unit_id)).one()
