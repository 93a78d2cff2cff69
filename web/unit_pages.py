"""Pages that are a unit's own: an office or an administrator has no work of this kind, and is told so."""

from rules.rights import Act, Parties, refuse_without_right
from web.visiting import Visitor


def refuse_strangers(visitor: Visitor) -> None:
    """Refuse, with no-right, whoever does not act for a unit."""
    refuse_without_right(visitor.actor, Act.ACKNOWLEDGE, Parties(visitor.actor.unit_id or 0))
