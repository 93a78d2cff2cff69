"""What a start finds after a crash or a downtime, on Prefect's real API."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Pending, Running
from prefect.states import Scheduled as ScheduledState

from flows.deployments import Scheduled, deployment_of, scheduled_flows
from flows.reaper import bury_dead_runs, cancel_missed_runs, make_up_for_today
from flows.watching import line_of, view_of
from runtime.context import Context
from runtime.database import transaction
from runtime.flow_board import SchedulerState
from services.job_slots import SlotClaim, finish_slot, take_slot

pytestmark = [pytest.mark.prefect, pytest.mark.usefixtures("prefect_server")]

# A Tuesday morning, in Shanghai 10:00: the time of the reminders has passed.
NOW = datetime(2013, 10, 8, 2, 0, tzinfo=UTC)
DAY = "2013-10-08"


def with_deployment(context: Context, work: Callable[[PrefectClient, UUID, Scheduled], Awaitable[Any]]) -> Any:
    """Do the work on a newly made deployment of the reminders."""

    async def run() -> Any:
        scheduled = scheduled_flows(context.settings)[0]
        async with get_client() as client:
            deployment_id = await (await deployment_of(scheduled)).aapply()
            try:
                return await work(client, deployment_id, scheduled)
            finally:
                await client.delete_deployment(deployment_id)

    return asyncio.run(run())


async def runs_of(client: PrefectClient, deployment_id: UUID) -> list[FlowRun]:
    return await client.read_flow_runs(deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id])))


async def create(client: PrefectClient, deployment_id: UUID, state: Any) -> UUID:
    run = await client.create_flow_run_from_deployment(deployment_id)
    await client.set_flow_run_state(run.id, state, force=True)
    return run.id


def test_dead_runs_are_buried(context: Context) -> None:
    async def work(client: PrefectClient, deployment_id: UUID, scheduled: Scheduled) -> None:
        dead = {await create(client, deployment_id, state) for state in (Running(), Pending())}
        waiting = await create(client, deployment_id, ScheduledState(scheduled_time=NOW))
        assert await bury_dead_runs(client, [deployment_id]) == 2
        states = {run.id: run.state_type for run in await runs_of(client, deployment_id)}
        assert {states[run_id] for run_id in dead} == {StateType.CRASHED}
        assert states[waiting] is StateType.SCHEDULED

    with_deployment(context, work)


def test_missed_runs_are_cancelled_and_coming_ones_stay(context: Context) -> None:
    async def work(client: PrefectClient, deployment_id: UUID, scheduled: Scheduled) -> None:
        times = {days: NOW + timedelta(days=days) for days in (-3, -2, -1, 0, 1)}
        ids = {await create(client, deployment_id, ScheduledState(scheduled_time=at)): days for days, at in times.items()}
        assert await cancel_missed_runs(client, [deployment_id], NOW) == 4
        states = {ids[run.id]: run.state_type for run in await runs_of(client, deployment_id)}
        assert states == {
            **dict.fromkeys((-3, -2, -1, 0), StateType.CANCELLED),
            1: StateType.SCHEDULED,
        }

    with_deployment(context, work)


@pytest.mark.parametrize(
    ("now", "is_done", "made_up"),
    [
        pytest.param(NOW, False, True, id="missed"),
        pytest.param(NOW, True, False, id="done-before-the-crash"),
        pytest.param(NOW - timedelta(hours=1, seconds=1), False, False, id="its-time-has-not-come"),
    ],
)
def test_today_is_made_up_for_once(context: Context, now: datetime, is_done: bool, made_up: bool) -> None:
    if is_done:
        claim = SlotClaim("send-reminders", DAY, "one", NOW)
        with transaction(context.engine) as session:
            take_slot(session, claim, lambda _owner: False)
            finish_slot(session, claim, NOW, {})

    async def work(client: PrefectClient, deployment_id: UUID, scheduled: Scheduled) -> None:
        assert await make_up_for_today(client, deployment_id, scheduled, context, now) is made_up
        assert [run.parameters for run in await runs_of(client, deployment_id)] == ([{"as_of": DAY}] if made_up else [])

    with_deployment(context, work)


def test_a_flow_without_a_next_run_is_a_fault_once_it_had_time(context: Context) -> None:
    async def work(client: PrefectClient, deployment_id: UUID, scheduled: Scheduled) -> None:
        alone = await line_of(client, deployment_id, scheduled)
        assert view_of([alone], is_settling=True).state is SchedulerState.STARTING
        view = view_of([alone], is_settling=False)
        assert (view.state, view.problem) == (SchedulerState.DEGRADED, "没有排定下次运行：send-reminders")

        await create(client, deployment_id, ScheduledState(scheduled_time=NOW))
        line = await line_of(client, deployment_id, scheduled)
        assert line.next_at == NOW
        assert view_of([line], is_settling=False).state is SchedulerState.READY

    with_deployment(context, work)
