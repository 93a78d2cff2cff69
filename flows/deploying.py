"""`duban flows deploy`: the same flows on a Prefect server of the house's own, for its workers to run.

The server is the one that `PREFECT_API_URL` names. Deploying again changes what differs and nothing else.
"""

import asyncio
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flows.environment import prepare_client_environment, server_given
from rules.errors import DubanError
from rules.texts import _
from runtime.settings import Settings

if TYPE_CHECKING:
    from prefect.client.schemas.objects import WorkPool

POOL_TYPE = "process"


def deploy(settings: Settings, pool: str) -> Mapping[str, str]:
    """Make the work pool, where there is none, and every flow's deployment on it; return the schedules by the deployments' names.

    Codes: no-prefect-server, pool-type, where a pool of that name is not one of processes.
    """
    refuse_without_server()
    prepare_client_environment(settings)
    return asyncio.run(_deploy(settings, pool))


def refuse_without_server() -> None:
    """Refuse to go on where no Prefect server is named, with no-prefect-server."""
    if not server_given():
        raise DubanError("no-prefect-server", _("没有说明 Prefect 服务器在哪里，请设置 PREFECT_API_URL，如 http://10.0.0.5:4200/api"))


def refuse_other_type(pool: "WorkPool") -> None:
    """Refuse a work pool that is not one of processes, with pool-type: the flows are in the installed program, not in an image."""
    if pool.type != POOL_TYPE:
        raise DubanError("pool-type", _("工作池 {pool} 不是进程型（process），请换一个名称").format(pool=pool.name))


def refusal_of(error: Exception) -> DubanError:
    """Return what is told when the server of `PREFECT_API_URL` does not answer as it should."""
    text = _("Prefect 服务器 {address} 没有接受（{reason}）")
    return DubanError("server-refused", text.format(address=os.environ["PREFECT_API_URL"], reason=type(error).__name__))


async def _deploy(settings: Settings, pool: str) -> Mapping[str, str]:
    # Read here: Prefect takes its settings from the environment at its first import.
    import httpx
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.context import AsyncClientContext
    from prefect.exceptions import ObjectNotFound

    from flows.deployments import deployment_of, scheduled_flows

    made: dict[str, str] = {}
    try:
        # One client for all: each would read the machine's certificates anew.
        async with AsyncClientContext() as asking:
            try:
                found = await asking.client.read_work_pool(pool)
            except ObjectNotFound:
                found = await asking.client.create_work_pool(WorkPoolCreate(name=pool, type=POOL_TYPE))
            refuse_other_type(found)
            for scheduled in scheduled_flows(settings):
                deployment = await deployment_of(scheduled, pool)
                await deployment.aapply()
                made[f"{scheduled.job.name}/{deployment.name}"] = scheduled.cron
    except (httpx.HTTPError, RuntimeError) as error:
        raise refusal_of(error) from error
    return made
