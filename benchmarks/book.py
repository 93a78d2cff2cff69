"""The ledger of tasks (台账) as a workbook, beside a bare xlsxwriter loop in constant memory that writes the same cells with the same formats, in one run: the tasks, and
the counts by unit and item.

Usage: `python -m benchmarks.book [--rows N] [--rounds R]`. `written` is the writing alone, from tasks that are already judged to a closed file; `whole` is reading and judging every task
as well, as `duban ledger book` does. The loop is given its cells ready, and what stands in both files is compared; processor time, since the disk has its own mind.
"""

import argparse
import gc
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from sqlmodel import Session
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from benchmarks.house import TODAY, house_of
from benchmarks.measuring import most_held
from reports.task_book import BookCounts, BookTask
from reports.task_book_columns import measure_columns, name_columns, record_columns
from reports.task_book_sheets import styles_of
from reports.task_book_xlsx import write_task_book
from runtime.database import reading
from services.papers.task_books import OpenBook, book_tasks, open_book
from services.queries import TaskFilter

Cells = list[list[Any]]


def main() -> None:
    """Measure, and print both ratios."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=3)
    chosen = asked.parse_args()
    with house_of(chosen.rows) as engine, reading(engine) as session, TemporaryDirectory() as folder:
        book = open_book(session, TaskFilter(), TODAY)
        place, bare_place = Path(folder) / "ours.xlsx", Path(folder) / "bare.xlsx"
        memory = _memory(lambda: write_task_book(place, book.facts, _tasks(session, book)))
        tasks = list(_tasks(session, book))
        cells, counted = _cells(tasks), _counted(tasks)
        # What is kept for the comparison is not walked over again and again for garbage, in no one's time.
        gc.collect()
        gc.freeze()
        turns = [
            (
                _processor(lambda: write_task_book(place, book.facts, _tasks(session, book))),
                _processor(lambda: write_task_book(place, book.facts, tasks)),
                _processor(lambda: _bare(bare_place, cells, counted)),
            )
            for _turn in range(chosen.rounds)
        ]
        _refuse_unlike(place, bare_place)
        whole, written, bare = (median(column) for column in zip(*turns, strict=True))
        sys.stdout.write(f"{chosen.rows} rows: written {written:.1f} s, whole {whole:.1f} s, bare {bare:.1f} s: ")
        sys.stdout.write(f"{written / bare:.2f} x, whole {whole / bare:.2f} x; memory {memory:.0f} MB\n")


def _tasks(session: Session, book: OpenBook) -> Iterator[BookTask]:
    for plan_id in book.facts.plan_ids:
        yield from book_tasks(session, book, plan_id)


def _cells(tasks: Sequence[BookTask]) -> Cells:
    """Return every cell of the main sheet: a row for each measure of a task, as days, numbers and texts."""
    lines = []
    for task in tasks:
        before, after = ([column.cell(task) for column in columns] for columns in (name_columns(), record_columns()))
        measures = [[column.cell(measure) for column in measure_columns()] for measure in task.measures] or [
            [None] * len(measure_columns())
        ]
        lines += [[int(number == 0), *before, *measured, *after] for number, measured in enumerate(measures)]
    return lines


def _counted(tasks: Sequence[BookTask]) -> list[Cells]:
    """Return the rows of the sheets of counts, by unit and by item."""
    counts = BookCounts()
    for task in tasks:
        counts.add(task)
    return [[[*key, *line.values()] for key, line in lines.items()] for lines in (counts.by_unit, counts.by_item)]


def _bare(place: Path, cells: Cells, counted: list[Cells]) -> None:
    book = Workbook(
        str(place), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    looks, sheet = styles_of(book).cells, book.add_worksheet()
    kinds = ["count", *(column.kind for column in (*name_columns(), *measure_columns(), *record_columns()))]
    for row, line in enumerate(cells, 1):
        for at, (cell, kind) in enumerate(zip(line, kinds, strict=True)):
            _write(sheet, (row, at), round(cell / 100, 6) if cell is not None and kind == "percent" else cell, looks[kind])
    for lines in counted:
        sheet = book.add_worksheet()
        for row, line in enumerate(lines, 2):
            for at, cell in enumerate(line):
                _write(sheet, (row, at), cell, looks["text" if isinstance(cell, str) else "count"])
    book.close()


def _write(sheet: Worksheet, place: tuple[int, int], cell: Any, look: Format) -> None:
    if isinstance(cell, str):
        if cell:
            sheet.write_string(*place, cell, look)
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, look)
    elif cell is not None:
        sheet.write_number(*place, cell, look)


def _refuse_unlike(ours: Path, bare: Path) -> None:
    """Compare what stands in every cell; how the two number their formats and how high their rows are is their own affair."""
    if _written(ours) != _written(bare):
        raise SystemExit("the cells differ")


def _written(place: Path) -> str:
    with ZipFile(place) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    rows = sheet[sheet.index('<row r="2"') : sheet.index("</sheetData>")]
    return re.sub(r"<row [^>]*>| s=\"[0-9]+\"", "", rows)


def _processor(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _memory(work: Callable[[], object]) -> float:
    """Return how many MB more than before the process held while it worked, at most."""
    # What the kernel is told so: begin anew to count the most that is held.
    Path("/proc/self/clear_refs").write_text("5")
    before = most_held()
    work()
    return most_held() - before


if __name__ == "__main__":
    main()
