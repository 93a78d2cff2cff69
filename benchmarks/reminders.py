"""Who is due, with every digest's texts composed, beside raw SQL that finds the same lines and writes one bare f-string for each.

Usage: `python -m benchmarks.reminders [--tasks N ...] [--keep FOLDER]`. Both give the same (unit, task, kind) lines, or the run fails. Seconds are processor time of this process, by
turns, the median of three; on a server its own time is not in them, so there wall time is told.
"""

import argparse
import gc
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, text

from benchmarks.country import TODAY
from benchmarks.measuring import country_of, most_held
from models.ledger import SAYS_STANDING
from notify.channel import Routes
from notify.mail_folder import MailFolder
from rules.calendar import add_working_days
from rules.rule_set import DEFAULT_RULE_SET as RULES
from runtime.database import reading
from services.remind_texts import rendered_of
from services.reminder_plan import plan_reminders

SIZES = (1_000, 10_000, 100_000)
TURNS = 3
SENDER = "duban@example.cn"
Rows = set[tuple[int, int, str]]

# What the default rules fire on on a working day in January: the last quarter's reports are asked for, the one running now is not yet. Which days a kind holds for is
# worked out beforehand. In this house nobody was suspended and nobody took over, so all were handed their tasks by the issue.
_SILENT = """coalesce((SELECT r.state FROM progress_report r WHERE r.task_id = t.id AND r.period = :quarter AND r.filed_on <= :day
  ORDER BY r.revision DESC LIMIT 1), 'returned') = 'returned'"""
_HANDED = (
    f"(SELECT e.for_day FROM ledger_entry e WHERE e.task_id = t.id AND {SAYS_STANDING} AND e.act = 'issue' ORDER BY e.seq DESC LIMIT 1)"
)
_RAW = f"""
SELECT a.unit_id, u.name, t.id, i.title, t.label, p.title, p.doc_no, t.due_on,
  CASE WHEN t.starts_on > :day THEN NULL WHEN t.due_on < :day THEN 'overdue-1' WHEN t.due_on < :within_0 THEN 'due-0'
       WHEN t.due_on < :within_1 THEN 'due-1' WHEN t.due_on < :within_3 THEN 'due-3' WHEN t.due_on < :within_7 THEN 'due-7' END,
  CASE WHEN t.starts_on <= :quarter_end AND {_SILENT} AND {_HANDED} <= :quarter_end THEN 'report-missing' END,
  CASE WHEN t.state = 'assigned' AND {_HANDED} <= :handed_by THEN 'acknowledge' END
FROM task t JOIN plan p ON p.id = t.plan_id AND p.state = 'in_force' JOIN plan_item i ON i.id = t.item_id
JOIN assignment a ON a.task_id = t.id AND a.role = 'lead' JOIN unit u ON u.id = a.unit_id
WHERE t.state IN ('assigned', 'in_progress')
  AND (t.due_on < :within_7 OR t.state = 'assigned' OR (t.starts_on <= :quarter_end AND {_SILENT}))
"""


def raw_lines(engine: Engine) -> Rows:
    """Find what is due by one statement and write a line of text for each; return which lines there are."""
    days = {f"within_{lead}": add_working_days(TODAY, lead + 1) for lead in RULES.reminder_leads}
    handed_by = add_working_days(TODAY, -RULES.acknowledge_days - 1)
    said: list[str] = []
    lines: Rows = set()
    with engine.connect() as connection:
        given = {"day": TODAY, "quarter": "2017Q4", "quarter_end": date(2017, 12, 31), "handed_by": handed_by, **days}
        for unit_id, unit, task, item, label, plan, doc_no, due_on, *kinds in connection.execute(text(_RAW), _spelt(engine, given)):
            for kind in kinds:
                if kind:
                    said.append(f"{unit}：[{task}] {item}（{label}），{plan}（{doc_no}），{due_on}，{kind}")
                    lines.add((unit_id, task, kind))
    return lines


def _spelt(engine: Engine, given: dict[str, object]) -> dict[str, object]:
    is_sqlite = engine.dialect.name == "sqlite"
    return {name: value.isoformat() if is_sqlite and isinstance(value, date) else value for name, value in given.items()}


def our_lines(engine: Engine, routes: Routes) -> Rows:
    """Plan the day's reminders and compose every message; return which lines there are."""
    with reading(engine) as session:
        plan = plan_reminders(session, TODAY, routes, RULES)
    for message in plan.outgoing:
        rendered_of(message, plan, "市督查室", ())
    return {
        (portion.recipient.unit_id or 0, line.task_id, line.rule)
        for message in plan.outgoing
        for portion in message.portions
        for line in portion.lines
    }


def measure(engine: Engine, tasks: int, folder: Path) -> None:
    """Print one size: how many lines, the seconds of both, their ratio, and how much memory this process has needed at most."""
    routes = Routes(MailFolder(folder, SENDER, None))
    took: dict[str, list[float]] = {"ours": [], "raw": []}
    for _turn in range(TURNS):
        took["ours"].append(_seconds(engine, lambda: our_lines(engine, routes)))
        took["raw"].append(_seconds(engine, lambda: raw_lines(engine)))
    ours, raw = our_lines(engine, routes), raw_lines(engine)
    if ours != raw:
        raise AssertionError(f"{len(ours - raw)} lines more, {len(raw - ours)} lines less: {sorted(ours ^ raw)[:3]}")
    seconds, limit = median(took["ours"]), median(took["raw"])
    sys.stdout.write(f"{tasks:>9}{len(ours):>9}{seconds:>10.3f} s{limit:>10.3f} s{seconds / limit:>8.2f}{most_held():>8} MB\n")


def _seconds(engine: Engine, work: Callable[[], object]) -> float:
    clock = time.process_time if engine.dialect.name == "sqlite" else time.perf_counter
    # What the turn before left behind is swept on nobody's time.
    gc.collect()
    started = clock()
    work()
    return clock() - started


def main() -> int:
    """Measure each size in turn."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--tasks", type=int, nargs="*", default=SIZES)
    asked.add_argument("--keep", type=Path, help="a folder for filled houses")
    chosen = asked.parse_args()
    sys.stdout.write(f"{'tasks':>9}{'lines':>9}{'ours':>12}{'raw':>12}{'ratio':>8}{'peak':>11}\n")
    for tasks in chosen.tasks:
        with country_of(tasks, "sqlite", chosen.keep) as engine, TemporaryDirectory() as folder:
            measure(engine, tasks, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
