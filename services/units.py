"""The register of units: names, other names, and whom to reach there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from models.unit import Contact, Unit, UnitAlias
from rules.errors import DubanError
from rules.rights import Act, refuse_without_right
from rules.texts import _
from services.keyset import KeyPage, PageAsk, by_number, page_of
from services.ledger import Event, record, record_all
from services.many_rows import insert_rows
from services.occasion import Occasion
from services.portions import portions

_ADDRESS = re.compile(r'[^@\s<>,;"]+@[^\s<>,;"]+')


@dataclass(frozen=True)
class NewUnit:
    """A unit to be registered if its name is new. `other_names` lead to it afterwards."""

    name: str
    is_open: bool = False
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitRow:
    """A unit as it is listed. One with a `successor` has ended, and its name leads there."""

    id: int
    name: str
    is_open: bool
    aliases: tuple[str, ...]
    contacts: tuple[str, ...]
    parent: str | None = None
    successor: str | None = None


def units_by_name(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Return the ids of the registered units among `names`, found by name or by another name; a unit that has ended is found as its successor."""
    wanted = sorted(set(names))
    known: dict[str, int] = {}
    for some in portions(wanted):
        found = select(col(Unit.name), col(Unit.id)).where(col(Unit.name).in_(some), col(Unit.successor_id).is_(None))
        other = select(col(UnitAlias.alias), col(UnitAlias.unit_id)).where(col(UnitAlias.alias).in_(some))
        known |= {name: unit_id for query in (other, found) for name, unit_id in session.execute(query).tuples() if unit_id is not None}
    return known


def all_units_by_name(session: Session) -> dict[str, int]:
    """Return the ids of all registered units, by name and by every other name, as `units_by_name` does for some: for what names very many."""
    found = select(col(Unit.name), col(Unit.id)).where(col(Unit.successor_id).is_(None))
    other = select(col(UnitAlias.alias), col(UnitAlias.unit_id))
    return {name: unit_id for query in (other, found) for name, unit_id in session.execute(query).tuples() if unit_id is not None}


def register_units(session: Session, units: Sequence[NewUnit], occasion: Occasion) -> dict[str, int]:
    """Register the units that are new and return the id of every name given, other names too. Registered units stay as they are."""
    known = units_by_name(session, [name for unit in units for name in (unit.name, *unit.other_names)])
    steps = _unregistered(units, known)
    numbers = insert_rows(session, Unit, [{"name": unit.name, "is_open": unit.is_open} for unit, alias in steps if alias is None])
    ids = {name: numbers[-1 - found] if found < 0 else found for name, found in known.items()}
    insert_rows(session, UnitAlias, [{"unit_id": ids[unit.name], "alias": alias} for unit, alias in steps if alias is not None])
    record_all(session, occasion, [_registered(unit, ids[unit.name], alias) for unit, alias in steps])
    return ids


def _unregistered(units: Sequence[NewUnit], known: dict[str, int]) -> list[tuple[NewUnit, str | None]]:
    """Return what is to be made, in order: a unit (with None) or another name of it. `known` learns every name; new units count down from -1 until they have a number."""
    steps: list[tuple[NewUnit, str | None]] = []
    new_count = 0
    for unit in units:
        names = (unit.name, *unit.other_names)
        found = next((known[name] for name in names if name in known), None)
        if found is None:
            new_count += 1
            found = known[unit.name] = -new_count
            steps.append((unit, None))
        steps += [(unit, name) for name in names if name not in known]
        known |= {name: found for name in names if name not in known}
    return steps


def _registered(unit: NewUnit, unit_id: int, alias: str | None) -> Event:
    if alias is None:
        return Event("register-unit", f"unit {unit.name}", after={"id": unit_id, "name": unit.name, "open": unit.is_open})
    return Event("alias-unit", f"unit {unit.name}", after={"id": unit_id, "alias": alias})


def unit_named(session: Session, name: str) -> int:
    """Return the id of the unit with this name or other name; an unknown one is refused."""
    unit_id = units_by_name(session, [name]).get(name)
    if unit_id is None:
        raise DubanError("unknown-unit", _("没有登记过单位“{unit}”，请用 duban unit list 查看").format(unit=name))
    return unit_id


def add_alias(session: Session, name: str, alias: str, occasion: Occasion) -> None:
    """Let `alias` lead to the unit `name`; an alias that is taken is refused."""
    refuse_without_right(occasion.actor, Act.MANAGE_UNITS)
    unit_id = unit_named(session, name)
    if units_by_name(session, [alias]):
        raise DubanError("alias-taken", _("“{alias}”已经是一个单位的名称或别名").format(alias=alias))
    session.add(UnitAlias(unit_id=unit_id, alias=alias))
    record(session, occasion, Event("alias-unit", f"unit {name}", after={"id": unit_id, "alias": alias}))


def is_address(written: str) -> bool:
    """Tell whether it looks like an e-mail address that can stand in a header."""
    return _ADDRESS.fullmatch(written) is not None


def list_units(session: Session, ids: Sequence[int] | None = None) -> list[UnitRow]:
    """Return all units, or those with these numbers, in the order they were registered, with their other names and their contacts' addresses."""
    wanted, named = select(Unit).order_by(col(Unit.id)), select(col(Unit.id), col(Unit.name))
    spelt = select(col(UnitAlias.unit_id), col(UnitAlias.alias)).order_by(col(UnitAlias.alias))
    reached = select(col(Contact.unit_id), col(Contact.address)).order_by(col(Contact.id))
    if ids is not None:
        wanted, spelt, reached = (
            wanted.where(col(Unit.id).in_(ids)),
            spelt.where(col(UnitAlias.unit_id).in_(ids)),
            reached.where(col(Contact.unit_id).in_(ids)),
        )
    units = session.execute(wanted).scalars().all()
    if ids is not None:
        named = named.where(col(Unit.id).in_({number for unit in units for number in (unit.parent_id, unit.successor_id) if number}))
    names = dict(session.execute(named).tuples().all())
    aliases, contacts = _gathered(session.execute(spelt).tuples()), _gathered(session.execute(reached).tuples())
    return [
        UnitRow(
            unit.id,
            unit.name,
            unit.is_open,
            aliases.get(unit.id, ()),
            contacts.get(unit.id, ()),
            names.get(unit.parent_id),
            names.get(unit.successor_id),
        )
        for unit in units
        if unit.id
    ]


def unit_page(session: Session, ask: PageAsk) -> KeyPage[UnitRow]:
    """Return a page of the register; everybody may look into it."""
    return page_of(session, select(col(Unit.id)), ask, lambda ids: by_number(list_units(session, ids)))


def _gathered(pairs: Iterable[tuple[int, str]]) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for unit_id, value in pairs:
        found[unit_id] = (*found.get(unit_id, ()), value)
    return found
