"""The bulletin flow: from the fifth working day after a quarter's end the quarter's bulletin is drafted, and published once a person has approved it.

The truth is the draft's state in duban's own database; Prefect only says when. A run that drafted is suspended, and `duban bulletin approve` lets it go on. Resumed
without an approval, killed, or run twice it does no harm: whatever was approved is published by the next scheduled run.
"""

from datetime import date, timedelta
from functools import partial
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run
from prefect.runtime import deployment

from flows.gate import WAITING, moment_of_run, run_job, run_once, skipped, tell_failure
from rules.periods import parse_period
from runtime.context import open_context
from runtime.gate import Outcome
from runtime.job_work import When, advance_bulletin, no_bulletin_yet

NAME = "publish-bulletin"
# Longer than an office takes to sign. A run not resumed by then fails, and the next scheduled one goes on.
_WAITS = timedelta(days=60)


@flow(name=NAME, retries=0, on_failure=[tell_failure])
def publish_bulletin(period: str | None = None, as_of: date | None = None) -> State[Any]:
    """Draft the bulletin of the quarter before the scheduled day (or `as_of`), or of `period`; publish it where it is approved.

    Too early, waiting for a person, or done already: skipped. Having drafted, a run of a deployment is suspended until a person has approved.
    """
    state = _advance(period, as_of)
    if state.name == WAITING and deployment.id:
        suspend_flow_run(timeout=int(_WAITS.total_seconds()), key=NAME)
    return state


def _advance(period: str | None, as_of: date | None) -> State[Any]:
    if period is None:
        return run_job(NAME, as_of, write_bulletin)
    asked, when = parse_period(period).code, moment_of_run(as_of)
    with open_context() as context:
        refusal = no_bulletin_yet(context, when, asked)
    if refusal is not None:
        return skipped(refusal)
    return run_once(NAME, asked, partial(write_bulletin, when, asked))


@task(name="write-bulletin", cache_policy=NO_CACHE, persist_result=False)
def write_bulletin(when: When, period: str | None = None) -> Outcome:
    """Draft the bulletin of all plans, or publish the draft that was approved."""
    with open_context() as context:
        return advance_bulletin(context, when, period)
