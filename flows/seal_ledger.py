"""The sealing flow: every evening the ledger is proven whole, and where its chains end is written down outside the database."""

from datetime import date
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.gate import run_job, tell_failure, work_of
from runtime.gate import Outcome
from runtime.job_work import When
from runtime.jobs import job_named

NAME = "seal-ledger"


@flow(name=NAME, retries=0, on_failure=[tell_failure])
def seal_ledger(as_of: date | None = None) -> State[Any]:
    """Seal the ledger for the day the run was scheduled for, or for `as_of`. Done already: skipped; not whole: failed, and the operator is told."""
    return run_job(NAME, as_of, seal)


@task(name="seal", cache_policy=NO_CACHE, persist_result=False)
def seal(when: When) -> Outcome:
    """Prove and seal."""
    return work_of(job_named(NAME), when)
