"""Who carries messages out of the house, and with what: put together by the runtime, used by the outbox."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from notify.channel import Channel


@dataclass(frozen=True)
class Courier:
    """Who delivers and with what. `owner` is `<station>:<process>`; the caller makes sure that a station delivers once at a time.

    `open_transaction` gives a session whose work is committed at the end of its block; `now` tells the instant.
    """

    open_transaction: Callable[[], AbstractContextManager[Session]]
    channel: Channel
    owner: str
    now: Callable[[], datetime]

    @property
    def station(self) -> str:
        """Return the place that is locked while it delivers."""
        return self.owner.rpartition(":")[0]
