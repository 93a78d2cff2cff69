"""What the scheduler does about its own past when it starts: dead runs are buried, missed ones are not made up in a crowd but healed by one run for today.

Only for the single server that holds the lock: it knows that no other process can be running what it finds as running.
"""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId, FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.server.schemas.schedules import CronSchedule
from prefect.states import Cancelled, Crashed

from flows.deployments import Scheduled
from rules.texts import _
from runtime.clock import TIMEZONE, day_of
from runtime.context import Context
from runtime.database import reading
from runtime.job_work import When
from services.job_slots import is_slot_done

_UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
_PAGE = 200


async def bury_dead_runs(client: PrefectClient, deployment_ids: Iterable[UUID]) -> int:
    """Mark every run that a crash left unfinished as crashed, which also frees its place; return how many."""
    dead = await runs_in(client, deployment_ids, _UNFINISHED)
    for run in dead:
        await client.set_flow_run_state(run.id, Crashed(message=_("服务中断，本次运行没有完成")), force=True)
    return len(dead)


async def cancel_missed_runs(client: PrefectClient, deployment_ids: Iterable[UUID], now: datetime) -> int:
    """Cancel every run whose time passed while nothing was running, so that they do not all start at once; return how many."""
    waiting = await runs_in(client, deployment_ids, [StateType.SCHEDULED])
    missed = [run for run in waiting if run.next_scheduled_start_time is None or run.next_scheduled_start_time <= now]
    for run in missed:
        await client.set_flow_run_state(run.id, Cancelled(message=_("停机期间错过，由当日的补办代替")), force=True)
    return len(missed)


async def make_up_for_today(client: PrefectClient, deployment_id: UUID, scheduled: Scheduled, context: Context, now: datetime) -> bool:
    """Start one run for today where its time has passed and its slot is not done; tell whether.

    The slot, not the scheduler, remembers what is done: a second run would be skipped.
    """
    if not scheduled.job.is_made_up:
        return False
    day = day_of(now)
    with reading(context.engine) as session:
        is_done = is_slot_done(session, scheduled.job.name, scheduled.job.slot_of(When(day, now)))
    if is_done or not await _time_has_passed(scheduled, now):
        return False
    await client.create_flow_run_from_deployment(deployment_id, parameters={"as_of": day.isoformat()}, name=f"make-up-{day}")
    return True


async def _time_has_passed(scheduled: Scheduled, now: datetime) -> bool:
    midnight = datetime.combine(day_of(now), time.min, TIMEZONE)
    times = await CronSchedule(cron=scheduled.cron, timezone=TIMEZONE.key).get_dates(1, start=midnight)
    return bool(times) and times[0] <= now


async def runs_in(client: PrefectClient, deployment_ids: Iterable[UUID], states: list[StateType]) -> list[FlowRun]:
    """Return the runs of these deployments that are in one of these states."""
    ours = DeploymentFilter(id=DeploymentFilterId(any_=list(deployment_ids)))
    in_states = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)))
    found: list[FlowRun] = []
    while True:
        page = await client.read_flow_runs(deployment_filter=ours, flow_run_filter=in_states, limit=_PAGE, offset=len(found))
        found += page
        if len(page) < _PAGE:
            return found
