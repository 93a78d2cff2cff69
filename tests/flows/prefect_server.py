"""A Prefect server of the house's own, and the migrated database that each server of a run starts from: migrating one costs more than all else it does at its start."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock

from tests.flows.served import WITHOUT, free_port, wait_for

# In a process of its own, since Prefect reads its settings once.
_MAKE = """
import asyncio
from prefect.server.database import provide_database_interface

async def make():
    database = provide_database_interface()
    await database.create_db()
    await (await database.engine()).dispose()

asyncio.run(make())
"""

COPIED = {"PREFECT_SERVER_DATABASE_MIGRATE_ON_START": "false", "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false"}
"""For a server on a copy of the migrated database."""
_KEY = "duban:of-the-test"


def migrated_database(folder: Path) -> Path:
    """Return Prefect's migrated database in the folder; of the processes of a run, whichever asks first makes it and the others wait."""
    place = folder / "prefect-migrated.db"
    with FileLock(folder / "prefect-migrated.lock"):
        if not place.exists():
            home = folder / "prefect-being-migrated"
            subprocess.run([sys.executable, "-c", _MAKE], env=_environment(home), capture_output=True, check=True, timeout=240)
            (home / "prefect.db").rename(place)
    return place


class PrefectServer:
    """A server that answers, and what its clients read from the environment."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/api"
        user, _colon, password = _KEY.partition(":")
        self.client = httpx.Client(base_url=self.url, auth=(user, password), timeout=20, trust_env=False)

    @property
    def environment(self) -> dict[str, str]:
        return {"PREFECT_API_URL": self.url, "PREFECT_API_AUTH_STRING": _KEY}

    def in_this_process(self) -> AbstractContextManager[Any]:
        """Let what runs here in the block ask this server: Prefect does not look at the environment again."""
        from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

        return temporary_settings({PREFECT_API_URL: self.url, PREFECT_API_AUTH_STRING: _KEY})

    def ask(self, path: str, json: dict[str, object] | None = None) -> object:
        answer = self.client.request("GET" if json is None else "POST", path, json=json)
        return answer.raise_for_status().json()


@contextmanager
def prefect_server(home: Path, migrated: Path) -> Iterator[PrefectServer]:
    """Start a server with a copy of the migrated database, and end it with all that it started."""
    (home / "prefect-server").mkdir()
    shutil.copy(migrated, home / "prefect-server" / "prefect.db")
    server = PrefectServer(port := free_port())
    # The application itself: the command that would start it loads Prefect a second time.
    command = [sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app", "--port", str(port)]
    with closing(server.client), (home / "prefect-server.log").open("w") as log:
        given = _environment(home / "prefect-server") | COPIED
        process = subprocess.Popen(command, env=given, cwd=home, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            wait_for(lambda: server.client.get("/health").status_code == 200, 240)
            yield server
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _environment(home: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "PREFECT_"))}
    return (
        inherited
        | WITHOUT
        | {
            "PREFECT_HOME": str(home),
            "PREFECT_SERVER_API_AUTH_STRING": _KEY,
            "PREFECT_API_AUTH_STRING": _KEY,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
            "DO_NOT_TRACK": "1",
        }
    )
