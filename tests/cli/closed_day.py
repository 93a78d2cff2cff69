"""A day of a small office in a process of its own, which can be cut off from every network: `duban serve`, a flow, reminders, and a bulletin on paper.

Run as a module with the office's folder. Of the commands one runs in a process of its own, as people run it; the others need not pay for that.
"""

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

from tests.cli.running import Duban
from tests.flows.served import NEVER, Served, environment, wait_for

OVERDUE = "2014-01-02"
WEEK_BEFORE_DUE = "2013-12-20"
SECONDS = 240


def spend_a_day(home: Path) -> None:
    """Serve, and meanwhile do what an office does; the pages, the flow and every command must succeed."""
    served = Served(home, REMIND_CRON=NEVER)
    try:
        wait_for(lambda: served.get("/healthz").json()["status"] == "ok", SECONDS)
        assert "登录" in served.get("/log-in").text
        asked = json.loads(done(served, "flows", "run", "send-reminders", "--as-of", WEEK_BEFORE_DUE, "--json"))
        ended = wait_for(partial(served.ended_run, asked["run"]), SECONDS)
        assert ended["state_name"] == "Completed", ended
        by_the_office = ("--as", "office", "--on", OVERDUE)
        remind = [sys.executable, "-m", "cli.main", *by_the_office, "remind"]
        subprocess.run(remind, env=environment(home, served.port), check=True, timeout=SECONDS)
        for face in ("docx", "pdf"):
            done(served, *by_the_office, "bulletin", "2013Q4", "-o", str(home / f"bulletin.{face}"))
    finally:
        served.kill()


def done(served: Served, *arguments: str) -> str:
    """Run a command in this process and return what it says; a failed one is the end."""
    outcome = Duban(served.home)(*arguments, DUBAN_PORT=str(served.port))
    assert outcome.code == 0, outcome.err
    return outcome.out


if __name__ == "__main__":
    spend_a_day(Path(sys.argv[1]))
