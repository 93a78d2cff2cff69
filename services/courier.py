"""Who carries messages out of the house, and with what: put together by the runtime, used by the outbox."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session

from notify.channel import Routes
from rules.errors import DubanError

Result = TypeVar("Result")

_TRIES_WHILE_BUSY = 8
_SECONDS_BETWEEN = 1.0


def nobody_is_gone(_owner: str) -> bool:
    """Say of every process that it may still be at work, so that only the lease decides."""
    return False


def no_files(_sha256: str) -> bytes:
    """Refuse to read a file, where no store was given."""
    raise AssertionError("messages with files need a store")


@dataclass(frozen=True)
class Courier:
    """Who delivers and with what. `owner` names the process; several deliver side by side, each under its own name.

    `open_transaction` gives a session whose work is committed at the end of its block; `now` tells the instant; `pause` waits so many seconds; `is_gone` tells
    whether the process of that name has surely ended; `read_file` gives the bytes of a message's file by their SHA-256.
    """

    open_transaction: Callable[[], AbstractContextManager[Session]]
    routes: Routes
    owner: str
    now: Callable[[], datetime]
    pause: Callable[[float], None] = time.sleep
    is_gone: Callable[[str], bool] = nobody_is_gone
    read_file: Callable[[str], bytes] = no_files

    def write(self, work: Callable[[Session], Result]) -> Result:
        """Do `work` in one transaction and return what it returns; anew, for some minutes, while another process keeps the database to itself.

        What was handed over must not be forgotten for a lock that somebody holds a little longer.
        """
        for _attempt in range(_TRIES_WHILE_BUSY - 1):
            try:
                return self._written(work)
            except DubanError as error:
                if error.code != "database-busy":
                    raise
                self.pause(_SECONDS_BETWEEN)
        return self._written(work)

    def _written(self, work: Callable[[Session], Result]) -> Result:
        with self.open_transaction() as session:
            return work(session)
