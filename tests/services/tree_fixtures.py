"""A tree of units below the small plan's lead unit: two cities, a county below the first, and a city bureau below another department."""

from dataclasses import dataclass

from sqlmodel import Session, select

from models.account import Account, AccountRole
from models.unit import Unit
from rules.rights import Actor
from tests.builders import AT, FINANCE, SCIENCE, keep
from tests.remembered import once

NORTH, SOUTH, COUNTY, FOREIGN = "北市科技局", "南市科技局", "东县科技局", "北市财政局"


@dataclass(frozen=True)
class Lower:
    """Actors of the lower units, and offices bound to the northern city."""

    north: Actor
    south: Actor
    county: Actor
    foreign: Actor
    north_office: Actor
    north_supervisor: Actor


@once
def lower_units(session: Session) -> Lower:
    north, south, foreign = (_unit(session, name, upper) for name, upper in ((NORTH, SCIENCE), (SOUTH, SCIENCE), (FOREIGN, FINANCE)))
    county = _unit(session, COUNTY, NORTH)
    return Lower(
        _actor(session, "north", north),
        _actor(session, "south", south),
        _actor(session, "county", county),
        _actor(session, "foreign", foreign),
        _actor(session, "north-office", north, AccountRole.PLAN_OFFICE),
        _actor(session, "north-supervisor", north, AccountRole.SUPERVISOR),
    )


def _unit(session: Session, name: str, upper: str) -> int:
    unit = Unit(name=name, parent_id=session.exec(select(Unit.id).where(Unit.name == upper)).one())
    keep(session, unit)
    assert unit.id is not None
    return unit.id


def _actor(session: Session, name: str, unit_id: int, role: AccountRole = AccountRole.UNIT) -> Actor:
    account = Account(name=name, role=role, unit_id=unit_id, created_at=AT)
    keep(session, account)
    return Actor(account.id, name, role, unit_id)
