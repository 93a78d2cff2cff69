"""How every flow runs its job: for the day of its scheduled start, through the gate, and with its result in Prefect's pages.

Correctness lives in duban's own database (`runtime.gate`); the scheduler only says when.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run as this_run
from prefect.states import Completed

from rules.texts import _, set_language
from runtime.clock import TIMEZONE, day_of
from runtime.context import open_context
from runtime.gate import Outcome, OutcomeTable, Skipped, pass_gate
from runtime.job_work import When, is_over
from runtime.jobs import Job, job_named
from runtime.logs import stand, start_logging
from runtime.operators import note_well, report_failure
from runtime.settings import read_settings

# How a run ends that has done its part and leaves the rest to a person.
WAITING = "Waiting"

_logger = logging.getLogger("duban.flows")


def day_of_run(as_of: date | None) -> date:
    """Return the day a run works for, and let it speak the office's language from here on.

    `as_of` wins; else the day in Asia/Shanghai that the run was scheduled for: a late run does its own day's work, an early one too.
    """
    return moment_of_run(as_of).day


def moment_of_run(as_of: date | None) -> When:
    """Return the day and moment a run works for; see `day_of_run`."""
    settings = read_settings()
    set_language(settings.lang)
    start_logging(settings)
    stand(flow=this_run.flow_name, flow_run=str(this_run.id))
    at: datetime = this_run.scheduled_start_time
    if as_of is None:
        return When(day_of(at), at)
    return When(as_of, datetime.combine(as_of, at.astimezone(TIMEZONE).time(), TIMEZONE))


def run_job(name: str, as_of: date | None, work: Callable[[When], Outcome]) -> State[Any]:
    """Run a job's work for the moment of this run, unless there is nothing to do. A scheduled run that starts after its day leaves the work to today's."""
    job, when = job_named(name), moment_of_run(as_of)
    if as_of is None and job.is_for_its_day and is_over(when):
        return skipped(_("{day} 已过，由当日的运行办理").format(day=when.day))
    with open_context() as context:
        refusal = job.refusal(context, when)
    if refusal is not None:
        return skipped(refusal)
    return run_once(name, job.slot_of(when), partial(work, when))


def work_of(job: Job, when: When) -> Outcome:
    """Do a job's work; what the one Prefect task of a flow does."""
    with open_context() as context:
        return job.work(context, when)


def skipped(why: str) -> State[Any]:
    """Return the end of a run that had nothing to do."""
    return Completed(name="Skipped", message=why)


def run_once(flow: str, slot: str, work: Callable[[], Outcome]) -> State[Any]:
    """Do the work of a slot unless it is done, and return how the run ended."""
    with open_context() as context:
        outcome = pass_gate(context, flow, slot, work, str(this_run.id or ""))
        if isinstance(outcome, Skipped):
            return skipped(outcome.why)
        note_well(context.settings, flow)
    _publish(flow, slot, outcome)
    return Completed(message=outcome.sentence) if outcome.is_final else Completed(name=WAITING, message=outcome.sentence)


def tell_failure(flow: Any, flow_run: Any, state: State[Any]) -> None:  # noqa: ARG001  (Prefect's names)
    """Tell the operator that a run failed: Prefect calls this when a flow ends so, whatever the reason."""
    settings = read_settings()
    set_language(settings.lang)
    error = state.result(raise_on_failure=False)
    failure = report_failure(settings, flow.name, error if isinstance(error, BaseException) else str(state.message))
    if failure.untold:
        _logger.error("flow %s failed and the operator could not be told: %s", failure.flow, failure.untold)


def _publish(flow: str, slot: str, outcome: Outcome) -> None:
    figures = "\n".join(f"| {name} | {value} |" for name, value in outcome.figures.items())
    parts = [f"| | |\n| --- | --- |\n{figures}", *(_markdown(table) for table in outcome.tables)]
    # Prefect takes only a-z, 0-9 and - in keys.
    create_markdown_artifact(key=f"{flow}-{slot}".lower().replace(":", ""), markdown="\n\n".join(parts) + "\n")


def _markdown(table: OutcomeTable) -> str:
    head = f"### {table.title}（{table.total}）"
    lines = [_row(table.heads), _row(["---"] * len(table.heads)), *(_row(row) for row in table.rows)]
    more = [] if table.total == len(table.rows) else ["", _("只列前 {count} 行").format(count=len(table.rows))]
    return "\n".join([head, "", *lines, *more])


def _row(cells: Any) -> str:
    # A bar would end the cell; angle brackets would be taken for a page's own.
    texts = (str(cell).replace("\n", " ").replace("|", "\\|").replace("<", "&lt;") for cell in cells)
    return f"| {' | '.join(texts)} |"
