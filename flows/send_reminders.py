"""The reminders flow: on every working day, whoever is due is reminded, once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.fanning import conclusion, fanned
from flows.gate import run_job, tell_failure
from rules.errors import DubanError
from runtime.gate import Outcome
from runtime.job_work import When

NAME = "send-reminders"

# A little longer than the outbox itself waits before it tries a message again.
_RETRY_SECONDS = [330.0, 660.0, 1260.0]
_PASSING = {"reminders-waiting", "database-busy"}


@flow(name=NAME, retries=0, on_failure=[tell_failure])
def send_reminders(as_of: date | None = None) -> State[Any]:
    """Remind whoever is due on the day the run was scheduled for, or on `as_of`. Not a working day, or done already: skipped."""
    return run_job(NAME, as_of, lambda when: fanned(NAME, when, remind_units))


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
def remind_units(when: When, parts: Sequence[Any]) -> Outcome:
    """Write the day's messages of what is due in all chunks and hand them over; while some still wait, it is tried again within the hour."""
    return conclusion(NAME, when, parts)
