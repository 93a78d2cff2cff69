"""`duban serve` where another process runs the flows: pages only, with a look at the operator's Prefect server where there is one."""

import asyncio
import logging

from flows.environment import prepare_client_environment
from rules.texts import _
from runtime.context import Context
from runtime.flow_board import BoardView, FlowBoard, SchedulerState

_WATCH_SECONDS = 15.0

_logger = logging.getLogger("duban.server")


class OutsideFlows:
    """Stands where the embedded Prefect would: answers nothing, runs nothing, and keeps the board."""

    def __init__(self, context: Context, board: FlowBoard, *, is_watched: bool) -> None:
        self._context, self._board, self._is_watched = context, board, is_watched
        self._leaving = asyncio.Event()
        if is_watched:
            prepare_client_environment(context.settings)

    async def run(self) -> None:
        """Show on the board, time and again, how the flows stand on their server; return when told to leave."""
        while self._is_watched and not self._leaving.is_set():
            try:
                await self._show()
            except Exception as error:
                _logger.warning("the Prefect server could not be asked: %s", type(error).__name__)
                self._board.show(BoardView(SchedulerState.DEGRADED, self._board.view.lines, f"{type(error).__name__}: {error}"))
            try:
                await asyncio.wait_for(self._leaving.wait(), _WATCH_SECONDS)
            except TimeoutError:
                continue

    async def stop_scheduler(self) -> None:
        """Stop nothing: there is none here."""

    def leave(self) -> None:
        """Let `run` come to its end."""
        self._leaving.set()

    async def _show(self) -> None:
        await asyncio.to_thread(_import_prefect)
        from prefect import get_client

        from flows.deployments import deployed
        from flows.watching import line_of, view_of

        async with get_client() as client:
            registered = await deployed(client, self._context.settings)
            lines = [await line_of(client, deployment_id, scheduled) for deployment_id, scheduled in registered.items()]
        if lines:
            self._board.show(view_of(lines, is_settling=False))
        else:
            problem = _("Prefect 服务器上没有部署流程，请运行 duban flows deploy")
            self._board.show(BoardView(SchedulerState.DEGRADED, problem=problem))


def _import_prefect() -> None:
    # It takes a second or two, in which pages must be answered.
    import prefect  # noqa: F401
