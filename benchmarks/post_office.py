"""A real mail server on loopback in a process of its own, which writes down every message it takes, and processes to send to it.

Processes are forked, not started anew: whoever forks has everything imported and holds no connection.
"""

import multiprocessing
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

FORK = multiprocessing.get_context("fork")
SENDER = "duban@example.cn"


@dataclass(frozen=True)
class PostOffice:
    """Where the server listens, and the file with a line for each message taken: its Message-ID."""

    port: int
    register: Path

    def taken(self) -> Counter[str]:
        """Return how often each message was taken, by Message-ID."""
        return Counter(self.register.read_text(encoding="utf-8").split())


@contextmanager
def post_office(folder: Path, seconds_for_each: float = 0.0) -> Iterator[PostOffice]:
    """Run the server for the block; it takes so many seconds more for each message."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
    office = PostOffice(port, folder / "register.txt")
    office.register.touch()
    is_open = FORK.Event()
    server = FORK.Process(target=_serve, args=(office, seconds_for_each, is_open.set), daemon=True)
    server.start()
    try:
        if not is_open.wait(20):
            raise RuntimeError("the mail server does not start")
        yield office
    finally:
        server.kill()
        server.join()


def forked(work: Callable[[], object]) -> BaseProcess:
    """Start a process that does `work` and ends."""
    process = FORK.Process(target=work)
    process.start()
    return process


def _serve(office: PostOffice, seconds_for_each: float, tell_open: Callable[[], object]) -> None:
    from aiosmtpd.controller import Controller

    controller = Controller(_Clerk(office, seconds_for_each), hostname="127.0.0.1", port=office.port)
    controller.start()
    tell_open()
    while True:
        time.sleep(3600)


class _Clerk:
    """Takes every message. What it has written down was taken, whether or not the sender hears of it."""

    def __init__(self, office: PostOffice, seconds_for_each: float) -> None:
        self._register = office.register.open("ab", buffering=0)
        self._seconds = seconds_for_each

    async def handle_DATA(self, _server: object, _session: object, envelope: "_Envelope") -> str:
        """Write the message down and say that it was taken."""
        import asyncio

        if self._seconds:
            await asyncio.sleep(self._seconds)
        head, _blank, _body = envelope.content.partition(b"\r\n\r\n")
        found = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"message-id:"))
        self._register.write(found.partition(b":")[2].strip().strip(b"<>") + b"\n")
        if self._seconds:
            await asyncio.sleep(self._seconds)
        return "250 taken"


class _Envelope:
    content: bytes
