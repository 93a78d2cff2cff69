"""A house with a case to be made: a task reported along its pace, late over the year, so that the ladder proposes; two supervisors; a press."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import Session

from models.account import Account, AccountRole
from models.unit import Contact, ContactDuty
from notify.channel import Routes
from notify.mail_folder import MailFolder
from rules.rights import Actor
from services.cases.serving import CaseDesk
from services.notices import prepare_notices
from services.occasion import SYSTEM
from services.papers.filing import Press
from services.progress import ProgressInput, record_progress
from services.report_values import Amount
from services.store import Store
from services.tasks import acknowledge_task
from tests.builders import AT, People, draft, issued, item, keep, on, people, yearly_task
from tests.remembered import once

STORE = Store(Path("unused"))
BEGUN = date(2013, 1, 7)
DUE = date(2013, 12, 31)
T3 = date(2014, 1, 6)  # the third working day after New Year's Eve 2013


@dataclass(frozen=True)
class CaseFolk:
    """The people of the small plan, and a second supervisor, since nobody approves his own words."""

    base: People
    second: Actor

    @property
    def first(self) -> Actor:
        return self.base.supervisor


def case_folk(session: Session, *years: int, evidence: bool = False) -> CaseFolk:
    """One action by years, its tasks taken up."""
    folk = people(session)
    issued(session, folk.office, draft(item(1, tasks=tuple(yearly_task(year, 10) for year in years or (2013,)))))
    for number, _year in enumerate(years or (2013,), start=1):
        acknowledge_task(session, number, on(BEGUN, folk.science))
    keep(session, Account(name="second", role=AccountRole.SUPERVISOR, created_at=AT))
    return CaseFolk(folk, Actor(None, "second", AccountRole.SUPERVISOR))


def report(session: Session, actor: Actor, value: float, day: date, task_id: int = 1) -> None:
    said = ProgressInput(values={"示范县": Amount(value)}, text="已完成审核", problem="资金到位较晚")
    record_progress(session, task_id, said, STORE, on(day, actor))


@once
def late_task(session: Session) -> CaseFolk:
    """The task nearly done and late: a blue notice and, since the year is over, a proposal are prepared."""
    folk = case_folk(session)
    for value, day in ((2, date(2013, 3, 29)), (5, date(2013, 6, 28)), (7, date(2013, 9, 30)), (9, date(2013, 12, 30))):
        report(session, folk.base.science, value, day)
    prepare_notices(session, on(T3, SYSTEM))
    unit = {"unit_id": folk.base.science.unit_id, "name": "陈厅长", "duty": ContactDuty.HEAD, "address": "chen@kjt.example.cn"}
    keep(session, Contact(**unit), day=T3)
    return folk


def case_desk(folder: Path) -> CaseDesk:
    return CaseDesk(Press(Store(folder / "store"), "省政府督查室"), Routes(MailFolder(folder / "outbox", "duban@example.cn")))
