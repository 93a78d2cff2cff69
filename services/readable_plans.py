"""The plans an actor may see: an office all, a unit those with a task of its own or of a unit below it. One he may not see is refused like an unknown one."""

from sqlalchemy import select
from sqlmodel import Session, col

from models.plan import Plan
from models.task import Task
from rules.errors import DubanError
from rules.rights import Actor
from rules.texts import _
from services.keyset import KeyPage, PageAsk, by_number, page_of
from services.plans import PlanRow, list_plans
from services.reach import readable
from services.task_pages import refuse_no_reader


def readable_plan_page(session: Session, ask: PageAsk, actor: Actor) -> KeyPage[PlanRow]:
    """Return a page of the plans the actor may see. Codes: no-right."""
    refuse_no_reader(actor)
    numbers, own = select(col(Plan.id)), readable(actor)
    if own is not None:
        numbers = numbers.where(col(Plan.id).in_(select(col(Task.plan_id)).where(col(Task.id).in_(own))))
    return page_of(session, numbers, ask, lambda ids: by_number(list_plans(session, ids)))


def refuse_unreadable_plan(session: Session, actor: Actor, plan_id: int) -> None:
    """Refuse a plan that there is not, or that the actor may not see. Codes: unknown-plan, no-right."""
    refuse_no_reader(actor)
    own = readable(actor)
    wanted = select(col(Plan.id)).where(col(Plan.id) == plan_id)
    if own is not None:
        wanted = wanted.join(Task, col(Task.plan_id) == col(Plan.id)).where(col(Task.id).in_(own)).limit(1)
    if session.execute(wanted).scalar_one_or_none() is None:
        raise DubanError("unknown-plan", _("没有计划 {id}，请用 duban plan list 查看").format(id=plan_id))
