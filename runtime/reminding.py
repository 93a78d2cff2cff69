"""The reminder run put together: settings, lock, channel and clock around one service. The command line and the flow both call this."""

from functools import partial

from sqlalchemy import Engine

from rules.rule_set import DEFAULT_RULE_SET, RuleSet
from runtime.channels import routes_of
from runtime.clock import now
from runtime.database import reading, transaction
from runtime.delivery_lock import delivery_lock
from runtime.settings import Settings
from services.courier import Courier
from services.occasion import Occasion
from services.remind_report import RemindReport
from services.reminders import preview_reminders, remind


def run_reminders(
    settings: Settings, engine: Engine, occasion: Occasion, *, rules: RuleSet = DEFAULT_RULE_SET, only_preview: bool = False
) -> RemindReport:
    """Queue and deliver the reminders of the occasion's day; `only_preview` writes nothing, needs no lock and tells what would be sent."""
    routes = routes_of(settings)
    if only_preview:
        with reading(engine) as session:
            return preview_reminders(session, occasion, routes, rules)
    with delivery_lock(settings.home) as owner:
        return remind(Courier(partial(transaction, engine), routes, owner, now), occasion, rules, settings.office)
