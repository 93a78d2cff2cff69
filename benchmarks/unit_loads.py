"""The units' overview from kept counts, beside the same sums counted from the tasks themselves.

Usage: `python -m benchmarks.unit_loads [--tasks N ...] [--keep FOLDER]`. Both overviews give the same rows, or the run fails. Milliseconds are processor time of this process, medians.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, text
from sqlmodel import Session

from benchmarks.country import TODAY
from benchmarks.measuring import country_of
from rules.rights import Actor
from runtime.database import reading
from services.occasion import SYSTEM
from services.unit_loads import DUE_WITHIN, LoadsAsked, unit_loads, wrong_counts

SIZES = (1_000, 10_000, 100_000)
TURNS, A_PAGE, EVERYBODY = 9, 41, 1_000_000

_COUNTED = """
SELECT a.unit_id, count(*) FILTER (WHERE t.state NOT IN ('completed', 'closed')),
  count(*) FILTER (WHERE t.state IN ('assigned', 'in_progress') AND t.due_on BETWEEN :day AND :until),
  count(*) FILTER (WHERE t.state IN ('assigned', 'in_progress') AND t.due_on < :day),
  count(*) FILTER (WHERE t.state = 'submitted'), count(*) FILTER (WHERE t.state IN ('completed', 'closed'))
FROM task t JOIN plan p ON p.id = t.plan_id JOIN assignment a ON a.task_id = t.id AND a.role = 'lead'
WHERE p.state = 'in_force' AND t.state IN ('assigned', 'in_progress', 'submitted', 'suspended', 'completed', 'closed')
GROUP BY a.unit_id ORDER BY a.unit_id
"""
Row = tuple[int, ...]


def kept(session: Session, limit: int, reader: Actor = SYSTEM) -> list[Row]:
    """Return the first units' counts as an overview reads them."""
    found = unit_loads(session, TODAY, LoadsAsked(reader, limit))
    return [(one.unit_id, one.in_hand, one.due_soon, one.overdue, one.handed_in, one.done) for one in found]


def counted(session: Session) -> list[Row]:
    """Return all units' counts as the tasks give them."""
    days = {"day": TODAY.isoformat(), "until": (TODAY + DUE_WITHIN).isoformat()}
    return [tuple(row) for row in session.execute(text(_COUNTED), days)]


def milliseconds(work: Callable[[], object], turns: int = TURNS) -> float:
    """Return the median processor time of some turns, after one that is not counted."""
    work()
    took = []
    for _turn in range(turns):
        started = time.process_time()
        work()
        took.append(time.process_time() - started)
    return 1000 * median(took)


def measure(engine: Engine, tasks: int) -> None:
    """Print one size."""
    with reading(engine) as session:
        if kept(session, EVERYBODY) != counted(session) or list(wrong_counts(session)):
            raise AssertionError("the kept counts are not those of the tasks")
        page, whole = milliseconds(lambda: kept(session, A_PAGE)), milliseconds(lambda: kept(session, EVERYBODY))
        anew = milliseconds(lambda: counted(session), 3)
    sys.stdout.write(f"{tasks:>9}{page:>12.2f} ms{whole:>12.2f} ms{anew:>12.1f} ms\n")


def main() -> int:
    """Measure each size in turn."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--tasks", type=int, nargs="*", default=SIZES)
    asked.add_argument("--keep", type=Path, help="a folder for filled houses")
    chosen = asked.parse_args()
    sys.stdout.write(f"{'tasks':>9}{'a page of it':>15}{'all units':>15}{'counted anew':>15}\n")
    for tasks in chosen.tasks:
        with country_of(tasks, "sqlite", chosen.keep) as engine:
            measure(engine, tasks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
