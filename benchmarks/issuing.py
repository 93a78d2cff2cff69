"""A plan of many rows issued, beside a Core bulk insert of the very same rows, the ledger's included, into an empty database in the same run.

Usage: `python -m benchmarks.issuing [--rows N] [--rounds R] [--databases URL URL]` (two empty PostgreSQL databases; without them, SQLite). Each round issues another plan into the one and
inserts the rows that came of it into the other; in the end both hold the same. What the checks of the draft take is told by itself: they look the document over for the office, and
are no part of writing it.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine

from benchmarks.house import UNIT_COUNT
from intake.checks import check_draft
from intake.draft import DraftPlan, ItemDraft, PlanDraft, Source, TargetDraft, TaskDraft, UnitDraft
from models.account import AccountRole
from models.ledger import LedgerEntry
from models.plan import Plan, PlanItem, PlanVersion
from models.task import Assignment, Target, Task
from models.unit import Unit
from rules.rights import Actor
from runtime.database import open_engine, reading, transaction, upgrade_database
from services.changes import table_of
from services.ledger import first_break
from services.occasion import Occasion
from services.plans import issue_plan

_KINDS = (Unit, Plan, PlanVersion, PlanItem, Task, Target, Assignment, LedgerEntry)
_OFFICE = Occasion(Actor(None, "office", AccountRole.PLAN_OFFICE), date(2012, 11, 5), datetime(2012, 11, 5, 1, tzinfo=UTC))


def main() -> None:
    """Measure, and print both ratios."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--databases", nargs=2, help="two empty PostgreSQL databases")
    chosen = asked.parse_args()
    with TemporaryDirectory() as folder:
        urls = chosen.databases or [f"sqlite:///{Path(folder) / name}" for name in ("ours.db", "bare.db")]
        ours, bare = (open_engine(url) for url in urls)
        for engine in (ours, bare):
            upgrade_database(engine)
        turns = [_turn(ours, bare, draft_of(number, chosen.rows)) for number in range(chosen.rounds)]
        _refuse_unlike(ours, bare)
        for name, place in (("wall", 0), ("processor", 1)):
            issued, checks, limit = (median(turn[step][place] for turn in turns) for step in range(3))
            told = f"{chosen.rows} rows, {name}: issued {issued:.2f} s, its checks {checks:.2f} s, the same rows bare {limit:.2f} s"
            sys.stdout.write(f"{told}: {issued / limit:.2f} x, without the checks {(issued - checks) / limit:.2f} x\n")
        ours.dispose()
        bare.dispose()


def draft_of(number: int, rows: int) -> DraftPlan:
    """Return a confirmed draft: each row an action of its own with one year's figure, a lead and a supporting unit."""
    days = {"starts_on": date(2013, 1, 1), "ends_on": date(2013, 12, 31)}
    plan = PlanDraft(title=f"第{number}号实施方案", doc_no=f"测政办发〔2012〕{number + 1}号", **days)
    source = Source(name="notice.docx", sha256=f"{number:064x}", kind="docx")
    return DraftPlan(source=source, plan=plan, items=tuple(_item(row) for row in range(1, rows + 1)))


def _item(row: int) -> ItemDraft:
    text = f"支持{row % 90 + 10}个示范县"
    units = [
        UnitDraft(name=f"第{n % UNIT_COUNT + 1}管理局", as_written=f"第{n % UNIT_COUNT + 1}管理局", role=role)
        for n, role in ((row, "lead"), (row + 7, "support"))
    ]
    target = TargetDraft(text=text, measure="示范县", unit_of_measure="个", value=float(row % 90 + 10), year=2013, basis="period")
    task = TaskDraft(label="2013年", starts_on=date(2013, 1, 1), due_on=date(2013, 12, 31), text=text, targets=(target,))
    return ItemDraft(
        id=f"row-{row}", number=str(row), title=f"示范行动{row}", text=f"第{row}批县开展示范，年底前建成", units=tuple(units), tasks=(task,)
    )


def _turn(ours: Engine, bare: Engine, draft: DraftPlan) -> tuple[tuple[float, float], ...]:
    before = {kind: _last(ours, kind) for kind in _KINDS}
    checks = _timed(lambda: check_draft(draft))
    issued = _timed(lambda: _issue(ours, draft))
    rows = {kind: _rows_after(ours, kind, before[kind]) for kind in _KINDS}
    return issued, checks, _timed(lambda: _insert(bare, rows))


def _issue(engine: Engine, draft: DraftPlan) -> None:
    with transaction(engine) as session:
        issue_plan(session, draft, [], _OFFICE)


def _insert(engine: Engine, rows: Mapping[Any, Sequence[Any]]) -> None:
    with engine.begin() as connection:
        for kind in _KINDS:
            if rows[kind]:
                connection.execute(sa.insert(table_of(kind)), rows[kind])


def _last(engine: Engine, kind: Any) -> int:
    with reading(engine) as session:
        return int(session.execute(sa.select(sa.func.coalesce(sa.func.max(table_of(kind).c.id), 0))).scalar_one())


def _rows_after(engine: Engine, kind: Any, last: int) -> list[dict[str, Any]]:
    table = table_of(kind)
    with reading(engine) as session:
        return [dict(row) for row in session.execute(sa.select(table).where(table.c.id > last).order_by(table.c.id)).mappings()]


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    start, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - processor


def _refuse_unlike(ours: Engine, bare: Engine) -> None:
    for kind in _KINDS:
        if _rows_after(ours, kind, 0) != _rows_after(bare, kind, 0):
            raise SystemExit(f"{table_of(kind).name}: the rows differ")
    with reading(ours) as session:
        broken = first_break(session)
    if broken:
        raise SystemExit(f"the ledger breaks at {broken}")


if __name__ == "__main__":
    main()
