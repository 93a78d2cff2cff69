"""Benchmarks: each figure beside its limit, measured in the same run, printed as a ratio. Usage: make bench.

The limits: for reminders and the bulletin, the raw SQL that reads the same rows; for the ledger, hashing alone; for a draft, walking the document's cells
and nothing else. Seconds are the median of three and belong to the machine; the ratios are what to compare.
"""

import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import docx
from sqlalchemy import Engine, text

from benchmarks.house import TODAY, house_of
from intake.reading import read_document
from notify.mail_folder import MailFolder
from rules.periods import parse_period
from rules.rule_set import DEFAULT_RULE_SET
from runtime.database import reading
from services.bulletins import BulletinOrder, compile_bulletin
from services.ledger import first_break
from services.reminder_plan import plan_reminders

SIZES = (1_000, 10_000)
ROWS = (30, 300)

_SAME_ROWS = (
    "SELECT t.id, i.title, u.name, t.due_on FROM task t JOIN plan_item i ON i.id = t.item_id"
    " JOIN assignment a ON a.task_id = t.id JOIN unit u ON u.id = a.unit_id",
    "SELECT task_id, act, for_day FROM ledger_entry WHERE task_id IS NOT NULL ORDER BY task_id, seq",
    "SELECT r.task_id, r.period, v.target_id, v.value FROM progress_report r JOIN reported_value v ON v.report_id = r.id",
)


def seconds(work: Callable[[], object]) -> float:
    """Return the median wall time of three runs."""
    taken = []
    for _run in range(3):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


def tell(name: str, size: int, ours: float, limit: float) -> None:
    """Print one line."""
    sys.stdout.write(f"{name:<34}{size:>8}{ours:>10.3f} s{limit:>10.3f} s{ours / limit:>9.1f}\n")


def raw_rows(engine: Engine) -> None:
    """Read the same rows by SQL and do nothing with them."""
    with engine.connect() as connection:
        for statement in _SAME_ROWS:
            connection.execute(text(statement)).all()


def bench_house(size: int) -> None:
    """Measure what works on tasks."""
    order = BulletinOrder(parse_period("2013Q3"), None, DEFAULT_RULE_SET)
    with house_of(size) as engine, reading(engine) as session, TemporaryDirectory() as folder:
        limit = seconds(lambda: raw_rows(engine))
        channel = MailFolder(Path(folder), "duban@localhost", None)
        tell("reminders planned, tasks", size, seconds(lambda: plan_reminders(session, TODAY, channel, DEFAULT_RULE_SET)), limit)
        tell("bulletin compiled, tasks", size, seconds(lambda: compile_bulletin(session, order, TODAY)), limit)
        hashing = seconds(lambda: [sha256(b"x" * 400).hexdigest() for _entry in range(2 * size)])
        tell("ledger verified, tasks", size, seconds(lambda: first_break(session)), hashing)


def bench_draft(rows: int) -> None:
    """Measure reading a responsibility table."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "table.docx"
        _write_table(place, rows)
        walk = seconds(lambda: [cell.text for row in docx.Document(str(place)).tables[0].rows for cell in row.cells])
        tell("draft read from .docx, rows", rows, seconds(lambda: read_document(place)), walk)


def _write_table(place: Path, rows: int) -> None:
    paper = docx.Document()
    table = paper.add_table(rows + 1, 6)
    heads = ("序号", "事项", "内容", "2013年", "2014年", "责任单位")
    for row_number, row in enumerate(table.rows):
        cells = (
            str(row_number),
            f"行动{row_number}",
            f"两年支持{2 * row_number}个县",
            f"支持{row_number}个县",
            f"支持{row_number}个县",
            "省科技厅、财政厅",
        )
        for cell, words in zip(row.cells, heads if row_number == 0 else cells, strict=True):
            cell.text = words
    paper.save(str(place))


def main() -> None:
    """Run everything."""
    sys.stdout.write(f"{'':<34}{'size':>8}{'ours':>12}{'limit':>12}{'ratio':>9}\n")
    for size in SIZES:
        bench_house(size)
    for rows in ROWS:
        bench_draft(rows)


if __name__ == "__main__":
    main()
