"""The register of units taken from a list: new units, other names, superiors and contacts, all or nothing.

What is registered already is completed, never renamed: a row for a known name only adds what the register does not know yet.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.unit import Contact, ContactDuty, Unit, UnitAlias, UnitLevel
from notify.channel import MAIL
from rules.rights import Act, refuse_without_right
from services.ledger import Event, record
from services.many_rows import insert_rows
from services.occasion import Occasion
from services.row_files import refuse_mistakes
from services.unit_list import ListedUnit, list_mistakes, read_list
from services.units import all_units_by_name
from services.unswept import unswept


@dataclass(frozen=True)
class UnitImport:
    """What an import makes, or would make: the names of new and of completed units, and how many other names and contacts."""

    new: tuple[str, ...]
    completed: tuple[str, ...]
    alias_count: int
    contact_count: int


@dataclass
class _Plan:
    """What is to be written: units to be made, columns to be set, names and contacts by the unit's name."""

    ids: dict[str, int]
    new: list[ListedUnit] = field(default_factory=list)
    completed: list[tuple[str, Unit, str, Any]] = field(default_factory=list)
    aliases: list[tuple[str, str]] = field(default_factory=list)
    contacts: list[tuple[str, str, str]] = field(default_factory=list)


def import_units(session: Session, path: Path, occasion: Occasion, is_dry_run: bool = False) -> UnitImport:
    """Take the units of a list (xlsx or csv) into the register, or only say what that would do. The same list again changes nothing.

    Refused whole, with every mistake by its row: no name, an unknown superior or level, a unit under itself, a name that belongs to another unit, an address that is
    none, a formula (row-mistakes); a file without the column for names (rows-not-read).
    """
    refuse_without_right(occasion.actor, Act.MANAGE_UNITS)
    with unswept():
        plan, known = _checked(session, path)
        if not is_dry_run:
            _write(session, plan, occasion, path.name)
    touched = {one[0] for one in plan.completed} | {one[0] for one in plan.aliases} | {one[0] for one in plan.contacts}
    return UnitImport(tuple(unit.name for unit in plan.new), tuple(sorted(touched & known)), len(plan.aliases), len(plan.contacts))


def _checked(session: Session, path: Path) -> tuple[_Plan, Set[str]]:
    """Return what the list is to change, and the names known before."""
    listed, mistakes = read_list(path)
    known = all_units_by_name(session)
    registered = {row.id or 0: row for row in session.execute(select(Unit)).scalars()}
    refuse_mistakes(path.name, sorted([*mistakes, *list_mistakes(listed, known, registered)]))
    return _planned(session, listed, known, registered), known.keys()


def _planned(session: Session, listed: Mapping[str, ListedUnit], known: Mapping[str, int], registered: Mapping[int, Unit]) -> _Plan:
    plan = _Plan(dict(known))
    stored = set(session.execute(select(col(Contact.unit_id), col(Contact.address))).tuples())
    for unit in listed.values():
        if unit.name not in known:
            plan.new.append(unit)
        else:
            plan.completed += _completed(unit, registered[known[unit.name]], known)
        plan.aliases += [(unit.name, alias) for alias in unit.aliases if alias not in known]
        plan.contacts += [
            (unit.name, address, person) for address, person in unit.contacts.items() if (known.get(unit.name), address) not in stored
        ]
    plan.new = _superiors_first(plan.new)
    return plan


def _completed(unit: ListedUnit, row: Unit, known: Mapping[str, int]) -> list[tuple[str, Unit, str, Any]]:
    """Return what the list says of a registered unit that its row does not. A superior that is new itself is known only by name yet."""
    said: list[tuple[str, Unit, str, Any]] = []
    if unit.parent and (unit.parent not in known or known[unit.parent] != row.parent_id):
        said.append((unit.name, row, "parent_id", unit.parent))
    if unit.region and unit.region != row.region:
        said.append((unit.name, row, "region", unit.region))
    if unit.level is not UnitLevel.UNKNOWN and unit.level is not row.level:
        said.append((unit.name, row, "level", unit.level))
    return said


def _superiors_first(units: Sequence[ListedUnit]) -> list[ListedUnit]:
    by_name = {name: unit for unit in units for name in (*unit.aliases, unit.name)}
    ordered: dict[str, ListedUnit] = {}
    for unit in units:
        way = [unit]
        while way[-1].parent in by_name and way[-1].name not in ordered:
            way.append(by_name[way[-1].parent])
        for one in reversed(way):
            ordered.setdefault(one.name, one)
    return list(ordered.values())


def _write(session: Session, plan: _Plan, occasion: Occasion, source: str) -> None:
    ids = plan.ids
    waiting = list(plan.new)
    while waiting:
        # All whose superior is there already go in at once: as many statements as there are levels.
        ready = [unit for unit in waiting if not unit.parent or unit.parent in ids]
        rows = [{"name": u.name, "level": u.level, "region": u.region, "parent_id": ids.get(u.parent), "is_open": False} for u in ready]
        for unit, number in zip(ready, insert_rows(session, Unit, rows), strict=True):
            ids |= dict.fromkeys((*unit.aliases, unit.name), number)
        waiting = [unit for unit in waiting if unit.name not in ids]
    for _name, row, column, value in plan.completed:
        setattr(row, column, ids[value] if column == "parent_id" else value)
    insert_rows(session, UnitAlias, [{"unit_id": ids[unit], "alias": alias} for unit, alias in plan.aliases])
    contacts = [
        {"unit_id": ids[unit], "channel": MAIL, "address": address, "name": person, "duty": ContactDuty.LIAISON, "language": "zh"}
        for unit, address, person in plan.contacts
    ]
    insert_rows(session, Contact, contacts)
    if plan.new or plan.completed or plan.aliases or contacts:
        after = {"source": source, "units": len(plan.new), "aliases": len(plan.aliases), "contacts": len(plan.contacts)}
        record(session, occasion, Event("import-units", f"units from {source}", after=after))
