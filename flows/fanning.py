"""How a flow's work goes chunk by chunk: a Prefect task for each chunk and one to conclude, at most a dozen whatever there is to do.

A Prefect task costs milliseconds and rows on its server: it is a chunk, never an item. What a killed worker leaves is taken up by the next run of the slot.
"""

from collections.abc import Sequence
from typing import Any

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.runtime import task_run as this_task
from prefect.utilities.annotations import quote

from rules.errors import DubanError
from runtime.context import open_context
from runtime.fans import Fan
from runtime.gate import Outcome
from runtime.job_work import When
from runtime.jobs import job_named

_RETRIES, _RETRY_SECONDS = 3, 20.0


def fanned(name: str, when: When, conclude: Task[..., Outcome]) -> Outcome:
    """Do a job's work with a Prefect task for each chunk, and `conclude` for what follows."""
    with open_context() as context:
        chunks = _fan_of(name).chunks(context, when)
    parts = [work_on_chunk.with_options(task_run_name=f"chunk-{chunk.number}")(name, when, chunk) for chunk in chunks]
    # Quoted, since Prefect would look through all of it for results of other tasks.
    return conclude(when, quote(parts))


def conclusion(name: str, when: When, parts: Sequence[Any]) -> Outcome:
    """Do what follows when all chunks are worked on. A second try starts from the facts as they are by then."""
    with open_context() as context:
        if this_task.run_count > 1:
            return job_named(name).work(context, when)
        return _fan_of(name).conclude(context, when, parts)


def _is_busy(_task: object, _run: object, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, DubanError) and error.code == "database-busy"


@task(
    name="chunk",
    retries=_RETRIES,
    retry_delay_seconds=_RETRY_SECONDS,
    retry_condition_fn=_is_busy,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def work_on_chunk(name: str, when: When, chunk: Any) -> Any:
    """Do the work on one chunk, described by ids; done again, it changes nothing."""
    with open_context() as context:
        return _fan_of(name).work_on(context, when, chunk)


def _fan_of(name: str) -> Fan:
    fan = job_named(name).fan
    assert fan is not None
    return fan
