"""A real mail server on loopback in a process of its own, which writes down every message it takes, and processes to send to it.

It is `smtp-sink` (Debian's package postfix) where the machine has one, else aiosmtpd, whose 0.8 ms of processor time for a message are more than the sender's.
Where the server must think about each message it is aiosmtpd. Processes are forked, not started anew: whoever forks has everything imported and holds no connection.
"""

import getpass
import multiprocessing
import os
import re
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

FORK = multiprocessing.get_context("fork")
SENDER = "duban@example.cn"
# Debian keeps it where only root looks.
SINK = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
_TAKEN = re.compile(r"^Message-ID: <(.*)>\r?$", re.MULTILINE)
_WAITING_CALLERS = 100


@dataclass(frozen=True)
class PostOffice:
    """Where the server listens, which one it is, and the file with a line `Message-ID: <…>` for each message taken."""

    port: int
    register: Path
    server: str

    def taken(self) -> Counter[str]:
        """Return how often each message was taken, by Message-ID."""
        return Counter(_TAKEN.findall(self.register.read_text(encoding="utf-8")))


def post_office(folder: Path, seconds_for_each: float = 0.0, *, is_quickest: bool = True) -> AbstractContextManager[PostOffice]:
    """Run the server for the block; it takes so many seconds more before a message counts as taken and again after. With `is_quickest` smtp-sink is preferred."""
    is_sink = bool(SINK) and is_quickest and not seconds_for_each
    office = PostOffice(_free_port(), folder / "register.txt", "smtp-sink" if is_sink else "aiosmtpd")
    office.register.touch()
    return _sink(office) if is_sink else _clerk(office, seconds_for_each)


def forked(work: Callable[[], object]) -> BaseProcess:
    """Start a process that does `work` and ends."""
    process = FORK.Process(target=work)
    process.start()
    return process


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def _sink(office: PostOffice) -> Iterator[PostOffice]:
    # Started by root it wants to be told whom to be; the register lies in this user's folder.
    user = ["-u", getpass.getuser()] if os.geteuid() == 0 else []
    command = [str(SINK), "-4", *user, "-D", str(office.register), f"127.0.0.1:{office.port}", str(_WAITING_CALLERS)]
    with subprocess.Popen(command) as server:
        try:
            _wait_for(office.port, server)
            yield office
        finally:
            server.kill()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.01)
        else:
            return
    raise RuntimeError("the mail server does not start")


@contextmanager
def _clerk(office: PostOffice, seconds_for_each: float) -> Iterator[PostOffice]:
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

    async def handle_EHLO(self, _server: object, session: "_Session", _envelope: object, hostname: str, answers: list[str]) -> list[str]:
        """Offer what the server can do but does not say: it reads one command after the other, however they come."""
        session.host_name = hostname
        return [*answers[:-1], "250-PIPELINING", answers[-1]]

    async def handle_DATA(self, _server: object, _session: object, envelope: "_Envelope") -> str:
        """Write the message down and say that it was taken."""
        import asyncio

        if self._seconds:
            await asyncio.sleep(self._seconds)
        head, _blank, _body = envelope.content.partition(b"\r\n\r\n")
        found = next(line for line in head.split(b"\r\n") if line.startswith(b"Message-ID: "))
        self._register.write(found + b"\n")
        if self._seconds:
            await asyncio.sleep(self._seconds)
        return "250 taken"


class _Session:
    host_name: str


class _Envelope:
    content: bytes
