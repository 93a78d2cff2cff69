"""Runs a command with the network cut, and writes down every attempt to reach it.

Each Python process of the run loads a hook that notes whatever is looked up or connected to and is not this machine; where a network namespace may be made, there is
no way out either.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOOK = """
import os, sys
def watch(event, arguments, place=os.environ["ATTEMPTS"]):
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host is None or host in ("localhost", "::1", "", "0.0.0.0", "::") or host.startswith("127."):
        return
    note = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(note, f"{event} {host} {sys.argv[:3]}\\n".encode())
    os.close(note)
sys.addaudithook(watch)
open(os.environ["ATTEMPTS"] + ".loaded", "a").write("x")
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, what it said, a line for each attempt to reach the network, and how many processes were watched."""

    code: int
    said: str
    attempts: str
    watched: int


def cut_off() -> list[str]:
    """Return the words that run a command in a namespace with no other network than this machine's own; none where that is not allowed."""
    # Whoever may do without a namespace of users keeps the rights to files of others, as to the socket of the tests' PostgreSQL.
    for of_users in ([], ["--map-root-user"]):
        words = ["unshare", "--net", *of_users, "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
        if shutil.which("unshare") and subprocess.run([*words, "true"], capture_output=True, timeout=60, check=False).returncode == 0:
            return words
    return []


def run_watched(folder: Path, *command: str, within: list[str], seconds: float) -> Ended:
    """Run a Python command under the hook, for so many seconds at most; its process group ends with it."""
    (folder / "sitecustomize.py").write_text(HOOK)
    attempts, loaded = folder / "attempts", folder / "attempts.loaded"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "PREFECT_", "DO_NOT_TRACK", "CI"))}
    environment = inherited | {"ATTEMPTS": str(attempts), "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    with (
        (folder / "said.txt").open("w+b") as said,
        subprocess.Popen(
            [*within, sys.executable, *command], env=environment, cwd=folder, stdout=said, stderr=said, start_new_session=True
        ) as started,
    ):
        try:
            code = started.wait(seconds)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
    told = attempts.read_text() if attempts.exists() else ""
    return Ended(code, (folder / "said.txt").read_text(), told, len(loaded.read_text()) if loaded.exists() else 0)
