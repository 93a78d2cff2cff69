"""The one list of what runs when. Times are in Asia/Shanghai; holidays are not in the schedules but asked for inside the flows."""

from dataclasses import dataclass
from typing import Any

from prefect import Flow
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
