"""Houses for browsers: people with passwords, and a plan that runs this year and the next, since pages go by today's clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.account import AccountRole
from models.ledger import LedgerEntry
from models.plan import PlanItem
from models.progress import ProgressReport
from models.task import Task
from runtime.clock import now, today
from runtime.context import Context, open_context
from runtime.database import reading, transaction
from services.access.log_ins import end_all
from services.ledger import first_break
from services.rebuilding import differences
from tests.builders import draft, issued, item, yearly_task
from tests.homes import new_home, settings_of
from tests.services.access_fixtures import administrator, household

ROOT = Path(__file__).resolve().parents[2]
THIS_YEAR = today().year
MOST_ITEMS = 14


@contextmanager
def empty_house(home: Path) -> Iterator[Context]:
    """Give the context of a house that nobody lives in yet."""
    with open_context(settings_of(new_home(home), office="某省政府督查室", lang="zh")) as context:
        yield context


def settle(context: Context) -> None:
    """People of the small plan and a second supervisor; one plan of many like items, so that every test has a task of its own."""
    with transaction(context.engine) as session:
        team = household(session)
        administrator(session, "second", AccountRole.SUPERVISOR)
        wanted = draft(
            *(item(number, tasks=(yearly_task(THIS_YEAR, 10), yearly_task(THIS_YEAR + 1, 10))) for number in range(1, MOST_ITEMS + 1)),
            starts_on=date(THIS_YEAR, 1, 1),
            ends_on=date(THIS_YEAR + 1, 12, 31),
            doc_no=f"测政办发〔{THIS_YEAR - 1}〕1号",
        )
        issued(session, team.office, wanted, date(THIS_YEAR - 1, 12, 1))


def task_of(context: Context, number: int, year: int = THIS_YEAR) -> int:
    """Return the id of an item's task of a year."""
    with reading(context.engine) as session:
        found = select(col(Task.id)).join(PlanItem, col(PlanItem.id) == col(Task.item_id))
        return session.execute(found.where(col(PlanItem.number) == str(number), col(Task.label) == f"{year}年")).scalar_one()


def done_on(context: Context, task_id: int) -> list[str]:
    """Return the acts that the ledger holds on a task, in their order."""
    with reading(context.engine) as session:
        acts = select(col(LedgerEntry.act)).where(col(LedgerEntry.task_id) == task_id).order_by(col(LedgerEntry.id))
        return [str(act) for act in session.execute(acts).scalars()]


def reports_on(context: Context, task_id: int) -> int:
    with reading(context.engine) as session:
        count = select(func.count()).select_from(ProgressReport).where(col(ProgressReport.task_id) == task_id)
        return session.execute(count).scalar_one()


def end_log_ins(context: Context, account_id: int) -> None:
    with transaction(context.engine) as session:
        end_all(session, account_id, now())


def is_whole(session: Session) -> bool:
    """Tell whether the ledger's chains hold and the tables are what it tells."""
    return first_break(session) is None and differences(session) == []
