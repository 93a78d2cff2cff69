"""The reminders flow: on every working day, whoever is due is reminded, once."""

from datetime import date
from functools import partial
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.gate import Summary, day_of_run, run_once, skipped
from rules.calendar import is_working_day
from rules.errors import DubanError
from rules.texts import _
from runtime.clock import now
from runtime.context import open_context
from runtime.reminding import run_reminders
from services.occasion import SYSTEM, Occasion

NAME = "send-reminders"

# A little longer than the outbox itself waits before it tries a message again.
_RETRY_SECONDS = [330.0, 660.0, 1260.0]
_PASSING = {"reminders-waiting", "delivery-running"}


def slot_of(day: date) -> str:
    """Return the slot of the reminders of a day."""
    return day.isoformat()


@flow(name=NAME, retries=0)
def send_reminders(as_of: date | None = None) -> State[Any]:
    """Remind whoever is due on the day the run was scheduled for, or on `as_of`. Not a working day, or done already: skipped."""
    day = day_of_run(as_of)
    if not is_working_day(day):
        return skipped(_("{day} 不是工作日，不催办").format(day=day))
    return run_once(NAME, slot_of(day), partial(remind_units, day))


def _is_passing(_task: object, _run: object, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, DubanError) and error.code in _PASSING


@task(
    name="remind-units",
    retries=len(_RETRY_SECONDS),
    retry_delay_seconds=_RETRY_SECONDS,
    retry_condition_fn=_is_passing,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def remind_units(day: date) -> Summary:
    """Plan the day's messages and hand them over; running it again sends nothing twice.

    Messages that a mail server did not take yet are tried again within the hour; while some still wait the work is not done, which is an error.
    """
    with open_context() as context:
        report = run_reminders(context.settings, context.engine, Occasion(SYSTEM, day, now()), rules=context.rules_on(day))
    waiting = [message for message in report.not_sent if message.code in ("waiting", "postponed")]
    if waiting:
        text = _("{count} 件提醒还没有发出（{reason}），请检查邮件设置，再运行 duban remind")
        raise DubanError("reminders-waiting", text.format(count=len(waiting), reason=waiting[0].reason))
    counts = {_("已发"): report.sent, _("未发"): report.not_sent, _("不知是否送达"): report.uncertain}
    return {_("日期"): day.isoformat()} | {word: len(messages) for word, messages in counts.items()}
