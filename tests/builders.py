"""Valid objects by default: a small plan of two actions, issued, with three units and an account for each role."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlmodel import Session, SQLModel

from intake.draft import DraftPlan, ItemDraft, PlanDraft, Source, TargetDraft, TaskDraft, UnitDraft
from models.account import Account, AccountRole
from rules.rights import Actor
from services.ledger import Event, record
from services.occasion import SYSTEM, Occasion
from services.plans import IssuedPlan, issue_plan
from services.units import NewUnit, register_units
from tests.remembered import once, remembered

TODAY = date(2013, 4, 2)
"""A Tuesday after the first quarter, still within its reporting days."""

ISSUED_ON = date(2012, 11, 5)
FOUNDED_ON = date(2012, 1, 4)
AT = datetime(2013, 4, 8, 1, 0, tzinfo=UTC)

SCIENCE, FINANCE, COUNTIES = "省科技厅", "省财政厅", "有关县（市、区）人民政府"


def occasion(actor: Actor = SYSTEM, day: date = TODAY) -> Occasion:
    return Occasion(actor, day, AT)


def yearly_task(year: int, value: float, measure: str = "示范县") -> TaskDraft:
    target = TargetDraft(text=f"支持{value:g}个{measure}", measure=measure, unit_of_measure="个", value=value, year=year, basis="period")
    return TaskDraft(
        label=f"{year}年", starts_on=date(year, 1, 1), due_on=date(year, 12, 31), text=f"支持{value:g}个{measure}", targets=(target,)
    )


def item(number: int = 1, **changes: object) -> ItemDraft:
    units = (UnitDraft(name=SCIENCE, as_written=SCIENCE, role="lead"), UnitDraft(name=FINANCE, as_written="财政厅", role="support"))
    made = ItemDraft(
        id=f"row-{number}",
        number=str(number),
        title=f"示范行动{number}",
        text="三年内支持一批县开展示范",
        units=units,
        tasks=tuple(yearly_task(year, 10) for year in (2013, 2014, 2015)),
    )
    return made.model_copy(update=changes)


def draft(*items: ItemDraft, **plan: object) -> DraftPlan:
    facts = {
        "title": "关于建设示范县的实施方案",
        "doc_no": "测政办发〔2012〕1号",
        "starts_on": date(2013, 1, 1),
        "ends_on": date(2015, 12, 31),
    }
    source = Source(name="notice.docx", sha256="a" * 64, kind="docx")
    return DraftPlan(source=source, plan=PlanDraft(**{**facts, **plan}), items=items or (item(1), item(2)))


@dataclass(frozen=True)
class People:
    """An actor for each role; `science` and `finance` act for their units."""

    administrator: Actor
    office: Actor
    supervisor: Actor
    science: Actor
    finance: Actor


def keep(session: Session, *rows: SQLModel, plan_id: int | None = None, day: date = FOUNDED_ON) -> None:
    """Write rows as they are, with an entry for them, since nothing is changed without one."""
    session.add_all(rows)
    record(session, occasion(day=day), Event("set-up", "rows", plan_id))


@once
def people(session: Session) -> People:
    ids = register_units(session, [NewUnit(SCIENCE), NewUnit(FINANCE), NewUnit(COUNTIES, is_open=True)], occasion(day=FOUNDED_ON))
    return People(
        _account(session, "admin", AccountRole.ADMINISTRATOR),
        _account(session, "office", AccountRole.PLAN_OFFICE),
        _account(session, "supervisor", AccountRole.SUPERVISOR),
        _account(session, "science", AccountRole.UNIT, ids[SCIENCE]),
        _account(session, "finance", AccountRole.UNIT, ids[FINANCE]),
    )


def _account(session: Session, name: str, role: AccountRole, unit_id: int | None = None) -> Actor:
    account = Account(name=name, role=role, unit_id=unit_id, created_at=AT)
    keep(session, account)
    return Actor(account.id, name, role, unit_id)


def issued(session: Session, office: Actor, wanted: DraftPlan | None = None, day: date = ISSUED_ON) -> IssuedPlan:
    """Issue a plan; a test of issuing itself asks the service instead, since the rows may be those of another test."""
    wanted = wanted or draft()
    occasion = Occasion(office, day, AT)
    return remembered(session, f"issued {occasion} {wanted!r}", lambda: issue_plan(session, wanted, [], occasion))


def on(day: date, actor: Actor) -> Occasion:
    return replace(occasion(actor), day=day)
