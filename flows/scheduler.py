"""The scheduler's thread: registers the schedules, starts due runs as child processes and tells the board how it goes.

It has a loop of its own in a daemon thread: in the main thread Prefect's runner would take over the signals and leave in the middle of the server's work.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Mapping
from uuid import UUID

import httpx
from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.context import AsyncClientContext
from prefect.runner import Runner

from flows.deployments import Scheduled, deployment_of, scheduled_flows
from flows.reaper import bury_dead_runs, cancel_missed_runs, make_up_for_today
from flows.watching import line_of, view_of
from rules.texts import set_language
from runtime.clock import now
from runtime.context import Context
from runtime.flow_board import BoardView, FlowBoard, SchedulerState

_RUNS_AT_ONCE = 2
_POLL_SECONDS = 2
_WATCH_SECONDS = 10
_SETTLING_WATCH_SECONDS = 2
_RETRY_SECONDS = 10

# Prefect works out the first runs some seconds after a schedule is registered; their absence counts as a fault only after this.
_SETTLING_SECONDS = 90

_logger = logging.getLogger("duban.scheduler")

Registered = Mapping[UUID, Scheduled]


class Scheduler(threading.Thread):
    """Runs until it is stopped; when something breaks, the board says so and it starts afresh."""

    def __init__(self, context: Context, board: FlowBoard) -> None:
        super().__init__(name="duban-scheduler", daemon=True)
        self._context = context
        self._board = board
        self._runner: Runner | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = threading.Event()
        self._is_first_start = True

    def run(self) -> None:
        """Work in a loop of this thread's own."""
        set_language(self._context.settings.lang)
        asyncio.run(self._keep_running())

    def stop(self, timeout: float) -> None:
        """End the runs under way, waiting for them up to `timeout` seconds; what is still running then is left to the reaper."""
        self._stopping.set()
        if self._loop and self._runner and self._runner.started:
            asyncio.run_coroutine_threadsafe(self._runner.astop(), self._loop)
        self.join(timeout)

    async def _keep_running(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not self._stopping.is_set():
            try:
                await self._run_once()
            except Exception as error:
                if self._stopping.is_set():
                    return
                _logger.exception("scheduler broke down; next try in %s s", _RETRY_SECONDS)
                self._board.show(BoardView(SchedulerState.DEGRADED, self._board.view.lines, f"{type(error).__name__}: {error}"))
                await self._pause(_RETRY_SECONDS)

    async def _run_once(self) -> None:
        """1. Wait for Prefect's API. 2. Register the schedules. 3. On the first start settle the past. 4. Start due runs and watch, until stopped."""
        async with get_client() as client:
            if not await self._wait_for_api(client):
                return
            runner = Runner(name="duban", limit=_RUNS_AT_ONCE, pause_on_shutdown=False, query_seconds=_POLL_SECONDS)
            registered = await self._register(runner)
            await self._settle_the_past(client, registered)
            watching = asyncio.create_task(self._watch(client, registered))
            try:
                self._runner = runner
                if not self._stopping.is_set():
                    await runner.start()
            finally:
                watching.cancel()
                self._runner = None

    async def _wait_for_api(self, client: PrefectClient) -> bool:
        while not self._stopping.is_set():
            try:
                await client.hello()
            except (httpx.HTTPError, OSError):
                await self._pause(0.5)
            else:
                return True
        return False

    async def _register(self, runner: Runner) -> Registered:
        flows = scheduled_flows(self._context.settings)
        # One client for all: each would read the machine's certificates anew.
        async with AsyncClientContext():
            return {await runner.aadd_deployment(await deployment_of(scheduled)): scheduled for scheduled in flows}

    async def _settle_the_past(self, client: PrefectClient, registered: Registered) -> None:
        if not self._is_first_start:
            return
        await bury_dead_runs(client, registered)
        await cancel_missed_runs(client, registered, now())
        for deployment_id, scheduled in registered.items():
            await make_up_for_today(client, deployment_id, scheduled, self._context, now())
        self._is_first_start = False

    async def _watch(self, client: PrefectClient, registered: Registered) -> None:
        settled_at = time.monotonic() + _SETTLING_SECONDS
        while True:
            try:
                lines = [await line_of(client, deployment_id, scheduled) for deployment_id, scheduled in registered.items()]
            except Exception as error:
                # Whatever it is, the look goes on: a board that stands still would tell of a schedule as it once was.
                self._board.show(BoardView(SchedulerState.DEGRADED, self._board.view.lines, f"{type(error).__name__}: {error}"))
            else:
                self._board.show(view_of(lines, is_settling=time.monotonic() < settled_at))
            is_ready = self._board.view.state is SchedulerState.READY
            await asyncio.sleep(_WATCH_SECONDS if is_ready else _SETTLING_WATCH_SECONDS)

    async def _pause(self, seconds: float) -> None:
        await asyncio.to_thread(self._stopping.wait, seconds)
