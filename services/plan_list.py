"""The plans somebody may look into, and one plan's head: what its document says of itself, and the versions it has had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from models.plan import Plan, PlanState, PlanVersion, SourceKind
from models.task import Assignment, Task
from models.unit import Unit
from rules.errors import DubanError
from rules.rights import RIGHTS, Act, Actor, refuse_without_right
from rules.texts import _
from services.past import past_on
from services.task_rows import columns_of, selected

_FACTS = ("id", "title", "doc_no", "issuer", "signed_on", "issued_on", "starts_on", "ends_on", "source_kind", "version", "state")


@dataclass(frozen=True)
class PlanLine:
    """A plan as it is listed. `task_count` counts every task it ever had."""

    id: int
    title: str
    doc_no: str | None
    issuer: str | None
    starts_on: date | None
    ends_on: date | None
    state: PlanState
    task_count: int


@dataclass(frozen=True)
class VersionLine:
    """One version of a plan's document: the first is the one issued, the others amended it."""

    version: int
    made_on: date
    source_name: str
    reason: str


@dataclass(frozen=True)
class PlanHead:
    """What a plan's document says of itself, as it was on the day; `first_on` is the day it was issued here, the earliest one can look back to."""

    id: int
    title: str
    doc_no: str | None
    issuer: str | None
    signed_on: date | None
    issued_on: date | None
    starts_on: date | None
    ends_on: date | None
    source_kind: SourceKind
    version: int
    state: PlanState
    versions: tuple[VersionLine, ...]

    @property
    def first_on(self) -> date | None:
        """Return the day the plan was issued here; None where its versions were not kept yet."""
        return min((one.made_on for one in self.versions), default=None)


def followed_plans(session: Session, actor: Actor) -> list[PlanLine]:
    """Return the plans the actor may see tasks of, those in force first, the latest first. Codes: no-right."""
    _refuse_reader(actor)
    names = ("id", "title", "doc_no", "issuer", "starts_on", "ends_on", "state")
    counts = select(col(Task.plan_id), func.count().label("tasks")).group_by(col(Task.plan_id)).subquery()
    plans = select(*(getattr(Plan, name) for name in names), func.coalesce(counts.c.tasks, 0)).outerjoin(
        counts, counts.c.plan_id == Plan.id
    )
    if actor.unit_id is not None:
        plans = plans.where(col(Plan.id).in_(_plans_reached(actor.unit_id)))
    lines = [PlanLine(*row) for row in session.execute(plans.order_by(col(Plan.id).desc()))]
    return sorted(lines, key=lambda line: line.state is PlanState.CLOSED)


def plan_head(session: Session, plan_id: int, day: date, actor: Actor) -> PlanHead:
    """Return a plan's head at the end of `day`. Codes: unknown-plan, also where the actor may see none of its tasks or it was issued later; no-right."""
    _refuse_reader(actor)
    found = select(col(Plan.id)).where(col(Plan.id) == plan_id)
    if actor.unit_id is not None:
        found = found.where(col(Plan.id).in_(_plans_reached(actor.unit_id).where(col(Task.plan_id) == plan_id)))
    facts = past_on(session, day, [plan_id]).rows(Plan, selected(session, columns_of(Plan, *_FACTS), col(Plan.id), [plan_id]))
    # Before the day it was issued it is not there yet.
    if session.execute(found).first() is None or not facts:
        raise DubanError("unknown-plan", _("没有计划 {id}，请用 duban plan list 查看").format(id=plan_id))
    return PlanHead(**facts[0], versions=tuple(_versions(session, plan_id, day)))


def _versions(session: Session, plan_id: int, day: date) -> Sequence[VersionLine]:
    names = ("version", "made_on", "source_name", "reason")
    rows = select(*(getattr(PlanVersion, name) for name in names)).where(
        col(PlanVersion.plan_id) == plan_id, col(PlanVersion.made_on) <= day
    )
    return [VersionLine(*row) for row in session.execute(rows.order_by(col(PlanVersion.version)))]


def _refuse_reader(actor: Actor) -> None:
    if actor.role not in RIGHTS[Act.READ]:
        refuse_without_right(actor, Act.READ)


def _plans_reached(unit_id: int) -> Select[tuple[int]]:
    """Return the query for the plans in which the unit, or one anywhere below it, has a part."""
    below = select(col(Unit.id)).where(col(Unit.id) == unit_id).cte("below", recursive=True)
    below = below.union(select(col(Unit.id)).join(below, col(Unit.parent_id) == below.c.id))
    return (
        select(col(Task.plan_id))
        .join(Assignment, col(Assignment.task_id) == col(Task.id))
        .where(col(Assignment.unit_id).in_(select(below.c.id)))
    )
