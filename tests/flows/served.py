"""`duban serve` as people start it, for tests that look at it from outside."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
WEEK_BEFORE_DUE = date(2013, 12, 20)
"""Seven working days before the end of 2013, when the plan's first tasks are due."""
REMINDERS = "send-reminders/daily"
# Once a year, since a flow without a next run counts as a fault.
NEVER = "7 7 1 1 *"
# What a schedule does not need and nobody looks at here; a server is seconds sooner up without it.
WITHOUT = {f"PREFECT_SERVER_{part}_ENABLED": "false" for part in ("UI", "SERVICES_FOREMAN", "SERVICES_LATE_RUNS", "SERVICES_TRIGGERS")}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def environment(home: Path, port: int, **chosen: str) -> dict[str, str]:
    """The environment of a server on a home of its own, in which but for the reminders nothing runs by itself.

    Chosen are settings of duban, and of Prefect by their whole names.
    """
    # Without compiled modules beside them, each process of a server would compile all of duban.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "PREFECT_", "PYTHONDONTWRITE"))}
    never = {f"DUBAN_{name}_CRON": NEVER for name in ("DELIVER", "ESCALATE", "COLLECT", "SEAL", "BACKUP", "BULLETIN")}
    # What the caller had put before the library still comes first.
    path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(ROOT))))
    own = {"DUBAN_HOME": str(home), "DUBAN_PORT": str(port), "DUBAN_REMIND_CRON": "* * * * *", "PYTHONPATH": path}
    wanted = {name if name.startswith("PREFECT_") else f"DUBAN_{name}": value for name, value in chosen.items()}
    return inherited | WITHOUT | never | own | wanted


def wait_for(ask: Callable[[], Any], seconds: float) -> Any:
    """Ask until there is an answer, ever more seldom; a server that is not up yet has none."""
    end, pause = time.monotonic() + seconds, 0.25
    while time.monotonic() < end:
        try:
            answer = ask()
        except httpx.TransportError:
            answer = None
        if answer:
            return answer
        # Every asking is paid for by the server, which is the slower for it the slower it is.
        time.sleep(pause)
        pause = min(pause * 1.2, 2.0)
    raise AssertionError(f"no answer within {seconds} s")


def is_group_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


class Served:
    """A `duban serve` in a process of its own, with its runs as its children."""

    def __init__(self, home: Path, database_url: str, **chosen: str) -> None:
        self.home = home
        self.database_url = database_url
        self.port = free_port()
        self.log = home / "serve.log"
        # Made once, since each reads the certificates of the machine; connections are not kept, so the server never waits for one.
        alone = httpx.Limits(max_keepalive_connections=0)
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", limits=alone, timeout=20, trust_env=False)
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "serve"],
                env=environment(home, self.port, DATABASE_URL=database_url, **chosen),
                cwd=home,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, **options)

    def api(self, path: str, json: dict[str, Any] | None = None) -> Any:
        user, _colon, password = (self.home / "prefect" / "api-key").read_text().partition(":")
        # 503 says to come again: its database was busy.
        for _attempt in range(5):
            method = "GET" if json is None else "POST"
            answer = self.client.request(method, f"/prefect/api{path}", json=json, auth=(user, password))
            if answer.status_code != 503:
                break
            time.sleep(1)
        return answer.raise_for_status().json()

    def fired_run(self) -> dict[str, Any] | None:
        """A run that the schedule started and that ended well."""
        runs = self.api("/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}})
        return next((run for run in runs if run["auto_scheduled"]), None)

    def ask_for(self, day: date, name: str = REMINDERS) -> str:
        """Ask for a run of a deployment for a day and return its number."""
        deployment = self.api(f"/deployments/name/{name}")
        return str(self.api(f"/deployments/{deployment['id']}/create_flow_run", {"parameters": {"as_of": day.isoformat()}})["id"])

    def kill(self) -> None:
        """End the server and its runs at once, as a power cut would."""
        if is_group_alive(self.process.pid):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ended_run(self, run_id: str) -> dict[str, Any] | None:
        """Return the run once it has ended, None before."""
        run = self.api(f"/flow_runs/{run_id}")
        return run if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None
