"""The delivery flow: every half hour of the day, what still waits in the outbox is handed over."""

from datetime import date
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.gate import run_job, tell_failure, work_of
from runtime.gate import Outcome
from runtime.job_work import When
from runtime.jobs import job_named

NAME = "deliver-waiting"


@flow(name=NAME, retries=0, on_failure=[tell_failure])
def deliver_waiting(as_of: date | None = None) -> State[Any]:
    """Hand over what waits, at the moment the run was scheduled for. A rest day: skipped."""
    return run_job(NAME, as_of, hand_over)


@task(name="hand-over", cache_policy=NO_CACHE, persist_result=False)
def hand_over(when: When) -> Outcome:
    """Hand over what waits; its retries are the next runs."""
    return work_of(job_named(NAME), when)
