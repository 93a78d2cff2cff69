"""`duban flows worker`: runs what a Prefect server gives to its work pool, each in a process of its own, and takes up what other workers left when they died.

Prefect's own worker does the running; beside it goes the look at dead runs (`flows.undertaking`), of which Prefect does not know.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flows.deploying import refusal_of, refuse_other_type, refuse_without_server
from flows.environment import prepare_client_environment
from rules.errors import DubanError
from rules.texts import _
from runtime.clock import now
from runtime.context import Context, open_context
from runtime.settings import Settings

_LOOK_SECONDS = 10.0

_logger = logging.getLogger("duban.worker")


@dataclass(frozen=True)
class WorkerOrder:
    """Which pool a worker serves, under which name (None: one of Prefect's making), and how many runs it has at once."""

    pool: str
    name: str | None
    limit: int


def work(settings: Settings, order: WorkerOrder, announce: Callable[[str], None]) -> None:
    """Work until SIGTERM or SIGINT; runs under way are ended then, and taken up by another worker. `announce` is called with the pool's name once it is found.

    Codes: no-prefect-server, no-pool, pool-type, server-refused.
    """
    refuse_without_server()
    prepare_client_environment(settings)
    with open_context(settings) as context:
        asyncio.run(_work(context, order, partial(announce, order.pool)))


async def _work(context: Context, order: WorkerOrder, announce: Callable[[], None]) -> None:
    # Read here: Prefect takes its settings from the environment at its first import.
    from prefect.workers.process import ProcessWorker

    from flows.starting import InstalledFlow

    await _refuse_other_pool(order.pool)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    worker = ProcessWorker(work_pool_name=order.pool, name=order.name, limit=order.limit, create_pool_if_not_found=False)
    worker.job_configuration = InstalledFlow
    announce()
    working = asyncio.create_task(worker.start(printer=_logger.info))
    looking = asyncio.create_task(_look_after_the_dead(context))
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait({working, looking, stopped}, return_when=asyncio.FIRST_COMPLETED)
    for task in (working, looking, stopped):
        task.cancel()
    ended = await asyncio.gather(working, looking, stopped, return_exceptions=True)
    if not stopping.is_set():
        raise next(error for error in ended if isinstance(error, Exception))
    await _settle(context)


async def _refuse_other_pool(pool: str) -> None:
    import httpx
    from prefect import get_client
    from prefect.exceptions import ObjectNotFound

    try:
        async with get_client() as client:
            refuse_other_type(await client.read_work_pool(pool))
    except ObjectNotFound:
        raise DubanError("no-pool", _("没有工作池 {pool}，请先运行 duban flows deploy --pool {pool}").format(pool=pool)) from None
    except (httpx.HTTPError, RuntimeError) as error:
        raise refusal_of(error) from error


async def _look_after_the_dead(context: Context) -> None:
    while True:
        await _settle(context)
        await asyncio.sleep(_LOOK_SECONDS)


async def _settle(context: Context) -> None:
    """Look once; a server or database that does not answer now is asked again."""
    from prefect import get_client

    from flows.deployments import deployed_on_pools
    from flows.undertaking import settle_dead_runs

    try:
        async with get_client() as client:
            count = await settle_dead_runs(client, await deployed_on_pools(client, context.settings), context, now())
    except Exception:
        _logger.exception("could not look after dead runs")
    else:
        if count:
            _logger.warning("%s dead runs were buried", count)
