"""Which plans were not issued yet on a day: told by the one entry that issued each, not by all that came after it."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session

from models.ledger import WROTE_ROWS, LedgerEntry
from services.changes import table_of
from services.ledger import chain_of
from services.portions import portions

_ENTRY = table_of(LedgerEntry)


def issued_after(session: Session, day: date, plan_ids: Sequence[int]) -> set[int]:
    """Return those of these plans that were issued after the end of `day`. One entered by an inventory stood long before."""
    later = sa.select(_ENTRY.c.plan_id).where(_ENTRY.c.acted_on > day, sa.text(WROTE_ROWS), _ENTRY.c.act == "issue-plan")
    found = (session.execute(later.where(_ENTRY.c.chain.in_(map(chain_of, some)))).scalars() for some in portions(plan_ids))
    return {plan_id for some in found for plan_id in some if plan_id is not None}
