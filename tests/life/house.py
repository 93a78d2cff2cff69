"""A house that lives: one database, its people, the day it is, what was done and refused, and the reports it remembers to look at again in the end."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import Session, col, select

from models.account import Account, AccountRole
from models.plan import Plan
from models.task import Assignment, AssignmentRole, Task, TaskState
from models.unit import Unit
from reports.bulletin import as_json
from rules.errors import DubanError
from rules.periods import parse_period, period_before, quarter_of
from runtime.database import transaction
from services.actors import actor_named
from services.bulletins.compiling import BulletinOrder, compile_bulletin
from services.changes import take_changes
from services.eligible import ListFile, import_eligible
from services.facts import TaskRecord, Viewpoint, read_tasks
from services.indicators import Reading, observe
from services.ledger import count_entries
from services.occasion import Occasion
from services.quotas import QuotaInput, set_quota
from services.rule_sets import rule_set_on
from services.store import Store
from tests.builders import AT, FINANCE, ISSUED_ON, SCIENCE, issued, keep, on, people
from tests.databases import open_off_the_disk
from tests.homes import forget_homes, new_home, url_of
from tests.life.documents import LAND, first_document
from tests.services.tree_fixtures import lower_units

OFFICES = ("office", "supervisor", "supervisor-2", "north-office", "north-supervisor", "admin")
UNITS = ("science", "finance", "land", "north", "south", "county", "foreign")
SERIES = ("投入增幅", "收入增幅", "覆盖率")
EVERYBODY = (*OFFICES, *UNITS)

LISTS = {
    "通过名单": "名称,地区\n甲县,东市\n乙县,东市\n丙县,西市\n丁县,西市\n",
    "增补名单": "名称,地区\n戊县,南市\n甲县,东市\n己县,南市\n",
    "全部各县": "名称,地区\n甲县,东市\n乙县,东市\n丙县,西市\n丁县,西市\n戊县,南市\n己县,南市\n庚县,北市\n",
}


@dataclass(frozen=True)
class Remembered:
    """A report as it stood at the end of `known_on`. `bulletin` is its JSON without the head of the ledger, which later acts move on."""

    as_of: date
    known_on: date
    plan_ids: tuple[int, ...] | None
    records: list[TaskRecord]
    period: str
    bulletin: dict[str, Any]


@dataclass
class House:
    """One database and everything a test knows of it. `seen_due_on` is the first due day of every task, as it was when the task was first seen."""

    folder: TemporaryDirectory[str]
    engine: Any
    day: date = ISSUED_ON
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    remembered: list[Remembered] = field(default_factory=list)
    published: list[Remembered] = field(default_factory=list)
    seen_due_on: dict[int, date] = field(default_factory=dict)
    story: list[str] = field(default_factory=list)
    numbers: int = 0

    @property
    def place(self) -> Path:
        return Path(self.folder.name)

    @property
    def store(self) -> Store:
        return Store(self.place / "store")

    @property
    def proof(self) -> Path:
        return self.place / "批复.txt"

    def end(self) -> None:
        self.engine.dispose()
        forget_homes(self.place)
        self.folder.cleanup()

    def next_number(self) -> int:
        self.numbers += 1
        return self.numbers

    def reading(self) -> Session:
        return Session(self.engine)

    def act(self, who: str, doing: Callable[[Session, Occasion], Any], day: date | None = None) -> Any:
        """Let somebody do something in a transaction of its own. A refusal is counted and must have written nothing; anything else that is raised is a bug."""
        try:
            with transaction(self.engine) as session:
                found = self._attempted(session, who, doing, day or self.day)
        except DubanError as refusal:
            # The ledger looks at the day last of all, so this one alone may be undone by the rollback.
            if refusal.code != "past-date":
                raise
            self.refused[refusal.code] += 1
            return None
        return found

    def _attempted(self, session: Session, who: str, doing: Callable[[Session, Occasion], Any], day: date) -> Any:
        before = count_entries(session)
        try:
            found = doing(session, Occasion(actor_named(session, who), day, AT))
        except DubanError as refusal:
            if refusal.code == "past-date":
                raise
            # The caller commits all the same: nothing may be there to be kept.
            if take_changes(session) or count_entries(session) != before:
                raise AssertionError(f"{refusal.code} was refused after rows had been written") from refusal
            self.refused[refusal.code] += 1
            if self.story:
                self.story[-1] += f" -> {refusal.code}"
            return None
        self.done["acts"] += count_entries(session) > before
        return found

    def pass_days(self, count: int) -> None:
        """Let days go by; what is reported at the end of the last one known is remembered."""
        self.remember()
        self.day += timedelta(days=count)

    def remember(self) -> None:
        """Keep today's report, and today's report on the quarter before."""
        last = period_before(quarter_of(self.day))
        for period, as_of in ((quarter_of(self.day), self.day), (last, last.ends_on)):
            kept = self.seen(period.code, as_of, self.day, (1,) if len(self.remembered) % 3 == 2 else None)
            self.remembered.append(kept)

    def seen(self, period: str, as_of: date, known_on: date, plan_ids: tuple[int, ...] | None) -> Remembered:
        """Return what a report says now of a day, by what was known on another."""
        with self.reading() as session:
            rules = rule_set_on(session, known_on)
            records = read_tasks(session, Viewpoint(as_of, known_on), rules, plan_ids)
            view = as_json(compile_bulletin(session, BulletinOrder(parse_period(period), plan_ids, rules), known_on))
        return Remembered(as_of, known_on, plan_ids, records, period, {name: view[name] for name in view if name != "ledger_head"})

    def task_ids(self, *states: TaskState) -> list[int]:
        """Return the tasks in these states, or all where there are none."""
        with self.reading() as session:
            rows = session.exec(select(Task.id, Task.state).order_by(col(Task.id))).all()
        wanted = [task_id for task_id, state in rows if task_id and state in states]
        return wanted or [task_id for task_id, _state in rows if task_id]

    def leader(self, task_id: int) -> str:
        """Return the account that acts for the task's lead unit; some unit's where it has none."""
        return self._account_of(task_id, AssignmentRole.LEAD)

    def helper(self, task_id: int) -> str:
        return self._account_of(task_id, AssignmentRole.SUPPORT)

    def _account_of(self, task_id: int, role: AssignmentRole) -> str:
        units = select(Assignment.unit_id).where(Assignment.task_id == task_id, Assignment.role == role)
        accounts = select(Account.name).where(col(Account.unit_id).in_(units), Account.role == AccountRole.UNIT)
        with self.reading() as session:
            return session.exec(accounts.order_by(col(Account.id))).first() or "county"

    def unit_names(self) -> list[str]:
        with self.reading() as session:
            return list(session.exec(select(Unit.name).order_by(col(Unit.id))).all())

    def plan_ids(self) -> list[int]:
        with self.reading() as session:
            return [plan_id for plan_id in session.exec(select(Plan.id).order_by(col(Plan.id))).all() if plan_id]


def open_house() -> House:
    """Return a house with its people and one plan issued."""
    folder = TemporaryDirectory(prefix="duban-life-")
    engine = open_off_the_disk(url_of(new_home(Path(folder.name))))
    house = House(folder, engine)
    house.proof.write_text("同意", encoding="utf-8")
    for name, content in LISTS.items():
        (house.place / f"{name}.csv").write_text(content, encoding="utf-8")
    with transaction(engine) as session:
        team = people(session)
        land = Unit(name=LAND)
        keep(session, land)
        keep(session, Account(name="land", role=AccountRole.UNIT, unit_id=land.id, created_at=AT))
        keep(session, Account(name="supervisor-2", role=AccountRole.SUPERVISOR, created_at=AT))
        lower_units(session)
        issued(session, team.office, first_document())
        for name in LISTS:
            import_eligible(session, ListFile(name, house.place / f"{name}.csv"), on(ISSUED_ON, team.office))
        for name in SERIES:
            observe(session, Reading(name, 5.0, ISSUED_ON, "%", "统计公报"), on(ISSUED_ON, team.office))
        set_quota(session, 1, QuotaInput("示范县", ["通过名单", "增补名单"], 1, "全部各县", for_all_years=True), on(ISSUED_ON, team.office))
    assert {SCIENCE, FINANCE, LAND} <= set(house.unit_names())
    return house
