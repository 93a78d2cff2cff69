"""The one list of what runs when. Times are in Asia/Shanghai; holidays are not in the schedules but asked for inside the flows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType

from flows import back_up, collect_forms, deliver_waiting, escalate_overdue, publish_bulletin, seal_ledger, send_reminders
from runtime.clock import TIMEZONE
from runtime.jobs import JOBS, Job, pooled_name
from runtime.settings import Settings

# A second run of the same flow is cancelled, not queued: the slot it would ask for is held anyway.
_ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
# Workers that come back after days find every missed run due at once. Each must get its turn, or today's could be the one that is cancelled.
_ONE_AFTER_THE_OTHER = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)

_FLOWS: tuple[Flow[..., Any], ...] = (
    *(send_reminders.send_reminders, deliver_waiting.deliver_waiting, escalate_overdue.escalate_overdue, collect_forms.collect_forms),
    *(seal_ledger.seal_ledger, back_up.back_up, publish_bulletin.publish_bulletin),
)


@dataclass(frozen=True)
class Scheduled:
    """A job's flow with its schedule."""

    job: Job
    flow: Flow[..., Any]
    cron: str

    @property
    def schedule(self) -> Schedule:
        """Return the schedule in the office's time."""
        return Cron(self.cron, timezone=TIMEZONE.key)


def scheduled_flows(settings: Settings) -> tuple[Scheduled, ...]:
    """Return every flow that runs by itself."""
    flows = {flow.name: flow for flow in _FLOWS}
    return tuple(Scheduled(job, flows[job.name], job.cron(settings)) for job in JOBS)


async def deployment_of(scheduled: Scheduled, pool: str | None = None) -> RunnerDeployment:
    """Return the deployment, found by module path so that a run needs no copy of the code.

    For a work `pool` it has another name than the one `duban serve` makes: two that share a name would pause each other.
    """
    return await scheduled.flow.ato_deployment(
        pooled_name(scheduled.job) if pool else scheduled.job.deployment,
        schedule=scheduled.schedule,
        concurrency_limit=_ONE_AFTER_THE_OTHER if pool else _ONE_AT_A_TIME,
        entrypoint_type=EntrypointType.MODULE_PATH,
        work_pool_name=pool,
    )


async def deployed(client: PrefectClient, settings: Settings) -> dict[UUID, Scheduled]:
    """Return what a server has of the flows by their deployments' ids: of each the one on a work pool, else the one that `duban serve` made."""
    return await _found(client, settings, lambda job: (pooled_name(job), job.deployment))


async def deployed_on_pools(client: PrefectClient, settings: Settings) -> dict[UUID, Scheduled]:
    """Return what a server has of the flows on work pools, by their deployments' ids."""
    return await _found(client, settings, lambda job: (pooled_name(job),))


async def _found(client: PrefectClient, settings: Settings, names: Callable[[Job], Sequence[str]]) -> dict[UUID, Scheduled]:
    flows = {scheduled.job.name: scheduled for scheduled in scheduled_flows(settings)}
    wanted = {(name, deployment): place for name, one in flows.items() for place, deployment in enumerate(names(one.job))}
    ours = FlowFilter(name=FlowFilterName(any_=list(flows)))
    read = await client.read_deployments(flow_filter=ours, limit=200)
    flow_names = {flow.id: flow.name for flow in await client.read_flows(flow_filter=ours, limit=200)}
    best: dict[str, tuple[int, UUID]] = {}
    for deployment in read:
        name = flow_names[deployment.flow_id]
        place = wanted.get((name, deployment.name))
        if place is not None:
            best[name] = min((place, deployment.id), best.get(name, (place, deployment.id)))
    return {deployment_id: flows[name] for name, (_place, deployment_id) in best.items()}
