"""The escalation flow: on every working day, the notices that the ladder calls for are prepared; people issue them."""

from datetime import date
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.gate import run_job, tell_failure, work_of
from runtime.gate import Outcome
from runtime.job_work import When
from runtime.jobs import job_named

NAME = "escalate-overdue"


@flow(name=NAME, retries=0, on_failure=[tell_failure])
def escalate_overdue(as_of: date | None = None) -> State[Any]:
    """Prepare the notices of the day the run was scheduled for, or of `as_of`. Not a working day, or done already: skipped."""
    return run_job(NAME, as_of, prepare)


@task(name="prepare", cache_policy=NO_CACHE, persist_result=False)
def prepare(when: When) -> Outcome:
    """Prepare them; running it again writes nothing twice."""
    return work_of(job_named(NAME), when)
