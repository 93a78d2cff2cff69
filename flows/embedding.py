"""`duban serve`: pages, Prefect's API and the scheduler in one process on one port, with no server to set up.

Nothing here may import Prefect at module level: its settings are read at the first import, after `prepare_environment`.
"""

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import closing, nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import uvicorn
from filelock import FileLock, Timeout
from starlette.middleware.trustedhost import TrustedHostMiddleware
from uvicorn.importer import import_from_string

from flows.environment import PREFECT_PATH, base_url, prepare_environment, server_given
from flows.outside import OutsideFlows
from rules.errors import DubanError
from rules.texts import _
from runtime.context import Context, open_context
from runtime.flow_board import BoardView, FlowBoard, SchedulerState
from runtime.logs import start_logging
from runtime.nearness import is_from_here, is_loopback
from runtime.settings import Settings

if TYPE_CHECKING:
    from flows.scheduler import Scheduler

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

# Together less than a service manager waits before it kills.
_STOP_SECONDS = 10
_CONNECTION_SECONDS = 3
_LEAVE_SECONDS = 5
_RETRY_SECONDS = 10

_logger = logging.getLogger("duban.server")


def run_server(settings: Settings, web: str, announce: Callable[[str], None], *, with_flows: bool = True) -> None:
    """Serve until SIGTERM or SIGINT. `web` names the factory of the pages (`package.module:function`), called with context and board.

    `announce` is called with the address as soon as pages are answered. The flows run here too, unless they are not wanted (`with_flows`) or the operator
    has a Prefect server of his own; then any number of such servers may stand side by side.

    Refused: an address that other machines reach without encryption, unless the settings allow it; a second server with flows on the same home, a port in use.
    """
    _refuse_open_address(settings)
    start_logging(settings)
    is_embedded = with_flows and not server_given()
    alone = _single_server(settings) if is_embedded else nullcontext()
    with open_context(settings) as context, alone, closing(_bound_socket(settings)) as listener:
        if is_embedded:
            prepare_environment(settings)
        board = FlowBoard(SchedulerState.STARTING if is_embedded or server_given() else SchedulerState.OFF)
        pages: Application = import_from_string(web)(context, board)
        # What is loaded now stays for good; the collector need not look through it each time a page makes many rows.
        gc.freeze()
        flows: EmbeddedPrefect | OutsideFlows
        if is_embedded:
            flows = prefect = EmbeddedPrefect(context, board)
            pages = _Dispatcher(pages, prefect)
        else:
            flows = OutsideFlows(context, board, is_watched=server_given())
        # uvicorn hands the signal on once it has shut down; by then it has been obeyed.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_received: None)
        _Server(pages, flows, settings, announce).run([listener])


class EmbeddedPrefect:
    """Prefect's application and the scheduler inside this process. Until it is ready, and where it fails, its paths answer 503 and the pages go on."""

    def __init__(self, context: Context, board: FlowBoard) -> None:
        self._context = context
        self._board = board
        self._leaving = asyncio.Event()
        self._application: Application | None = None
        self._scheduler: Scheduler | None = None

    async def run(self) -> None:
        """Run Prefect until told to leave. One that does not come up is started again: its database may have been busy, its disk full."""
        while not self._leaving.is_set():
            try:
                await self._run_once()
            except Exception as error:
                if self._leaving.is_set():  # told to stop while starting: Prefect complains of what it had not begun
                    return
                _logger.exception("Prefect could not be started; pages and commands work without it; next try in %s s", _RETRY_SECONDS)
                self._board.show(BoardView(SchedulerState.DEGRADED, problem=f"{type(error).__name__}: {error}"))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._leaving.wait(), _RETRY_SECONDS)

    async def _run_once(self) -> None:
        """Enter Prefect's lifespan, start the scheduler, and leave both in this same task when told to."""
        application, make_scheduler = await asyncio.to_thread(_load_prefect)
        gc.freeze()
        async with application.router.lifespan_context(application):
            if self._leaving.is_set():
                return
            self._application = application
            self._scheduler = make_scheduler(self._context, self._board)
            self._scheduler.start()
            await self._leaving.wait()
            self._application = None

    async def stop_scheduler(self) -> None:
        """Stop the scheduler while the API still answers, since it reports the end of its runs there."""
        if self._scheduler:
            await asyncio.to_thread(self._scheduler.stop, _STOP_SECONDS)

    def leave(self) -> None:
        """Let `run` come to its end."""
        self._leaving.set()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request or connection below `/prefect`."""
        if self._application:
            await self._application(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1013})
        else:
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"5")]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": _("时间表正在启动，请稍候").encode()})


class _Dispatcher:
    """Sends a request to Prefect or to the pages by its path, which is handed on whole: Prefect knows its own prefix.

    Prefect's pages and API are this machine's own affair: nobody else reaches them, nor who comes through a proxy.
    """

    def __init__(self, pages: Application, prefect: Application) -> None:
        self._pages = pages
        self._prefect = prefect

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        is_prefect = scope["path"] == PREFECT_PATH or scope["path"].startswith(f"{PREFECT_PATH}/")
        await (self._prefect if is_prefect and is_from_here(scope) else self._pages)(scope, receive, send)


class _Server(uvicorn.Server):
    def __init__(
        self, application: Application, prefect: EmbeddedPrefect | OutsideFlows, settings: Settings, announce: Callable[[str], None]
    ) -> None:
        super().__init__(server_config(guarded(application, settings), settings))
        self._prefect = prefect
        self._prefect_task: asyncio.Task[None] | None = None
        self._announce = partial(announce, base_url(settings))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer at once; Prefect comes up beside."""
        await super().startup(sockets)
        self._announce()
        self._prefect_task = asyncio.create_task(self._prefect.run())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop from the inside out: the runs, the connections, Prefect."""
        await self._prefect.stop_scheduler()
        await super().shutdown(sockets)
        self._prefect.leave()
        if self._prefect_task:
            await asyncio.wait([self._prefect_task], timeout=_LEAVE_SECONDS)


def guarded(application: Application, settings: Settings) -> Application:
    """Return the application answering only to the server's own names: a foreign page whose name was made to point here is refused."""
    return TrustedHostMiddleware(application, _names_of(settings))


def server_config(application: Application, settings: Settings) -> uvicorn.Config:
    """Return how uvicorn serves an application of this house."""
    return uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        lifespan="off",
        log_level="warning",
        # Its lines go the way of all others.
        log_config=None,
        # A calendar's address is its secret.
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
        timeout_graceful_shutdown=_CONNECTION_SECONDS,
    )


def _names_of(settings: Settings) -> list[str]:
    if settings.host in ("0.0.0.0", "::") and not settings.public_url:
        return ["*"]  # Reached by whatever address its machine has.
    public = urlsplit(settings.public_url).hostname if settings.public_url else None
    return ["localhost", "127.0.0.1", "[::1]", settings.host, *([public] if public else [])]


def _load_prefect() -> tuple[Any, "type[Scheduler]"]:
    from prefect.server.api.server import create_app

    from flows.scheduler import Scheduler

    return create_app(), Scheduler


def _refuse_open_address(settings: Settings) -> None:
    if not settings.plain_http and not is_loopback(settings.host):
        text = _(
            "监听 {host} 时，口令会不经加密在网上传送。请监听 127.0.0.1，在前面放一个提供 https 的反向代理；"
            "若在可信的内网里确要这样用，请设置 DUBAN_PLAIN_HTTP=1"
        )
        raise DubanError("open-address", text.format(host=settings.host))


def _single_server(settings: Settings) -> FileLock:
    lock = FileLock(settings.home / "serve.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise DubanError("already-serving", _("{home} 已有一个 duban serve 在运行，请先停止它").format(home=settings.home)) from None
    return lock


def _bound_socket(settings: Settings) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        return socket.create_server((settings.host, settings.port), family=family, backlog=512)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DubanError(
            "port-unusable",
            _("不能监听 {host}:{port}（{reason}），请用 --port 换一个端口").format(host=settings.host, port=settings.port, reason=reason),
        ) from None
