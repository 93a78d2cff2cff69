"""Who does something, for which day, and at which instant: what every act needs and no service asks for itself."""

from dataclasses import dataclass
from datetime import date, datetime

from models.account import AccountRole
from rules.rights import Actor

SYSTEM = Actor(account_id=None, name="system", role=AccountRole.SYSTEM)


@dataclass(frozen=True)
class Occasion:
    """One act's circumstances. `day` is the day it is done (due days are judged by it), `at` the aware instant it is written down.

    `form_id` is the form that the act was read from, where it came in on one; its entries say so.
    """

    actor: Actor
    day: date
    at: datetime
    form_id: int | None = None
