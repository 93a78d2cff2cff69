"""The same day's sweep as a plain call and as a flow on a running Prefect server, on copies of one house, in one run.

Usage: `python -m benchmarks.prefect_sweep [SIZE …] [--rounds N] [--flow NAME]`. Both write the day's messages (or notices) of a house that nobody was told of yet. The flow's own cost
should be the same whatever the size: a second of it is Prefect waiting for its heartbeat's thread.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from benchmarks.country import TODAY, fill_country
from runtime.clock import now
from runtime.context import open_context
from runtime.database import open_engine, upgrade_database
from runtime.jobs import job_named, moment_on

PORT = 4287


def main() -> None:
    """Fill a house for each size, run both on copies of it by turns, and print what each took."""
    asked = argparse.ArgumentParser()
    asked.add_argument("sizes", nargs="*", type=int, default=[1_000, 100_000])
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--flow", default="send-reminders")
    given = asked.parse_args()
    with TemporaryDirectory(prefix="duban-sweep-") as folder, prefect_server(Path(folder)):
        for size in given.sizes:
            measure(Path(folder), size, given.rounds, given.flow)


def measure(folder: Path, size: int, rounds: int, name: str) -> None:
    """Measure one size and print a line."""
    filled = folder / f"filled-{size}.db"
    engine = open_engine(f"sqlite:///{filled}")
    upgrade_database(engine)
    fill_country(engine, size)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    runs = {"plain": lambda: plain(name), "flow": lambda: flow(name)}
    for run in runs.values():  # the first of each loads and compiles
        timed(folder, filled, run)
    took: dict[str, list[float]] = {"plain": [], "flow": []}
    done: dict[str, Any] = {}
    for number in range(rounds):
        for way in sorted(runs, reverse=bool(number % 2)):
            seconds, done[way] = timed(folder, filled, runs[way])
            took[way].append(seconds)
    ran = median(took["flow"])
    called = median(took["plain"])
    figures, (said, run_id) = done["plain"], done["flow"]
    assert figures == said, (figures, said)
    task_runs = _task_runs(run_id)
    told = f"plain {called:8.2f} s  flow {ran:8.2f} s  ratio {ran / called:5.2f}  difference {ran - called:+6.2f} s  task runs {task_runs}"
    sys.stdout.write(f"{name:<18} {size:>9} tasks  {told}  ({said})\n")
    sys.stdout.flush()


def timed(folder: Path, filled: Path, run: Callable[[], Any]) -> tuple[float, Any]:
    """Run on a fresh copy of the house and return the seconds and what was said."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    shutil.copy(filled, home / "duban.db")
    os.environ["DUBAN_HOME"] = str(home)
    started = time.perf_counter()
    said = run()
    return time.perf_counter() - started, said


def plain(name: str) -> str:
    """Do the job's work by its services."""
    with open_context() as context:
        return job_named(name).work(context, moment_on(TODAY, now())).sentence


def flow(name: str) -> tuple[str, str]:
    """Run the flow here, recorded by the server; return what it says and its id."""
    module = name.replace("-", "_")
    from prefect.states import State

    seen: list[str] = []
    run = getattr(import_module(f"flows.{module}"), module)
    noted = run.with_options(on_completion=[lambda _flow, flow_run, _state: seen.append(str(flow_run.id))])
    state: State[Any] = noted(as_of=TODAY, return_state=True)
    assert state.name == "Completed", state
    return str(state.message), seen[-1]


def _task_runs(run_id: str) -> int:
    wanted = {"flow_runs": {"id": {"any_": [run_id]}}}
    before, count = -1, 0
    # Written down a little after they ran.
    while count != before or not count:
        time.sleep(1)
        before, count = count, int(httpx.post(f"http://127.0.0.1:{PORT}/api/task_runs/count", json=wanted, timeout=20).json())
    return count


@contextmanager
def prefect_server(folder: Path) -> Iterator[None]:
    """Start a server as `docs/deploy.md` says, on SQLite, for this run alone."""
    own = {
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
    }
    os.environ |= own
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(PORT)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{PORT}/api"
        while not _answers():
            assert server.poll() is None, "the Prefect server ended"
            time.sleep(0.5)
        yield
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _answers() -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{PORT}/api/health").status_code == 200
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    main()
