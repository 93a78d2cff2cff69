"""One delivery at a time in one home folder, so that what a run finds half done there was surely left by one that is gone.

The lock falls with its process, however that ends. Several machines on one database each have their own; between them a lease decides.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from rules.errors import DubanError
from rules.texts import _

WAIT_SECONDS = 5


@contextmanager
def delivery_lock(home: Path) -> Iterator[str]:
    """Hold the lock of `home` and give the name under which to deliver: `<host>/<home>:<process>`. A lock that stays taken is refused."""
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "deliver.lock")
    try:
        lock.acquire(timeout=WAIT_SECONDS)
    except Timeout:
        raise DubanError("delivery-running", _("另一个进程正在发送提醒，请等它结束后再运行")) from None
    try:
        yield f"{station_of(home)}:{os.getpid()}"
    finally:
        lock.release()


def station_of(home: Path) -> str:
    """Return the name of this host and home folder, the same in every run."""
    return f"{socket.gethostname()[:64]}/{sha256(str(home.resolve()).encode()).hexdigest()[:8]}"
