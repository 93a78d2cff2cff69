"""`duban serve` as a whole, in a process of its own: a schedule that never fires is the worst failure, since nothing complains."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from flows.embedding import run_server
from rules.errors import DubanError
from runtime.clock import day_of
from runtime.context import Context
from runtime.database import reading
from runtime.settings import read_settings
from services.job_slots import is_slot_done
from tests.flows.conftest import WEEK_BEFORE_DUE

ROOT = Path(__file__).resolve().parents[2]
REMINDERS = "send-reminders/daily"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def environment(home: Path, port: int) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "PREFECT_"))}
    own = {"DUBAN_HOME": str(home), "DUBAN_PORT": str(port), "DUBAN_REMIND_CRON": "* * * * *", "PYTHONPATH": str(ROOT)}
    return inherited | own


def refused_start(home: Path) -> str:
    """Start a server that must not come up; return its one line."""
    command = [sys.executable, "-m", "cli.main", "serve"]
    done = subprocess.run(command, env=environment(home, free_port()), cwd=home, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    return done.stderr


def wait_for(ask: Callable[[], Any], seconds: float) -> Any:
    """Ask until there is an answer; a server that is not up yet has none."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            answer = ask()
        except httpx.TransportError:
            answer = None
        if answer:
            return answer
        time.sleep(0.5)
    raise AssertionError(f"no answer within {seconds} s")


def is_group_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def is_slot_done_on(context: Context, day: date) -> bool:
    with reading(context.engine) as session:
        return is_slot_done(session, "send-reminders", day.isoformat())


class Served:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.log = home / "serve.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "serve"],
                env=environment(home, self.port),
                cwd=home,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=10, **options)

    def api(self, path: str, json: dict[str, Any] | None = None) -> Any:
        user, _colon, password = (self.home / "prefect" / "api-key").read_text().partition(":")
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}/prefect/api", auth=(user, password), timeout=20) as client:
            answer = client.get(path) if json is None else client.post(path, json=json)
        return answer.raise_for_status().json()

    def fired_run(self) -> dict[str, Any] | None:
        """A run that the schedule started and that ended well."""
        runs = self.api("/flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}})
        return next((run for run in runs if run["auto_scheduled"]), None)

    def run_for(self, day: date) -> dict[str, Any]:
        """Ask for a run for a day and return how it ended. One that meets a scheduled run is cancelled, and asked for again."""
        deployment = self.api(f"/deployments/name/{REMINDERS}")
        while True:
            made = self.api(f"/deployments/{deployment['id']}/create_flow_run", {"parameters": {"as_of": day.isoformat()}})
            ended = wait_for(lambda run_id=made["id"]: self._ended_run(run_id), 60)
            if ended["state_type"] != "CANCELLED":
                return dict(ended)

    def _ended_run(self, run_id: str) -> dict[str, Any] | None:
        run = self.api(f"/flow_runs/{run_id}")
        return run if run["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None


@pytest.fixture
def served(home: Path, plan: None) -> Iterator[Served]:
    server = Served(home)
    yield server
    if is_group_alive(server.process.pid):
        os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()


@pytest.mark.prefect
@pytest.mark.timeout(290)
def test_a_scheduled_run_fires_and_the_server_stops_clean(served: Served, context: Context) -> None:
    assert "示范行动1" in wait_for(lambda: served.get("/"), 30).text
    assert served.get("/healthz").json()["database"] == "ok"
    assert refused_start(served.home).startswith("error[already-serving]")

    wait_for(lambda: served.get("/prefect/api/health").status_code == 200, 90)
    assert served.get("/prefect/api/flow_runs/count").status_code == 401
    assert served.get("/prefect/").status_code == 200
    assert served.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
    assert served.get("/prefect/api/health", headers={"Host": "elsewhere.example"}).status_code == 400

    wait_for(lambda: served.get("/healthz").json()["status"] == "ok", 90)

    # Asked for a working day, the deployment does its work, whatever day it is where the test runs.
    assert served.run_for(WEEK_BEFORE_DUE)["state_name"] == "Completed"
    assert is_slot_done_on(context, WEEK_BEFORE_DUE)
    assert list((served.home / "outbox").glob("2013-12-20-*.eml"))

    fired = wait_for(served.fired_run, 150)
    assert fired["state_name"] in ("Completed", "Skipped")
    if fired["state_name"] == "Completed":
        assert is_slot_done_on(context, day_of(datetime.fromisoformat(fired["expected_start_time"])))
    told = len(served.log.read_text())
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(20) == 0
    assert not is_group_alive(served.process.pid)
    assert "Traceback" not in served.log.read_text()[told:]


@pytest.mark.parametrize(
    ("host", "code"),
    [
        pytest.param("0.0.0.0", "open-address", id="every-address"),
        pytest.param("192.0.2.7", "open-address", id="an-outer-address"),
        pytest.param("example.org", "open-address", id="a-foreign-name"),
        pytest.param("127.0.0.1", "port-unusable", id="port-in-use"),
        pytest.param("::1", "port-unusable", id="port-in-use-ipv6"),
    ],
)
def test_an_address_that_cannot_be_served_is_refused(home: Path, host: str, code: str) -> None:
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    with socket.create_server(("::1" if host == "::1" else "127.0.0.1", 0), family=family) as taken:
        settings = read_settings(host=host, port=taken.getsockname()[1])
        with pytest.raises(DubanError) as refusal:
            run_server(settings, "web.app:create_app", lambda _address: None)
    assert refusal.value.code == code


def test_a_home_that_was_never_set_up_is_refused(tmp_path: Path) -> None:
    assert refused_start(tmp_path).startswith("error[database-outdated]")
