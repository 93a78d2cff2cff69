"""Real servers: the application in a thread of the test's process, and `duban serve` as a process of its own that can be killed."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import uvicorn

from runtime.context import Context
from runtime.flow_board import FlowBoard
from tests.homes import environment_of
from web.app import create_app

ROOT = Path(__file__).resolve().parents[2]
_STARTING_SECONDS = 120


@contextmanager
def serving(context: Context) -> Iterator[int]:
    """Serve the application on a free port, which is given, until the block ends."""
    config = uvicorn.Config(
        create_app(context, FlowBoard()), lifespan="off", log_level="error", access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            _wait_until(lambda: server.started)
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


class ServeProcess:
    """`duban serve` on a house, in a process of its own: its pages, which is what a browser meets."""

    def __init__(self, home: Path) -> None:
        self._home = home
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "PREFECT_"))}
        with (self._home / "serve.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "serve", "--no-flows", "--port", str(self.port)],
                cwd=ROOT,
                env=environment | environment_of(self._home),
                stdout=log,
                stderr=log,
            )
        _wait_until(self._answers)

    def kill(self) -> None:
        """End it without a warning."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        assert self._process
        assert self._process.poll() is None, (self._home / "serve.log").read_text()
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, TimeoutError, ConnectionError):
            return False


def _wait_until(is_so: object) -> None:
    ends = time.monotonic() + _STARTING_SECONDS
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < ends, "the server did not start"
        time.sleep(0.05)
