"""The back-up flow: every evening the whole house is written into one file, read back, and the oldest file goes."""

from datetime import date
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.gate import run_job, tell_failure, work_of
from runtime.gate import Outcome
from runtime.job_work import When
from runtime.jobs import job_named

NAME = "back-up"


@flow(name=NAME, retries=0, on_failure=[tell_failure])
def back_up(as_of: date | None = None) -> State[Any]:
    """Back up for the day the run was scheduled for, or for `as_of`. Done already: skipped."""
    return run_job(NAME, as_of, write)


@task(name="write", cache_policy=NO_CACHE, persist_result=False)
def write(when: When) -> Outcome:
    """Write the back-up and read it back."""
    return work_of(job_named(NAME), when)
