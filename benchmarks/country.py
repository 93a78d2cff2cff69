"""A ministry's house of any size, written as fast as the database takes rows: plans of a thousand yearly tasks, their reports, and a ledger that tells of every row.

Deterministic: the same size gives the same house. Five years from 2013 are planned, each year's tasks end between January and July of the next, and on `TODAY` the last reports of 2017 are
in: four a task. One task in 29 is slow and stays open, one in 97 was never taken up, one in 53 is handed in late, one in 40 got more time, one in 61 has milestones beside its figure, one in
33 had a report corrected.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session

from benchmarks.rows_in import rows_in
from models.every import METADATA
from services.ledger import GENESIS
from services.unit_loads import recount

TASKS_A_PLAN, YEARS, UNITS_A_PLAN = 1_000, 5, 40
FIRST_YEAR, TODAY = 2013, date(2018, 1, 12)
ISSUED_ON, TAKEN_UP_ON = date(2012, 11, 20), date(2012, 12, 5)
PLANS_AT_ONCE = 10
_ENDS = ("03-31", "06-30", "09-30", "12-31")
_COLUMNS = {
    "unit": "id name level parent_id is_open",
    "contact": "id unit_id name duty channel address language",
    "account": "id name role unit_id must_change_password needs_second_factor state channel language created_at",
    "plan": "id title doc_no issued_on starts_on ends_on source_kind source_name source_sha256 version state",
    "plan_item": "id plan_id key position number path title text source since_version",
    "task": "id plan_id item_id label text starts_on due_on original_due_on state return_count",
    "assignment": "id task_id unit_id role",
    "target": "id task_id text measure unit_of_measure comparator value basis",
    "milestone": "id task_id title due_on weight",
    "progress_report": "id task_id unit_id account_id period period_ends_on revision text filed_on state",
    "reported_value": "id report_id target_id part value",
    "ledger_entry": "chain seq at acted_on for_day actor unit_id act plan_id task_id subject before after prev_hash changes hash",
    "ledger_head": "chain seq hash",
}
Row = tuple[object, ...]
Act = tuple[date, int, int, Callable[[date, int], None]]


def unit_count_of(tasks: int) -> int:
    """Return how many units a house of that many tasks has: some 400 tasks a unit."""
    return max(UNITS_A_PLAN, min(3_200, tasks // 400))


def fill_country(engine: Engine, tasks: int) -> None:
    """Fill an empty, migrated database; says now and then how far it is. Indexes are made at the end, and the planner is told of the rows."""
    started, plans = time.monotonic(), max(1, tasks // TASKS_A_PLAN)
    indexes = [index for table in METADATA.sorted_tables if table.name in _COLUMNS for index in table.indexes]
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
    units = unit_count_of(tasks)
    with _taken_as_right(engine):
        with rows_in(engine, _COLUMNS) as write:
            write(_register(units))
        for first in range(1, plans + 1, PLANS_AT_ONCE):
            with rows_in(engine, _COLUMNS) as write:
                for number in range(first, min(first + PLANS_AT_ONCE, plans + 1)):
                    write(_Plan(number, units, min(tasks, TASKS_A_PLAN)).rows())
            if first % 100 == 1:
                sys.stderr.write(f"{(first - 1) * TASKS_A_PLAN} tasks after {time.monotonic() - started:.0f} s\n")
    with engine.begin() as connection:
        for index in indexes:
            index.create(connection)
        with Session(connection) as session:
            # The rows were written past the ledger's writer.
            recount(session)
        connection.execute(text("ANALYZE"))


@contextmanager
def _taken_as_right(engine: Engine) -> Iterator[None]:
    """Let PostgreSQL look up no foreign key of the rows meanwhile: at a million tasks that takes longer than writing them. Needs its superuser."""
    if engine.dialect.name == "sqlite":
        yield
        return
    _tell_role(engine, "SET session_replication_role = replica")
    try:
        yield
    finally:
        _tell_role(engine, "RESET session_replication_role")


def _tell_role(engine: Engine, change: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"ALTER ROLE CURRENT_USER {change}"))
    # It holds for connections opened from now on.
    engine.dispose()


def _register(units: int) -> dict[str, list[Row]]:
    levels = ("province", "prefecture", "county")
    at = "2012-11-01 01:00:00.000000"
    people: list[Row] = [(1, "office", "plan_office", None, False, False, "active", "mail", "zh", at)]
    people += [(n + 1, f"person-{n}", "unit", n, False, False, "active", "mail", "zh", at) for n in range(1, units + 1)]
    return {
        "unit": [(n, f"第{n}号责任单位", levels[n % 3], None, False) for n in range(1, units + 1)],
        "contact": [(n, n, f"联络员{n}", "handler", "mail", f"person-{n}@unit.example", "zh") for n in range(1, units + 1)],
        "account": people,
    }


def year_of(task: int) -> int:
    """Return the year a task is of."""
    return FIRST_YEAR + (task - 1) % YEARS


def _item_of(task: int) -> int:
    return (task - 1) // YEARS + 1


def _original_due_on(task: int) -> date:
    return date(year_of(task) + 1, 1, 15) + timedelta(days=task * 7 % 170)


def _more_time_on(task: int) -> date | None:
    """Return the day on which the task got two months more."""
    day = date(year_of(task), 10, 16)
    return day if task % 40 == 0 and day <= TODAY else None


def _due_on(task: int) -> date:
    return _original_due_on(task) + timedelta(days=60 if _more_time_on(task) else 0)


def _handed_in_on(task: int) -> date | None:
    """Return the day on which the task was handed in, None where it still is not."""
    if task % 29 == 0 or task % 97 == 0:
        return None
    day = _due_on(task) + timedelta(days=5) if task % 53 == 0 else date(year_of(task) + 1, 1, 9) + timedelta(days=task % 6)
    return day if day <= TODAY else None


def _accepted_on(task: int) -> date | None:
    """Return the day on which the hand-in was accepted, for its own day."""
    handed_in_on = _handed_in_on(task)
    day = handed_in_on + timedelta(days=7) if handed_in_on else None
    return day if day and day <= TODAY else None


def _state_of(task: int) -> str:
    if _accepted_on(task):
        return "completed"
    return "submitted" if _handed_in_on(task) else "in_progress" if task % 97 else "assigned"


class _Plan:
    """One plan's rows, its acts in the order of days."""

    def __init__(self, number: int, units: int, tasks: int) -> None:
        self._number, self._chain, self._seq, self._hash = number, f"plan-{number}", 0, GENESIS
        first = (number - 1) * TASKS_A_PLAN + 1
        self._tasks, self._units = range(first, first + tasks), units
        self._made: dict[str, list[Row]] = {name: [] for name in _COLUMNS}

    def rows(self) -> dict[str, list[Row]]:
        """Return all rows by table."""
        self._issue()
        acts = [act for task in self._tasks for act in self._acts(task)]
        for day, _order, task, enter in sorted(acts, key=lambda act: act[:3]):
            enter(day, task)
        self._made["ledger_head"].append((self._chain, self._seq, self._hash))
        return self._made

    def _acts(self, task: int) -> Iterator[Act]:
        if task % 97 == 0:
            return
        yield TAKEN_UP_ON, 0, task, self._take_up
        for quarter in range(4):
            ends_on = date.fromisoformat(f"{year_of(task)}-{_ENDS[quarter]}")
            yield ends_on + timedelta(days=6), quarter, task, partial(self._report, ends_on, 1)
            if task % 33 == 0 and quarter == 3:
                yield ends_on + timedelta(days=8), quarter, task, partial(self._report, ends_on, 2)
        if day := _more_time_on(task):
            yield day, 0, task, self._give_time
        if day := _handed_in_on(task):
            yield day, 5, task, self._hand_in
        if day := _accepted_on(task):
            yield day, 6, task, self._accept

    def _issue(self) -> None:
        number, title = self._number, f"第{self._number}项工程实施方案"
        span = (ISSUED_ON.isoformat(), f"{FIRST_YEAR}-01-01", f"{FIRST_YEAR + YEARS}-12-31")
        self._made["plan"].append((number, title, f"政办发〔2012〕{number}号", *span, "plan", "方案.docx", f"{number:064x}", 1, "in_force"))
        self._enter(ISSUED_ON, None, "issue-plan", {}, {})
        for task in self._tasks:
            if year_of(task) == FIRST_YEAR:
                self._made["plan_item"].append(self._item(_item_of(task)))
            self._made_of(task)

    def _item(self, item: int) -> Row:
        place = (item - 1) % (TASKS_A_PLAN // YEARS) + 1
        words = (f"重点事项{place}", f"推进重点事项{place}，逐年落实。")
        return (item, self._number, f"row-{place}", place, str(place), "[]", *words, "{}", 1)

    def _made_of(self, task: int) -> None:
        lead, first, last = self._lead(task), f"{year_of(task)}-01-01", _original_due_on(task).isoformat()
        item, label, due_on = _item_of(task), f"{year_of(task)}年", _due_on(task).isoformat()
        row = (task, self._number, item, label, "新增一百处", first, due_on, last, _state_of(task), 0)
        self._made["task"].append(row)
        self._made["assignment"] += [(2 * task - 1, task, lead, "lead"), (2 * task, task, lead % self._units + 1, "support")]
        self._made["target"].append((task, task, "新增一百处", "新增数量", "处", "ge", 100.0, "period"))
        if task % 61 == 0:
            steps = (("开工", f"{year_of(task)}-04-30"), ("验收", last))
            self._made["milestone"] += [(2 * task - 1 + n, task, title, day, 1.0) for n, (title, day) in enumerate(steps)]
        told = {"plan_id": self._number, "item_id": item, "starts_on": first, "due_on": last, "state": "assigned"}
        self._enter(ISSUED_ON, task, "issue", {"state": "draft"}, {"state": "assigned"}, [_change("task", task, None, told)])

    def _take_up(self, day: date, task: int) -> None:
        self._move(day, task, "acknowledge", ("assigned", "in_progress"))

    def _hand_in(self, day: date, task: int) -> None:
        self._move(day, task, "submit", ("in_progress", "submitted"))

    def _accept(self, day: date, task: int) -> None:
        self._move(day, task, "complete", ("submitted", "completed"), for_day=_handed_in_on(task))

    def _report(self, ends_on: date, revision: int, day: date, task: int) -> None:
        quarter, lead = (ends_on.month - 1) // 3, self._lead(task)
        number, period = 5 * task + quarter + revision - 1, f"{ends_on.year}Q{quarter + 1}"
        value = float(round(100 * (quarter + 1) / 4 * (0.6 if task % 29 == 0 else 1.02)))
        said = (ends_on.isoformat(), revision, "按计划推进。", day.isoformat(), "filed")
        self._made["progress_report"].append((number, task, lead, lead + 1, period, *said))
        self._made["reported_value"].append((number, number, task, "", value))
        report = {"task_id": task, "unit_id": lead, "period": period, "revision": revision, "filed_on": day.isoformat()}
        reached = {"report_id": number, "target_id": task, "part": "", "value": value}
        rows = [_change("progress_report", number, None, report), _change("reported_value", number, None, reached)]
        self._enter(day, task, "report", {}, {"period": period, "report": number}, rows)

    def _give_time(self, day: date, task: int) -> None:
        before, after = {"due_on": _original_due_on(task).isoformat()}, {"due_on": _due_on(task).isoformat()}
        self._enter(day, task, "move-due-day", before, after, [_change("task", task, before, after)])

    def _move(self, day: date, task: int, act: str, states: tuple[str, str], for_day: date | None = None) -> None:
        before, after = {"state": states[0]}, {"state": states[1]}
        self._enter(day, task, act, before, after, [_change("task", task, before, after)], for_day)

    def _enter(self, day: date, task: int | None, act: str, *told: Any) -> None:
        before, after, changes, for_day = (*told, None, None)[:4]
        self._seq += 1
        on, holds = day.isoformat(), (for_day or day).isoformat()
        subject = f"task {task}" if task else f"plan {self._number}"
        said = [self._chain, self._seq, f"{on}T01:00:00.000000+00:00", on, holds, "office", None, act, self._number, task, subject]
        spelt = [_spelt(one) for one in (said, before, after, self._hash, changes)]
        # The hash is of one list: its first part without the bracket that closes it.
        seal = sha256(f"{spelt[0][:-1]},{','.join(spelt[1 : 5 if changes else 4])}]".encode()).hexdigest()
        entry = (*said[:2], f"{on} 01:00:00.000000", *said[3:], *spelt[1:3], self._hash, spelt[4] if changes else None, seal)
        self._made["ledger_entry"].append(entry)
        self._hash = seal

    def _lead(self, task: int) -> int:
        return 1 + (self._number * 37 + _item_of(task) % UNITS_A_PLAN * (self._units // UNITS_A_PLAN)) % self._units


_spelt = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _change(table: str, row_id: int, before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any]:
    return {"table": table, "id": row_id, "before": before, "after": after}
