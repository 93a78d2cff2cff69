"""The form flow: every hour of the day, forms that lie in the watched folder are taken in and moved beside a note."""

from datetime import date
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.gate import run_job, tell_failure, work_of
from runtime.gate import Outcome
from runtime.job_work import When
from runtime.jobs import job_named

NAME = "collect-forms"


@flow(name=NAME, retries=0, on_failure=[tell_failure])
def collect_forms(as_of: date | None = None) -> State[Any]:
    """Collect what lies in the folder at the moment the run was scheduled for."""
    return run_job(NAME, as_of, take_in)


@task(name="take-in", cache_policy=NO_CACHE, persist_result=False)
def take_in(when: When) -> Outcome:
    """Take the forms in; one that was taken in before changes nothing."""
    return work_of(job_named(NAME), when)
