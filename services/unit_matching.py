"""A draft's unit names held against the register in the database. What fits and what is near is decided in `intake.review.register`."""

from sqlmodel import Session

from intake.draft import DraftPlan
from intake.review.register import Register, RegisteredUnit, unit_findings, with_registered_names
from rules.errors import DubanError
from services.units import list_units


def register_of(session: Session) -> Register:
    """Return the names of all registered units and their other names. Sets whose members are named later, and units that have ended, are left out."""
    return Register(tuple(RegisteredUnit(unit.name, unit.aliases) for unit in list_units(session) if not (unit.is_open or unit.successor)))


def settled_units(session: Session, draft: DraftPlan) -> DraftPlan:
    """Return the draft with every name that fits one registered unit in other words given that unit's name, so that none is registered twice. Refused with
    ambiguous-unit where a name fits several: which one is meant, only a person can say.
    """
    register = register_of(session)
    unclear = [finding for finding in unit_findings(draft, register) if finding.severity == "error"]
    if unclear:
        raise DubanError(unclear[0].code, unclear[0].message)
    return with_registered_names(draft, register)
