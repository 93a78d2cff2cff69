"""Reads from Prefect when the flows run next and how they ended last, for the board. A flow without a next run is the worst failure, since it is silent."""

from collections.abc import Sequence
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId, FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort

from flows.deployments import Scheduled
from rules.texts import _
from runtime.flow_board import BoardView, FlowLine, SchedulerState

_ENDED = [StateType.COMPLETED, StateType.FAILED, StateType.CRASHED, StateType.CANCELLED]


async def line_of(client: PrefectClient, deployment_id: UUID, scheduled: Scheduled) -> FlowLine:
    """Return what the board says of one flow."""
    coming = await _first(client, deployment_id, [StateType.SCHEDULED], FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC)
    ended = await _first(client, deployment_id, _ENDED, FlowRunSort.END_TIME_DESC)
    return FlowLine(
        flow=scheduled.flow.name,
        next_at=coming.next_scheduled_start_time if coming else None,
        last_at=ended.end_time if ended else None,
        last_state=ended.state.name if ended and ended.state else None,
        last_message=ended.state.message if ended and ended.state else None,
    )


def view_of(lines: Sequence[FlowLine], *, is_settling: bool) -> BoardView:
    """Return the board's view: ready once every flow has a next run, degraded where one has none though there was time enough to find it."""
    unscheduled = [line.flow for line in lines if line.next_at is None]
    if not unscheduled:
        return BoardView(SchedulerState.READY, tuple(lines))
    if is_settling:
        return BoardView(SchedulerState.STARTING, tuple(lines))
    return BoardView(SchedulerState.DEGRADED, tuple(lines), _("没有排定下次运行：{flows}").format(flows=_("、").join(unscheduled)))


async def _first(client: PrefectClient, deployment_id: UUID, states: list[StateType], sort: FlowRunSort) -> FlowRun | None:
    ours = DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id]))
    in_states = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)))
    found = await client.read_flow_runs(deployment_filter=ours, flow_run_filter=in_states, sort=sort, limit=1)
    return found[0] if found else None
