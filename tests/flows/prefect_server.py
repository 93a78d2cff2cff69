"""A Prefect server of the house's own, as an operator starts one: on Debian's PostgreSQL where it is installed with pg_trgm, else on SQLite."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.flows.served import free_port, wait_for


class PrefectServer:
    """A server that answers, and what its clients read from the environment."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/api"
        self.client = httpx.Client(base_url=self.url, auth=("duban", "of-the-test"), timeout=20, trust_env=False)

    @property
    def environment(self) -> dict[str, str]:
        return {"PREFECT_API_URL": self.url, "PREFECT_API_AUTH_STRING": "duban:of-the-test"}

    def ask(self, path: str, json: dict[str, object] | None = None) -> object:
        answer = self.client.request("GET" if json is None else "POST", path, json=json)
        return answer.raise_for_status().json()


@contextmanager
def prefect_server(home: Path) -> Iterator[PrefectServer]:
    """Start a server on a database of its own, and end it with all that it started."""
    with tempfile.TemporaryDirectory(prefix="duban-prefect-", ignore_cleanup_errors=True) as folder, _database(Path(folder)) as url:
        port = free_port()
        server = PrefectServer(port)
        given = {name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "PREFECT_"))} | {
            "PREFECT_HOME": str(home / "prefect-server"),
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": url,
            "PREFECT_SERVER_API_AUTH_STRING": "duban:of-the-test",
            "PREFECT_API_AUTH_STRING": "duban:of-the-test",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_UI_ENABLED": "false",
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
            "DO_NOT_TRACK": "1",
        }
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
        with (home / "prefect-server.log").open("w") as log:
            process = subprocess.Popen(command, env=given, cwd=home, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            wait_for(lambda: server.client.get("/health").status_code == 200, 90)
            yield server
        finally:
            server.client.close()
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def debians_postgres() -> Path | None:
    """Where Debian's PostgreSQL has its programs, None where it is not installed or lacks the extension that Prefect needs."""
    for programs in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        version = programs.parent.name
        if (programs / "initdb").exists() and Path(f"/usr/share/postgresql/{version}/extension/pg_trgm.control").exists():
            return programs
    return None


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    programs = debians_postgres()
    if programs is None:
        yield f"sqlite+aiosqlite:///{folder}/prefect.db"
        return
    # PostgreSQL does not run as root.
    as_user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    data, port = folder / "data", free_port()
    if as_user:
        shutil.chown(folder, "postgres", pwd.getpwnam("postgres").pw_gid)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **as_user}
    subprocess.run([programs / "initdb", "-D", data, "-A", "trust", "-U", "prefect", "--no-sync"], check=True, **quiet)
    options = [f"-p{port}", "-h127.0.0.1", f"-k{folder}", "-cfsync=off"]
    with subprocess.Popen([programs / "postgres", "-D", data, *options], **quiet) as server:
        try:
            wait_for(lambda: _is_created(programs, port), 30)
            yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/prefect"
        finally:
            server.send_signal(signal.SIGINT)


def _is_created(programs: Path, port: int) -> bool:
    made = [programs / "createdb", "-h127.0.0.1", f"-p{port}", "-Uprefect", "prefect"]
    return subprocess.run(made, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
