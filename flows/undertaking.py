"""What workers do for each other: runs that died with their worker are buried, which frees their place, and their work is taken up again at once.

A scheduler cannot tell a run whose machine was switched off from a slow one, and lets it count as running for ever. Duban's own slots can: whoever
works shows that it lives (`services.job_slots`). Every worker looks, so one that is left is enough; several find the same and do it once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Crashed

from flows.deployments import Scheduled
from flows.reaper import runs_in
from models.publication import JobSlot, SlotState
from rules.texts import _
from runtime.clock import day_of, today
from runtime.context import Context
from runtime.database import reading
from runtime.processes import is_gone, this_process
from services.job_slots import is_left, slots_of_runs

_UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
# A run that holds no slot is only starting or just ending; one given back is being reported.
_WITHOUT_SLOT = timedelta(minutes=10)
_AFTER_FAILING = timedelta(minutes=1)
_LOOK_BACK = timedelta(days=2)
# A run that takes its machine down with it must not go round the whole house.
_MOST_TIMES = 3
_AGAIN = "again-"


async def settle_dead_runs(client: PrefectClient, registered: Mapping[UUID, Scheduled], context: Context, at: datetime) -> int:
    """Bury the runs that died, and ask for each piece of work anew that waits for no later run; return how many died.

    The new run is asked for first, under a key that makes it single, and starts when the old one's place is free.
    """
    runs = await runs_in(client, registered, _UNFINISHED)
    if not runs:
        return 0
    with reading(context.engine) as session:
        slots = slots_of_runs(session, at - _LOOK_BACK)
    dead = [run for run in runs if _is_dead(run, slots.get(str(run.id)), at)]
    for run in dead:
        await _take_up(client, run, registered)
        await client.set_flow_run_state(run.id, Crashed(message=_("办理它的进程中断了，由另一次运行接着办理")), force=True)
    return len(dead)


def _is_dead(run: FlowRun, slot: JobSlot | None, at: datetime) -> bool:
    since = run.state.timestamp if run.state else at
    if slot is None:
        return at - since >= _WITHOUT_SLOT
    if slot.state is SlotState.FAILED:
        return slot.finished_at is not None and at - slot.finished_at >= _AFTER_FAILING
    return is_left(slot, this_process(), at, is_gone)


async def _take_up(client: PrefectClient, run: FlowRun, registered: Mapping[UUID, Scheduled]) -> None:
    """Ask for the run's work anew, where nothing comes that does it anyway: today's by a day's schedule, or that of a day somebody asked for."""
    times = 1 + max((int(tag.removeprefix(_AGAIN)) for tag in run.tags if tag.startswith(_AGAIN)), default=0)
    if run.deployment_id is None or times > _MOST_TIMES or run.state is None or run.state.type is StateType.CANCELLING:
        return
    job = registered[run.deployment_id].job
    parameters = dict(run.parameters)
    if job.is_for_its_day and parameters.get("as_of") is None:
        day = day_of(run.expected_start_time) if run.expected_start_time else today()
        if not job.is_made_up or day != today():
            return
        parameters["as_of"] = day.isoformat()
    ask = partial(client.create_flow_run_from_deployment, run.deployment_id, parameters=parameters)
    await ask(idempotency_key=f"{_AGAIN}{run.id}", name=f"{_AGAIN}{times}-{run.name}"[:200], tags=[*_other_tags(run), f"{_AGAIN}{times}"])


def _other_tags(run: FlowRun) -> Sequence[str]:
    return [tag for tag in run.tags if not tag.startswith(_AGAIN)]
