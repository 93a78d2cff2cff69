"""The escalation flow: on every working day, the notices that the ladder calls for are prepared; people issue them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.fanning import conclusion, fanned
from flows.gate import run_job, tell_failure
from runtime.gate import Outcome
from runtime.job_work import When

NAME = "escalate-overdue"


@flow(name=NAME, retries=0, on_failure=[tell_failure])
def escalate_overdue(as_of: date | None = None) -> State[Any]:
    """Prepare the notices of the day the run was scheduled for, or of `as_of`. Not a working day, or done already: skipped."""
    return run_job(NAME, as_of, lambda when: fanned(NAME, when, count))


@task(name="count", cache_policy=NO_CACHE, persist_result=False)
def count(when: When, parts: Sequence[Any]) -> Outcome:
    """Count what the chunks prepared, and what waits for a person."""
    return conclusion(NAME, when, parts)
