"""How every flow runs its work: for the day of its scheduled start, and once for each slot, however many runs are started.

Correctness lives in duban's own database; the scheduler only says when.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from rules.texts import _, set_language
from runtime.clock import day_of, now
from runtime.context import Context, open_context
from runtime.database import transaction
from runtime.processes import is_gone, this_process
from runtime.settings import read_settings
from services.job_slots import SlotAnswer, SlotClaim, fail_slot, finish_slot, take_slot

Summary = Mapping[str, str | int]


def day_of_run(as_of: date | None) -> date:
    """Return the day a run works for, and let it speak the office's language from here on.

    `as_of` wins; else the day in Asia/Shanghai that the run was scheduled for: a late run does its own day's work, an early one too.
    """
    set_language(read_settings().lang)
    return as_of or day_of(flow_run.scheduled_start_time)


def skipped(why: str) -> State[Any]:
    """Return the end of a run that had nothing to do."""
    return Completed(name="Skipped", message=why)


def run_once(flow: str, slot: str, work: Callable[[], Summary]) -> State[Any]:
    """Do the work of a slot unless it is done, and return how the run ended.

    1. The slot is taken, in a transaction of its own. 2. The work is done. 3. The slot is marked done with the summary, or failed when the work
    raised or was stopped, so that the next run takes it up. A run killed outright leaves the slot to whoever finds its process gone.
    """
    with open_context() as context:
        claim = SlotClaim(flow, slot, this_process(), now())
        with transaction(context.engine) as session:
            answer = take_slot(session, claim, is_gone)
        if answer is not SlotAnswer.TAKEN:
            return skipped(_refusal(answer, slot))
        summary = _work_in(context, claim, work)
    _publish_summary(flow, slot, summary)
    return Completed(message=_sentence(summary))


def _refusal(answer: SlotAnswer, slot: str) -> str:
    if answer is SlotAnswer.DONE:
        return _("{slot} 已办理过").format(slot=slot)
    return _("{slot} 正由另一次运行办理").format(slot=slot)


def _work_in(context: Context, claim: SlotClaim, work: Callable[[], Summary]) -> Summary:
    try:
        summary = work()
    except BaseException as error:  # a run that is being stopped gives its slot back too
        with transaction(context.engine) as session:
            fail_slot(session, claim, now(), {"error": str(error) or type(error).__name__})
        raise
    with transaction(context.engine) as session:
        finish_slot(session, claim, now(), summary)
    return summary


def _sentence(summary: Summary) -> str:
    return _("；").join(_("{name} {value}").format(name=name, value=value) for name, value in summary.items())


def _publish_summary(flow: str, slot: str, summary: Summary) -> None:
    # Prefect takes only a-z, 0-9 and - in keys.
    rows = "\n".join(f"| {name} | {value} |" for name, value in summary.items())
    create_markdown_artifact(key=f"{flow}-{slot}".lower(), markdown=f"| | |\n| --- | --- |\n{rows}\n")
