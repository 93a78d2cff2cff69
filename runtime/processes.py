"""Which process does something, so that its work can be taken over once it is gone.

A process is named by machine, number and start, since numbers are given out again after a crash or a restart of the machine.
"""

import os
import socket
from pathlib import Path

_NAME_LENGTH = 60
_ENDED = "ended"


def this_process() -> str:
    """Return the name of the process that asks."""
    return f"{_machine()}:{os.getpid()}:{_started(os.getpid())}"


def is_gone(name: str) -> bool:
    """Tell whether the process of that name has surely ended. One of another machine, or an unreadable name, may still be at work."""
    machine, _colon, rest = name.partition(":")
    number, _colon, started = rest.partition(":")
    if machine != _machine() or not number.isdigit():
        return False
    return not _runs(int(number)) or _started(int(number)) != started


def _machine() -> str:
    return socket.gethostname().replace(":", "-")[:_NAME_LENGTH]


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _started(number: int) -> str:
    # Field 22 of /proc/N/stat: ticks since the machine started. Elsewhere than on Linux the number alone must do.
    try:
        stat = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "0"
    state, *told = stat.rpartition(")")[2].split()
    # One that has ended stays listed until its parent asks for it, which the first process of a container may never do.
    return _ENDED if state in "ZX" else told[18]
