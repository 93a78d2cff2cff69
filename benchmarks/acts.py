"""Single acts through the services, each in a durable transaction of its own with its chained entry, beside bare commits to the same kind of database.

Usage: `python -m benchmarks.acts [--tasks N] [--database URL]`. The bare loop (sqlite3, or psycopg) begins, inserts one row as long as an entry and commits, with the same pragmas and as
durably. Each act is followed by one bare commit, so that a busy disk slows both; times are medians. `of bare` is the acts done in the time of one bare commit; 0.4 is the limit for
completing.
"""

import argparse
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, text

from benchmarks.house import OCCASION, TODAY, UNIT_COUNT, fill
from models.account import AccountRole
from models.every import METADATA
from models.task import TaskState
from rules.rights import Actor
from runtime.database import open_engine, transaction, upgrade_database
from services.ledger import first_break
from services.numbering import number_on
from services.occasion import Occasion
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.store import Store
from services.tasks import acknowledge_task, complete_task, submit_task

WARM_UP = 50
_ENTRY = "x" * 600
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
Act = Callable[[int], None]


def main() -> None:
    """Do every kind of act on every task it can be done on."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--tasks", type=int, default=900)
    asked.add_argument("--database", help="an empty PostgreSQL; without it, SQLite")
    chosen = asked.parse_args()
    with TemporaryDirectory() as folder:
        engine = open_engine(chosen.database or f"sqlite:///{Path(folder) / 'duban.db'}")
        upgrade_database(engine)
        with transaction(engine) as session:
            fill(session, chosen.tasks)
            number_on(session, METADATA.sorted_tables)
        with bare_commit(engine, Path(folder)) as commit:
            _measure(engine, chosen.tasks, commit, Store(Path(folder) / "store"))
        _refuse_unfinished(engine, chosen.tasks)
        engine.dispose()


def _measure(engine: Engine, tasks: int, commit: Callable[[], None], store: Store) -> None:
    received = [n for n in range(1, tasks + 1) if n % 3 == 0]
    begun = [n for n in range(1, tasks + 1) if n % 3]
    sys.stdout.write(f"{'':<14}{'acts':>6}{'an act':>11}{'processor':>11}{'bare commit':>13}{'of bare':>9}\n")
    _tell("acknowledge", received, _each(engine, lambda session, n: acknowledge_task(session, n, _by_unit(n))), commit)
    said = ProgressInput({"示范县": Amount(100.0)}, "已建成", is_confirmed=True)
    _tell("report", begun, _each(engine, lambda session, n: record_progress(session, n, said, store, _by_unit(n))), commit)
    _tell("submit", begun, _each(engine, lambda session, n: submit_task(session, n, None, _by_unit(n))), commit)
    supervisor = replace(OCCASION, actor=Actor(1, "bench", AccountRole.SUPERVISOR), day=TODAY)
    _tell("complete", begun, _each(engine, lambda session, n: complete_task(session, n, supervisor)), commit)


def _each(engine: Engine, act: Callable[[Any, int], object]) -> Act:
    def do(task_id: int) -> None:
        with transaction(engine) as session:
            act(session, task_id)

    return do


def _by_unit(task_id: int) -> Occasion:
    return replace(OCCASION, actor=Actor(1, "unit", AccountRole.UNIT, 1 + task_id % UNIT_COUNT), day=TODAY)


def _tell(name: str, task_ids: Sequence[int], act: Act, commit: Callable[[], None]) -> None:
    """Print one line; the first acts warm up and do not count."""
    turns = [(*_timed(lambda n=task_id: act(n)), _timed(commit)[0]) for task_id in task_ids]
    ours, processor, bare = (median(column) * 1000 for column in zip(*turns[WARM_UP:], strict=True))
    sys.stdout.write(f"{name:<14}{len(task_ids):>6}{ours:>8.3f} ms{processor:>8.3f} ms{bare:>10.3f} ms{bare / ours:>9.2f}\n")


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    start, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - processor


@contextmanager
def bare_commit(engine: Engine, folder: Path) -> Iterator[Callable[[], None]]:
    """Give a function that commits one row to a table of its own, past everything of ours."""
    if engine.dialect.name == "postgresql":
        import psycopg

        with psycopg.connect(engine.url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True) as server:
            server.execute("CREATE TABLE bare (id serial PRIMARY KEY, said text)")
            yield lambda: _commit(server, "INSERT INTO bare (said) VALUES (%s)", "BEGIN")
            server.execute("DROP TABLE bare")
        return
    file = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in _PRAGMAS:
        file.execute(f"PRAGMA {pragma}")
    file.execute("CREATE TABLE bare (id integer PRIMARY KEY, said text)")
    yield lambda: _commit(file, "INSERT INTO bare (said) VALUES (?)", "BEGIN IMMEDIATE")
    file.close()


def _commit(connection: Any, insert: str, begin: str) -> None:
    connection.execute(begin)
    connection.execute(insert, (_ENTRY,))
    connection.execute("COMMIT")


def _refuse_unfinished(engine: Engine, tasks: int) -> None:
    with transaction(engine) as session:
        done = session.execute(text("SELECT count(*) FROM task WHERE state = :state"), {"state": TaskState.COMPLETED.value}).scalar_one()
        broken = first_break(session)
    if broken or done != sum(1 for n in range(1, tasks + 1) if n % 3):
        raise SystemExit(f"{done} of {tasks} tasks completed, ledger broken at {broken}")


if __name__ == "__main__":
    main()
