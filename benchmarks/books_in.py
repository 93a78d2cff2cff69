"""A list of units as a workbook taken into an empty register with all checks and its ledger entry, beside calamine reading the same file and one executemany a table of the same rows.

Usage: `python -m benchmarks.books_in [--rows N] [--rounds R]`. Every row has all seven columns: a unit under a superior, another name, a contact. The bare side is given its rows ready, the
ledger's entry among them: through SQLAlchemy's Core (`Core`), and straight to the driver (`driver`). In the end all hold the same rows, which is checked, and so is the ledger. Then one row in
a hundred is spoilt: each must be listed, and nothing written. Processor time is told, and wall time beside it.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from python_calamine import load_workbook
from sqlalchemy import Engine
from xlsxwriter import Workbook

from benchmarks.measuring import HEAD, Figure, most_held, tell
from benchmarks.rows_in import rows_in
from models.account import AccountRole
from models.ledger import LedgerEntry
from models.unit import Contact, Unit, UnitAlias
from rules.rights import Actor
from runtime.database import open_engine, reading, transaction, upgrade_database
from services.changes import table_of
from services.ledger import first_break
from services.occasion import Occasion
from services.row_files import RowMistakes
from services.unit_import import import_units
from services.unit_list import COLUMNS

ASKED, A_GROUP, SPOILT = 1.5, 100, 100
_KINDS = (Unit, UnitAlias, Contact, LedgerEntry)
_OFFICE = Occasion(Actor(None, "office", AccountRole.PLAN_OFFICE), date(2012, 11, 5), datetime(2012, 11, 5, 1, tzinfo=UTC))


def main() -> None:
    """Measure, and print the ratios."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=3)
    chosen = asked.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        book = write_book(folder / "units.xlsx", rows_of(chosen.rows))
        turns = [_turn(folder / str(number), book) for number in range(chosen.rounds)]
        sys.stdout.write(HEAD)
        for at, clock in enumerate(("processor", "wall")):
            ours, core, driver = (median(turn[side][at] for turn in turns) for side in range(3))
            tell(Figure(f"workbook taken in, Core, {clock}", chosen.rows, "sqlite", ours, core, ASKED))
            tell(Figure(f"workbook taken in, driver, {clock}", chosen.rows, "sqlite", ours, driver))
        sys.stdout.write(f"the process held at most {most_held()} MB, the comparison's rows included\n")
        _list_spoilt(folder, chosen.rows)


def rows_of(count: int) -> Iterator[Sequence[str]]:
    """Give the rows: groups of a hundred, the first of each the superior of the others."""
    for number in range(1, count + 1):
        first = (number - 1) // A_GROUP * A_GROUP + 1
        above, level = (f"第{first}号人民政府", "乡") if number != first else ("", "县")
        yield f"第{number}号人民政府", f"{number}号政府", above, level, f"第{first}县", f"联络员{number}", f"person-{number}@unit.example"


def write_book(place: Path, rows: Iterator[Sequence[str]]) -> Path:
    """Write the rows under the usual heads."""
    with Workbook(str(place), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, list(COLUMNS))
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(at, column, cell)
    return place


def _turn(folder: Path, book: Path) -> list[tuple[float, float]]:
    ours, core, driver = (_empty(folder / f"{side}.db") for side in ("ours", "core", "driver"))
    taken = [_timed(lambda: _import(ours, book))]
    rows = {kind: _rows(ours, kind) for kind in _KINDS}
    bare = {table_of(kind).name: _as_stored(ours, kind) for kind in _KINDS}
    taken.append(_timed(lambda: (_read(book), _insert(core, rows))))
    taken.append(_timed(lambda: (_read(book), _drive(driver, bare))))
    for engine in (core, driver):
        if any(_rows(engine, kind) != rows[kind] for kind in _KINDS):
            raise SystemExit("the rows differ")
    with reading(ours) as session:
        broken = first_break(session)
    if broken:
        raise SystemExit(f"the ledger breaks at {broken}")
    for engine in (ours, core, driver):
        engine.dispose()
    return taken


def _empty(place: Path) -> Engine:
    engine = open_engine(f"sqlite:///{place}")
    upgrade_database(engine)
    return engine


def _import(engine: Engine, book: Path) -> None:
    with transaction(engine) as session:
        import_units(session, book, _OFFICE)


def _read(book: Path) -> None:
    load_workbook(str(book)).get_sheet_by_index(0).to_python()


def _insert(engine: Engine, rows: dict[Any, list[dict[str, Any]]]) -> None:
    with engine.begin() as connection:
        for kind in _KINDS:
            connection.execute(sa.insert(table_of(kind)), rows[kind])


def _drive(engine: Engine, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    with rows_in(engine, {table_of(kind).name: " ".join(table_of(kind).columns.keys()) for kind in _KINDS}) as write:
        write(rows)


def _rows(engine: Engine, kind: Any) -> list[dict[str, Any]]:
    table = table_of(kind)
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings()]


def _as_stored(engine: Engine, kind: Any) -> list[tuple[Any, ...]]:
    table = table_of(kind)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(f"SELECT {', '.join(table.columns.keys())} FROM {table.name} ORDER BY id")]


def _list_spoilt(folder: Path, count: int) -> None:
    place = write_book(folder / "spoilt.xlsx", (_spoilt(number, row) for number, row in enumerate(rows_of(count), 1)))
    engine = _empty(folder / "spoilt.db")
    started = time.process_time()
    try:
        _import(engine, place)
    except RowMistakes as refused:
        listed = [(mistake.row, mistake.column) for mistake in refused.mistakes]
    taken = time.process_time() - started
    ways = ("邮箱", "层级", "上级单位", "别名")
    wanted = [(number + 1, ways[number // SPOILT % len(ways)]) for number in range(SPOILT, count + 1, SPOILT)]
    if listed != wanted or any(_rows(engine, kind) for kind in _KINDS):
        raise SystemExit(f"{len(wanted)} values spoilt, {len(listed)} listed, or rows written")
    sys.stdout.write(
        f"{len(wanted)} values of {count} rows spoilt: all listed by row and column in {taken:.2f} s of the processor, nothing written\n"
    )


def _spoilt(number: int, row: Sequence[str]) -> Sequence[str]:
    if number % SPOILT:
        return row
    name, alias, above, level, region, person, address = row
    wrong = (
        (name, alias, above, level, region, person, "无"),
        (name, alias, above, "村", region, person, address),
        (name, alias, "没有的政府", level, region, person, address),
        (name, f"={number}+1", above, level, region, person, address),
    )
    return wrong[number // SPOILT % len(wrong)]


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    start, processor = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - processor, time.perf_counter() - start


if __name__ == "__main__":
    main()
