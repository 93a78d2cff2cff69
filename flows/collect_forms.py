"""The form flow: every hour of the day, forms that lie in the watched folder are taken in and moved beside a note."""

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

NAME = "collect-forms"


@flow(name=NAME, retries=0, on_failure=[tell_failure])
def collect_forms(as_of: date | None = None) -> State[Any]:
    """Collect what lies in the folder at the moment the run was scheduled for."""
    return run_job(NAME, as_of, lambda when: fanned(NAME, when, note))


@task(name="note", cache_policy=NO_CACHE, persist_result=False)
def note(when: When, parts: Sequence[Any]) -> Outcome:
    """Tell what became of the forms; one that had to be left is an error, and comes again."""
    return conclusion(NAME, when, parts)
