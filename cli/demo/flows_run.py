"""The example's last day as an office would have it: `duban serve` is started and its two flows are run by Prefect itself."""

import base64
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from rules.errors import DubanError
from rules.texts import _, current_language

FLOWS = ("send-reminders/daily", "publish-bulletin/quarterly")
NEVER = "0 0 31 12 *"
START_SECONDS, RUN_SECONDS, BUSY_SECONDS, LEAVING_SECONDS, STOP_SECONDS = 120, 120, 60, 3, 40


@contextmanager
def serving(home: Path, office: str) -> Iterator["Flows"]:
    """Start `duban serve` on the example's house and give its flows; it is stopped at the end whatever happens.

    It starts beside whatever the block does first: an office's server runs while people work, too.
    """
    port = _free_port()
    given = {
        "DUBAN_HOME": str(home),
        **{f"DUBAN_{job}_CRON": NEVER for job in ("REMIND", "DELIVER", "ESCALATE", "COLLECT", "SEAL", "BACKUP", "BULLETIN")},
        "DUBAN_PORT": str(port),
        "DUBAN_OFFICE": office,
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DUBAN_", "PREFECT_"))}
    inherited["DUBAN_LANG"] = current_language()
    log = (home / "serve.log").open("wb")
    with log, subprocess.Popen([sys.executable, "-m", "cli.main", "serve"], env=inherited | given, stdout=log, stderr=log) as server:
        try:
            yield Flows(port, home / "prefect" / "api-key")
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)


class Flows:
    """The flows of a running server, run by the few calls of Prefect's API that a person's clicks would make."""

    def __init__(self, port: int, key: Path) -> None:
        self._server = f"http://127.0.0.1:{port}"
        self._key = key

    def run_both(self, day: date, approve: Callable[[], None]) -> None:
        """Run the reminders and then the bulletin for `day`, and wait for their ends; a run that fails is refused with its reason.

        The bulletin's run waits for a person: once it is suspended, `approve` is called and the run goes on.
        """
        # Only when the schedule stands has the server done with the past; a run asked for earlier would be taken for a missed one.
        _until(START_SECONDS, self._is_ready)
        for name in FLOWS:
            run = self._run(name, day)
            if run["state_type"] == "PAUSED":
                approve()
                self._ask(f"flow_runs/{run['id']}/resume", {})
                self._wait_for(name, run["id"], ("COMPLETED",))
        # The last run's process is still leaving; a runner stopped now would call its completed run cancelled.
        time.sleep(LEAVING_SECONDS)

    def _is_ready(self) -> dict[str, Any] | None:
        with urlopen(f"{self._server}/healthz", timeout=20) as answer:
            health = dict(json.load(answer))
        return health if health["status"] == "ok" else None

    def _run(self, name: str, day: date) -> dict[str, Any]:
        deployment = self._ask(f"deployments/name/{name}")
        # The key makes asking twice harmless, should an answer have been lost.
        wanted = {"parameters": {"as_of": day.isoformat()}, "state": {"type": "SCHEDULED"}, "idempotency_key": f"{name}|{day}"}
        run = self._ask(f"deployments/{deployment['id']}/create_flow_run", wanted)
        return self._wait_for(name, run["id"], ("COMPLETED", "PAUSED"))

    def _wait_for(self, name: str, run_id: str, states: tuple[str, ...]) -> dict[str, Any]:
        ends = {*states, "FAILED", "CRASHED", "CANCELLED"}
        ended = _until(RUN_SECONDS, lambda: _in_state(self._ask(f"flow_runs/{run_id}"), ends))
        if ended["state_type"] not in states:
            raise DubanError("flow-failed", _("流程 {name} 没有完成：{why}").format(name=name, why=ended["state"].get("message")))
        return ended

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        token = base64.b64encode(self._key.read_bytes().strip()).decode()
        headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
        request = Request(f"{self._server}/prefect/api/{path}", headers=headers, data=None if body is None else json.dumps(body).encode())
        return _until(BUSY_SECONDS, lambda: _answer(request))


def _answer(request: Request) -> dict[str, Any] | None:
    """Return what the server says, None while it is busy: just after a run its database may be locked for a moment."""
    try:
        with urlopen(request, timeout=20) as answer:
            return dict(json.load(answer))
    except HTTPError as error:
        if error.code == HTTPStatus.SERVICE_UNAVAILABLE:
            return None
        raise DubanError("server-refused", _("服务器没有接受（{status}），详见 serve.log").format(status=error.code)) from None


def _in_state(run: dict[str, Any], states: set[str]) -> dict[str, Any] | None:
    return run if run["state_type"] in states else None


def _until(seconds: float, ask: Callable[[], dict[str, Any] | None]) -> dict[str, Any]:
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        try:
            answer = ask()
        except (URLError, OSError):
            answer = None
        if answer:
            return dict(answer)
        time.sleep(0.3)
    raise DubanError("serve-not-ready", _("duban serve 没有按时就绪，详见 serve.log"))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
