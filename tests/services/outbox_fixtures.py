"""A small house with tasks to be reminded of, and channels that remember what arrived."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import Session, func, select

from models.account import Account, AccountRole
from models.notice import Message
from models.plan import Plan, PlanItem
from models.progress import ProgressReport
from models.task import Assignment, AssignmentRole, Task, TaskState
from models.unit import Contact, ContactDuty, Unit
from notify.channel import Mail, Routes
from rules.periods import parse_period
from rules.rates import Rate
from rules.rule_set import DEFAULT_RULE_SET
from rules.transitions import TaskEvent, state_after
from runtime.database import transaction
from services.courier import Courier
from services.ledger import Event, record_all
from services.occasion import SYSTEM, Occasion
from services.reminders import remind
from tests.builders import keep
from tests.databases import open_off_the_disk

# A Thursday with three working days left in its year, also the end of a quarter.
TODAY = date(2013, 12, 26)
ISSUED = date(2013, 1, 10)
OFFICE = "自治区督查室"


def noon(day):
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@dataclass
class House:
    """A database with one plan; `engine` is its engine."""

    engine: Any
    plan_id: int = 0
    units: dict[str, int] = field(default_factory=dict)

    def session(self):
        return transaction(self.engine)


_opened: list[House] = []


def open_house(url):
    """Put one plan in force into the database at `url`, which is migrated and empty."""
    house = House(open_off_the_disk(url))
    _opened.append(house)
    with house.session() as session:
        plan = Plan(title="县域科技行动计划", doc_no="桂政办发〔2013〕1号", source_name="plan.docx", source_sha256="a" * 64)
        keep(session, plan, Account(name="clerk", role=AccountRole.PLAN_OFFICE, created_at=noon(ISSUED)))
        house.plan_id = plan.id
    return house


def close_houses():
    """Close the connections of every house that was opened."""
    while _opened:
        _opened.pop().engine.dispose()


def add_unit(house, name, *, address=None, duty=ContactDuty.LIAISON, language="zh", is_open=False):
    """Add a unit, with one contact where an address is given."""
    with house.session() as session:
        unit = Unit(name=name, is_open=is_open)
        keep(session, unit)
        house.units[name] = unit.id
        if address:
            keep(session, Contact(unit_id=unit.id, name="张联络", duty=duty, address=address, language=language))
    return house.units[name]


def add_units(house, addresses):
    """Add many units at once, each with a contact at its address."""
    with house.session() as session:
        units = [Unit(name=name) for name in addresses]
        keep(session, *units)
        house.units |= {unit.name: unit.id for unit in units}
        keep(session, *(Contact(unit_id=unit.id, name="张联络", address=addresses[unit.name]) for unit in units))


def add_contact(house, unit, address, duty=ContactDuty.LIAISON):
    with house.session() as session:
        keep(session, Contact(unit_id=house.units[unit], name="李经办", duty=duty, address=address))


def add_tasks(house, leads, *, due_on=date(2013, 12, 31), starts_on=date(2013, 1, 1), issued_on=ISSUED, acknowledged=True):
    """Add a task for each lead unit and return their ids; all in one transaction."""
    days = {"starts_on": starts_on, "due_on": due_on, "original_due_on": due_on}
    state = TaskState.IN_PROGRESS if acknowledged else TaskState.ASSIGNED
    events = (TaskEvent.ISSUE, TaskEvent.ACKNOWLEDGE)[: 1 + acknowledged]
    with house.session() as session:
        first = session.exec(select(func.count(PlanItem.id))).one()
        items = [
            PlanItem(plan_id=house.plan_id, key=f"i{number}", position=number, title=f"第{number + 1}项行动", text="")
            for number in range(first, first + len(leads))
        ]
        session.add_all(items)
        session.flush()
        tasks = [Task(plan_id=house.plan_id, item_id=item.id, label=f"{due_on.year}年", text="", state=state, **days) for item in items]
        session.add_all(tasks)
        session.flush()
        session.add_all(
            Assignment(task_id=task.id, unit_id=house.units[lead], role=AssignmentRole.LEAD)
            for task, lead in zip(tasks, leads, strict=True)
        )
        _tell(session, house, [(event, task) for task in tasks for event in events], issued_on)
        return [task.id for task in tasks]


def _tell(session: Session, house, done, day):
    events = [Event(event.value, f"task {task.id}", plan_id=house.plan_id, task_id=task.id) for event, task in done]
    record_all(session, Occasion(SYSTEM, day, noon(day)), events)


def act(house, task_id, event, day):
    """Let something happen to a task on a day."""
    with house.session() as session:
        task = session.get(Task, task_id)
        task.state = state_after(TaskState(task.state), event)
        session.add(task)
        _tell(session, house, [(event, task)], day)


def file_report(house, task_id, unit, period, day):
    """File a unit's progress report."""
    with house.session() as session:
        ends_on = parse_period(period).ends_on
        report = ProgressReport(
            task_id=task_id, unit_id=house.units[unit], account_id=1, period=period, period_ends_on=ends_on, filed_on=day
        )
        keep(session, report, plan_id=house.plan_id, day=day)


@dataclass
class Arrivals:
    """A channel whose messages arrive as lines of a file; it keeps twins, as a mail server does."""

    path: Path
    name: str = "arrivals"
    needs_address: bool = True
    drops_twins: bool = False
    rates: tuple[Rate, ...] = ()
    error: Exception | None = None

    def open(self) -> None:
        pass

    def send(self, mail: Mail) -> None:
        if self.error:
            raise self.error
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{mail.address}\n")
            file.flush()

    def close(self) -> None:
        pass

    @property
    def addresses(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").split() if self.path.exists() else []


def courier_for(house, channel, *, day=TODAY, owner="here:1", later=timedelta()):
    routes = channel if isinstance(channel, Routes) else Routes(channel)
    return Courier(partial(transaction, house.engine), routes, owner, lambda: noon(day) + later, pause=no_pause, is_gone=gone_for(owner))


def no_pause(_seconds):
    """Let no test wait."""


def gone_for(owner):
    """Return who is gone for `owner`: every other process of its own machine. Those of another may be alive."""
    machine = owner.partition(":")[0]
    return lambda other: other != owner and other.partition(":")[0] == machine


def run(house, channel, day=TODAY, **kwargs):
    """Run the reminders of a day, as the command and the flow do."""
    return remind(courier_for(house, channel, day=day, **kwargs), Occasion(SYSTEM, day, noon(day)), DEFAULT_RULE_SET, OFFICE)


def messages(house):
    with house.session() as session:
        return list(session.exec(select(Message).order_by(Message.id)))


def states(house):
    return [message.state.value for message in messages(house)]
