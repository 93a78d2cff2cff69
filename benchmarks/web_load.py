"""The pages under load: plan page, my work and task page of a house with 100 000 tasks, beside an empty FastAPI and Jinja page in the same run.

Usage: `python -m benchmarks.web_load [--tasks 100000] [--seconds 4] [--rounds 3] [--house FOLDER]`. Both are served as `duban serve` serves (one process, SQLite, the same uvicorn), each in a
process of its own, and loaded in turns by `wrk`. The ratios are what to compare; milliseconds belong to the machine. With `--house` the house is made once and used again.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from benchmarks.web_house import FORM_TOKEN, OFFICE_ID, TASKS_A_PLAN, UNITS, fill_house, log_in_all, plans_of_unit, tasks_led
from runtime.clock import now, today
from runtime.database import open_engine, upgrade_database

CONCURRENCY = (1, 8, 32)
PLANS, WORKERS, TASKS = 10, 60, 100
# A server lets go of a connection that says nothing for five seconds.
_IDLE_SECONDS = 3
# So many pages are measured right after an act.
_FIRST = 30
_HEAD = f"{'p50 ms':>9}{'p95 ms':>9}{'/s':>8}{'cpu ms':>8}"
_EMPTY_PORT, _OURS_PORT = 8361, 8362
# Each line is a request: method, path, cookie, body. One in a hundred is taken from the acts, each of which is sent once.
_SCRIPT = """
local reads, acts, count, sent = {}, {}, 0, 0
local function request_of(line)
  local method, path, cookie, body = line:match("^(%S+)\\t(%S+)\\t(%S*)\\t(.*)$")
  local headers = {["Cookie"] = cookie, ["Accept"] = "text/html"}
  if body == "" then body = nil else headers["Content-Type"] = "application/x-www-form-urlencoded" end
  return wrk.format(method, path, headers, body)
end
function init(args)
  for line in io.lines(args[1]) do
    if line:sub(1, 4) == "POST" then acts[#acts + 1] = request_of(line) else reads[#reads + 1] = request_of(line) end
  end
end
function request()
  count = count + 1
  if count % 100 == 50 and sent < #acts then sent = sent + 1; return acts[sent] end
  return reads[count % #reads + 1]
end
function done(summary, latency)
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  local rate = summary.requests / summary.duration * 1e6
  local said = {latency:percentile(50) / 1000, latency:percentile(95) / 1000, rate, summary.errors.status, broken, summary.requests}
  io.write("RESULT " .. table.concat(said, " ") .. "\\n")
end
"""


class Server:
    """A server in a process of its own."""

    def __init__(self, which: str, port: int, home: Path) -> None:
        environment = {"DUBAN_HOME": str(home), "DUBAN_PORT": str(port), "DUBAN_REQUESTS_PER_MINUTE": "100000000"}
        command = [sys.executable, "-m", "benchmarks.web_server", which]
        self.port = port
        self._process = subprocess.Popen(command, env={**os.environ, **environment})
        self._wait()

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(20)

    def cpu_seconds(self) -> float:
        """Return the processor time it has used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Return its resident memory."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def _wait(self) -> None:
        for _try in range(1200):
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health")
                connection.getresponse().read()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("a server did not come up")


def get(path: str, secret: str = "") -> str:
    """Return a line of the load: a page asked for."""
    return f"GET\t{path}\t{'duban=' + secret if secret else ''}\t"


def post(path: str, secret: str, key: str, **fields: str) -> str:
    """Return a line of the load: a form sent."""
    return f"POST\t{path}\tduban={secret}\t{urlencode({'form_token': FORM_TOKEN, 'key': key, **fields})}"


def pages_of(secrets: Mapping[int, str], task_count: int) -> dict[str, list[str]]:
    """Return what is asked for, by scenario: plans by the office, my work by units each with its own log-in, tasks by their lead units."""
    plans = range(1, min(PLANS, task_count // TASKS_A_PLAN) + 1)
    spread = (1 + 5 * number % UNITS for number in range(UNITS))
    # In a small house most units have nothing to do.
    units = list(islice((unit for unit in dict.fromkeys(spread) if plans_of_unit(unit, task_count)), WORKERS))
    led = [(unit, task) for unit in units for plan in plans_of_unit(unit, task_count) for task in tasks_led(unit, plan, 1)[:2]]
    return {
        "plan page": [get(f"/plans/{plan}", secrets[OFFICE_ID]) for plan in plans],
        "my work": [get("/work", secrets[unit + 1]) for unit in units],
        "task page": [get(f"/tasks/{task}", secrets[unit + 1]) for unit, task in led[:TASKS]],
    }


def acts_of(secrets: Mapping[int, str], task_count: int) -> Iterator[str]:
    """Give acts without an end that is reached: units acknowledge next year's tasks nobody acknowledged yet, and report on this year's."""
    for number in range(10**9):
        unit = 1 + 7 * number % UNITS
        for plan in plans_of_unit(unit, task_count):
            for task in tasks_led(unit, plan, 2)[:6]:
                if task % 9 == 0 and number < UNITS:
                    yield post(f"/tasks/{task}/acknowledge", secrets[unit + 1], f"ack-{task}-{time.time_ns()}")
            for task in tasks_led(unit, plan, 1)[:6]:
                if task % 9:
                    yield post(
                        f"/tasks/{task}/report", secrets[unit + 1], f"rep-{task}-{time.time_ns()}", text=f"又完成了一些，第{number}次。"
                    )


@dataclass(frozen=True)
class Found:
    """What a load found: p50 and p95 in milliseconds, requests a second, milliseconds of the server's processor for each request, refusals, and connections that broke or waited a minute."""

    p50: float
    p95: float
    rate: float
    cpu: float
    refused: float = 0
    broken: float = 0


def middle(rounds: Sequence[Found]) -> Found:
    """Return the median of each figure."""
    return Found(*(median(column) for column in zip(*map(astuple, rounds), strict=True)))


def loaded(folder: Path, server: Server, lines: Sequence[str], connections: int, seconds: float) -> Found:
    """Load a server."""
    (folder / "lines.txt").write_text("\n".join(lines) + "\n")
    (folder / "load.lua").write_text(_SCRIPT)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "60s", "-s", str(folder / "load.lua")]
    before = server.cpu_seconds()
    arguments = [*command, f"http://127.0.0.1:{server.port}", "--", str(folder / "lines.txt")]
    said = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
    result = next(line for line in said.splitlines() if line.startswith("RESULT")).split()[1:]
    p50, p95, rate, refused, broken, count = map(float, result)
    return Found(p50, p95, rate, 1000 * (server.cpu_seconds() - before) / max(1, count), refused, broken)


class Client:
    """One browser that asks one thing after the other."""

    def __init__(self, server: Server) -> None:
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._asked = time.perf_counter()

    def seconds(self, line: str) -> float:
        """Send a line and return how long its answer took; a wrong answer ends the run."""
        method, path, cookie, body = line.split("\t")
        headers = {"Cookie": cookie, "Accept": "text/html", **({"Content-Type": "application/x-www-form-urlencoded"} if body else {})}
        started = time.perf_counter()
        if started - self._asked > _IDLE_SECONDS:
            self._connection.close()
        self._connection.request(method, path, body or None, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        self._asked = time.perf_counter()
        taken = self._asked - started
        if answer.status != (303 if body else 200):
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:500].decode(errors='replace')}")
        return taken


def tell(name: str, connections: int, ours: Found, empty: Found) -> None:
    """Print one line: ours, the empty page, and the ratios of the 95th percentiles and of the processor time."""
    said = "".join(f"{one.p50:>9.2f}{one.p95:>9.2f}{one.rate:>8.0f}{one.cpu:>8.2f}" for one in (ours, empty))
    sys.stdout.write(f"{name:<26}{connections:>4}{said}{ours.p95 / empty.p95:>8.2f}{ours.cpu / max(empty.cpu, 0.001):>8.2f}\n")
    sys.stdout.flush()


def measure_kept(
    servers: tuple[Server, Server], pages: Mapping[str, Sequence[str]], acts: Iterator[str], given: argparse.Namespace
) -> None:
    """Measure pages that are kept, then all of them mixed with one act in a hundred requests; ours and the empty page in turns."""
    mixed = [line for group in zip(*(cycle(lines) for lines in pages.values()), range(TASKS), strict=False) for line in group[:-1]]
    with TemporaryDirectory() as scripts:
        for name, lines in {**pages, "mixed, 1 % acts": mixed}.items():
            client = Client(servers[0])
            for line in dict.fromkeys(lines):
                client.seconds(line)
            for connections in CONCURRENCY:
                found: tuple[list[Found], list[Found]] = ([], [])
                for _round in range(given.rounds):
                    extra = [next(acts) for _act in range(100)] if name.startswith("mixed") else []
                    for server, wanted, results in zip(servers, ([*lines, *extra], [get("/")]), found, strict=True):
                        results.append(loaded(Path(scripts), server, wanted, connections, given.seconds))
                tell(name, connections, *map(middle, found))
                refused, broken = sum(one.refused for one in found[0]), sum(one.broken for one in found[0])
                if refused or broken:
                    sys.stdout.write(f"  refused: {refused:.0f}, connections broken: {broken:.0f}\n")


def measure_first(servers: tuple[Server, Server], pages: Mapping[str, Sequence[str]], acts: Mapping[str, Sequence[str]]) -> None:
    """Measure each page right after an act that changes it, one browser asking; and the empty page in between."""
    clients = tuple(map(Client, servers))
    for name, lines in pages.items():
        taken: tuple[list[float], list[float]] = ([], [])
        cpu = [0.0, 0.0]
        for line, act in zip(lines[:_FIRST], acts[name], strict=False):
            clients[0].seconds(line)
            clients[0].seconds(act)
            for place, wanted in enumerate((line, get("/"))):
                before = servers[place].cpu_seconds()
                taken[place].append(clients[place].seconds(wanted))
                cpu[place] += servers[place].cpu_seconds() - before
        tell(f"{name}, after an act", 1, *(_spread(some, used) for some, used in zip(taken, cpu, strict=True)))


def _spread(seconds: Sequence[float], cpu: float) -> Found:
    return Found(1000 * median(seconds), 1000 * quantiles(seconds, n=20)[-1], len(seconds) / sum(seconds), 1000 * cpu / len(seconds))


def touching(secrets: Mapping[int, str], pages: Mapping[str, Sequence[str]], task_count: int) -> dict[str, list[str]]:
    """Return, for each page, an act in the plan that it is made from: a report on the page's own task, or on one of the unit's."""

    def report(unit: int, task: int) -> str:
        return post(f"/tasks/{task}/report", secrets[unit + 1], f"first-{task}-{time.time_ns()}", text="核查后补报。")

    def open_task(unit: int, plan: int) -> int:
        return next(task for task in tasks_led(unit, plan, 1) if task % 9)

    unit_of = {secret: number - 1 for number, secret in secrets.items()}
    first = {plan: next(unit for unit in range(1, UNITS + 1) if plan in plans_of_unit(unit, task_count)) for plan in range(1, PLANS + 1)}
    plans = [report(first[plan], open_task(first[plan], plan)) for plan in range(1, len(pages["plan page"]) + 1)]
    units = [unit_of[line.split("duban=")[1].strip()] for line in pages["my work"]]
    work = [report(unit, open_task(unit, plans_of_unit(unit, task_count)[0])) for unit in units]
    tasks = [(unit_of[line.split("duban=")[1].strip()], int(line.split("\t")[1].rpartition("/")[2])) for line in pages["task page"]]
    own = [report(unit, task if task % 9 else open_task(unit, 1 + (task - 1) // TASKS_A_PLAN)) for unit, task in tasks]
    return {"plan page": plans, "my work": work, "task page": own}


@contextmanager
def house(folder: str | None, task_count: int) -> Iterator[Path]:
    """Give a folder with a copy of the house, made now or used again."""
    with TemporaryDirectory() as own:
        kept = Path(folder or own) / f"house-{task_count}"
        kept.mkdir(parents=True, exist_ok=True)
        if not (kept / "whole").exists():
            (kept / "duban.db").unlink(missing_ok=True)
            engine = open_engine(f"sqlite:///{kept / 'duban.db'}")
            upgrade_database(engine)
            fill_house(engine, task_count, today())
            engine.dispose()
            (kept / "whole").touch()
        home = Path(own) / "home"
        home.mkdir()
        shutil.copy(kept / "duban.db", home / "duban.db")
        yield home


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--house", help="a folder to keep the house in, so that it need not be made again")
    given = parser.parse_args()
    if not shutil.which("wrk"):
        sys.stderr.write("wrk is missing: install it (Debian: apt-get install wrk)\n")
        return 1
    with house(given.house, given.tasks) as home:
        engine = open_engine(f"sqlite:///{home / 'duban.db'}")
        secrets = log_in_all(engine, now())
        engine.dispose()
        empty, ours = Server("empty", _EMPTY_PORT, home), Server("pages", _OURS_PORT, home)
        try:
            pages, started = pages_of(secrets, given.tasks), time.monotonic()
            sys.stdout.write(f"{'ours, then the empty page':<26}{'at':>4}{2 * _HEAD}{'p95 x':>8}{'cpu x':>8}\n")
            measure_kept((ours, empty), pages, acts_of(secrets, given.tasks), given)
            measure_first((ours, empty), pages, touching(secrets, pages, given.tasks))
            used = time.monotonic() - started
            for name, server in (("pages", ours), ("empty", empty)):
                sys.stdout.write(f"{name}: {server.memory_mb():.0f} MB, {server.cpu_seconds():.0f} s of processor in {used:.0f} s\n")
        finally:
            ours.stop()
            empty.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
