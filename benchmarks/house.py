"""A house of a given size for benchmarks: deterministic plans, tasks and reports, issued and reported through the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, insert
from sqlmodel import Session

from models.account import Account, AccountRole
from models.plan import Plan, PlanItem
from models.progress import ProgressReport, ReportedValue
from models.task import Assignment, AssignmentRole, Comparator, Target, Task, TaskState
from models.unit import Unit
from runtime.database import open_engine, transaction, upgrade_database
from services.ledger import Event, record_all
from services.occasion import SYSTEM, Occasion

ISSUED_ON, TODAY = date(2012, 11, 5), date(2013, 10, 14)
OCCASION = Occasion(SYSTEM, ISSUED_ON, datetime(2012, 11, 5, 1, tzinfo=UTC))
UNIT_COUNT = 50


@contextmanager
def house_of(task_count: int) -> Iterator[Engine]:
    """Give a database with `task_count` yearly tasks led by 50 units; every third unit reported on no quarter, the others on all three."""
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'duban.db'}")
        upgrade_database(engine)
        with transaction(engine) as session:
            fill(session, task_count)
        yield engine
        engine.dispose()


def fill(session: Session, task_count: int) -> None:
    """Fill an empty database."""
    units = [{"id": n, "name": f"单位{n}", "is_open": False, "level": "province"} for n in range(1, UNIT_COUNT + 1)]
    session.execute(insert(Unit), units)
    session.add(Account(id=1, name="bench", role=AccountRole.SUPERVISOR, created_at=OCCASION.at))
    session.add(Plan(id=1, title="方案", source_name="x", source_sha256="0" * 64))
    session.flush()
    ids = range(1, task_count + 1)
    session.execute(insert(PlanItem), [_item(n) for n in ids])
    session.execute(insert(Task), [_task(n) for n in ids])
    session.execute(insert(Assignment), [{"task_id": n, "unit_id": 1 + n % UNIT_COUNT, "role": AssignmentRole.LEAD} for n in ids])
    session.execute(insert(Target), [_target(n) for n in ids])
    record_all(session, OCCASION, [Event("issue", f"task {n}", 1, n) for n in ids])
    started = [n for n in ids if n % 3]
    record_all(session, OCCASION, [Event("acknowledge", f"task {n}", 1, n) for n in started])
    reports = [(n, quarter) for n in started for quarter in (1, 2, 3)]
    session.execute(insert(ProgressReport), [_report(number, n, quarter) for number, (n, quarter) in enumerate(reports, 1)])
    values = [{"report_id": number, "target_id": n, "value": 25.0 * quarter} for number, (n, quarter) in enumerate(reports, 1)]
    session.execute(insert(ReportedValue), values)


def _item(n: int) -> dict[str, object]:
    return {
        "id": n,
        "plan_id": 1,
        "key": f"row-{n}",
        "position": n,
        "number": str(n),
        "title": f"事项{n}",
        "text": "x",
        "path": [],
        "source": {},
    }


def _task(n: int) -> dict[str, object]:
    days = {"starts_on": date(2013, 1, 1), "due_on": date(2013, 12, 31), "original_due_on": date(2013, 12, 31)}
    state = TaskState.IN_PROGRESS if n % 3 else TaskState.ASSIGNED
    return {"id": n, "plan_id": 1, "item_id": n, "label": "2013年", "text": "x", "state": state, "return_count": 0, **days}


def _target(n: int) -> dict[str, object]:
    return {
        "id": n,
        "task_id": n,
        "text": "100个",
        "measure": "示范县",
        "unit_of_measure": "个",
        "comparator": Comparator.EQ,
        "value": 100.0,
    }


def _report(number: int, n: int, quarter: int) -> dict[str, object]:
    ends_on = (date(2013, 3, 31), date(2013, 6, 30), date(2013, 9, 30))[quarter - 1]
    said = {"account_id": 1, "text": "进展", "filed_on": ends_on, "state": "filed", "revision": 1}
    return {"id": number, "task_id": n, "unit_id": 1 + n % UNIT_COUNT, "period": f"2013Q{quarter}", "period_ends_on": ends_on, **said}
