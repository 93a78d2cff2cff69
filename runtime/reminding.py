"""The reminder run put together: settings, channels, clock and process around one service. The command line and the flows call this."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from sqlalchemy import Engine

from rules.rule_set import DEFAULT_RULE_SET, RuleSet
from runtime.channels import routes_of
from runtime.clock import now
from runtime.database import reading, transaction
from runtime.processes import is_gone, this_process
from runtime.settings import Settings
from runtime.stores import store_of
from services.courier import Courier
from services.occasion import Occasion
from services.outbox import DeliveryReport, deliver
from services.remind_report import RemindReport
from services.reminders import preview_reminders, remind


def courier_of(settings: Settings, engine: Engine, clock: Callable[[], datetime] = now) -> Courier:
    """Return who delivers for this installation: this process, beside any other that does so."""
    store = store_of(settings)
    return Courier(partial(transaction, engine), routes_of(settings), this_process(), clock, is_gone=is_gone, read_file=store.read)


def run_reminders(
    settings: Settings,
    engine: Engine,
    occasion: Occasion,
    *,
    rules: RuleSet = DEFAULT_RULE_SET,
    only_preview: bool = False,
    clock: Callable[[], datetime] = now,
) -> RemindReport:
    """Queue and deliver the reminders of the occasion's day; `only_preview` writes nothing and tells what would be sent."""
    if only_preview:
        with reading(engine) as session:
            return preview_reminders(session, occasion, routes_of(settings), rules, settings.office)
    return remind(courier_of(settings, engine, clock), occasion, rules, settings.office)


def run_delivery(settings: Settings, engine: Engine, day: date) -> DeliveryReport:
    """Deliver what waits in the outbox and queue nothing: retries whose time has come, and what was held back."""
    return deliver(courier_of(settings, engine), day)
