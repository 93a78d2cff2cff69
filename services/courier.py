"""Who carries messages out of the house, and with what: put together by the runtime, used by the outbox."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from notify.channel import Routes


@dataclass(frozen=True)
class Courier:
    """Who delivers and with what. `owner` is `<station>:<process>`; the caller makes sure that a station delivers once at a time.

    `open_transaction` gives a session whose work is committed at the end of its block; `now` tells the instant; `pause` waits so many seconds.
    """

    open_transaction: Callable[[], AbstractContextManager[Session]]
    routes: Routes
    owner: str
    now: Callable[[], datetime]
    pause: Callable[[float], None] = time.sleep

    @property
    def station(self) -> str:
        """Return the place that is locked while it delivers."""
        return self.owner.rpartition(":")[0]
