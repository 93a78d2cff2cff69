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
# A machine that does other work as well needs several times the usual half minute; what is broken for good is told at once.
START_SECONDS, RUN_SECONDS, BUSY_SECONDS, LEAVING_SECONDS, STOP_SECONDS = 600, 600, 300, 3, 40
LAST_LINES = 20


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
            yield Flows(port, home, server)
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)


class Flows:
    """The flows of a running server, run by the few calls of Prefect's API that a person's clicks would make."""

    def __init__(self, port: int, home: Path, server: subprocess.Popen[bytes]) -> None:
        self._address = f"http://127.0.0.1:{port}"
        self._key = home / "prefect" / "api-key"
        self._log = home / "serve.log"
        self._server = server

    def run_both(self, day: date, approve: Callable[[], None]) -> None:
        """Run the reminders and then the bulletin for `day`, and wait for their ends; a run that fails is refused with its reason.

        The bulletin's run waits for a person: once it is suspended, `approve` is called and the run goes on.
        """
        # Only when the schedule stands has the server done with the past; a run asked for earlier would be taken for a missed one.
        self._until(START_SECONDS, _("等候时间表就绪"), self._is_ready)
        for name in FLOWS:
            run = self._run(name, day)
            if run["state_type"] == "PAUSED":
                approve()
                self._ask(f"flow_runs/{run['id']}/resume", {})
                self._wait_for(name, run["id"], ("COMPLETED",))
        # The last run's process is still leaving; a runner stopped now would call its completed run cancelled.
        time.sleep(LEAVING_SECONDS)

    def _is_ready(self) -> dict[str, Any] | None:
        with urlopen(f"{self._address}/healthz", timeout=20) as answer:
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
        awaited = _("等候流程 {name} 运行").format(name=name)
        ended = self._until(RUN_SECONDS, awaited, lambda: _in_state(self._ask(f"flow_runs/{run_id}"), ends))
        if ended["state_type"] not in states:
            raise DubanError("flow-failed", _("流程 {name} 没有完成：{why}").format(name=name, why=ended["state"].get("message")))
        return ended

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        token = base64.b64encode(self._key.read_bytes().strip()).decode()
        headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
        request = Request(f"{self._address}/prefect/api/{path}", headers=headers, data=None if body is None else json.dumps(body).encode())
        return self._until(BUSY_SECONDS, _("等候 {path} 的答复").format(path=path), lambda: _answer(request))

    def _until(self, seconds: float, awaited: str, ask: Callable[[], dict[str, Any] | None]) -> dict[str, Any]:
        """Ask again and again for `seconds` at most, and no longer than the server lives."""
        last = time.monotonic() + seconds
        while time.monotonic() < last and self._server.poll() is None:
            try:
                answer = ask()
            except (URLError, OSError):
                answer = None
            if answer:
                return answer
            time.sleep(0.5)
        text = _("{awaited}：duban serve 没有按时答复。{log} 的最后几行：\n{lines}")
        raise DubanError("serve-not-ready", text.format(awaited=awaited, log=self._log, lines="\n".join(self._last_lines())))

    def _last_lines(self) -> list[str]:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [line for line in lines if "route=/healthz" not in line][-LAST_LINES:]


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


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
