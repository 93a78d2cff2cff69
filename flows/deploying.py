"""`duban flows deploy`: the same flows on a Prefect server of the house's own, for its workers to run.

The server is the one that `PREFECT_API_URL` names. Deploying again changes what differs and nothing else.
"""

import asyncio
import os
from collections.abc import Mapping

from rules.errors import DubanError
from rules.texts import _
from runtime.settings import Settings

POOL_TYPE = "process"


def deploy(settings: Settings, pool: str) -> Mapping[str, str]:
    """Make the work pool, where there is none, and every flow's deployment on it; return the schedules by the deployments' names.

    Codes: no-prefect-server, pool-type, where a pool of that name is not one of processes.
    """
    if not os.environ.get("PREFECT_API_URL"):
        raise DubanError("no-prefect-server", _("没有说明部署到哪里，请设置 PREFECT_API_URL，如 http://10.0.0.5:4200/api"))
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    return asyncio.run(_deploy(settings, pool))


async def _deploy(settings: Settings, pool: str) -> Mapping[str, str]:
    # Read here: Prefect takes its settings from the environment at its first import.
    import httpx
    from prefect import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectNotFound

    from flows.deployments import deployment_of, scheduled_flows

    made: dict[str, str] = {}
    try:
        async with get_client() as client:
            try:
                found = await client.read_work_pool(pool)
            except ObjectNotFound:
                found = await client.create_work_pool(WorkPoolCreate(name=pool, type=POOL_TYPE))
            if found.type != POOL_TYPE:
                raise DubanError("pool-type", _("工作池 {pool} 不是进程型（process），请换一个名称").format(pool=pool))
            for scheduled in scheduled_flows(settings):
                deployment = await deployment_of(scheduled, pool)
                await deployment.aapply()
                made[f"{scheduled.job.name}/{deployment.name}"] = scheduled.cron
    except (httpx.HTTPError, RuntimeError) as error:
        text = _("Prefect 服务器 {address} 没有接受（{reason}）")
        raise DubanError("server-refused", text.format(address=os.environ["PREFECT_API_URL"], reason=type(error).__name__)) from error
    return made
