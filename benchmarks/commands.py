"""The start of commands, each beside the least that could do it, by turns in one run: `duban --help` beside a Python that imports three small modules, `duban task list` on a
house of that many tasks beside a script that imports sqlmodel and runs the same statements.

Usage: `python -m benchmarks.commands [--tasks N] [--rounds R]`. Processor time of whole processes, since others may want the machine too. It is checked as well that neither
command loads a library of pages, flows or papers.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.house import TODAY, house_of
from benchmarks.measuring import HEAD, Figure, tell

FORBIDDEN = (
    "prefect",
    "fastapi",
    "uvicorn",
    "alembic",
    "docx",
    "docxtpl",
    "openpyxl",
    "xlsxwriter",
    "lxml",
    "typst",
    "pypdfium2",
    "python_calamine",
)
DATA = ("sqlmodel", "sqlalchemy", "pydantic")
HELP, LIST = ("--help",), ("task", "list")

_SMALL = "import sqlite3, csv, json"
_SAME_STATEMENTS = """
import json, sys
from sqlmodel import Session, create_engine
with Session(create_engine(sys.argv[1])) as session, open(sys.argv[2]) as told:
    for statement, values in json.load(told):
        session.connection().exec_driver_sql(statement, tuple(values)).fetchall()
"""
# Runs a command and tells which libraries it loaded and which statements it ran.
_WATCHED = """
import contextlib, io, json, sys
import cli.main
statements = []
def watch():
    from sqlalchemy import Engine, event
    def heard(_connection, _cursor, statement, values, *_rest):
        if statement.startswith("SELECT"):
            statements.append((statement, list(values)))
    event.listen(Engine, "before_cursor_execute", heard)
if "--help" not in sys.argv:
    watch()
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    cli.main.main()
print(json.dumps([sorted({name.partition(".")[0] for name in sys.modules}), statements], default=str))
"""


def main() -> None:
    """Measure, and refuse a command that loads what it should not."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--tasks", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=9)
    chosen = asked.parse_args()
    with house_of(chosen.tasks) as engine, TemporaryDirectory() as home:
        url = engine.url.render_as_string(hide_password=False)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DUBAN_")}
        surroundings = {**inherited, "DUBAN_HOME": home, "DUBAN_DATABASE_URL": url, "DUBAN_ON": TODAY.isoformat()}
        _refuse_loaded(HELP, (*FORBIDDEN, *DATA), surroundings)
        told = Path(home) / "statements.json"
        told.write_text(json.dumps(_refuse_loaded(LIST, FORBIDDEN, surroundings)))
        sys.stdout.write(HEAD)
        for arguments, bare, promised in ((HELP, (_SMALL,), 5), (LIST, (_SAME_STATEMENTS, url, str(told)), 1.5)):
            ours, limit = _by_turns(("-m", "cli.main", *arguments), ("-c", *bare), surroundings, chosen.rounds)
            tell(Figure(f"duban {' '.join(arguments)}", chosen.tasks, "sqlite", ours, limit, promised))


def _refuse_loaded(arguments: Sequence[str], forbidden: Sequence[str], surroundings: Mapping[str, str]) -> list[object]:
    """Run a command and return the statements it ran; one that loads a forbidden library ends the run."""
    run = subprocess.run([sys.executable, "-c", _WATCHED, *arguments], env=surroundings, capture_output=True, text=True, check=True)
    loaded, statements = json.loads(run.stdout.splitlines()[-1])
    needless = sorted(set(forbidden) & set(loaded))
    if needless:
        raise SystemExit(f"duban {' '.join(arguments)} loads {', '.join(needless)}")
    return list(statements)


def _by_turns(ours: Sequence[str], limit: Sequence[str], surroundings: Mapping[str, str], rounds: int) -> tuple[float, float]:
    """Return the middle processor time of both. A first round of each fills the disk's cache and is not counted."""
    taken = [(_processor(ours, surroundings), _processor(limit, surroundings)) for _round in range(rounds + 1)]
    mine, least = zip(*taken[1:], strict=True)
    return median(mine), median(least)


def _processor(arguments: Sequence[str], surroundings: Mapping[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], env=surroundings, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
