"""The one list of what runs when. Times are in Asia/Shanghai; holidays are not in the schedules but asked for inside the flows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from prefect import Flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType

from flows import publish_bulletin, send_reminders
from runtime.clock import TIMEZONE
from runtime.settings import Settings

# A second run of the same flow is cancelled, not queued: the slot it would ask for is held anyway.
_ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


@dataclass(frozen=True)
class Scheduled:
    """A flow with its schedule. `slot_of` names the slot that a run on a day works for."""

    name: str
    flow: Flow[..., Any]
    cron: str
    slot_of: Callable[[date], str]

    @property
    def schedule(self) -> Schedule:
        """Return the schedule in the office's time."""
        return Cron(self.cron, timezone=TIMEZONE.key)


def scheduled_flows(settings: Settings) -> tuple[Scheduled, ...]:
    """Return every flow that runs by itself."""
    return (
        Scheduled("daily", send_reminders.send_reminders, settings.remind_cron, send_reminders.slot_of),
        Scheduled("quarterly", publish_bulletin.publish_bulletin, settings.bulletin_cron, publish_bulletin.slot_of),
    )


async def deployment_of(scheduled: Scheduled) -> RunnerDeployment:
    """Return the deployment, found by module path so that a run needs no copy of the code."""
    return await scheduled.flow.ato_deployment(
        scheduled.name,
        schedule=scheduled.schedule,
        concurrency_limit=_ONE_AT_A_TIME,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
