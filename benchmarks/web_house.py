"""A whole house to load the pages with: plans of a thousand yearly tasks, a thousand units, and a ledger that tells of every row in the shape real acts have.

Deterministic: the same size gives the same house. Its plans run from last year to the year after next, so that today stands in the middle of them.
"""

import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert
from sqlmodel import Session, SQLModel

from models.access import LogIn
from models.account import Account, AccountRole
from models.plan import Plan, PlanItem, PlanVersion
from models.progress import ProgressReport, ReportedValue
from models.task import Assignment, AssignmentRole, Basis, Comparator, Target, Task, TaskState
from models.unit import Unit, UnitLevel
from rules.rights import Actor
from runtime.database import transaction
from services.access.secrets import hashed
from services.changes import RowChange, plain, table_of
from services.ledger import Event, record_all
from services.occasion import SYSTEM, Occasion

TASKS_A_PLAN, YEARS, UNITS, UNITS_A_PLAN = 1_000, 4, 1_000, 40
FORM_TOKEN = "form-token-of-a-load-run"
OFFICE_ID = 1
_LEVELS = (UnitLevel.PROVINCE, UnitLevel.PREFECTURE, UnitLevel.COUNTY)
_WORK = (
    "示范县建设",
    "中小企业技术改造",
    "职业技能培训",
    "农村道路养护",
    "污水处理厂提标",
    "社区养老服务站",
    "高标准农田",
    "政务服务事项通办",
)


def fill_house(engine: Engine, task_count: int, today: date) -> None:
    """Fill an empty database; prints how far it is, since a hundred thousand tasks take some minutes."""
    started = time.monotonic()
    with transaction(engine) as session:
        _fill_units(session, today)
    for number in range(1, task_count // TASKS_A_PLAN + 1):
        with transaction(engine) as session:
            _PlanFilling(session, number, today.year - 1).fill(today)
        if number % 20 == 0:
            sys.stdout.write(f"{number * TASKS_A_PLAN} tasks after {time.monotonic() - started:.0f} s\n")
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def log_in_all(engine: Engine, at: datetime) -> dict[int, str]:
    """Log every account in and return the secrets of their cookies by account id. Account 1 is the plan office's, account n + 1 that of unit n."""
    secrets = {number: f"secret-{number:05}" for number in range(1, UNITS + 2)}
    common = {"form_token": FORM_TOKEN, "address": "127.0.0.1", "started_at": at, "seen_at": at}
    with transaction(engine) as session:
        session.execute(
            insert(LogIn), [{"account_id": number, "token_hash": hashed(secret), **common} for number, secret in secrets.items()]
        )
    return secrets


def plans_of_unit(unit_id: int, task_count: int) -> list[int]:
    """Return the plans in which a unit leads tasks."""
    return [number for number in range(1, task_count // TASKS_A_PLAN + 1) if unit_id in _units_of(number)]


def tasks_led(unit_id: int, plan: int, year: int) -> list[int]:
    """Return the tasks that the unit leads in a plan, those of its `year`-th year (from 0)."""
    place = _units_of(plan).index(unit_id)
    first = (plan - 1) * TASKS_A_PLAN
    items = TASKS_A_PLAN // YEARS
    return [first + item * YEARS + year + 1 for item in range(items) if item % UNITS_A_PLAN == place]


def _units_of(plan: int) -> list[int]:
    step = UNITS // UNITS_A_PLAN
    return [1 + (plan * 37 + step * number) % UNITS for number in range(UNITS_A_PLAN)]


def _fill_units(session: Session, today: date) -> None:
    founded = date(today.year - 3, 1, 4)
    units = [
        _whole(Unit, {"id": n, "name": f"第{n}号责任单位办公室", "level": _LEVELS[n % 3], "is_open": False}) for n in range(1, UNITS + 1)
    ]
    session.execute(insert(Unit), units)
    at = _instant(founded)
    office = {"id": OFFICE_ID, "name": "office", "role": AccountRole.PLAN_OFFICE, "unit_id": None}
    people = [office, *({"id": n + 1, "name": f"person-{n}", "role": AccountRole.UNIT, "unit_id": n} for n in range(1, UNITS + 1))]
    accounts = [_whole(Account, {**one, "must_change_password": False, "created_at": at, "language": "zh"}) for one in people]
    session.execute(insert(Account), accounts)
    made = [RowChange("unit", row["id"], None, _told(row)) for row in units]
    made += [RowChange("account", row["id"], None, _told(row)) for row in accounts]
    record_all(session, Occasion(SYSTEM, founded, at), [Event("register-units", "units")], made)


class _PlanFilling:
    """One plan being filled, act by act in the order of days."""

    def __init__(self, session: Session, number: int, first_year: int) -> None:
        self._session, self._number, self._first_year = session, number, first_year
        self._units = _units_of(number)
        self._first_task = (number - 1) * TASKS_A_PLAN + 1
        self._tasks = range(self._first_task, self._first_task + TASKS_A_PLAN)

    def fill(self, today: date) -> None:
        """Issue the plan and let units acknowledge, report and hand in up to today. Every ninth task is left alone, every seventh is slow."""
        self._issue()
        begun = [task for task in self._tasks if task % 9]
        self._move(date(self._first_year - 1, 12, 5), begun, "acknowledge", TaskState.ASSIGNED, TaskState.IN_PROGRESS)
        day = date(self._first_year, 4, 8)
        for quarter in range(4 * YEARS):
            year, ends_on = self._first_year + quarter // 4, _quarter_end(self._first_year, quarter)
            day = ends_on + timedelta(days=6)
            if day >= today:
                break
            running = [task for task in begun if self._year_of(task) == year]
            self._report(day, quarter, ends_on, running)
            if quarter % 4 == 3:
                done = [task for task in running if task % 7]
                self._move(day + timedelta(days=1), done, "submit", TaskState.IN_PROGRESS, TaskState.SUBMITTED)
                self._move(day + timedelta(days=9), done[: 4 * len(done) // 5], "complete", TaskState.SUBMITTED, TaskState.COMPLETED)

    def _year_of(self, task: int) -> int:
        return self._first_year + (task - self._first_task) % YEARS

    def _lead(self, task: int) -> int:
        return self._units[(task - self._first_task) // YEARS % UNITS_A_PLAN]

    def _issue(self) -> None:
        day, number = date(self._first_year - 1, 11, 20), self._number
        source = {"source_name": f"方案{number}.docx", "source_sha256": f"{number:064x}"}
        ends_on = date(self._first_year + YEARS - 1, 12, 31)
        facts = {
            "title": f"第{number}项工程实施方案（年度任务分解）",
            "doc_no": f"政办发〔{day.year}〕{number}号",
            "issuer": "市政府办公室",
        }
        facts |= {"issued_on": day, "starts_on": date(self._first_year, 1, 1), "ends_on": ends_on, "version": 1}
        plan = _whole(Plan, {"id": number, **facts, **source})
        version = {"id": number, "plan_id": number, "version": 1, "made_on": day, "draft": {"plan": {"doc_no": facts["doc_no"]}}, **source}
        items = [self._item(place) for place in range(1, TASKS_A_PLAN // YEARS + 1)]
        tasks = [self._task(task) for task in self._tasks]
        parts = [part for task in self._tasks for part in self._parts(task)]
        targets = [self._target(task) for task in self._tasks]
        made = self._insert((Plan, [plan]), (PlanVersion, [_whole(PlanVersion, version)]), (PlanItem, items))
        made += self._insert((Task, tasks), (Assignment, parts), (Target, targets))
        events = [self._issued(task, parts) for task in tasks]
        record_all(self._session, self._occasion(day), [Event("issue-plan", f"plan {number}", number, after=_told(plan)), *events], made)

    def _issued(self, task: Mapping[str, Any], parts: Sequence[Mapping[str, Any]]) -> Event:
        first = 4 * (task["id"] - self._first_task)
        units = {str(part["unit_id"]): part["role"].value for part in parts[first : first + 4]}
        said = {"state": "assigned", "item": "", "label": task["label"], "starts_on": str(task["starts_on"]), "due_on": str(task["due_on"])}
        return Event("issue", f"task {task['id']}", self._number, task["id"], {"state": "draft"}, {**said, "units": units, "targets": []})

    def _insert(self, *rows: tuple[type[SQLModel], Sequence[Mapping[str, Any]]]) -> list[RowChange]:
        for kind, some in rows:
            self._session.execute(insert(kind), some)
        return [
            RowChange(table_of(kind).name, row["id"], None, _told(row), row["id"] if kind is Task else row.get("task_id"))
            for kind, some in rows
            for row in some
        ]

    def _item(self, place: int) -> dict[str, Any]:
        about = _WORK[place % len(_WORK)]
        text = f"完善{about}的工作机制，按季调度，逐项落实资金、用地和人员，年底前完成当年任务并通过验收，形成可推广的做法。"
        head = {
            "position": place,
            "number": str(place),
            "path": [f"第{1 + place // 50}部分 重点任务"],
            "title": f"推进{about}（之{place}）",
        }
        own = {"id": (self._number - 1) * TASKS_A_PLAN // YEARS + place, "plan_id": self._number, "key": f"row-{place}"}
        return _whole(PlanItem, {**own, **head, "text": text, "source": {"table": 1, "row": place + 2}, "since_version": 1})

    def _task(self, task: int) -> dict[str, Any]:
        year, place = self._year_of(task), (task - self._first_task) // YEARS
        days = {"starts_on": date(year, 1, 1), "due_on": date(year, 12, 31), "original_due_on": date(year, 12, 31)}
        item_id = (self._number - 1) * TASKS_A_PLAN // YEARS + place + 1
        text = f"新增{_WORK[(place + 1) % len(_WORK)]}{100 + task % 40}处"
        own = {"id": task, "plan_id": self._number, "item_id": item_id, "label": f"{year}年", "text": text, "return_count": 0}
        return _whole(Task, {**own, **days, "state": TaskState.ASSIGNED})

    def _parts(self, task: int) -> list[dict[str, Any]]:
        lead = (task - self._first_task) // YEARS % UNITS_A_PLAN
        roles = [AssignmentRole.LEAD, *[AssignmentRole.SUPPORT] * 3]
        places = [lead, lead + 1, lead + 3, lead + 8]
        return [
            _whole(Assignment, {"id": 4 * task - 3 + n, "task_id": task, "unit_id": self._units[place % UNITS_A_PLAN], "role": role})
            for n, (place, role) in enumerate(zip(places, roles, strict=True))
        ]

    def _target(self, task: int) -> dict[str, Any]:
        value = 100.0 + task % 40
        said = {"text": f"新增{value:.0f}处", "measure": "新增数量", "unit_of_measure": "处", "comparator": Comparator.GE}
        return _whole(Target, {"id": task, "task_id": task, "value": value, "basis": Basis.PERIOD, **said})

    def _report(self, day: date, quarter: int, ends_on: date, tasks: Sequence[int]) -> None:
        """Enter the quarter's reports, those of a unit together."""
        rows = {task: self._said(task, quarter, ends_on, day) for task in tasks}
        values = {task: self._value(task, quarter) for task in tasks}
        for unit_id in self._units:
            own = [task for task in tasks if self._lead(task) == unit_id]
            made = self._insert((ProgressReport, [rows[task] for task in own]))
            told = self._insert((ReportedValue, [values[task] for task in own]))
            made += [one._replace(task_id=task) for task, one in zip(own, told, strict=True)]
            actor = Actor(unit_id + 1, f"person-{unit_id}", AccountRole.UNIT, unit_id)
            events = [self._filed(rows[task], values[task]["value"]) for task in own]
            record_all(self._session, Occasion(actor, day, _instant(day)), events, made)

    def _said(self, task: int, quarter: int, ends_on: date, day: date) -> dict[str, Any]:
        unit_id = self._lead(task)
        words = f"本季度推进顺利，已完成{self._reached(task, quarter):.0f}处，资金到位，现场核查两次，下一步抓紧扫尾。"
        own = {"id": _report_id(task, quarter), "task_id": task, "unit_id": unit_id, "account_id": unit_id + 1, "filed_on": day}
        period = {"period": f"{ends_on.year}Q{quarter % 4 + 1}", "period_ends_on": ends_on, "revision": 1}
        return _whole(ProgressReport, {**own, **period, "text": words, "next_step": "组织验收" if quarter % 2 else None, "state": "filed"})

    def _value(self, task: int, quarter: int) -> dict[str, Any]:
        number = _report_id(task, quarter)
        return _whole(
            ReportedValue, {"id": number, "report_id": number, "target_id": task, "part": "", "value": self._reached(task, quarter)}
        )

    def _reached(self, task: int, quarter: int) -> float:
        slowness = 0.6 if task % 7 == 0 else 1.02
        return round((100 + task % 40) * (quarter % 4 + 1) / 4 * slowness, 0)

    def _filed(self, row: Mapping[str, Any], value: float) -> Event:
        task = row["task_id"]
        said = {name: row[name] for name in ("period", "revision", "text", "problem", "next_step")}
        after = {"report": row["id"], **said, "values": {str(task): value}, "evidence": []}
        return Event("report", f"task {task}", self._number, task, after=after)

    def _move(self, day: date, tasks: Sequence[int], act: str, before: TaskState, after: TaskState) -> None:
        states = {"state": after}
        table = table_of(Task)
        for start in range(0, len(tasks), 500):
            self._session.execute(table.update().where(table.c.id.in_(tasks[start : start + 500])).values(states))
        said = ({"state": before.value}, {"state": after.value})
        events = [Event(act, f"task {task}", self._number, task, *said) for task in tasks]
        record_all(self._session, self._occasion(day), events, [RowChange("task", task, *said, task) for task in tasks])

    def _occasion(self, day: date) -> Occasion:
        return Occasion(Actor(OFFICE_ID, "office", AccountRole.PLAN_OFFICE), day, _instant(day))


def _report_id(task: int, quarter: int) -> int:
    return 4 * YEARS * task + quarter


def _quarter_end(first_year: int, quarter: int) -> date:
    year, month = first_year + quarter // 4, quarter % 4 * 3 + 4
    return date(year + month // 13, (month - 1) % 12 + 1, 1) - timedelta(days=1)


def _instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def _whole(kind: type[SQLModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with every column, those not given at their default."""
    given = {name: one.default_factory() if one.default_factory else one.default for name, one in kind.model_fields.items()}  # type: ignore[call-arg]
    return {**given, **values}


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in row.items() if name not in ("id", "password_hash", "totp_secret", "totp_step")}
