"""The plans an actor may see: an office all, a unit those with a task of its own or of a unit below it. One he may not see is refused like an unknown one."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from models.plan import Plan
from models.task import Task
from rules.errors import DubanError
from rules.rights import Actor
from rules.texts import _
from services.plans import PlanRow, list_plans
from services.task_pages import readable, refuse_no_reader


def readable_plans(session: Session, actor: Actor) -> Sequence[PlanRow]:
    """Return the plans the actor may see in the order they were issued. Codes: no-right."""
    refuse_no_reader(actor)
    rows = list_plans(session)
    own = readable(actor)
    if own is None:
        return rows
    seen = set(session.execute(select(col(Task.plan_id)).where(col(Task.id).in_(own)).distinct()).scalars())
    return [row for row in rows if row.id in seen]


def refuse_unreadable_plan(session: Session, actor: Actor, plan_id: int) -> None:
    """Refuse a plan that there is not, or that the actor may not see. Codes: unknown-plan, no-right."""
    refuse_no_reader(actor)
    own = readable(actor)
    wanted = select(col(Plan.id)).where(col(Plan.id) == plan_id)
    if own is not None:
        wanted = wanted.join(Task, col(Task.plan_id) == col(Plan.id)).where(col(Task.id).in_(own)).limit(1)
    if session.execute(wanted).scalar_one_or_none() is None:
        raise DubanError("unknown-plan", _("没有计划 {id}，请用 duban plan list 查看").format(id=plan_id))
