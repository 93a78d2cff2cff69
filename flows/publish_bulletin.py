"""The bulletin flow: from the fifth working day after a quarter's end, the quarter's bulletin is published, once."""

from datetime import date
from functools import partial
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.gate import moment_of_run, run_job, run_once, skipped, tell_failure
from rules.periods import parse_period
from runtime.context import open_context
from runtime.gate import Outcome
from runtime.job_work import When, too_early_for_bulletin
from runtime.job_work import publish_bulletin as publish

NAME = "publish-bulletin"


@flow(name=NAME, retries=0, on_failure=[tell_failure])
def publish_bulletin(period: str | None = None, as_of: date | None = None) -> State[Any]:
    """Publish the bulletin of the quarter before the scheduled day (or `as_of`), or of `period`. Too early, or done already: skipped."""
    if period is None:
        return run_job(NAME, as_of, write_bulletin)
    asked, when = parse_period(period).code, moment_of_run(as_of)
    with open_context() as context:
        refusal = too_early_for_bulletin(context, when, asked)
    if refusal is not None:
        return skipped(refusal)
    return run_once(NAME, asked, partial(write_bulletin, when, asked))


@task(name="write-bulletin", cache_policy=NO_CACHE, persist_result=False)
def write_bulletin(when: When, period: str | None = None) -> Outcome:
    """Freeze, number and file the bulletin of all plans."""
    with open_context() as context:
        return publish(context, when, period)
