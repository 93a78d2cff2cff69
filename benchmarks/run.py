"""Every benchmark in one command: each figure beside its limit, measured in the same run. Usage: python -m benchmarks.run [--sizes N …] [--keep FOLDER] [--only NAME …].

What is measured, and against what, stands at the head of each module. Houses of up to a million tasks take minutes to fill; with `--keep` they are found again. `make bench`
runs the small sizes. `benchmarks.web_load` (needs wrk) and `benchmarks.kill_test` are run by themselves: they need a quiet machine, or hours.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import empty_databases

SIZES = (1_000, 10_000)
# The largest house that single papers and acts are measured in.
_ENOUGH = 100_000


def main() -> None:
    """Run the parts one after the other; one that fails ends the run."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    asked.add_argument("--keep", type=Path, help="a folder for filled houses")
    asked.add_argument("--only", nargs="*")
    given = asked.parse_args()
    with TemporaryDirectory(prefix="duban-bench-") as passing, empty_databases(6) as urls:
        keep = given.keep or Path(passing)
        keep.mkdir(parents=True, exist_ok=True)
        for module, arguments in _parts(given.sizes, keep, urls):
            if not given.only or module in given.only:
                sys.stdout.write(f"\n## {module} {' '.join(word for word in arguments if '://' not in word)}\n")
                sys.stdout.flush()
                subprocess.run([sys.executable, "-m", f"benchmarks.{module}", *arguments], check=True)


def _parts(sizes: Sequence[int], keep: Path, urls: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    every, folder, rows = [str(size) for size in sizes], ["--keep", str(keep)], str(min(_ENOUGH, max(sizes)))
    yield "reading", []
    yield "issuing", ["--rows", "10000"]
    yield "issuing", ["--rows", "10000", "--databases", urls[0], urls[1]]
    yield "books_in", ["--rows", rows]
    yield "commands", []
    yield "acts", []
    yield "acts", ["--database", urls[2]]
    yield "reminders", ["--tasks", *every, *folder]
    yield "unit_loads", ["--tasks", *every, *folder]
    yield "outbox", ["--messages", "1000"]
    yield "outbox", ["--messages", "1000", "--database", urls[3]]
    yield "digests", ["--connections", "1"]
    yield "digests", ["--connections", "4"]
    yield "figures", ["--tasks", *every, *folder]
    yield "pages", ["--sizes", *every, *folder]
    yield "ledger", ["--tasks", rows, *folder]
    yield "book", ["--rows", rows]
    yield "papers", []
    yield "prefect_sweep", [str(size) for size in sizes if size <= _ENOUGH]


if __name__ == "__main__":
    main()
