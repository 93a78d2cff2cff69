"""A bulletin's figures beside the raw SQL of the same database, and beside a loop over SQLModel objects; the same answer is checked first.

Usage: `python -m benchmarks.figures [--tasks N ...] [--engine E ...] [--rounds N] [--keep DIR]`. Two days are asked for: the last quarter as known today, and a quarter long gone as known then.
"""

import argparse
import re
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from benchmarks.country import TODAY
from benchmarks.measuring import ENGINES, HEAD, Figure, counted_by_turns, country_of, of_process, tell
from models.ledger import IS_ALTERING, SAYS_STANDING, STANDING_ACTS, LedgerEntry
from models.progress import ProgressReport, ReportedValue
from models.task import Assignment, Target, Task
from reports.bulletin import BUCKETS, ItemLine
from rules.calendar import nth_working_day
from rules.lights import bucket_by_gap
from rules.pace import pace_on
from rules.periods import Period, parse_period, period_after, period_before
from rules.rule_set import DEFAULT_RULE_SET
from runtime.database import reading
from services.bulletins.compiling import compile_figures
from services.bulletins.counting import BulletinOrder

SIZES, A_LOOP = (1_000, 10_000, 100_000), 10_000
ASKED = (("2017Q4", TODAY), ("2015Q2", date(2015, 7, 20)))

# As somebody who knows this house would write it: every target must be reached, every task has one, milestones come in pairs.
_RAW = """
WITH moved AS MATERIALIZED (
  SELECT task_id, min(JSON_DUE) AS due_on FROM ledger_entry
  WHERE acted_on > :day AND act = 'move-due-day' AND IS_ALTERING GROUP BY task_id),
steps AS MATERIALIZED (SELECT task_id, min(due_on) AS first_on, max(due_on) AS last_on FROM milestone GROUP BY task_id),
known AS (
  SELECT t.id, t.item_id, t.plan_id, t.starts_on, coalesce(m.due_on, t.due_on) AS due_on, s.first_on, s.last_on,
    (SELECT CAST(e.for_day AS text) || e.act FROM ledger_entry e WHERE e.task_id = t.id AND e.STANDING AND e.acted_on <= :known AND e.for_day <= :day
     ORDER BY e.seq DESC LIMIT 1) AS last
  FROM task t LEFT JOIN moved m ON m.task_id = t.id LEFT JOIN steps s ON s.task_id = t.id WHERE t.starts_on <= :ends LIMIT ALL_ROWS OFFSET 0),
in_force AS (
  SELECT *, substr(last, 11) AS act FROM known
  WHERE last IS NOT NULL AND (due_on >= :starts OR substr(last, 11) <> 'complete' OR substr(last, 1, 10) >= :starts_text) LIMIT ALL_ROWS OFFSET 0),
valued AS (
  SELECT f.*, g.value, g.measure, i.position, i.number, i.title,
    (SELECT v.value FROM progress_report r JOIN reported_value v ON v.report_id = r.id WHERE r.task_id = f.id AND r.period_ends_on <= :ends
     AND r.filed_on <= :known AND v.target_id = g.id AND v.part = '' ORDER BY r.period_ends_on DESC, r.revision DESC LIMIT 1) AS actual,
    (SELECT r.filed_on FROM progress_report r WHERE r.task_id = f.id AND r.period_ends_on = :ends AND r.filed_on <= :known
     ORDER BY r.revision LIMIT 1) AS filed_on,
    (SELECT a.unit_id FROM assignment a WHERE a.task_id = f.id AND a.role = 'lead') AS lead,
    (SELECT a.unit_id FROM assignment a WHERE a.task_id = f.id AND a.role <> 'lead') AS support,
    CASE WHEN :day >= f.due_on OR :day >= f.last_on THEN 100.0 WHEN :day >= f.first_on THEN 50.0 + 50.0 * DAYS(:day, f.first_on) / DAYS(f.last_on, f.first_on)
      WHEN f.first_on IS NOT NULL THEN 50.0 * (DAYS(:day, f.starts_on) + 1) / (DAYS(f.first_on, f.starts_on) + 1)
      ELSE 100.0 * (DAYS(:day, f.starts_on) + 1) / (DAYS(f.due_on, f.starts_on) + 1) END AS pace
  FROM in_force f JOIN target g ON g.task_id = f.id JOIN plan_item i ON i.id = f.item_id LIMIT ALL_ROWS OFFSET 0)
SELECT item_id, number, title, measure, value, actual, pace, pace - 100.0 * coalesce(actual, 0.0) / value AS gap,
  CASE WHEN act = 'complete' THEN 'done' WHEN due_on < :day AND NOT (act = 'submit' AND substr(last, 1, 10) <= CAST(due_on AS text)) THEN 'overdue'
    WHEN act = 'issue' AND NOT EXISTS (SELECT 1 FROM progress_report r WHERE r.task_id = valued.id AND r.period_ends_on <= :ends AND r.filed_on <= :known)
      THEN 'not_started'
    WHEN pace - 100.0 * coalesce(actual, 0.0) / value >= 10.0 THEN 'behind'
    WHEN 100.0 * coalesce(actual, 0.0) / value - pace >= 10.0 THEN 'ahead' ELSE 'on_pace' END AS bucket,
  lead, support,
  CASE WHEN :day = :ends AND act NOT IN ('complete', 'submit') AND (filed_on IS NOT NULL OR :limit < :known) THEN 1 ELSE 0 END,
  CASE WHEN :day = :ends AND act NOT IN ('complete', 'submit') AND filed_on <= :limit THEN 1 ELSE 0 END,
  CASE WHEN :day = :ends AND act NOT IN ('complete', 'submit') AND filed_on IS NULL AND :limit < :known THEN 1 ELSE 0 END
FROM valued ORDER BY plan_id, position, item_id, starts_on, id
"""


def raw_of(engine: Engine, period: Period, known_on: date) -> tuple[str, dict[str, object]]:
    """Return the statement in the database's words, and its values."""
    limit = nth_working_day(period_after(period).starts_on, DEFAULT_RULE_SET.report_limit_days)
    days = {"day": min(period.ends_on, known_on), "known": known_on, "starts": period.starts_on, "ends": period.ends_on, "limit": limit}
    told = {name: day.isoformat() if engine.dialect.name == "sqlite" else day for name, day in days.items()}
    words = {"STANDING": SAYS_STANDING, "IS_ALTERING": IS_ALTERING}
    if engine.dialect.name == "sqlite":
        words |= {"JSON_DUE": "json_extract(before, '$.due_on')", "ALL_ROWS": "-1"}
    else:
        words |= {"JSON_DUE": "CAST(before->>'due_on' AS date)", "ALL_ROWS": "ALL"}
    statement = _RAW
    for name, said in words.items():
        statement = statement.replace(name, said)
    statement = _with_days(statement, is_sqlite=engine.dialect.name == "sqlite")
    return statement, {**told, "starts_text": period.starts_on.isoformat()}


def _with_days(statement: str, *, is_sqlite: bool) -> str:
    between = r"(julianday(\1) - julianday(\2))" if is_sqlite else r"CAST(\1 - \2 AS float)"
    return re.sub(r"DAYS\(([^,]+), ([^)]+)\)", between, statement)


@dataclass
class Answer:
    """What a period's figures come to. `units` are led tasks, supported ones, reports due, on time and missing; `actual` is the sum of what was reached."""

    totals: dict[str, int] = field(default_factory=dict)
    before: int = 0
    units: dict[int, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0] * 5))
    items: int = 0
    actual: float = 0.0


def raw(engine: Engine, period: Period, known_on: date) -> Answer:
    """Count by SQL alone, the rows folded as they come."""
    answer, cells, last = Answer(), Counter[tuple[Any, ...]](), None
    with engine.connect() as connection:
        statement, values = raw_of(engine, period, known_on)
        for row in connection.execution_options(yield_per=2_000).execute(text(statement), values):
            answer.items += row[0] != last
            last = row[0]
            answer.actual += row[5] or 0.0
            cells[tuple(row[8:14])] += 1
        statement, values = raw_of(engine, period_before(period), known_on)
        by_bucket = f"SELECT bucket, count(*) FROM ({statement.partition(' ORDER BY plan_id')[0]}) AS b GROUP BY bucket"
        answer.before = sum(count for _bucket, count in connection.execute(text(by_bucket), values))
    totals = Counter[str]()
    for (bucket, lead, support, *reports), count in cells.items():
        totals[bucket] += count
        answer.units[lead][0] += count
        answer.units[support][1] += count
        for place, reported in enumerate(reports, 2):
            answer.units[lead][place] += reported * count
    answer.totals = dict(totals)
    return answer


def ours(engine: Engine, period: Period, known_on: date) -> Answer:
    """Count by the program."""
    answer = Answer()

    def each(item: ItemLine) -> None:
        answer.items += 1
        for line in item.targets:
            answer.actual += line.actual or 0.0

    with reading(engine) as session:
        found = compile_figures(session, BulletinOrder(period, None, DEFAULT_RULE_SET), known_on, each)
    answer.totals = {name: count for name in BUCKETS if (count := getattr(found.totals, name))}
    answer.before = found.totals.tasks - found.change.tasks
    for unit in found.units:
        counted = [unit.lead_tasks, unit.support_tasks, unit.reports_due, unit.reports_on_time, unit.reports_missing]
        answer.units[unit.id] = counted
    return answer


def looped(session: Session, day: date) -> Counter[str]:
    """Count the buckets of a day by a loop over objects of some tasks, every table read once."""
    some = col(Task.id) <= A_LOOP
    lives: dict[int | None, str] = {}
    for entry in session.exec(select(LedgerEntry).where(col(LedgerEntry.task_id) <= A_LOOP).order_by(col(LedgerEntry.seq))):
        if entry.act in STANDING_ACTS and entry.for_day <= day:
            lives[entry.task_id] = entry.act
    values = {value.report_id: value for value in session.exec(select(ReportedValue).where(col(ReportedValue.target_id) <= A_LOOP))}
    reached: dict[int, float] = {}
    reports = select(ProgressReport).where(col(ProgressReport.task_id) <= A_LOOP, ProgressReport.period_ends_on <= day)
    for report in session.exec(reports.order_by(col(ProgressReport.period_ends_on), col(ProgressReport.revision))):
        reached[report.task_id] = values[report.id or 0].value
    leads = {part.task_id: part.unit_id for part in session.exec(select(Assignment).where(col(Assignment.task_id) <= A_LOOP))}
    targets = {target.task_id: target for target in session.exec(select(Target).where(col(Target.task_id) <= A_LOOP))}
    counted: Counter[str] = Counter()
    for task in session.exec(select(Task).where(some)):
        if task.starts_on <= day and leads[task.id or 0]:
            gap = pace_on(day, task.starts_on, task.due_on) - 100.0 * reached.get(task.id or 0, 0.0) / (targets[task.id].value or 1.0)
            counted["done" if lives[task.id] == "complete" else bucket_by_gap(gap, DEFAULT_RULE_SET)] += 1
    return counted


def bench(engine: Engine, size: int, rounds: int) -> None:
    """Measure one house, each side so many times after the first, whose answers are compared."""
    # SQLite works in this process, a server beside it.
    clock = time.process_time if engine.dialect.name == "sqlite" else time.perf_counter
    for code, known_on in ASKED:
        period = parse_period(code)
        told, found = raw(engine, period, known_on), ours(engine, period, known_on)
        if replace(told, units=dict(told.units)) != replace(found, units=dict(found.units)):
            sys.exit(f"{code}: the answers differ\n{replace(told, units={})}\n{replace(found, units={})}")
        both = (partial(ours, engine, period, known_on), partial(raw, engine, period, known_on))
        ours_s, raw_s = counted_by_turns(*both, rounds, clock)
        tell(
            Figure(f"figures of {code} as known on {known_on}", size, engine.dialect.name, ours_s, raw_s, 1.3 if known_on == TODAY else 2.0)
        )
    with reading(engine) as session:
        started = clock()
        looped(session, TODAY)
        # A loop grows with its tasks; a house of more is not read for it.
        loop = (clock() - started) * size / min(size, A_LOOP)
    tell(Figure("the same beside a loop over objects", size, engine.dialect.name, ours_s, loop, 1 / 12))


def bench_command(engine: Engine, size: int) -> None:
    """Measure the command in a process of its own beside a bare script of sqlite3, and its memory."""
    known_on = TODAY.isoformat()
    statement, values = raw_of(engine, parse_period(ASKED[0][0]), TODAY)
    before = raw_of(engine, period_before(parse_period(ASKED[0][0])), TODAY)[1]
    script = (
        f"import sqlite3, json\nc = sqlite3.connect({engine.url.database!r})\nfor values in ({values!r}, {before!r}):\n"
        f"    for row in c.execute({statement!r}, values): print(json.dumps(row, ensure_ascii=False))\n"
    )
    bare, _memory = of_process(sys.executable, "-c", script)
    place = f"sqlite:///{engine.url.database}"
    ours_s, memory = of_process(
        *(sys.executable, "-m", "cli.main", "--database", place, "--on", known_on, "bulletin", ASKED[0][0], "--figures", "--json")
    )
    tell(Figure("the command beside a bare script", size, "sqlite", ours_s, bare, 2.0))
    sys.stdout.write(f"{'the command held at most':<46}{size:>10}{'sqlite':>12}{memory:>10.0f} MB\n")


def main() -> None:
    """Run everything."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--tasks", type=int, nargs="+", default=SIZES)
    asked.add_argument("--engine", nargs="+", choices=ENGINES, default=ENGINES)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--keep", type=Path)
    wanted = asked.parse_args()
    sys.stdout.write(HEAD)
    for name in wanted.engine:
        for size in wanted.tasks:
            with country_of(size, name, wanted.keep) as engine:
                bench(engine, size, wanted.rounds)
                if name == "sqlite":
                    bench_command(engine, size)


if __name__ == "__main__":
    main()
