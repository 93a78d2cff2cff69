"""Nothing ever calls out: a day of a small office (pages, schedule, a flow, reminders, papers) with the network cut, and every attempt written down.

Each Python process of the run loads a hook that notes whatever is looked up or connected to and is not this machine; where a network namespace may be made, there is
no way out either.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.builders import SCIENCE
from tests.cli.running import Duban

ROOT = Path(__file__).resolve().parents[2]
# Some thirty on a quiet machine.
MOST_SECONDS = 500
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


def cut_off() -> list[str]:
    """Return the words that run a command in a namespace with no other network than this machine's own; none where that is not allowed."""
    words = ["unshare", "--net", "--map-root-user", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    try:
        return words if subprocess.run([*words, "true"], capture_output=True, timeout=10, check=False).returncode == 0 else []
    except OSError:
        return []


def run(folder: Path, *command: str, within: list[str]) -> tuple[int, str, str]:
    """Run a Python command under the hook; return its exit code, what it complained of, and the attempts. Whatever it started ends with it."""
    (folder / "sitecustomize.py").write_text(HOOK)
    attempts = folder / "attempts"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "PREFECT_", "DO_NOT_TRACK", "CI"))}
    environment = inherited | {"ATTEMPTS": str(attempts), "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    with (
        (folder / "errors.txt").open("w+b") as errors,
        subprocess.Popen(
            [*within, sys.executable, *command], env=environment, cwd=folder, stdout=errors, stderr=errors, start_new_session=True
        ) as started,
    ):
        try:
            code = started.wait(MOST_SECONDS)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
    return code, (folder / "errors.txt").read_text(), attempts.read_text() if attempts.exists() else ""


def test_the_hook_sees_what_calls_out(tmp_path: Path) -> None:
    code = "import socket\ntry:\n    socket.create_connection(('203.0.113.9', 9), 0.01)\nexcept OSError:\n    pass"
    _code, _said, attempts = run(tmp_path, "-c", code, within=[])
    assert "203.0.113.9" in attempts


@pytest.mark.prefect
@pytest.mark.timeout(MOST_SECONDS + 30)
def test_a_day_of_an_office_needs_no_network_and_looks_for_none(house: Duban, migrated_prefect: Path, tmp_path: Path) -> None:
    assert house("unit", "contact", SCIENCE, "zhang@kjt.example", "--as", "office", "--on", "2012-11-06").code == 0
    (house.home / "prefect").mkdir()
    shutil.copy(migrated_prefect, house.home / "prefect" / "prefect.db")
    code, said, attempts = run(tmp_path, "-m", "tests.cli.closed_day", str(house.home), within=cut_off())
    assert code == 0, said[-2000:]
    assert attempts == ""
    # The day itself, the server, the flow's run, and a command.
    assert len((tmp_path / "attempts.loaded").read_text()) >= 4
    assert list((house.home / "outbox").glob("*.eml"))
    assert (house.home / "bulletin.docx").read_bytes().startswith(b"PK")
    assert (house.home / "bulletin.pdf").read_bytes().startswith(b"%PDF")
