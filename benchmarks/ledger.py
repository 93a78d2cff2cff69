"""The ledger verified beside the least that reads it: the same columns from the bare driver, their bytes hashed, nothing parsed or compared. Usage: python -m benchmarks.ledger [--tasks N].

The memory is that of a process of its own, at two sizes: it must stand still, since the chain is read as it comes.
"""

import argparse
import sys
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.measuring import ENGINES, HEAD, Figure, by_turns, country_of, most_held, of_process, tell
from runtime.database import open_engine, reading
from services.ledger import SEALED, first_break

_COLUMNS = ", ".join(f'"{name}"' for name in (*SEALED, "hash"))
_ROWS = f"SELECT {_COLUMNS} FROM ledger_entry ORDER BY chain, seq"


def main() -> None:
    """Print a line for each engine and the memory at this size and a tenth of it."""
    chosen = argparse.ArgumentParser()
    chosen.add_argument("--tasks", type=int, default=10_000)
    chosen.add_argument("--engines", nargs="*", default=ENGINES)
    chosen.add_argument("--keep", type=Path)
    chosen.add_argument("--memory-of")
    given = chosen.parse_args()
    if given.memory_of:
        _verify(open_engine(given.memory_of))
        sys.stderr.write(f"{most_held()} MB\n")
        return
    sys.stdout.write(HEAD)
    for name in given.engines:
        for tasks in (given.tasks // 10, given.tasks):
            with country_of(tasks, name, given.keep) as engine:
                tell(Figure("ledger verified", tasks, name, *by_turns(lambda made=engine: _verify(made), lambda made=engine: _hash(made))))
                url = engine.url.render_as_string(hide_password=False)
                _seconds, memory = of_process(sys.executable, "-m", "benchmarks.ledger", "--memory-of", url)
                sys.stdout.write(f"  the most memory: {memory:.0f} MB\n")


def _verify(engine: Engine) -> None:
    with reading(engine) as session:
        assert first_break(session) is None


def _hash(engine: Engine) -> None:
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor() if engine.dialect.name == "sqlite" else connection.driver_connection.cursor("rows")
        cursor.execute(_ROWS)
        while rows := cursor.fetchmany(1000):
            for row in rows:
                sha256(repr(row).encode()).hexdigest()
    finally:
        connection.rollback()
        connection.close()


if __name__ == "__main__":
    main()
