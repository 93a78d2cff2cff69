"""A house for the kill test: units with a contact each, and tasks that fall due all over a quarter, so that every working day has messages."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine, insert

from models.plan import Plan, PlanItem
from models.task import Assignment, AssignmentRole, Task, TaskState
from models.unit import Contact, Unit
from rules.calendar import is_working_day
from runtime.database import transaction
from services.ledger import Event, record_all
from services.occasion import SYSTEM, Occasion

FIRST, LAST = date(2013, 7, 1), date(2013, 9, 30)
ISSUED_ON = date(2012, 11, 5)
UNITS = 120
TASKS_OF_EACH = 3


def working_days() -> Sequence[date]:
    """Return the quarter's working days."""
    days = (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))
    return [day for day in days if is_working_day(day)]


def fill_quarter(engine: Engine, units: int = UNITS, due_on: date | None = None) -> None:
    """Put units and their tasks, issued and acknowledged, into an empty database; the tasks fall due all over the quarter, or on the one day."""
    with transaction(engine) as session:
        session.execute(insert(Unit), [{"id": n, "name": f"单位{n}", "is_open": False, "level": "province"} for n in range(1, units + 1)])
        contacts = [
            {"unit_id": n, "name": "联络员", "duty": "liaison", "address": f"u{n}@example.cn", "language": "zh", "channel": "mail"}
            for n in range(1, units + 1)
        ]
        session.execute(insert(Contact), contacts)
        session.execute(insert(Plan), [{"id": 1, "title": "方案", "source_name": "x", "source_sha256": "0" * 64, "state": "in_force"}])
        numbers = range(1, units * TASKS_OF_EACH + 1)
        session.execute(insert(PlanItem), [_item(n) for n in numbers])
        days = [due_on] if due_on else working_days()
        session.execute(insert(Task), [_task(n, days[n * 7 % len(days)]) for n in numbers])
        session.execute(insert(Assignment), [{"task_id": n, "unit_id": 1 + n % units, "role": AssignmentRole.LEAD} for n in numbers])
        occasion = Occasion(SYSTEM, ISSUED_ON, datetime(2012, 11, 5, 1, tzinfo=UTC))
        for act in ("issue", "acknowledge"):
            record_all(session, occasion, [Event(act, f"task {n}", 1, n) for n in numbers])


def _item(n: int) -> dict[str, object]:
    same = {"plan_id": 1, "position": n, "number": str(n), "text": "", "path": [], "source": {}}
    return {"id": n, "key": f"row-{n}", "title": f"事项{n}", **same}


def _task(n: int, due_on: date) -> dict[str, object]:
    days = {"starts_on": date(2013, 1, 1), "due_on": due_on, "original_due_on": due_on}
    return {"id": n, "plan_id": 1, "item_id": n, "label": "2013年", "text": "", "state": TaskState.IN_PROGRESS, "return_count": 0, **days}
